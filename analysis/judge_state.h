#ifndef ANALYSIS_JUDGE_STATE_H
#define ANALYSIS_JUDGE_STATE_H

#include "analysis/country/view.h"
#include "analysis/method/reorder.h"
#include "analysis/outages.h"
#include "analysis/routes/routes.h"

/* What a judge keeps while sweeps come: of judge.c, that takes them, and judgement.c, that
 * concludes. */
struct judge {
	struct parameters parameters;
	struct target_row *targets;
	size_t target_count;
	struct view combined;
	size_t per_vantage_count;
	struct view **per_vantage; /* per vantage, as soon as there are two */
	struct uptimes uptimes;
	struct routes routes;
	struct reorder readings; /* not read yet: sweeps overlap */
	bool begun;
	struct wall start, end;
	char **vantages; /* names, by first sweep */
	size_t vantage_count, vantage_capacity;
};

/* Clocks that were read before then, in order. */
void judge_release_readings(struct judge *judge, int64_t before_ns);

#endif
