#ifndef PROBER_PLAN_H
#define PROBER_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "prober/sweep.h"
#include "targets/targets.h"

/*
 * What a full sweep asks, in which order, and when. Pure but for the source
 * addresses, which the caller looks up.
 *
 * The kinds are interleaved half a sweep apart: while one kind is at target i
 * of the order, the next is at target i + n/kinds, so the probes to one machine
 * are far from each other.
 */
struct plan {
	struct sweep_task *tasks; /* owned; by slot */
	size_t count;
};

/* Which TCP ports this sweep asks. A one-shot sweep asks all that are set; a
 * scheduled one asks one after the other, a port a sweep, so that the rate
 * stays that of one probe per address and kind. */
size_t plan_ports(const struct settings *settings, bool scheduled, uint64_t round,
	uint16_t ret[SETTINGS_PORTS]);

/* How far apart the slots of a full sweep of `tasks` probes lie: as the rate
 * allows, or, when scheduled, evenly over what the interval leaves once the
 * last retry's wait is taken off. */
int64_t plan_gap_ns(const struct settings *settings, bool scheduled, size_t tasks);

/* `sources`: our address towards each of the set's addresses, then towards each
 * of its controls. */
void plan_full(const struct settings *settings, const struct target_set *set,
	const struct ip4 *sources, const uint16_t *ports, size_t port_count, bool scheduled,
	struct plan *ret);
void plan_finish(struct plan *plan);

/* "icmp;tcp:80": what `methods` of the sweep's row says. */
void plan_methods(const struct settings *settings, const uint16_t *ports, size_t port_count,
	char ret[METHODS_SIZE]);

/* The seed of the order: the one that is set, or one that follows from the targets. */
uint64_t plan_seed(const struct settings *settings, const struct target_set *set);

#endif
