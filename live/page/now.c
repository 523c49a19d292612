/* What it is like now: the word, the lamps, since when; how fresh that is, and who sees it. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

static void draw_lamp(FILE *out, const struct scene *scene, const struct scene_block *block,
	int size, bool labelled)
{
	struct timeline_row row = scene_now(scene, block);
	enum block_state state = row.state;
	char prefix[ADDRESS_TEXT_SIZE];

	prefix_format(block->prefix, prefix);
	fprintf(out, "<svg width=\"%d\" height=\"%d\"><title>%s: %s, %zu of %zu hosts</title>",
		size, labelled ? size + 15 : size, prefix, state_word(state), block->up,
		block->known);
	draw_state(out, state, row.fraction_up, 0, 100, size);
	if (state == BLOCK_DEGRADED && size > 20)
		fprintf(out,
			"<rect class=\"b\" x=\"%d\" y=\"10\" width=\"18\" height=\"18\" rx=\"2\"/>",
			size / 2 - 9);
	if (size > 20)
		fprintf(out, "<text class=\"lt%s\" x=\"50%%\" y=\"%d\">%c</text>",
			state == BLOCK_DOWN ? " on" : "", size / 2 + 5, state_letter(state));
	if (labelled)
		fprintf(out, "<text x=\"50%%\" y=\"%d\">.%u</text>", size + 12,
			block->prefix.base.host >> 8 & 255);
	fputs("</svg>", out);
}

static void draw_lamps(FILE *out, const struct scene *scene)
{
	enum { LABELLED = 8, LAMPS_MOST = 64 };
	size_t counts[4] = {0};

	for (size_t i = 0; i < scene->block_count; i++)
		counts[scene_now(scene, &scene->blocks[i]).state]++;
	if (scene->block_count <= LAMPS_MOST) {
		bool few = scene->block_count <= LABELLED;
		fprintf(out, "<span class=\"lamps%s\" role=\"img\" aria-label=\"",
			few ? "" : " many");
		for (int s = BLOCK_UP; s <= BLOCK_UNKNOWN; s++)
			if (counts[s])
				fprintf(out, "%zu %s. ", counts[s],
					state_word((enum block_state)s));
		fputs("\">", out);
		for (size_t i = 0; i < scene->block_count; i++)
			draw_lamp(out, scene, &scene->blocks[i], few ? 38 : 14, few);
		fputs("</span>", out);
		return;
	}
	fputs("<span class=\"since\">", out);
	for (int s = BLOCK_UP, told = 0; s <= BLOCK_UNKNOWN; s++)
		if (counts[s])
			fprintf(out, "%s%zu %s", told++ ? ", " : "", counts[s],
				state_word((enum block_state)s));
	fprintf(out, ", of %zu blocks</span>", scene->block_count);
}

static void draw_place(FILE *out, const struct page *page, int heading)
{
	const struct scene *scene = page->scene;
	char text[WORDS_SIZE];
	char prefix[ADDRESS_TEXT_SIZE];

	fprintf(out, "<h%d class=\"place\"><a href=\"", heading);
	link_store(out, page);
	fputs("\">", out);
	html_text(out, scene->title);
	fputs("</a> <span>\u2002", out);
	for (size_t i = 0; i < scene->range_count && i < 3; i++) {
		prefix_format(scene->ranges[i], prefix);
		fprintf(out, "%s%s", i ? ", " : "", prefix);
	}
	if (scene->range_count > 3)
		fprintf(out, " and %zu more", scene->range_count - 3);
	fprintf(out, " \u00b7 %s /24 block%s</span></h%d>", words_small(scene->block_count, text),
		text_s(scene->block_count), heading);
}

/* "02:32:47–02:33:47 UTC today", "5 Mar 21:04:12 UTC". */
static void draw_since(FILE *out, const struct page *page, struct wall low, struct wall high)
{
	struct wall now = page->now;
	char text[WORDS_SIZE], a[WORDS_SIZE], b[WORDS_SIZE];
	const int64_t day_ns = 86400 * NS_PER_S;

	if (!page->fixed && low.ns / day_ns == now.ns / day_ns &&
		high.ns / day_ns == now.ns / day_ns) {
		words_clock(low, a);
		words_clock(high, b);
		if (strcmp(a, b) == 0)
			fprintf(out, "<b>%s</b> UTC today", a);
		else
			fprintf(out, "<b>%s\u2013%s</b> UTC today", a, b);
	} else {
		fprintf(out, "<b>%s</b> UTC", words_between(low, high, now, text));
	}
}

