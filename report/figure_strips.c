#include <math.h>
#include <stdio.h>

#include "report/figure_parts.h"

/* A down row is never thinner; a degraded one is left out below the other. */
#define DOWN_LEAST 0.6
#define PARTLY_LEAST 0.15
/* Degraded by loss alone, all hosts up: it is seen all the same. */
#define DARK_LEAST 0.08
/* Narrower slants than this are not told from upright. */
#define SLANT_LEAST 0.8

/* An edge between two rows, from the bottom of the strip to its top. */
struct edge {
	double bottom, top;
};

static bool is_unknown(const struct timeline_row *row)
{
	return row->state == BLOCK_UNKNOWN;
}

/* The edge at which row i begins; i is row_count at the end. */
static struct edge edge_of(const struct panel *panel, const struct strip *strip, size_t i)
{
	const struct timeline_row *rows = strip->rows;

	if (i == strip->row_count) {
		double end = panel_x(panel, rows[i - 1].end);
		return (struct edge){end, end};
	}
	double top = panel_x(panel, rows[i].start);
	bool ours = i == 0 || is_unknown(&rows[i]) || is_unknown(&rows[i - 1]);
	if (ours || !(rows[i].uncertainty_s > 0))
		return (struct edge){top, top};
	struct wall low = {rows[i].start.ns - (int64_t)(rows[i].uncertainty_s * 1e9)};
	/* Not before the row began that it ends. */
	if (low.ns < rows[i - 1].start.ns)
		low = rows[i - 1].start;
	return (struct edge){panel_x(panel, low), top};
}

static double along(struct edge edge, double share)
{
	return edge.top + (edge.bottom - edge.top) * share;
}

/* What is dark of it, from the top down. */
static double dark_share(const struct timeline_row *row)
{
	if (row->state == BLOCK_DOWN)
		return 1;
	if (row->state != BLOCK_DEGRADED)
		return 0;
	double share = isfinite(row->fraction_up) ? 1 - row->fraction_up : 0.5;
	return fmin(1, fmax(DARK_LEAST, share));
}

struct pen {
	struct path lit, edges, dark;
	double y, height;
	double lit_from; /* NAN: not lit */
	double dark_to;  /* the right end of the last mark that was widened */
};

static void lit_until(struct pen *pen, double x)
{
	if (isfinite(pen->lit_from) && x > pen->lit_from) {
		path_rectangle(&pen->lit, pen->lit_from, pen->y, x - pen->lit_from, pen->height);
		for (int i = 0; i < 2; i++) {
			path_move(&pen->edges, pen->lit_from, pen->y + i * pen->height);
			path_line(&pen->edges, x, pen->y + i * pen->height);
		}
	}
	pen->lit_from = (double)NAN;
}

static void add_dark(struct pen *pen, struct edge begin, struct edge end, double share, bool down,
	struct drawn *drawn)
{
	double width = end.top - begin.top;

	if (!down && width < PARTLY_LEAST)
		return;
	if (width < DOWN_LEAST && down) {
		double middle = (begin.top + end.top) / 2;
		if (middle + DOWN_LEAST / 2 <= pen->dark_to)
			return;
		begin = (struct edge){middle - DOWN_LEAST / 2, middle - DOWN_LEAST / 2};
		end = (struct edge){middle + DOWN_LEAST / 2, middle + DOWN_LEAST / 2};
		pen->dark_to = end.top;
	}
	path_move(&pen->dark, begin.top, pen->y);
	path_line(&pen->dark, end.top, pen->y);
	path_line(&pen->dark, along(end, share), pen->y + share * pen->height);
	path_line(&pen->dark, along(begin, share), pen->y + share * pen->height);
	path_close(&pen->dark);
	drawn->partly |= !down;
	drawn->slanted |=
		begin.top - begin.bottom > SLANT_LEAST || end.top - end.bottom > SLANT_LEAST;
}

static void letter(struct canvas *canvas, const struct pen *pen, double from, double to,
	const char *text, enum ink ink)
{
	if (pen->height < 7 || to - from < 9)
		return;
	canvas_text(canvas, (from + to) / 2, pen->y + pen->height / 2 + 2.5, text,
		&(struct lettering){LETTER_SIZE_2, ink, ANCHOR_MIDDLE, true, false});
}

static void add_unknown(
	struct canvas *canvas, const struct pen *pen, double from, double to, struct drawn *drawn)
{
	if (to - from <= 0)
		return;
	canvas_hatch(canvas, from, pen->y, to - from, pen->height);
	drawn->unknown |= to - from > SLANT_LEAST;
	if (to - from < 9 || pen->height < 7)
		return;
	double middle = (from + to) / 2;
	canvas_fill_rectangle(
		canvas, middle - 3.2, pen->y + 0.8, 6.4, pen->height - 1.6, INK_PAPER);
	letter(canvas, pen, from, to, "?", INK_TEXT);
}

