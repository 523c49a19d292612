/*
 * Bytes as a series that a store may give, judged: the timeline of each block tiles the
 * period, what is said of an outage is in order, chances are chances, who never answered is
 * not called anything, and the same series is judged the same again.
 */
#include <math.h>
#include <stdlib.h>

#include "analysis/clock/reboot_list.h"
#include "analysis/evidence/attribution.h"
#include "analysis/judge.h"
#include "tests/fuzz/decode_sweeps.h"
#include "tests/fuzz/fuzz.h"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static bool is_share(double value)
{
	return value >= 0 && value <= 1;
}

/* Did anything come from this block, whoever was asked? */
static bool has_answered(const struct fuzz_series *series, struct prefix block)
{
	for (size_t i = 0; i < series->sweep_count; i++) {
		const struct sweep *sweep = &series->sweeps[i];
		for (size_t k = 0; k < sweep->observation_count; k++)
			if (prefix_holds(block, sweep->observations[k].address) &&
				observation_is_life(&sweep->observations[k]))
				return true;
		for (size_t k = 0; k < sweep->hop_count; k++)
			if (prefix_holds(block, sweep->hops[k].responder) ||
				prefix_holds(block, sweep->hops[k].address))
				return true;
	}
	return false;
}

static void check_row(const struct judgement *judgement, const struct timeline_row *row)
{
	bool unknown = row->state == BLOCK_UNKNOWN;

	must(row->end.ns > row->start.ns);
	must(unknown ? isnan(row->belief) : is_share(row->belief));
	must(unknown ? isnan(row->fraction_up) : is_share(row->fraction_up));
	must(row->uncertainty_s >= 0 && isfinite(row->uncertainty_s));
	must(row->hosts <= 256);
	must(judgement_outage(judgement, row->disruption) != NULL);
}

/* Block after block, each from the first instant to the last. */
static void check_timeline(const struct fuzz_series *series, const struct judgement *judgement)
{
	const struct timeline_rows *rows = &judgement->rows;
	int64_t at_ns = judgement->end.ns;
	bool answered = true;

	for (size_t i = 0; i < rows->count; i++) {
		const struct timeline_row *row = &rows->items[i];
		if (i == 0 || row->block.base.host != row[-1].block.base.host) {
			must(i == 0 || row->block.base.host > row[-1].block.base.host);
			must(at_ns == judgement->end.ns);
			at_ns = judgement->start.ns;
			answered = has_answered(series, row->block);
		}
		must(row->start.ns == at_ns);
		must(answered || row->state == BLOCK_UNKNOWN);
		check_row(judgement, row);
		at_ns = row->end.ns;
	}
	must(at_ns == judgement->end.ns);
}

static void check_outage(const struct outage *o)
{
	double sum = 0;

	must(o->id[0] && o->episode[0]);
	must(o->start_low_ns <= o->start_high_ns);
	must((o->end_low_ns == 0) == (o->end_high_ns == 0));
	if (o->end_high_ns)
		must(o->end_low_ns <= o->end_high_ns && o->start_low_ns <= o->end_high_ns &&
			o->start_high_ns <= o->end_high_ns);
	must(is_share(o->fraction_lost));
	must(o->hosts_affected <= o->hosts);
	must(o->block_count > 0);
	for (size_t i = 1; i < o->block_count; i++)
		must(o->blocks[i - 1].base.host < o->blocks[i].base.host);
	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		must(is_share(o->verdict.p[i]));
		sum += o->verdict.p[i];
	}
	must(fabs(sum - 1) < 1e-9);
	char text[EVIDENCE_TEXT_SIZE];
	verdict_print(&o->verdict, text);
}

static void check_reboots(const struct uptimes *uptimes)
{
	struct host_reboots list;

	host_reboots_of(uptimes, &list);
	for (size_t i = 0; i < list.count; i++)
		must(list.items[i].earliest_ns <= list.items[i].latest_ns);
	host_reboots_finish(&list);
}

static struct judge *judge_all(const struct fuzz_series *series, struct judgement *ret)
{
	struct parameters parameters = parameters_of(series->scale);
	struct judge *judge = judge_create(series->targets, series->target_count, &parameters);

	for (size_t i = 0; i < series->sweep_count; i++)
		if (judge_sweep(judge, &series->sweeps[i]) < 0)
			break;
	judge_end(judge, ret);
	return judge;
}

static bool same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void check_same(const struct judgement *a, const struct judgement *b)
{
	must(a->rows.count == b->rows.count && a->outages.count == b->outages.count);
	for (size_t i = 0; i < a->rows.count; i++) {
		const struct timeline_row *x = &a->rows.items[i];
		const struct timeline_row *y = &b->rows.items[i];
		must(x->start.ns == y->start.ns && x->end.ns == y->end.ns && x->state == y->state &&
			x->reason == y->reason && x->hosts == y->hosts &&
			x->disruption == y->disruption && same_number(x->belief, y->belief) &&
			same_number(x->fraction_up, y->fraction_up) &&
			same_number(x->uncertainty_s, y->uncertainty_s));
	}
	for (size_t i = 0; i < a->outages.count; i++) {
		const struct outage *x = &a->outages.items[i];
		const struct outage *y = &b->outages.items[i];
		must(strcmp(x->id, y->id) == 0 && strcmp(x->episode, y->episode) == 0 &&
			x->start_low_ns == y->start_low_ns && x->end_high_ns == y->end_high_ns &&
			x->stage == y->stage && x->verdict.cause == y->verdict.cause &&
			memcmp(x->verdict.p, y->verdict.p, sizeof(x->verdict.p)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct fuzz_series series;
	struct judgement once;
	struct judgement twice;

	fuzz_series_decode(bytes, len, &series);
	struct judge *first = judge_all(&series, &once);
	struct judge *second = judge_all(&series, &twice);
	check_timeline(&series, &once);
	for (size_t i = 0; i < once.outages.count; i++)
		check_outage(&once.outages.items[i]);
	check_reboots(once.uptimes);
	check_same(&once, &twice);
	judgement_finish(&once);
	judgement_finish(&twice);
	judge_destroy(first);
	judge_destroy(second);
	fuzz_series_finish(&series);
	return 0;
}
