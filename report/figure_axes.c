#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "report/figure_parts.h"
#include "report/ticks.h"

/* In which bins was any block measured? Elsewhere the curve has nothing to go on with. */
static bool *measured_bins(const struct series *series, const struct strips *strips)
{
	bool *measured = mem_zeroed(series->bin_count, sizeof(*measured));

	for (size_t i = 0; i < strips->count; i++)
		for (size_t k = 0; k < strips->items[i].row_count; k++) {
			const struct timeline_row *row = &strips->items[i].rows[k];
			if (row->state == BLOCK_UNKNOWN)
				continue;
			int64_t first = series_bin_at(series, row->start);
			int64_t last = series_bin_at(series, (struct wall){row->end.ns - 1});
			for (int64_t b = first < 0 ? 0 : first;
				b <= last && b < (int64_t)series->bin_count; b++)
				measured[b] = true;
		}
	return measured;
}

static double most_up(const struct series *series)
{
	uint32_t most = 1;

	for (size_t i = 0; i < series->bin_count; i++)
		if (series->bins[i].sweeps && series->bins[i].up_most > most)
			most = series->bins[i].up_most;
	return most;
}

/* Of one stretch without a break: its outline, and what lies under it. */
struct curve {
	struct path line, area;
	bool open;
	double base, x, y;
};

static void curve_close(struct curve *curve)
{
	if (!curve->open)
		return;
	path_line(&curve->area, curve->x, curve->base);
	path_close(&curve->area);
	curve->open = false;
}

static void curve_step(struct curve *curve, double from, double to, double y)
{
	if (!curve->open) {
		path_move(&curve->line, from, y);
		path_move(&curve->area, from, curve->base);
		path_line(&curve->area, from, y);
	} else if (y != curve->y) {
		path_line(&curve->line, from, y);
		path_line(&curve->area, from, y);
	}
	if (curve->open && y == curve->y) { /* the same level, further */
		curve->line.items[curve->line.count - 1].to.x = to;
		curve->area.items[curve->area.count - 1].to.x = to;
	} else {
		path_line(&curve->line, to, y);
		path_line(&curve->area, to, y);
	}
	curve->open = true;
	curve->x = to;
	curve->y = y;
}

static void draw_counts(struct canvas *canvas, const struct panel *panel, double top)
{
	const struct stroke thin = {INK_TEXT, 0.5, 0};
	const struct lettering right = {LETTER_SIZE, INK_TEXT, ANCHOR_END, false, false};
	long most = (long)top;
	long step = ticks_count_step(most, panel->curve_height < 40 ? 1 : 3);
	char text[24];

	for (long value = 0; value <= most;
		value = value < most && value + step > most ? most : value + step) {
		double y = panel->axis - panel->curve_height * (double)value / top;
		/* The last one has its place; one just below it has none. */
		bool crowded = value < most && value > 0 &&
			       panel->curve_height * (double)(most - value) / top < LETTER_SIZE;
		if (!crowded) {
			canvas_line(canvas, panel->left - 2, y, panel->left, y, &thin);
			snprintf(text, sizeof(text), "%ld", value);
			canvas_text(canvas, panel->left - 4.5, y + LETTER_SIZE / 3, text, &right);
		}
	}
	canvas_line(canvas, panel->left, panel->axis - panel->curve_height, panel->left,
		panel->axis, &thin);
	canvas_text(canvas, panel->left - 20,
		panel->axis - panel->curve_height / 2, "hosts up",
		&(struct lettering){LETTER_SIZE, INK_TEXT, ANCHOR_MIDDLE, false, true});
}

/* What one bin says: the mean of its sweeps and the least of them. */
static void curve_of(const struct panel *panel, const struct strips *strips, double top, bool least,
	struct curve *curve)
{
	const struct series *series = panel->series;
	bool *measured = measured_bins(series, strips);
	double value = -1;

	*curve = (struct curve){.base = panel->axis};
	if (series->before.known)
		value = series->before.up_last;
	for (size_t i = 0; i < series->bin_count; i++) {
		const struct series_bin *bin = &series->bins[i];
		if (bin->sweeps)
			value = least ? bin->up_least : bin->up_sum / bin->sweeps;
		/* As long as nobody is known nobody is down. */
		if (!measured[i] || value < 0 || (bin->sweeps && !bin->known)) {
			curve_close(curve);
			value = -1;
			continue;
		}
		curve_step(curve, panel_x(panel, series_bin_start(series, i)),
			panel_x(panel, series_bin_start(series, i + 1)),
			panel->axis - panel->curve_height * value / top);
	}
	curve_close(curve);
	free(measured);
}

/* Under the line of means there is pale colour; how far single sweeps fell below it is darker. */
void figure_draw_curve(
	struct canvas *canvas, const struct panel *panel, const struct strips *strips)
{
	struct curve mean;
	struct curve least;

	if (!panel->series)
		return;
	double top = most_up(panel->series);
	curve_of(panel, strips, top, false, &mean);
	curve_of(panel, strips, top, true, &least);
	canvas_group(canvas, "hosts up");
	canvas_fill(canvas, &mean.area, INK_UP_EDGE);
	canvas_fill(canvas, &least.area, INK_UP_PALE);
	canvas_stroke(canvas, &mean.line, &(struct stroke){INK_TEXT, 0.6, 0});
	draw_counts(canvas, panel, top);
	canvas_group_end(canvas);
	path_finish(&mean.line);
	path_finish(&mean.area);
	path_finish(&least.line);
	path_finish(&least.area);
}

/* Room for "22 Dec" and a gap. */
#define LABEL_ROOM 44.0

void figure_draw_axis(struct canvas *canvas, const struct panel *panel)
{
	const struct stroke thin = {INK_TEXT, 0.5, 0};
	const struct lettering middle = {LETTER_SIZE, INK_TEXT, ANCHOR_MIDDLE, false, false};
	const struct lettering below = {LETTER_SIZE_2, INK_TEXT_2, ANCHOR_MIDDLE, false, false};
	struct path grid = {0};
	struct path marks = {0};
	struct ticks *ticks = mem_zeroed(1, sizeof(*ticks));

	ticks_time(
		panel->from, panel->to, (size_t)((panel->right - panel->left) / LABEL_ROOM), ticks);
	for (size_t i = 0; i < ticks->count; i++) {
		const struct tick *tick = &ticks->items[i];
		double x = panel_x(panel, tick->at);
		path_move(&marks, x, panel->axis);
		path_line(&marks, x, panel->axis + (tick->labelled ? 3.5 : 2));
		if (!tick->labelled)
			continue;
		path_move(&grid, x, panel->strips - 2);
		path_line(&grid, x, panel->axis);
		canvas_text(canvas, x, panel->axis + 10.5, tick->text, &middle);
		if (tick->below[0])
			canvas_text(canvas, x, panel->axis + 18.5, tick->below, &below);
	}
	path_move(&marks, panel->left, panel->axis);
	path_line(&marks, panel->right, panel->axis);
	canvas_stroke(canvas, &grid, &(struct stroke){INK_GRID, 0.4, 0});
	canvas_stroke(canvas, &marks, &thin);
	path_finish(&grid);
	path_finish(&marks);
	free(ticks);
}
