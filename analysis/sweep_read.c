#include "analysis/sweep_read.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/mem.h"
#include "store/store.h"

int sweep_number(const char *path, const char *vantage, uint64_t *ret, struct diag *why)
{
	struct store *store;

	if (access(path, F_OK) != 0) {
		*ret = 0;
		return 0;
	}
	int err = store_open(path, STORE_READ, why, &store);
	if (err < 0)
		return err;
	err = store_last_sweep(store, vantage, ret);
	store_close(store);
	if (err < 0)
		return diag_set(why, "%.200s: cannot be read", path), err;
	return 0;
}

static void copy(const struct sweep *from, struct sweep *to)
{
	*to = *from;
	to->observations =
		mem_copy(from->observations, from->observation_count * sizeof(*from->observations));
	to->hops = mem_copy(from->hops, from->hop_count * sizeof(*from->hops));
	to->boots = mem_copy(from->boots, from->boot_count * sizeof(*from->boots));
}

/* 1: found; 0: not; or a negative errno. */
static int find(struct store *store, const char *vantage, uint64_t number, struct sweep *ret,
	struct diag *why)
{
	struct store_reader *reader;
	struct sweep sweep;
	int r = store_read_one(store, vantage, number, why, &reader);

	if (r < 0)
		return r;
	r = store_next(reader, &sweep, why);
	if (r > 0)
		copy(&sweep, ret);
	store_reader_close(reader);
	return r;
}

int sweep_read(
	const char *path, const char *vantage, uint64_t number, struct sweep *ret, struct diag *why)
{
	struct store *store;
	int r = store_open(path, STORE_READ, why, &store);

	if (r < 0)
		return r;
	r = find(store, vantage, number, ret, why);
	store_close(store);
	if (r < 0)
		return r;
	if (r == 0) {
		diag_set(why, "%.200s: sweep %llu is not there", path, (unsigned long long)number);
		return -ENODATA;
	}
	return 0;
}

void sweep_free(struct sweep *sweep)
{
	free(sweep->observations);
	free(sweep->hops);
	free(sweep->boots);
	*sweep = (struct sweep){.observations = NULL};
}
