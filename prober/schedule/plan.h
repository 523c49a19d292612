#ifndef PROBER_SCHEDULE_PLAN_H
#define PROBER_SCHEDULE_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "prober/schedule/learn.h"
#include "prober/sweep/sweep.h"
#include "targets/targets.h"

/*
 * What a sweep asks, in which order, and when. Pure: the ways are
 * looked up by the caller.
 */
struct plan_input {
	const struct settings *settings;
	const struct target_set *set;
	const struct way *ways; /* to each of the set's addresses, then its controls */
	const struct learn *learn; /* NULL: a single sweep, which asks everything alike */
	uint64_t round;            /* number of the full sweep: which port is its turn */
	bool first;                /* no history: whoever begins a watch wants to see something */
};

struct plan {
	struct sweep_task *tasks; /* owned; by slot, who may not be asked last */
	size_t count, capacity;
	char methods[METHODS_SIZE]; /* "icmp;tcp:80": what the sweep's row says */
};

/*
 * A full sweep: every target by every kind, and the controls.
 *
 * The kinds are interleaved half a sweep apart: while one kind is at target i
 * of the order, the next is at target i + n/kinds, so the probes to one machine
 * are far from each other. A single sweep asks every TCP port that is set, as
 * fast as the rate allows. A scheduled one asks one port, the next one in each
 * round, but the port that is settled where one is; it is laid evenly over what
 * its interval leaves once the last wait is taken off, and asks again only who
 * is in the watch tier. The first is over soon: it is laid over a watch interval, and over half
 * of its own at most, so that it is done when the next begins.
 */
void plan_full(const struct plan_input *input, struct plan *ret);

/*
 * A watch sweep: who is in the watch tier, by each kind that he answers, and
 * the controls, evenly over the interval. The phase of an address follows from
 * its rank by a hash, so it stays as long as the tier does; the second kind of
 * an address is asked half an interval after the first.
 */
void plan_watch(const struct plan_input *input, struct plan *ret);

/* The same of one block only, within span_ns, now: a burst. */
void plan_burst(
	const struct plan_input *input, struct prefix block, int64_t span_ns, struct plan *ret);

/* Add TTL-limited echo probes 1..ttl_max towards a target, `gap_ns` apart from slot_ns on. */
void plan_add_path(struct plan *plan, struct ip4 target, const struct way *way,
	uint8_t ttl_max, int64_t slot_ns, int64_t gap_ns);

void plan_sort(struct plan *plan);
void plan_finish(struct plan *plan);

/* The seed of the order: the one that is set, or one that follows from the targets. */
uint64_t plan_seed(const struct settings *settings, const struct target_set *set);

#endif
