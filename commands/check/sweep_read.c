#include "commands/check/sweep_read.h"

#include <unistd.h>

/* 1: it is open. 0: there is no such file. */
static int open_store(const char *path, struct store **ret, struct diag *why)
{
	if (access(path, F_OK) != 0)
		return 0;
	int r = store_open(path, STORE_READ, why, ret);
	return r < 0 ? r : 1;
}

static int last_number(
	struct store *store, const char *path, const char *vantage, uint64_t *ret, struct diag *why)
{
	int r = store_last_sweep(store, vantage, ret);

	if (r < 0)
		diag_set(why, "%.200s: cannot be read", path);
	return r;
}

int sweep_number(const char *path, const char *vantage, uint64_t *ret, struct diag *why)
{
	struct store *store;
	int r = open_store(path, &store, why);

	if (r <= 0) {
		*ret = 0;
		return r;
	}
	r = last_number(store, path, vantage, ret, why);
	store_close(store);
	return r < 0 ? r : 0;
}

static int read_newest(const char *path, const char *vantage, uint64_t before,
	struct sweep_held *held, struct diag *why)
{
	uint64_t number = 0;
	int r = last_number(held->store, path, vantage, &number, why);

	if (r < 0 || number <= before)
		return r < 0 ? r : 0;
	r = store_read_one(held->store, vantage, number, why, &held->reader);
	if (r == 0)
		r = store_next(held->reader, &held->sweep, why);
	return r;
}

int sweep_hold(const char *path, const char *vantage, uint64_t before, struct sweep_held *ret,
	struct diag *why)
{
	struct sweep_held held = {.store = NULL};
	int r = open_store(path, &held.store, why);

	if (r > 0)
		r = read_newest(path, vantage, before, &held, why);
	if (r > 0)
		*ret = held;
	else
		sweep_let_go(&held);
	return r;
}

void sweep_let_go(struct sweep_held *held)
{
	store_reader_close(held->reader);
	store_close(held->store);
	*held = (struct sweep_held){.store = NULL};
}
