#ifndef TESTS_LAB_PLAN_H
#define TESTS_LAB_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "tests/lab/scenario.h"

/*
 * Who is powered when: the whole history of every host, worked out before it
 * is played. Pure; the same scenario gives the same plan. Times are
 * nanoseconds since the start of the play and may lie before it.
 */
#define PLAN_FOREVER INT64_MAX

struct life {
	int64_t from, until; /* answers in [from, until) */
	int64_t boot;        /* when its clock began to run */
};

struct lives {
	struct life *at; /* ascending, at least one where a host is present */
	size_t count, capacity;
};

struct plan {
	struct lives *hosts; /* as scenario->hosts; owned */
	size_t count;
};

void plan_make(const struct scenario *scenario, struct plan *ret);
void plan_finish(struct plan *plan);

/* The life a host lives at t, or NULL. */
const struct life *plan_life(const struct plan *plan, size_t host, int64_t t);

#endif
