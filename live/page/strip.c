/* A block's strip, brackets of outages, lanes of vantage points: intervals over the window. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

static bool overlaps(const struct window *window, int64_t start_ns, int64_t end_ns)
{
	return start_ns < window->to.ns && end_ns > window->from.ns;
}

/* The edge leans over the time in which the change lies; what our own clock made stands upright. */
static void draw_edge(FILE *out, const struct window *window, const struct timeline_row *before,
	const struct timeline_row *row, int height)
{
	double x0 = window_x(window, row_earliest(row));
	double x1 = window_x(window, row->start);
	const char *class = row->state == BLOCK_DOWN ? "d" : "u";

	if (!before || before->state == BLOCK_UNKNOWN || row->state == BLOCK_UNKNOWN ||
		row->state == BLOCK_DEGRADED || x1 - x0 < 0.08 || x1 <= 0 || x0 >= 100)
		return;
	if (before->state == BLOCK_DEGRADED && row->state == BLOCK_DOWN)
		class = "d";
	fprintf(out,
		"<svg x=\"%.3f%%\" width=\"%.3f%%\" height=\"%d\" viewBox=\"0 0 1 1\" "
		"preserveAspectRatio=\"none\"><path class=\"%s\" d=\"M0 1H1V0Z\"/></svg>",
		x0, x1 - x0, height, class);
}

static void draw_letter(FILE *out, const struct timeline_row *row, double x0, double x1, int height)
{
	const double least = 1.8; /* percent: about 14 px */
	double middle = (fmax(x0, 0) + fmin(x1, 100)) / 2;

	if (row->state == BLOCK_UP || fmin(x1, 100) - fmax(x0, 0) < least || height < 16)
		return;
	if (row->state != BLOCK_DOWN)
		fprintf(out,
			"<rect class=\"b\" x=\"%.3f%%\" y=\"3\" width=\"16\" height=\"14\" "
			"rx=\"2\" "
			"transform=\"translate(-8)\"/>",
			middle);
	fprintf(out, "<text class=\"lt%s\" x=\"%.3f%%\" y=\"14\" text-anchor=\"middle\">%c</text>",
		row->state == BLOCK_DOWN ? " on" : "", middle, state_letter(row->state));
}

static void draw_row_title(FILE *out, const struct page *page, const struct timeline_row *row)
{
	char when[WORDS_SIZE], lasted[WORDS_SIZE];

	fprintf(out, "<title>%s, since %s, %s", state_word(row->state),
		words_between(row_earliest(row), row->start, page->now, when),
		words_duration(wall_since(row->end, row->start), lasted));
	if (row->reason != REASON_NONE)
		fprintf(out, ": %s", state_long(row->reason));
	fputs("</title>", out);
}

void draw_strip(FILE *out, const struct page *page, const struct scene_block *block, int height)
{
	const struct timeline_row *rows = &page->scene->rows[block->first];
	const struct timeline_row *last = scene_last(page->scene, block);
	const struct window *window = &page->window;
	char prefix[ADDRESS_TEXT_SIZE];

	prefix_format(block->prefix, prefix);
	fprintf(out,
		"<svg class=\"strip\" height=\"%d\" role=\"img\" aria-label=\"%s, %s at the end\">",
		height, prefix, last ? state_word(last->state) : "not measured");
	if (page->scene->start.ns > window->from.ns)
		draw_state(out, BLOCK_UNKNOWN, 0, 0, window_x(window, page->scene->start), height);
	for (size_t i = 0; i < block->count; i++) {
		const struct timeline_row *row = &rows[i];
		double x0 = window_x(window, row->start);
		double x1 = window_x(window, row->end);
		if (!overlaps(window, row_earliest(row).ns, row->end.ns) ||
			(row->state == BLOCK_DEGRADED && x1 - x0 < 0.1))
			continue;
		fprintf(out, "<g data-s=\"%" PRId64 "\" data-w=\"%c\">", row->start.ns / NS_PER_MS,
			state_letter(row->state));
		draw_row_title(out, page, row);
		draw_state(out, row->state, row->fraction_up, x0, x1, height);
		draw_edge(out, window, i ? &rows[i - 1] : NULL, row, height);
		draw_letter(out, row, x0, x1, height);
		fputs("</g>", out);
	}
	fputs("</svg>", out);
}

