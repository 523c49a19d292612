#include "report/figure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/figure_parts.h"
#include "report/words.h"

#define CURVE_HEIGHT 52.0
#define CURVE_HEIGHT_2 34.0 /* of the second panel */
#define MARKS_HEIGHT 20.0
#define CURVE_GAP 8.0
#define AXIS_ROOM 21.0
#define PANEL_GAP 22.0

/* From the top of a panel down. Returns where it ends. */
static double lay_out(struct panel *panel, const struct strips *strips, double top, bool second)
{
	panel->marks = top;
	panel->strips = top + MARKS_HEIGHT;
	panel->curve = panel->strips + strips->all + CURVE_GAP;
	panel->curve_height = !panel->series ? 0 : second ? CURVE_HEIGHT_2 : CURVE_HEIGHT;
	panel->axis = panel->curve + panel->curve_height;
	return panel->axis + AXIS_ROOM;
}

/* What part of the first panel the second one is. */
static void draw_zoom(struct canvas *canvas, const struct panel *whole, const struct panel *part)
{
	const struct stroke dashed = {INK_TEXT, 0.5, 1.6};
	const struct stroke fine = {INK_TEXT_2, 0.4, 1.6};
	double from = panel_x(whole, part->from);
	double to = panel_x(whole, part->to);
	double top = whole->strips - 2;
	double bottom = whole->axis + AXIS_ROOM;
	struct path path = {0};

	path_rectangle(&path, from, top, to - from, whole->axis - top);
	canvas_stroke(canvas, &path, &dashed);
	path_finish(&path);
	canvas_line(canvas, from, bottom, part->left, part->marks - 2, &fine);
	canvas_line(canvas, to, bottom, part->right, part->marks - 2, &fine);
}

static void draw_panel(struct canvas *canvas, const struct panel *panel,
	const struct strips *strips, const struct judgement *judgement, struct drawn *drawn)
{
	const struct lettering bold = {10, INK_TEXT, ANCHOR_START, true, false};

	figure_draw_axis(canvas, panel);
	figure_draw_curve(canvas, panel, strips);
	figure_draw_strips(canvas, panel, strips, drawn);
	figure_draw_labels(canvas, panel, strips);
	figure_draw_marks(canvas, panel, judgement);
	if (panel->letter)
		canvas_text(canvas, 1, panel->marks + 9, panel->letter, &bold);
}

/* What a reader who sees only the figure has to know. */
static void write_words(const struct figure_data *data, char *text, size_t size)
{
	const struct judgement *j = data->judgement;
	const struct series *series = data->panels[0].series;
	char width[WORDS_SIZE];
	size_t len = 0;

	len += (size_t)snprintf(text, size, "Times in UTC. ");
	if (j->vantage_count == 1)
		len += (size_t)snprintf(text + len, size - len, "Measured from %.40s. ",
			j->vantages[0][0] ? j->vantages[0] : "one vantage point");
	else if (j->vantage_count > 1)
		len += (size_t)snprintf(text + len, size - len,
			"Measured from %zu vantage points. ", j->vantage_count);
	if (series && series->config.bin_ns >= 120 * NS_PER_S)
		len += (size_t)snprintf(text + len, size - len,
			"Hosts up: line, the mean of %s; dark, down to the least. ",
			words_width(series->config.bin_ns, width));
	if (data->caption)
		snprintf(text + len, size - len, "%s", data->caption);
}

/* What the picture is, for who cannot see it. */
static void write_title(const struct figure_data *data, char *text, size_t size)
{
	const struct timeline_rows *rows = &data->judgement->rows;
	size_t blocks = 0;
	char from[WORDS_SIZE];
	char to[WORDS_SIZE];

	for (size_t i = 0; i < rows->count; i++)
		blocks += i == 0 ||
			  !ip4_equal(rows->items[i].block.base, rows->items[i - 1].block.base);
	snprintf(text, size, "Reachability of %zu block%s from %s to %s UTC", blocks,
		text_s(blocks), words_time(data->panels[0].from, (struct wall){INT64_MIN}, from),
		words_time(data->panels[0].to, (struct wall){INT64_MIN}, to));
}

/* 180 mm, in points. */
#define FIGURE_WIDTH 510.24

/* Everything but its height; returns that. canvas NULL: only measure. */
static double draw_all(struct canvas *canvas, const struct figure_data *data,
	const struct strips *strips, struct drawn *drawn)
{
	const double left = 66;
	const double right = FIGURE_WIDTH - 44;
	struct panel panels[2];
	char words[1536];
	double y = 2;

	for (size_t i = 0; i < data->panel_count; i++) {
		panels[i] = (struct panel){.from = data->panels[i].from,
			.to = data->panels[i].to,
			.series = data->panels[i].series,
			.left = left,
			.right = right,
			.letter = data->panel_count == 1 ? NULL
				  : i == 0               ? "a"
							 : "b"};
		y = lay_out(&panels[i], strips, i == 0 ? y : y + PANEL_GAP, i == 1);
	}
	if (canvas && data->panel_count == 2)
		draw_zoom(canvas, &panels[0], &panels[1]);
	for (size_t i = 0; canvas && i < data->panel_count; i++)
		draw_panel(canvas, &panels[i], strips, data->judgement, drawn);
	write_words(data, words, sizeof(words));
	y = figure_draw_legend(canvas, left, FIGURE_WIDTH, y + 5, drawn);
	return figure_draw_words(canvas, left, right, y + 1, words) + 2;
}

int figure_draw(
	const struct figure_data *data, enum canvas_format format, FILE *out, struct diag *why)
{
	struct strips strips;
	struct drawn drawn = {0};
	char title[256];

	strips_lay_out(data, &strips);
	write_title(data, title, sizeof(title));
	struct canvas_about about = {
		.width = FIGURE_WIDTH, .title = title, .date = data->panels[0].to};
	/* How high it becomes depends on what there is to explain: it is drawn once for that. */
	struct canvas *sketch = canvas_create(CANVAS_SVG, &about, why);
	draw_all(sketch, data, &strips, &drawn);
	canvas_destroy(sketch);
	about.height = draw_all(NULL, data, &strips, &drawn);
	struct canvas *canvas = canvas_create(format, &about, why);
	int r = canvas ? 0 : -ENOSYS;
	if (canvas) {
		canvas_fill_rectangle(canvas, 0, 0, about.width, about.height, INK_PAPER);
		draw_all(canvas, data, &strips, &drawn);
		r = canvas_write(canvas, out);
	}
	canvas_destroy(canvas);
	strips_finish(&strips);
	return r;
}
