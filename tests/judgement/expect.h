#ifndef JUDGEMENT_EXPECT_H
#define JUDGEMENT_EXPECT_H

#include "tests/judgement/judged.h"
#include "tests/judgement/words.h"

/*
 * What a scenario expects of the judgement. Each tells what came instead, as FILE:LINE, and
 * is false then.
 */

/* The cursor is behind "expect". */
bool expect_check(const struct world *world, const struct judged *judged, struct cursor *c);

/* What holds of every history: rows tile, nothing contradicts itself. */
bool expect_always(const struct world *world, const struct judged *judged, const char *file);

/* --- for the parts --- */

/* An instant, or a stretch in which it lies: "30h", "30h-31h", "about 30h", "30h within 10m". */
struct edge {
	int64_t from_ns, to_ns;
	int64_t width_ns; /* of the interval, at most; 0: what the schedule makes it */
	bool about;
};
struct edge expect_edge(struct cursor *c);
/* Does it lie in [low, high], and are these no further apart than the schedule makes them? */
bool edge_met(const struct world *world, struct edge edge, int64_t low_ns, int64_t high_ns);

/* A comparison: ">= .9". */
bool expect_compare(struct cursor *c, double got);

/* The line, and what came. Always false, for tail calls. */
bool expect_failed(const struct cursor *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Room for times as "2d06h30m10.5s". */
enum { TIME_TEXT_SIZE = 48 };
const char *expect_time(int64_t ns, char text[TIME_TEXT_SIZE]);

bool expect_block(const struct world *world, const struct judged *judged, struct cursor *c);
bool expect_outage(const struct world *world, const struct judged *judged, struct cursor *c);
bool expect_power_sign(const struct judged *judged, struct cursor *c);
void expect_tell_rows(const struct judged *judged, const struct prefix *block);
void expect_tell_outages(const struct judged *judged);

#endif