static void draw_bracket(FILE *out, const struct page *page, const struct outage *o, double x0,
	double x1, double *free_from)
{
	const double marks_below = 0.6, letter = 0.62; /* percent */
	char probability[WORDS_SIZE], lasted[WORDS_SIZE], label[2 * WORDS_SIZE];
	bool cong = o->verdict.cause == CAUSE_CONGESTION;
	int64_t end_ns =
		o->end_high_ns ? o->end_low_ns / 2 + o->end_high_ns / 2 : page->scene->end.ns;

	words_duration(end_ns - o->start_low_ns / 2 - o->start_high_ns / 2, lasted);
	snprintf(label, sizeof(label), "%s%s%s, %s%s", cause_words(o->verdict.cause),
		o->verdict.cause < CAUSE_COUNT ? " " : "",
		o->verdict.cause < CAUSE_COUNT
			? words_probability(o->verdict.p[o->verdict.cause], 2, probability)
			: "",
		o->end_high_ns ? "" : "\u2265 ", lasted);
	fprintf(out, "<a class=\"%s\" href=\"", cause_class(o->verdict.cause));
	link_outage(out, page, o);
	fprintf(out, "\" data-a=\"%.3f\" data-b=\"%.3f\"><title>", x0, x1);
	html_format(out, "%s: %s", o->id, label);
	fputs("</title>", out);
	if (x1 - x0 < marks_below) {
		draw_least(out, "k", fmax(0, x0), 21, 5, 9);
		fputs("</a>", out);
		return;
	}
	draw_bar(out, "hit", x0, x1, 0, 30);
	if (cong)
		for (double x = fmax(0, x0); x < fmin(100, x1); x += 0.5)
			draw_bar(out, "k", x, fmin(x + 0.25, x1), 22, 3);
	else
		draw_bar(out, "k", x0, x1, 22, 3);
	draw_least(out, "i", x0, 22, 1, 8);
	if (o->end_high_ns)
		draw_least(out, "i", x1, 22, 1, 8);
	double width = letter * (double)strlen(label);
	double at = fmax(x0, 0);
	bool right = at + width > 100;
	if (right)
		at = 100 - width;
	if (at >= *free_from) {
		fprintf(out, "<text x=\"%.3f%%\" y=\"17\"%s>", right ? 100 : at,
			right ? " text-anchor=\"end\"" : "");
		html_text(out, label);
		fputs("</text>", out);
		*free_from = at + width + 1;
	}
	fputs("</a>", out);
}

void draw_brackets(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	double free_from = 0;
	size_t shown = 0;

	fputs("<div class=\"row\"><div class=\"n\">outages</div><div class=\"plot\"><svg "
	      "class=\"brk\" "
	      "height=\"32\">",
		out);
	for (size_t i = 0; i < scene->outage_count; i++) {
		const struct outage *o = &scene->outages[i];
		int64_t end_ns = o->end_high_ns ? o->end_high_ns : scene->end.ns;
		if (!overlaps(&page->window, o->start_low_ns, end_ns) || o->hosts_affected < 2)
			continue;
		shown++;
		draw_bracket(out, page, o, window_x(&page->window, (struct wall){o->start_low_ns}),
			window_x(&page->window, (struct wall){end_ns}), &free_from);
	}
	fprintf(out,
		"</svg></div><div class=\"v\"><small>%zu in this %s</small></div></div><div "
		"class=\"gap s\"></div>",
		shown, page->window.zoom < ZOOM_OTHER ? zoom_name(page->window.zoom) : "time");
}

/* Runs of bins in which a vantage point was blind. */
static void draw_lane(FILE *out, const struct page *page, const struct series_vantage *v)
{
	const struct series *series = page->picture->series;
	size_t n = series->bin_count;

	fputs("<svg class=\"vps\" height=\"7\"><title>", out);
	html_text(out, v->name);
	fputs("</title>", out);
	draw_bar(out, "ue", fmax(0, window_x(&page->window, v->first)), 100, 3, 1);
	for (size_t b = 0; b < n; b++) {
		size_t first = b;
		while (b < n && (v->bins[b].blind > v->bins[b].sees || v->bins[b].away))
			b++;
		if (b == first)
			continue;
		double x0 = window_x(&page->window, series_bin_start(series, first));
		double x1 = window_x(&page->window, series_bin_start(series, b));
		draw_bar(out, "red", x0, fmin(x1, 100), 1, 5);
	}
	fputs("</svg>", out);
}

void draw_vantages(FILE *out, const struct page *page)
{
	enum { LANES_MOST = 8 };
	const struct series_facts *facts = &page->scene->facts;
	size_t blind = 0, shown = 0;

	for (size_t i = 0; i < facts->vantage_count; i++)
		blind += facts->vantages[i].blind != REASON_NONE;
	if (!page->picture)
		return;
	const struct series *series = page->picture->series;
	fprintf(out,
		"<div class=\"row\"><div class=\"n\">vantage point%s <small>%zu</small></div><div "
		"class=\"plot\">",
		text_s(facts->vantage_count), facts->vantage_count);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < series->vantage_count && shown < LANES_MOST; i++)
			if ((series->vantages[i].reason != REASON_NONE) == (pass == 0)) {
				draw_lane(out, page, &series->vantages[i]);
				shown++;
			}
	fprintf(out, "</div><div class=\"v%s\">", blind ? " bad" : "");
	if (blind)
		fprintf(out, "%zu of %zu blind", blind, facts->vantage_count);
	else
		fputs("<small>all see</small>", out);
	fputs("</div></div><div class=\"gap s\"></div>\n", out);
}
