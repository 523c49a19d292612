#include "live/page/page.h"

#include <inttypes.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

static void draw_top(FILE *out, const struct page *page)
{
	char date[WORDS_SIZE], clock[WORDS_SIZE];

	fprintf(out,
		"<div class=\"bar0\"><b><a href=\"/\">lightsout</a></b><span "
		"class=\"sp\"></span><span "
		"id=\"stale\" class=\"stale\" hidden></span><span><span id=\"clock\">%s %s</span> "
		"UTC</span><span>",
		words_date(page->now, date), words_clock(page->now, clock));
	static const char *const links[] = {"timeline", "outages", "status"};
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		fprintf(out, "%s<a href=\"", i ? "\u2002" : "");
		link_table(out, page, links[i]);
		fprintf(out, "\">%s</a>", links[i]);
	}
	fputs("</span><button id=\"theme\" type=\"button\" hidden>theme</button></div>\n", out);
}

static void draw_foot(FILE *out, const struct page *page)
{
	const struct series_facts *facts = &page->scene->facts;

	fputs("<footer class=\"foot small\"><span>Measured from ", out);
	for (size_t i = 0; i < facts->vantage_count && i < 8; i++) {
		fputs(i ? ", " : "", out);
		html_text(out, facts->vantages[i].name);
	}
	fprintf(out,
		"</span><span>States: what probing saw.</span><span class=\"noprint\">Keys: H D W "
		"M Y how "
		"much time, \u2190 \u2192 move, Enter opens the outage under the line, Esc</span>"
		"<span>lightsout %s</span></footer>\n",
		LIGHTSOUT_VERSION);
}

/* "U · North Korea: up · lightsout": the state is the first thing in the tab. */
static void begin(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	struct country_now country = scene_country(scene);
	char title[256];

	snprintf(title, sizeof(title), "%c \u00b7 %s: %s \u00b7 lightsout",
		state_letter(country.state), scene->title, state_word(country.state));
	draw_begin(out, title, false, page->fixed);
}

void page_store(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;

	begin(out, page);
	draw_top(out, page);
	fputs("<main id=\"live\" data-store=\"", out);
	html_text(out, scene->name);
	fprintf(out, "\" data-live=\"%d\">", page->window.live);
	draw_now(out, page, 1);
	draw_stack(out, page);
	draw_table(out, page);
	fputs("<div class=\"two\">", out);
	draw_outages(out, page);
	fputs("<div>", out);
	draw_map(out, page);
	draw_months(out, page);
	fputs("</div></div></main>", out);
	draw_foot(out, page);
	draw_end(out);
}

void page_index(FILE *out, const struct scene *const *scenes, size_t count, struct wall now)
{
	char date[WORDS_SIZE], clock[WORDS_SIZE];

	draw_begin(out, "lightsout", false, false);
	fprintf(out,
		"<div class=\"bar0\"><b>lightsout</b><span class=\"sp\"></span><span id=\"stale\" "
		"class=\"stale\" hidden></span><span><span id=\"clock\">%s %s</span> "
		"UTC</span><button "
		"id=\"theme\" type=\"button\" hidden>theme</button></div><main id=\"live\" "
		"data-store=\"\" data-live=\"1\"><ul class=\"sites\">",
		words_date(now, date), words_clock(now, clock));
	for (size_t i = 0; i < count; i++) {
		struct window window = window_last(ZOOM_DAY, scenes[i]->end, 1);
		struct page page = {.scene = scenes[i], .window = window, .now = now, .scale = 1};
		fputs("<li>", out);
		draw_now(out, &page, 2);
		for (size_t b = 0; b < scenes[i]->block_count && b < 12; b++)
			draw_strip(out, &page, &scenes[i]->blocks[b], 9);
		fputs("</li>", out);
	}
	fputs("</ul></main>", out);
	draw_end(out);
}

void page_trouble(FILE *out, const char *title, const char *text)
{
	draw_begin(out, title, false, false);
	fputs("<div class=\"bar0\"><b><a href=\"/\">lightsout</a></b></div><main><h1>", out);
	html_text(out, title);
	fputs("</h1><p>", out);
	html_text(out, text);
	fputs("</p></main>", out);
	draw_end(out);
}
