#ifndef REPORT_FIGURE_H
#define REPORT_FIGURE_H

#include <stdio.h>

#include "analysis/judge.h"
#include "report/canvas.h"
#include "report/series.h"

/*
 * The figure for a paper: a strip a block, the outages above them, how many hosts were up below,
 * and if asked a second panel that shows a part of the period larger. 180 mm wide. Pure.
 *
 * A strip is lit where its block was up, dark where it was down, lit from below to the share of
 * hosts that were up in between, hatched where nothing was measured. An edge slants over the time
 * in which the change was; it stands upright where our own clock made it. Nothing is told by hue
 * alone. The more blocks, the thinner their strips, grouped by allocation.
 */
struct figure_panel_data {
	struct wall from, to;
	const struct series *series; /* of the same period; NULL: no curve */
};

struct figure_data {
	const struct judgement *judgement; /* its rows not clipped */
	const struct target_row *targets;
	size_t target_count;
	struct figure_panel_data panels[2];
	size_t panel_count;  /* 1, or 2: the second is a part of the first, larger */
	const char *caption; /* what else is said below; NULL */
};

/* Draw it into `out`, 180 mm wide. 0, or a negative errno, with *why where this program cannot. */
int figure_draw(
	const struct figure_data *data, enum canvas_format format, FILE *out, struct diag *why);

/* As many bins as a curve has use for. */
enum { FIGURE_BINS = 800 };

#endif
