#ifndef REPORT_FIGURE_PARTS_H
#define REPORT_FIGURE_PARTS_H

#include "report/figure.h"

/* What the files of the figure share, and nobody else. */

/* One block's place. Rows are of the judgement. */
struct strip {
	struct prefix block;
	size_t group; /* of `groups` */
	const struct timeline_row *rows;
	size_t row_count;
	size_t hosts;  /* the most that any row of the first panel rests on */
	double offset; /* of its top from the first strip's */
};

/* An allocation: strips that stand together. */
struct group {
	struct prefix prefix;
	size_t first, count; /* strips */
	size_t hosts;
};

struct strips {
	struct strip *items; /* owned */
	size_t count;
	struct group *groups; /* owned */
	size_t group_count;
	double height; /* of one */
	double all;    /* of all, with what is between them */
	bool named;    /* each has its own label; else the groups have */
};

/* Which strips there are, and where. */
void strips_lay_out(const struct figure_data *data, struct strips *ret);
void strips_finish(struct strips *strips);

struct panel {
	struct wall from, to;
	const struct series *series;
	double left, right;                /* of the time axis */
	double marks, strips, curve, axis; /* tops, the last one the base line */
	double curve_height;
	const char *letter; /* "a", NULL */
};

/* Where an instant stands; outside the period at its edges. */
double panel_x(const struct panel *panel, struct wall at);

/* The letters that all is written in. */
#define LETTER_SIZE 7.5
#define LETTER_SIZE_2 7.0

struct drawn {
	bool partly, unknown, slanted; /* what the legend has to explain */
};

void figure_draw_strips(struct canvas *canvas, const struct panel *panel,
	const struct strips *strips, struct drawn *drawn);
void figure_draw_labels(
	struct canvas *canvas, const struct panel *panel, const struct strips *strips);
void figure_draw_curve(
	struct canvas *canvas, const struct panel *panel, const struct strips *strips);
void figure_draw_axis(struct canvas *canvas, const struct panel *panel);
void figure_draw_marks(
	struct canvas *canvas, const struct panel *panel, const struct judgement *judgement);

/* The legend and the words below, from y down; returns where they end. canvas NULL: only that.
 */
double figure_draw_legend(
	struct canvas *canvas, double left, double right, double y, const struct drawn *drawn);
double figure_draw_words(
	struct canvas *canvas, double left, double right, double y, const char *words);

#endif
