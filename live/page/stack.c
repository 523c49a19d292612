/* The stack: everything over one axis of time. */
#include <inttypes.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

/* From so many blocks on strips are thinner, and a strip is a line of pixels. */
enum { BLOCKS_FULL = 12, BLOCKS_THIN = 120 };

static void draw_zooms(FILE *out, const struct page *page)
{
	fputs("<nav class=\"seg\" aria-label=\"how much time to show\">", out);
	for (int z = 0; z < ZOOM_COUNT; z++) {
		fputs("<a href=\"", out);
		link_store(out, page);
		fprintf(out, "?window=%s\"%s>%s</a>", zoom_name((enum zoom)z),
			page->window.zoom == (enum zoom)z ? " aria-current=\"true\"" : "",
			zoom_title((enum zoom)z));
	}
	fputs("</nav>", out);
}

static void draw_tools(FILE *out, const struct page *page)
{
	fputs("<div class=\"tools\">", out);
	if (!page->fixed)
		draw_zooms(out, page);
	fputs("<span class=\"legend\"><span><svg class=\"key\">", out);
	draw_state(out, BLOCK_UP, 1, 0, 100, 14);
	fputs("</svg>U up</span><span><svg class=\"key\">", out);
	draw_state(out, BLOCK_DEGRADED, 0.55, 0, 100, 14);
	fputs("</svg>P partly: lit to the share of hosts up</span><span><svg class=\"key\">", out);
	draw_state(out, BLOCK_DOWN, 0, 0, 100, 14);
	fputs("</svg>D down</span><span><svg class=\"key\">", out);
	draw_state(out, BLOCK_UNKNOWN, 0, 0, 100, 14);
	fputs("</svg>? not measured</span><span><svg class=\"key wide\"><rect class=\"u\" "
	      "width=\"34\" "
	      "height=\"14\"/><path class=\"d\" d=\"M10 14L22 0H34V14Z\"/></svg>slanted edge: the "
	      "change lies within it</span></span></div>\n",
		out);
}

static void draw_axis(FILE *out, const struct page *page)
{
	const struct window *w = &page->window;
	struct tick ticks[TICKS_MOST];
	int count = window_ticks(w, ticks);
	char a[WORDS_SIZE], b[WORDS_SIZE];

	fputs("<div class=\"row nolab\"><div class=\"n\">", out);
	if (!page->fixed) {
		fputs("<a href=\"", out);
		link_store(out, page);
		words_iso((struct wall){w->from.ns - (w->to.ns - w->from.ns)}, a);
		fprintf(out, "?from=%s&amp;to=%s\">\u2039 earlier</a>", a, words_iso(w->from, b));
	}
	fputs("</div><div class=\"plot\"><svg class=\"axis\" height=\"18\" aria-hidden=\"true\">",
		out);
	for (int i = 0; i < count; i++) {
		double x = window_x(w, ticks[i].at);
		if (x > 2 && x < 95)
			fprintf(out,
				"<text class=\"%s%s\" x=\"%.3f%%\" y=\"12\" "
				"text-anchor=\"middle\">%s</text>",
				ticks[i].strong ? "d" : "", i % 2 ? " hidew" : "", x,
				ticks[i].label);
	}
	if (w->zoom <= ZOOM_DAY)
		words_clock(w->to, a);
	else
		words_day(w->to, a);
	fprintf(out,
		"<text class=\"d\" x=\"100%%\" y=\"12\" text-anchor=\"end\">%s</text></svg></div>",
		w->live && w->zoom > ZOOM_DAY ? "now" : a);
	fprintf(out, "<div class=\"v\"><small>UTC%s</small>", w->live ? ", ends now" : "");
	if (!w->live && !page->fixed) {
		fputs(" <a href=\"", out);
		link_store(out, page);
		fputs("\">now \u203a</a>", out);
	}
	fputs("</div></div>", out);
	fputs("<svg class=\"lines\" aria-hidden=\"true\">", out);
	for (int i = 0; i < count; i++)
		draw_least(out, "", window_x(w, ticks[i].at), 0, 1, 10000);
	fputs("</svg>\n", out);
}

