/* A scene of what was known at some time: the store is read up to then, and judged anew. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "live/scene.h"
#include "live/tell_routes.h"
#include "store/store.h"

static int read_all(struct store_reader *reader, struct judge *judge, struct series_facts *facts,
	const bool *stop, struct diag *why)
{
	struct sweep sweep;
	int r;

	store_reader_spare_packets(reader);
	while ((r = store_next(reader, &sweep, why)) == 1) {
		r = judge_sweep(judge, &sweep);
		if (r == -E2BIG)
			diag_set(why,
				"\"%s\" is vantage point number %d, expected at most %d in one "
				"store",
				sweep.info.vantage, VANTAGES_MOST + 1, VANTAGES_MOST);
		if (r < 0)
			return r;
		facts_note(facts, &sweep.info);
		if (__atomic_load_n(stop, __ATOMIC_RELAXED))
			return -ECANCELED;
	}
	return r;
}

int scene_read(const char *path, const struct scene_names *names, struct wall as_of, double scale,
	const bool *stop, struct diag *why, struct scene **ret)
{
	struct parameters parameters = parameters_of(scale);
	struct series_facts facts = {.sweeps = 0};
	struct store_reader *reader = NULL;
	struct target_row *targets = NULL;
	struct judge *judge = NULL;
	struct store *store = NULL;
	struct judgement judgement;
	size_t count = 0;
	int r = store_open(path, STORE_READ, why, &store);

	if (r == 0)
		r = store_targets(store, why, &targets, &count);
	if (r == 0)
		r = store_read(store, as_of, why, &reader);
	if (r == 0) {
		judge = judge_create(targets, count, &parameters);
		snprintf(facts.epoch, sizeof(facts.epoch), "%s", store_epoch(store));
		r = read_all(reader, judge, &facts, stop, why);
		store_reader_close(reader);
	}
	if (r == 0)
		r = tell_routes(store, judge, NULL, as_of, why);
	if (r == 0) {
		judge_end(judge, &judgement);
		facts_settle(&facts, &judgement);
		*ret = scene_of(names, &judgement, &facts);
		judgement_finish(&judgement);
	}
	judge_destroy(judge);
	store_close(store);
	free(targets);
	return r;
}
