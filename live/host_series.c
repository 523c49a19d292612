#include "live/host_series.h"

#include <errno.h>
#include <stdlib.h>

#include "store/store.h"

static int read_sweeps(struct store *store, struct series *series, struct wall to,
	const struct proof *proof, const bool *stop, struct diag *why)
{
	struct store_reader *reader = NULL;
	struct sweep sweep;
	int r = store_read(store, (struct wall){INT64_MAX}, why, &reader);

	if (r < 0)
		return r;
	store_reader_spare_packets(reader);
	while ((r = store_next(reader, &sweep, why)) == 1 && sweep.info.start.ns <= to.ns) {
		series_sweep(series, &sweep, proof);
		if (__atomic_load_n(stop, __ATOMIC_RELAXED)) {
			r = -ECANCELED;
			break;
		}
	}
	store_reader_close(reader);
	return r < 0 ? r : 0;
}

int host_series_read(const char *path, struct wall from, struct wall to, const struct proof *proof,
	const bool *stop, struct diag *why, struct series **ret)
{
	struct series_config config = {.from = from, .to = to};
	struct target_row *targets = NULL;
	struct series *series = NULL;
	struct store *store = NULL;
	struct proof own;
	int r = store_open(path, STORE_READ, why, &store);

	if (r == 0)
		r = store_targets(store, why, &targets, &config.target_count);
	if (r == 0) {
		if (proof) {
			own = *proof;
			own.targets = targets;
			own.target_count = config.target_count;
		}
		config.targets = targets;
		series = series_of_hosts(&config);
		r = read_sweeps(store, series, to, proof ? &own : NULL, stop, why);
	}
	store_close(store);
	free(targets);
	if (r < 0) {
		series_destroy(series);
		return r;
	}
	*ret = series;
	return 0;
}
