#ifndef ANALYSIS_METHOD_STABBING_H
#define ANALYSIS_METHOD_STABBING_H

#include <stddef.h>
#include <stdint.h>

/*
 * Interval stabbing: the fewest instants that explain a set of brackets, each
 * of which holds the unseen instant at which one host went, or came back.
 * One instant for all is what a cut looks like; several are what hosts on
 * different batteries look like. Pure; O(n log n).
 */
struct bracket {
	int64_t low_ns, high_ns; /* the truth is in (low, high] */
	/* Where the bound may be plain loss, the next one outwards: of a departure the
	 * second silence (later than high), of a return the last but one (earlier
	 * than low). 0: none. */
	int64_t spare_ns;
	double weight;
	size_t owner;
	size_t batch; /* set: which instant explains it */
};

struct instant {
	int64_t low_ns, high_ns; /* what all its brackets have in common */
	size_t count;
	double weight;
};

enum stabbing_kind { STABBING_DEPARTURE, STABBING_RETURN };

/*
 * Sorts the brackets and fills instants (room for `count`), by time; returns
 * how many. So many brackets as `spares` may use their spare bound. Those of one
 * instant are one behind the other.
 */
size_t stabbing_pierce(struct bracket *brackets, size_t count, enum stabbing_kind kind,
	size_t spares, struct instant *ret_instants);

/* One in ten, at least one. */
size_t stabbing_spares(size_t count);

/* The share of the brackets that the most telling instant explains; 0 of none. */
double stabbing_largest(const struct instant *instants, size_t count);

#endif