static void draw_block_row(
	FILE *out, const struct page *page, const struct scene_block *block, bool thin, bool first)
{
	struct timeline_row row = scene_now(page->scene, block);
	enum block_state state = row.state;
	bool well = state == BLOCK_UP;

	fprintf(out, "<div class=\"row%s\"><div class=\"n\">%s", thin ? " thin" : "",
		!thin || first ? "<b>" : "");
	draw_block(out, page->scene, block->prefix);
	fprintf(out, "%s</div><div class=\"plot\">", !thin || first ? "</b>" : "");
	if (!thin && page->picture)
		draw_block_hosts(out, page, block->prefix);
	draw_strip(out, page, block, thin ? 9 : 20);
	fprintf(out, "</div><div class=\"v\">%s", well ? "" : "<b>");
	if (state == BLOCK_UNKNOWN && row.reason == REASON_NEVER_ANSWERED)
		fputs(thin ? "never ans." : "never answered", out);
	else
		fputs(state_word(state), out);
	fputs(well ? "" : "</b>", out);
	if (block->known)
		fprintf(out, " <small>%zu of %zu</small>", block->up, block->known);
	fprintf(out, "</div></div>%s\n", thin ? "" : "<div class=\"gap g\"></div>");
}

/* Of very many: a line of pixels each, hatched where nothing covers it, and beside it who is not
 * up. */
static void draw_pixels(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	int y = 0;

	fputs("<div class=\"row top\"><div class=\"n\"><svg class=\"hl\" width=\"132\" "
	      "height=\"1\">",
		out);
	for (size_t r = 0; r < scene->range_count; r++) {
		char prefix[ADDRESS_TEXT_SIZE];
		prefix_format(scene->ranges[r], prefix);
		uint64_t blocks = prefix_count(scene->ranges[r]) / BLOCK_ADDRESSES;
		if (blocks >= 6)
			fprintf(out, "<text x=\"100%%\" y=\"%d\">%s</text>", y * 2 + 9, prefix);
		y += (int)blocks;
	}
	fprintf(out,
		"</svg></div><div class=\"plot clip\"><svg height=\"%zu\" role=\"img\" "
		"aria-label=\"%zu blocks over time\"><rect fill=\"url(#hatch)\" "
		"width=\"100%%\" height=\"100%%\"/>",
		2 * scene->block_count, scene->block_count);
	for (size_t b = 0; b < scene->block_count; b++) {
		const struct scene_block *block = &scene->blocks[b];
		for (size_t i = 0; i < block->count; i++) {
			const struct timeline_row *row = &scene->rows[block->first + i];
			double x0 = window_x(&page->window, row->start);
			double x1 = window_x(&page->window, row->end);
			if (row->state == BLOCK_DOWN || row->state == BLOCK_UP)
				draw_bar(out, row->state == BLOCK_UP ? "u" : "d", x0, x1,
					2 * (double)b, 2);
			if (row->state == BLOCK_DEGRADED) {
				draw_bar(out, "d", x0, x1, 2 * (double)b, 1);
				draw_bar(out, "u", x0, x1, 2 * (double)b + 1, 1);
			}
		}
	}
	fprintf(out,
		"</svg></div><div class=\"v\">%zu blocks<br><small>a line each, in order<br>of "
		"addresses</small></div></div>\n",
		scene->block_count);
}

