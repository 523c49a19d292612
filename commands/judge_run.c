#include "commands/judge_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"
#include "core/text.h"
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

/* What was read, to say what a reader could miss. */
struct series_read {
	size_t sweeps, inside; /* inside: of --from and --to */
	size_t anchored;       /* asked an anchor */
	int64_t interval_ns;   /* the longest that a sweep names */
	struct sweep_name {
		char vantage[VANTAGE_SIZE];
		char epoch[EPOCH_SIZE];
		uint64_t number;
		struct wall start;
	} last, before, after; /* the longest time without a sweep was between these two */
	size_t until;          /* sweeps before it */
};

static struct sweep_name name_of(const struct sweep_info *info)
{
	struct sweep_name name = {.number = info->sweep, .start = info->start};

	memcpy(name.vantage, info->vantage, sizeof(name.vantage));
	memcpy(name.epoch, info->epoch, sizeof(name.epoch));
	return name;
}

static void note_gap(struct series_read *reading, const struct sweep_info *info)
{
	int64_t gap_ns = reading->sweeps ? wall_since(info->start, reading->last.start) : 0;
	struct sweep_name now = name_of(info);

	if (gap_ns > wall_since(reading->after.start, reading->before.start)) {
		reading->before = reading->last;
		reading->after = now;
		reading->until = reading->sweeps;
	}
	reading->last = now;
}

static void note_sweep(
	const struct judge_run *run, const struct sweep_info *info, struct series_read *reading)
{
	note_gap(reading, info);
	reading->sweeps++;
	reading->anchored += info->anchors_probed > 0;
	reading->inside += info->end.ns >= run->from.ns && info->start.ns < run->to.ns;
	if (info->interval_ns > reading->interval_ns)
		reading->interval_ns = info->interval_ns;
}

/* Years without a sweep are a clock that was wrong, nearly always: of the fewer sweeps, those
 * on one side of them. */
static void tell_gap(const struct judge_run *run, const struct series_read *reading)
{
	const double most_s = 366 * 86400;
	double gap_s =
		(double)wall_since(reading->after.start, reading->before.start) / (double)NS_PER_S;
	size_t later = reading->sweeps - reading->until;
	const struct sweep_name *odd = later < reading->until ? &reading->after : &reading->before;
	size_t count = later < reading->until ? later : reading->until;
	char start[CLOCK_TEXT_SIZE];
	char line[1024];

	if (gap_s * run->scale <= most_s)
		return;
	wall_format(odd->start, start);
	snprintf(line, sizeof(line),
		"%s: %.0f days without a sweep; if a clock was wrong in the %zu on one side, as in "
		"%s/%s/%llu of %s: lightsout store prune --sweep VANTAGE/EPOCH/NUMBER removes one",
		run->store, gap_s / 86400, count, odd->vantage, odd->epoch,
		(unsigned long long)odd->number, start);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

/* A series is swept each eleven minutes, or its history was played faster: a judgement
 * that waits minutes for what takes a second there is another one. */
static void tell_reading(const struct judge_run *run, const struct series_read *reading)
{
	const double least_s = 30;
	double interval_s = (double)reading->interval_ns / (double)NS_PER_S;

	tell_gap(run, reading);
	if (reading->sweeps == 0)
		fprintf(stderr, "lightsout: %s: no sweeps%s\n", run->store,
			run->as_of_given ? " that had ended by then" : "");
	else if (reading->inside == 0)
		fprintf(stderr, "lightsout: %s: no sweeps from --from to --to\n", run->store);
	if (interval_s > 0 && interval_s * run->scale < least_s)
		fprintf(stderr,
			"lightsout: %s: sweeps come each %g s, judged at --scale %g; of a history "
			"played faster than life tell how much faster by --scale N\n",
			run->store, interval_s, run->scale);
}

int judge_run_read(struct judge_run *run)
{
	struct series_read reading = {.sweeps = 0};
	struct parameters parameters = parameters_of(run->scale);
	parameters.prior = run->prior;
	struct store_reader *reader = NULL;
	struct store *store = NULL;
	struct diag why = {0};
	struct sweep sweep;

	int result = store_open(run->store, STORE_READ, &why, &store);
	if (result == 0)
		result = store_targets(store, &run->targets, &run->target_count);
	if (result < 0 && !why.text[0])
		diag_set(&why, "%s: the store's targets: %s", run->store,
			store_targets_error(result));
	if (result == 0)
		result = store_read(store, run->as_of, &why, &reader);
	if (result == 0) {
		run->judge = judge_create(run->targets, run->target_count, &parameters);
		store_reader_spare_packets(reader);
		while ((result = store_next(reader, &sweep, &why)) == 1) {
			note_sweep(run, &sweep.info, &reading);
			result = judge_sweep(run->judge, &sweep);
			if (result < 0)
				break;
		}
		if (result == -E2BIG)
			diag_set(&why,
				"%s: \"%s\" is vantage point number %d, expected at most %d in one "
				"store",
				run->store, sweep.info.vantage, VANTAGES_MOST + 1, VANTAGES_MOST);
		store_reader_close(reader);
	}
	store_close(store);
	if (result < 0)
		return tell(run->store, &why, result);
	judge_end(run->judge, &run->judgement);
	tell_reading(run, &reading);
	run->unanchored = reading.sweeps > 0 && reading.anchored == 0;
	return 0;
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
	if (run->judge) {
		judgement_finish(&run->judgement);
		judge_destroy(run->judge);
	}
	free(run->targets);
	return result < 0 ? EXIT_TROUBLE : EXIT_ANSWERED;
}