static void draw_learning(FILE *out, const struct scene *scene)
{
	fprintf(out,
		"<p class=\"since\">A host counts once it has answered in five sweeps, and for "
		"some "
		"time.</p><p class=\"but\">Nothing is called down before that. %" PRIu64
		" sweep%s so far.</p>",
		scene->facts.sweeps, text_s(scene->facts.sweeps));
}

static void draw_state_since(FILE *out, const struct page *page, const struct country_now *country)
{
	struct wall low = country->since_low;
	struct wall high = country->since_high;
	char text[WORDS_SIZE];

	fputs("<p class=\"since\">Since ", out);
	draw_since(out, page, low, high);
	struct wall until = page->scene->late ? page->now : page->scene->end;
	fprintf(out, ", for %s", words_duration(wall_since(until, high), text));
	if (country->state == BLOCK_UNKNOWN && country->reason != REASON_NONE)
		fprintf(out, ": %s", state_long(country->reason));
	fputs(".</p>", out);
}

/* The block that is worst off while the word says something better. */
static void draw_but(FILE *out, const struct page *page, const struct country_now *country)
{
	const struct scene *scene = page->scene;
	char text[WORDS_SIZE], prefix[ADDRESS_TEXT_SIZE];
	size_t told = 0, more = 0;

	for (size_t i = 0; i < scene->block_count; i++) {
		const struct scene_block *block = &scene->blocks[i];
		const struct timeline_row *row = scene_last(scene, block);
		if (!row || (row->state != BLOCK_DOWN && row->state != BLOCK_DEGRADED) ||
			row->state == country->state)
			continue;
		if (told == 2) {
			more++;
			continue;
		}
		told++;
		prefix_format(block->prefix, prefix);
		fprintf(out,
			"<p class=\"but\">%s%s is dark: %zu of its %zu hosts are silent, since ",
			row->state == BLOCK_DOWN ? "" : "Part of ", prefix,
			block->known - block->up, block->known);
		draw_since(out, page, row_earliest(row), row->start);
		fprintf(out, ", for %s.</p>",
			words_duration(wall_since(scene->end, row->start), text));
	}
	if (more)
		fprintf(out, "<p class=\"but\">%zu more blocks are not wholly up.</p>", more);
}

/* Of what is down: why, as far as can be told. */
static void draw_cause_so_far(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	char power[WORDS_SIZE], line[WORDS_SIZE];

	for (size_t i = scene->outage_count; i-- > 0;) {
		const struct outage *o = &scene->outages[i];
		if (o->end_high_ns || !o->whole_blocks || (page->fixed && !page_shows(page, o)))
			continue;
		fputs("<p class=\"but\">Cause so far: <a href=\"", out);
		link_outage(out, page, o);
		fputs("\">", out);
		html_text(out, cause_words(o->verdict.cause));
		fprintf(out, "</a> (power ");
		html_text(out, words_probability(o->verdict.p[CAUSE_POWER], 2, power));
		fputs(", line ", out);
		html_text(out, words_probability(o->verdict.p[CAUSE_UPSTREAM], 2, line));
		fputs(").</p>", out);
		return;
	}
}

/* What was last known before nothing could be measured. */
static void draw_last_known(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	const struct timeline_row *last = NULL;
	char text[WORDS_SIZE];

	for (size_t i = 0; i < scene->row_count; i++)
		if (scene->rows[i].state != BLOCK_UNKNOWN &&
			(!last || scene->rows[i].end.ns > last->end.ns))
			last = &scene->rows[i];
	if (last)
		fprintf(out,
			"<p class=\"but\">Last known: %s, at %s. Nothing is said of the country "
			"until "
			"it can be measured.</p>",
			state_word(last->state), words_time(last->end, page->now, text));
}

/* Ages grow; of a report the time itself is said. */
static void draw_ago(FILE *out, const struct page *page, struct wall at)
{
	char text[WORDS_SIZE];

	if (page->fixed)
		fprintf(out, "%s UTC", words_time(at, page->now, text));
	else
		fprintf(out, "<span data-age=\"%" PRId64 "\">%s</span> ago", at.ns / NS_PER_MS,
			words_duration(wall_since(page->now, at), text));
}