static bool is_inside(const struct panel *panel, const struct timeline_row *row)
{
	return row->end.ns > panel->from.ns && row->start.ns < panel->to.ns;
}

static void draw_strip(struct canvas *canvas, const struct panel *panel, const struct strip *strip,
	double height, struct drawn *drawn)
{
	struct pen pen = {.y = panel->strips + strip->offset,
		.height = height,
		.lit_from = (double)NAN,
		.dark_to = -1};
	char name[ADDRESS_TEXT_SIZE];

	prefix_format(strip->block, name);
	canvas_group(canvas, name);
	/* Before the first sweep and after the last nothing was measured either. */
	add_unknown(canvas, &pen, panel->left, panel_x(panel, strip->rows[0].start), drawn);
	add_unknown(canvas, &pen, panel_x(panel, strip->rows[strip->row_count - 1].end),
		panel->right, drawn);
	for (size_t i = 0; i < strip->row_count; i++) {
		const struct timeline_row *row = &strip->rows[i];
		if (!is_inside(panel, row))
			continue;
		struct edge begin = edge_of(panel, strip, i);
		struct edge end = edge_of(panel, strip, i + 1);
		if (is_unknown(row)) {
			lit_until(&pen, begin.top);
			add_unknown(canvas, &pen, begin.top, end.top, drawn);
			continue;
		}
		if (!isfinite(pen.lit_from))
			pen.lit_from = begin.top;
		if (dark_share(row) > 0)
			add_dark(
				&pen, begin, end, dark_share(row), row->state == BLOCK_DOWN, drawn);
		if (i + 1 == strip->row_count || row->end.ns >= panel->to.ns)
			lit_until(&pen, end.top);
	}
	canvas_fill(canvas, &pen.lit, INK_UP);
	canvas_fill(canvas, &pen.dark, INK_DOWN);
	if (height >= 2.5)
		canvas_stroke(canvas, &pen.edges, &(struct stroke){INK_UP_EDGE, 0.5, 0});
	for (size_t i = 0; i < strip->row_count; i++)
		if (strip->rows[i].state == BLOCK_DOWN && is_inside(panel, &strip->rows[i]))
			letter(canvas, &pen, panel_x(panel, strip->rows[i].start),
				panel_x(panel, strip->rows[i].end), "D", INK_ON_DOWN);
	canvas_group_end(canvas);
	path_finish(&pen.lit);
	path_finish(&pen.edges);
	path_finish(&pen.dark);
}

void figure_draw_strips(struct canvas *canvas, const struct panel *panel,
	const struct strips *strips, struct drawn *drawn)
{
	for (size_t i = 0; i < strips->count; i++)
		draw_strip(canvas, panel, &strips->items[i], strips->height, drawn);
}

static void draw_label(struct canvas *canvas, const struct panel *panel, struct prefix prefix,
	size_t hosts, double middle)
{
	const struct lettering right = {LETTER_SIZE, INK_TEXT, ANCHOR_END, false, false};
	const struct lettering left = {LETTER_SIZE_2, INK_TEXT_2, ANCHOR_START, false, false};
	double size = LETTER_SIZE;
	char text[ADDRESS_TEXT_SIZE];
	char count[40];

	prefix_format(prefix, text);
	canvas_text(canvas, panel->left - 5, middle + size / 3, text, &right);
	snprintf(count, sizeof(count), "%zu host%s", hosts, text_s(hosts));
	canvas_text(canvas, panel->right + 5, middle + size / 3, count, &left);
}

void figure_draw_labels(
	struct canvas *canvas, const struct panel *panel, const struct strips *strips)
{
	double last = -1e9;

	for (size_t i = 0; strips->named && i < strips->count; i++) {
		const struct strip *s = &strips->items[i];
		draw_label(canvas, panel, s->block, s->hosts,
			panel->strips + s->offset + strips->height / 2);
	}
	for (size_t i = 0; !strips->named && i < strips->group_count; i++) {
		const struct group *group = &strips->groups[i];
		double top = strips->items[group->first].offset;
		double bottom =
			strips->items[group->first + group->count - 1].offset + strips->height;
		double middle = panel->strips + (top + bottom) / 2;
		/* Of small allocations only as many as there is room for have a label. */
		if (middle - last < LETTER_SIZE)
			continue;
		draw_label(canvas, panel, group->prefix, group->hosts, middle);
		last = middle;
	}
}
