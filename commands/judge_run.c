#include "commands/judge_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"
#include "commands/judge_select.h"
#include "core/mem.h"
#include "core/text.h"
#include "live/snapshot.h"
#include "store/store.h"

static int tell(const char *store, const struct diag *why, int error)
{
	char text[640];

	if (why->text[0])
		fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	else
		fprintf(stderr, "lightsout: %s: %s\n", store, strerror(-error));
	return -1;
}

/* Years without a sweep are a clock that was wrong, nearly always: of the fewer sweeps, those
 * on one side of them. */
static void tell_gap(const struct judge_run *run, const struct series_facts *facts)
{
	const double most_s = 366 * 86400;
	double gap_s =
		(double)wall_since(facts->after.start, facts->before.start) / (double)NS_PER_S;
	uint64_t later = facts->sweeps - facts->until;
	const struct sweep_name *odd = later < facts->until ? &facts->after : &facts->before;
	uint64_t count = later < facts->until ? later : facts->until;
	char start[CLOCK_TEXT_SIZE];
	char line[1024];

	if (gap_s * run->scale <= most_s)
		return;
	wall_format(odd->start, start);
	snprintf(line, sizeof(line),
		"%s: %.0f days without a sweep; if a clock was wrong in the %llu on one side, as "
		"in "
		"%s/%s/%llu of %s: lightsout store prune --sweep VANTAGE/EPOCH/NUMBER removes one",
		run->store, gap_s / 86400, (unsigned long long)count, odd->vantage, odd->epoch,
		(unsigned long long)odd->number, start);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

/* Does a sweep of the store touch the time from --from to --to? 1, 0, or a negative errno. */
static int reaches_inside(
	const struct judge_run *run, const struct series_facts *facts, struct diag *why)
{
	struct wall from = {run->from.ns};
	struct store_reader *reader;
	struct store *store;
	struct sweep sweep;

	if (from.ns > INT64_MIN + facts->span_ns)
		from.ns -= facts->span_ns;
	int r = store_open(run->store, STORE_READ, why, &store);
	if (r < 0)
		return r;
	r = store_read_from(store, from, run->as_of, why, &reader);
	if (r == 0) {
		while ((r = store_next(reader, &sweep, why)) == 1)
			if (sweep.info.end.ns >= run->from.ns || sweep.info.start.ns >= run->to.ns)
				break;
		if (r == 1)
			r = sweep.info.start.ns < run->to.ns;
		store_reader_close(reader);
	}
	store_close(store);
	return r;
}

/* A series is swept each eleven minutes, or its history was played faster: a judgement
 * that waits minutes for what takes a second there is another one. */
static int tell_reading(
	const struct judge_run *run, const struct series_facts *facts, struct diag *why)
{
	const double least_s = 30;
	double interval_s = (double)facts->interval_ns / (double)NS_PER_S;
	int inside = facts->sweeps ? reaches_inside(run, facts, why) : 1;

	if (inside < 0)
		return inside;
	tell_gap(run, facts);
	if (facts->sweeps == 0)
		fprintf(stderr, "lightsout: %s: no sweeps%s\n", run->store,
			run->as_of_given ? " that had ended by then" : "");
	else if (!inside)
		fprintf(stderr, "lightsout: %s: no sweeps from --from to --to\n", run->store);
	if (interval_s > 0 && interval_s * run->scale < least_s)
		fprintf(stderr,
			"lightsout: %s: sweeps come each %g s, judged at --scale %g; of a history "
			"played faster than life tell how much faster by --scale N\n",
			run->store, interval_s, run->scale);
	return 0;
}

static int judge_store(struct judge_run *run, struct diag *why)
{
	struct parameters parameters = parameters_of(run->scale);

	parameters.prior = run->prior;
	int r = follow_open(run->store, &parameters, why, &run->follow);
	if (r < 0)
		return r;
	if (run->as_of_given)
		follow_until(run->follow, run->as_of);
	if (run->vantage)
		follow_only(run->follow, run->vantage);
	if (!run->as_of_given && !run->vantage) {
		char *folder = snapshot_folder();
		follow_keep(run->follow, folder);
		mem_free(folder);
	}
	return follow_poll(run->follow, why);
}

/* Whose sweeps there are. */
static int read_names(const struct judge_run *run, struct vantage_names *names, struct diag *why)
{
	struct store_reader *reader;
	struct store *store;
	struct sweep sweep;
	int r = store_open(run->store, STORE_READ, why, &store);

	if (r < 0)
		return r;
	r = store_read(store, run->as_of, why, &reader);
	if (r == 0) {
		while ((r = store_next(reader, &sweep, why)) == 1)
			select_sweep(run, &sweep.info, names);
		store_reader_close(reader);
	}
	store_close(store);
	return r;
}

int judge_run_read(struct judge_run *run)
{
	const struct series_facts *facts;
	struct diag why = {0};
	int r = judge_store(run, &why);

	if (r >= 0) {
		const struct judgement *judgement = follow_judgement(run->follow, &facts);
		const struct target_row *targets = follow_targets(run->follow, &run->target_count);
		run->targets = mem_copy(targets, run->target_count * sizeof(*targets));
		select_begin(run, judgement);
		if (run->vantage && facts->sweeps == 0) {
			struct vantage_names names = {.count = 0};
			r = read_names(run, &names, &why);
			if (r >= 0 && select_vantage(run, &names) < 0)
				return -1;
		}
		run->unanchored = facts->sweeps > 0 && facts->anchored == 0;
		if (r >= 0)
			r = tell_reading(run, facts, &why);
	}
	return r < 0 ? tell(run->store, &why, r) : select_block(run);
}

struct wall judge_run_begin(const struct judge_run *run)
{
	return run->from.ns > run->judgement.start.ns ? run->from : run->judgement.start;
}

struct wall judge_run_end(const struct judge_run *run)
{
	return run->to.ns < run->judgement.end.ns ? run->to : run->judgement.end;
}

int judge_run_again(
	struct judge_run *run, void (*take_sweep)(void *ctx, const struct sweep *sweep), void *ctx)
{
	struct store_reader *reader = NULL;
	struct store *store = NULL;
	struct diag why = {0};
	struct sweep sweep;

	int result = store_open(run->store, STORE_READ, &why, &store);
	if (result == 0)
		result = store_read(store, run->judgement.end, &why, &reader);
	if (result == 0) {
		while ((result = store_next(reader, &sweep, &why)) == 1)
			if (!run->vantage || strcmp(run->vantage, sweep.info.vantage) == 0)
				take_sweep(ctx, &sweep);
		store_reader_close(reader);
	}
	store_close(store);
	return result < 0 ? tell(run->store, &why, result) : 0;
}

int judge_run_close(struct judge_run *run, int result)
{
	struct diag why = {0};

	if (run->outputs && result < 0) {
		outputs_abandon(run->outputs);
	} else if (run->outputs && outputs_finish(run->outputs, &why) < 0) {
		tell("output", &why, 0);
		result = -1;
	}
	select_undo(run);
	follow_close(run->follow);
	return result < 0 ? EXIT_TROUBLE : EXIT_ANSWERED;
}