static void draw_facts(FILE *out, const struct page *page)
{
	const struct scene *scene = page->scene;
	char count[WORDS_SIZE];
	size_t known = 0, up = 0;

	for (size_t i = 0; i < scene->block_count; i++) {
		known += scene->blocks[i].known;
		up += scene->blocks[i].up;
	}
	fputs("<dl class=\"facts\"><div><dt>Last sweep</dt><dd>", out);
	if (scene->facts.sweeps == 0)
		fputs("none yet", out);
	else
		draw_ago(out, page, scene->end);
	fputs("<br><small>", out);
	if (page->picture && page->picture->has_full) {
		fputs("last full sweep ", out);
		draw_ago(out, page, page->picture->full.end);
		fprintf(out, ", %s addresses",
			words_count((uint64_t)fmax(0, (double)page->picture->full.probed), count));
	} else
		fprintf(out, "%s sweeps in all", words_count(scene->facts.sweeps, count));
	fprintf(out, "</small></dd></div><div><dt>Hosts that answer%s</dt><dd>",
		scene->late ? "ed" : "");
	if (known == 0)
		fputs("none known yet", out);
	else
		fprintf(out, "<span id=\"hosts\">%zu of %zu known</span>", up, known);
	fprintf(out, "<br><small>%s</small></dd></div></dl>",
		page->fixed            ? "as of the data end"
		: scene->facts.written ? "a prober is at work"
				       : "no prober is at work here");
}

static void draw_vantage(FILE *out, const struct page *page, const struct vantage_facts *v)
{
	char text[WORDS_SIZE];
	bool late = facts_is_late(v, page->now) && page->scale == 1;

	fprintf(out, "<li%s><span>", v->blind != REASON_NONE ? " class=\"bad\"" : "");
	html_text(out, v->name);
	fprintf(out, "</span><span%s>%s</span><span%s>",
		v->blind != REASON_NONE ? " class=\"pill blind\"" : "",
		v->blind != REASON_NONE ? "blind"
		: late                  ? "late"
					: "sees",
		v->blind != REASON_NONE ? "" : " class=\"small\"");
	if (v->blind != REASON_NONE)
		fputs(state_long(v->blind), out);
	else if (late)
		fprintf(out, "last sweep %s ago",
			words_duration(wall_since(page->now, v->end), text));
	if (v->anchors_probed > 0)
		fprintf(out, "%s%" PRId64 " of %" PRId64 " anchors answer",
			v->blind != REASON_NONE || late ? ", " : "", v->anchors_up,
			v->anchors_probed);
	else if (v->blind == REASON_NONE && !late)
		fputs("no anchors", out);
	fputs("</span></li>", out);
}

static void draw_vantage_box(FILE *out, const struct page *page)
{
	enum { SHOWN_MOST = 8 };
	const struct series_facts *facts = &page->scene->facts;
	size_t blind = 0, shown = 0;
	char text[WORDS_SIZE];

	for (size_t i = 0; i < facts->vantage_count; i++)
		blind += facts->vantages[i].blind != REASON_NONE;
	fprintf(out,
		"<div class=\"vp%s\"><div class=\"lab\">Vantage points: ", blind ? " bad" : "");
	if (facts->vantage_count == 0)
		fputs("none yet", out);
	else if (blind == facts->vantage_count)
		fputs("none sees", out);
	else if (page->scene->late)
		fputs("none measures", out);
	else
		fprintf(out, "%zu of %zu see%s", facts->vantage_count - blind, facts->vantage_count,
			facts->vantage_count == 1 ? "s" : "");
	fputs("</div><ul>", out);
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < facts->vantage_count; i++) {
			bool bad = facts->vantages[i].blind != REASON_NONE;
			if (bad != (pass == 0) || (pass && shown >= SHOWN_MOST))
				continue;
			shown++;
			draw_vantage(out, page, &facts->vantages[i]);
		}
	if (shown < facts->vantage_count)
		fprintf(out, "<li><span></span><span></span><span>and %s more that see</span></li>",
			words_count(facts->vantage_count - shown, text));
	fputs("</ul></div>", out);
}

void draw_now(FILE *out, const struct page *page, int heading)
{
	struct country_now country = scene_country(page->scene);

	fputs("<header class=\"head\"><div>", out);
	draw_place(out, page, heading);
	fprintf(out, "<div class=\"now\"><span class=\"word\">%s</span>", country_word(&country));
	draw_lamps(out, page->scene);
	fputs("</div>", out);
	if (country.state == BLOCK_UNKNOWN && country.learning) {
		draw_learning(out, page->scene);
	} else {
		draw_state_since(out, page, &country);
		if (country.state == BLOCK_UNKNOWN)
			draw_last_known(out, page);
		else if (country.state == BLOCK_DOWN)
			draw_cause_so_far(out, page);
		if (!page->scene->late)
			draw_but(out, page, &country);
	}
	fputs("</div>", out);
	draw_facts(out, page);
	draw_vantage_box(out, page);
	fputs("</header>\n", out);
}
