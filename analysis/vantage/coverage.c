#include "analysis/vantage/coverage.h"

#include <string.h>

#include "analysis/method/parameters.h"
#include "core/mem.h"

static const char *const names[] = {
	[REASON_NONE] = "",
	[REASON_NEVER_ANSWERED] = "never_answered",
	[REASON_UNSENT] = "unsent",
	[REASON_CAPTURE_DROP] = "capture_drop",
	[REASON_ANCHORS_DOWN] = "anchors_down",
	[REASON_UNPROVEN] = "unproven",
	[REASON_NO_SWEEP] = "no_sweep",
	[REASON_BOX] = "box",
	[REASON_LEARNING] = "learning",
	[REASON_HOSTS] = "machines",
	[REASON_LOSS] = "loss",
};

const char *reason_name(enum reason reason)
{
	return names[reason];
}

enum reason reason_of_sweep(const struct sweep *sweep, const struct proof *proof)
{
	const struct sweep_info *info = &sweep->info;

	if (info->flags & SWEEP_INTERFACE_DOWN || info->sent == 0)
		return REASON_UNSENT;
	if (info->flags & SWEEP_SUSPENDED)
		return REASON_NO_SWEEP;
	if ((info->flags & SWEEP_CAPTURE_DROP || info->capture_dropped > 0) &&
		!(info->flags & SWEEP_DROPS_MARKED))
		return REASON_CAPTURE_DROP;
	if (info->flags & SWEEP_ANCHORS_DOWN)
		return REASON_ANCHORS_DOWN;
	/* Counts without flags, as other people's datasets have them. */
	if (info->anchors_probed > 0)
		return 2 * info->anchors_up < info->anchors_probed ? REASON_ANCHORS_DOWN
								   : REASON_NONE;
	if (info->flags & SWEEP_UNPROVEN || !proof_of_uplink(proof, sweep))
		return REASON_UNPROVEN;
	return REASON_NONE;
}

void coverage_init(struct coverage *coverage, struct wall start)
{
	*coverage = (struct coverage){.decided_ns = start.ns, .reason = REASON_NO_SWEEP};
}

void coverage_finish(struct coverage *coverage)
{
	mem_free(coverage->vantages);
	mem_free(coverage->gaps);
}

static void add_gap(struct coverage *coverage, int64_t start_ns, int64_t end_ns)
{
	struct gap *last = coverage->gap_count ? &coverage->gaps[coverage->gap_count - 1] : NULL;

	if (last && last->end_ns == start_ns && last->reason == coverage->reason) {
		last->end_ns = end_ns;
		return;
	}
	coverage->gaps = mem_grow(coverage->gaps, &coverage->gap_capacity, coverage->gap_count + 1,
		sizeof(*coverage->gaps));
	coverage->gaps[coverage->gap_count++] = (struct gap){start_ns, end_ns, coverage->reason};
}

void coverage_until(struct coverage *coverage, struct wall until)
{
	int64_t covered = coverage->decided_ns;

	if (until.ns <= coverage->decided_ns)
		return;
	for (size_t i = 0; i < coverage->vantage_count; i++)
		if (coverage->vantages[i].until_ns > covered)
			covered = coverage->vantages[i].until_ns;
	if (covered < until.ns)
		add_gap(coverage, covered, until.ns);
	coverage->decided_ns = until.ns;
}

/* It covered its pause too, whoever could not see meanwhile. */
static void drop_gaps(struct coverage *coverage, int64_t from_ns)
{
	while (coverage->gap_count && coverage->gaps[coverage->gap_count - 1].start_ns >= from_ns)
		coverage->gap_count--;
	if (coverage->gap_count && coverage->gaps[coverage->gap_count - 1].end_ns > from_ns)
		coverage->gaps[coverage->gap_count - 1].end_ns = from_ns;
}

/* Until when may its next sweep come and have covered all since the last? */
static int64_t awaited_until(const struct coverage_vantage *v)
{
	return v->start_ns && v->interval_ns ? v->start_ns + 2 * v->interval_ns : INT64_MIN;
}

int64_t coverage_last_gap(const struct coverage *coverage, int64_t now_ns)
{
	int64_t open_ns = INT64_MAX;

	for (size_t i = 0; i < coverage->vantage_count; i++) {
		const struct coverage_vantage *v = &coverage->vantages[i];
		if (awaited_until(v) >= now_ns && v->until_ns < open_ns)
			open_ns = v->until_ns;
	}
	for (size_t i = coverage->gap_count; i > 0; i--)
		if (coverage->gaps[i - 1].start_ns < open_ns)
			return coverage->gaps[i - 1].end_ns < open_ns ? coverage->gaps[i - 1].end_ns
								      : open_ns;
	return 0;
}

static struct coverage_vantage *vantage_of(struct coverage *coverage, size_t vantage)
{
	if (vantage >= coverage->vantage_count) {
		struct coverage_vantage *more = mem_zeroed(vantage + 1, sizeof(*more));
		if (coverage->vantage_count)
			memcpy(more, coverage->vantages, coverage->vantage_count * sizeof(*more));
		mem_free(coverage->vantages);
		coverage->vantages = more;
		coverage->vantage_count = vantage + 1;
	}
	return &coverage->vantages[vantage];
}

/* Watch and full sweeps overlap: the denser schedule says what a gap is, for as
 * long as it is kept. */
static void schedule(struct coverage_vantage *v, const struct sweep_info *info)
{
	bool kept = info->start.ns - v->shortest_at_ns <=
		    SCHEDULE_KEPT * v->interval_ns + info->interval_ns;

	if (v->interval_ns == 0 || info->interval_ns <= v->interval_ns || !kept) {
		v->interval_ns = info->interval_ns;
		v->shortest_at_ns = info->start.ns;
	}
}

static void learn_gap(struct coverage_vantage *v, int64_t start_ns)
{
	int64_t gap_ns = v->sweep_ns ? start_ns - v->sweep_ns : 0;

	v->sweep_ns = start_ns;
	if (v->gap_ns && gap_ns / GAP_MOST > v->gap_ns)
		gap_ns = GAP_MOST * v->gap_ns;
	v->gap_ns -= v->gap_ns / MEAN_OF_SOME;
	if (gap_ns > v->gap_ns)
		v->gap_ns = gap_ns;
}

void coverage_sweep(
	struct coverage *coverage, size_t vantage, const struct sweep_info *info, enum reason why)
{
	struct coverage_vantage *v = vantage_of(coverage, vantage);
	int64_t start_ns = info->start.ns;

	if (v->until_ns < start_ns && start_ns <= awaited_until(v)) {
		drop_gaps(coverage, v->until_ns);
		v->until_ns = start_ns;
	}
	coverage_until(coverage, info->start);
	learn_gap(v, start_ns);
	if (why != REASON_NONE) {
		if (v->until_ns > start_ns)
			v->until_ns = start_ns;
		v->active_until_ns = v->until_ns;
		v->start_ns = 0;
		coverage->reason = why;
		return;
	}
	schedule(v, info);
	int64_t pause_ns = coverage_interval(v);
	int64_t active_ns = pause_ns + pause_ns / 2;
	int64_t until_ns = start_ns + pause_ns;
	/* A sweep that slept through its time has answers, not all the time to its end. */
	if (until_ns < info->end.ns && !(info->flags & SWEEP_SUSPENDED))
		until_ns = info->end.ns;
	v->active_until_ns = until_ns > start_ns + active_ns ? until_ns : start_ns + active_ns;
	v->until_ns = v->interval_ns ? until_ns : INT64_MAX;
	v->start_ns = start_ns;
	coverage->reason = REASON_NO_SWEEP;
}
