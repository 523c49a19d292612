#ifndef HISTORIES_SPANS_H
#define HISTORIES_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What changes with time in a world is a list of spans: from start up to, not including, end,
 * something holds, with two numbers that run from one value to another over the
 * span. Times are nanoseconds since the Unix epoch.
 */
struct span {
	int64_t start, end;
	double from, to;             /* a share, mostly of loss */
	double extra_from, extra_to; /* mostly delay, seconds */
	int kind;
	int event; /* whose doing; -1 nobody's */
};

struct spans {
	struct span *items; /* owned */
	size_t count, capacity;
	size_t cursor;
};

void spans_add(struct spans *spans, struct span span);
void spans_finish(struct spans *spans);

/* Sort; where two overlap the later one gives way. Once, before the first look. */
void spans_settle(struct spans *spans);

/* The span that holds at t, or NULL. Cheap when asked about times close together. */
const struct span *spans_at(struct spans *spans, int64_t t);

/* The two numbers at t. */
double span_share(const struct span *span, int64_t t);
double span_extra(const struct span *span, int64_t t);

/* Ascending instants, in an array that grows. */
struct instants {
	int64_t *items; /* owned */
	size_t count, capacity;
};

void instants_add(struct instants *instants, int64_t t);
void instants_settle(struct instants *instants);

/* The last instant <= t; the first one when there is none. */
int64_t instants_before(const struct instants *instants, int64_t t);

#endif