static void draw_not_up(FILE *out, const struct page *page)
{
	enum { LISTED_MOST = 40 };
	const struct scene *scene = page->scene;
	char text[WORDS_SIZE], prefix[ADDRESS_TEXT_SIZE];
	size_t shown = 0, more = 0, never = 0;

	fputs("<div class=\"scroll\" tabindex=\"0\"><table class=\"tl\"><tr><th>not up "
	      "now<th>since between "
	      "(UTC)<th "
	      "class=\"r\">hosts</tr>",
		out);
	for (size_t i = 0; i < scene->block_count; i++) {
		const struct scene_block *block = &scene->blocks[i];
		const struct timeline_row *row = scene_last(scene, block);
		if (!row || row->state == BLOCK_UP)
			continue;
		if (row->reason == REASON_NEVER_ANSWERED) {
			never++;
			continue;
		}
		if (shown++ >= LISTED_MOST) {
			more++;
			continue;
		}
		prefix_format(block->prefix, prefix);
		fprintf(out, "<tr><td>%c %s<td>%s<td class=\"r\">%zu of %zu</tr>",
			state_letter(row->state), prefix,
			words_between(row_earliest(row), row->start, page->now, text), block->up,
			block->known);
	}
	fprintf(out, "</table><p class=\"small\">%zu more; %zu never answered.</p></div>", more,
		never);
}

void draw_stack(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	bool thin = scene->block_count > BLOCKS_FULL;

	draw_tools(out, page);
	fprintf(out,
		"<section class=\"stack\" tabindex=\"0\" data-a=\"%" PRId64 "\" data-b=\"%" PRId64
		"\" aria-label=\"states over time; arrow keys move the line\">",
		page->window.from.ns / NS_PER_MS, page->window.to.ns / NS_PER_MS);
	draw_axis(out, page);
	draw_brackets(out, page);
	draw_vantages(out, page);
	if (scene->block_count > BLOCKS_THIN)
		draw_pixels(out, page);
	for (size_t i = 0; i < scene->block_count && scene->block_count <= BLOCKS_THIN; i++) {
		bool first =
			i == 0 || scene->blocks[i].prefix.base.host !=
					  scene->blocks[i - 1].prefix.base.host + BLOCK_ADDRESSES;
		if (thin && i && first)
			fputs("<div class=\"gap s\"></div>", out);
		draw_block_row(out, page, &scene->blocks[i], thin, first);
	}
	if (thin)
		fputs("<div class=\"gap\"></div>", out);
	if (page->picture) {
		draw_curve(out, page);
		draw_heat(out, page);
	} else if (scene->facts.sweeps) {
		fputs("<p class=\"said\" id=\"reading\">The hosts of this time are being read; ask "
		      "again "
		      "in a moment.</p>",
			out);
	}
	fputs("</section>\n", out);
	if (scene->block_count > BLOCKS_THIN)
		draw_not_up(out, page);
}

void draw_table(FILE *out, const struct page *page)
{
	enum { ROWS_MOST = 500 };
	const struct scene *scene = page->scene;
	char when[WORDS_SIZE], lasted[WORDS_SIZE], prefix[ADDRESS_TEXT_SIZE];
	size_t shown = 0;

	fputs("<details><summary>This time as a table</summary><div class=\"scroll\" "
	      "tabindex=\"0\"><table "
	      "class=\"tl\"><tr><th>block<th>state<th>changed between (UTC)<th class=\"r\">lasted"
	      "<th>why</tr>",
		out);
	for (size_t i = 0; i < scene->row_count; i++) {
		const struct timeline_row *row = &scene->rows[i];
		if (row->end.ns <= page->window.from.ns || row->start.ns >= page->window.to.ns ||
			shown++ >= ROWS_MOST)
			continue;
		prefix_format(row->block, prefix);
		fprintf(out, "<tr><td>%s<td>%s<td class=\"nw\">%s<td class=\"r\">%s<td>%s</tr>",
			prefix, state_word(row->state),
			words_between(row_earliest(row), row->start, page->now, when),
			words_duration(wall_since(row->end, row->start), lasted),
			state_long(row->reason));
	}
	fputs("</table></div>", out);
	if (shown > ROWS_MOST)
		fprintf(out, "<p class=\"small\">%zu more rows; lightsout timeline has all.</p>",
			shown - ROWS_MOST);
	fputs("</details>\n", out);
}
