/* One outage: what happened, why, and what speaks for it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

static void draw_title(FILE *out, const struct page *page, const struct outage *o)
{
	char low[WORDS_SIZE], high[WORDS_SIZE], p[WORDS_SIZE];
	const char *words = cause_words(o->verdict.cause);

	fprintf(out, "<header class=\"top0\"><h1>%c%s", words[0] - 'a' + 'A', words + 1);
	if (o->verdict.cause < CAUSE_COUNT) {
		fputs(", probability ", out);
		html_text(out, words_probability(o->verdict.p[o->verdict.cause], 2, p));
	} else if (!o->end_high_ns) {
		fputs(" so far", out);
	}
	fputs("</h1><p class=\"lead\">", out);
	html_text(out, page->scene->title);
	fprintf(out, " %s dark %s", o->end_high_ns ? "was" : "is",
		o->whole_country ? "" : "in part ");
	if (o->end_high_ns)
		fputs("for ", out);
	draw_lasted(out, o, page->scene->end);
	words_time((struct wall){o->start_high_ns}, page->now, low);
	fprintf(out, ", from %s", low);
	if (o->end_high_ns)
		fprintf(out, " to %s", words_time((struct wall){o->end_low_ns}, page->now, high));
	fprintf(out, " UTC. %zu of %zu known hosts fell silent.</p></header>\n", o->hosts_affected,
		o->hosts);
}

static void draw_bracket_of(
	FILE *out, const struct page *page, const char *label, int64_t low_ns, int64_t high_ns)
{
	char when[WORDS_SIZE], wide[WORDS_SIZE];

	fprintf(out, "<div><dt>%s between (UTC)<dd>%s<small>%s wide</small></dd></div>", label,
		words_between((struct wall){low_ns}, (struct wall){high_ns}, page->now, when),
		words_duration(high_ns - low_ns, wide));
}

static void draw_keys(FILE *out, const struct page *page, const struct outage *o, struct wall as_of)
{
	char a[WORDS_SIZE], b[WORDS_SIZE];

	fputs("<dl class=\"kv\">", out);
	draw_bracket_of(out, page, "Began", o->start_low_ns, o->start_high_ns);
	if (o->end_high_ns)
		draw_bracket_of(out, page, "Ended", o->end_low_ns, o->end_high_ns);
	else
		fputs("<div><dt>Ended<dd>not yet</dd></div>", out);
	fputs("<div><dt>Lasted<dd>", out);
	draw_lasted(out, o, page->scene->end);
	if (o->end_high_ns)
		fprintf(out, "<small>%s to %s</small>",
			words_duration_exact(o->end_low_ns - o->start_high_ns, a),
			words_duration_exact(o->end_high_ns - o->start_low_ns, b));
	fputs("</dd></div><div><dt>Extent<dd>", out);
	draw_extent(out, page->scene, o);
	fprintf(out, "<small>%zu of %zu hosts, %zu of %zu blocks</small></dd></div>",
		o->hosts_affected, o->hosts, o->block_count, page->scene->block_count);
	fprintf(out, "<div><dt>Verdict<dd>%s<small>as of %s</small></dd></div></dl>\n",
		stage_name(o->stage), words_time(as_of, page->now, a));
}

static size_t count_hosts(const struct scene_outage *lost, bool back, bool restarted)
{
	size_t count = 0;

	for (size_t i = 0; i < lost->host_count; i++)
		count += (!back || lost->hosts[i].back_high_ns) &&
			 (!restarted || lost->hosts[i].restarted);
	return count;
}

static void draw_return(
	FILE *out, const struct page *page, const struct outage *o, const struct scene_outage *lost)
{
	char a[WORDS_SIZE], b[WORDS_SIZE], count[WORDS_SIZE];
	int64_t first = INT64_MAX, last = 0;

	for (size_t i = 0; i < lost->host_count; i++) {
		int64_t back = lost->hosts[i].back_high_ns;
		if (back && back < first)
			first = back;
		if (back > last)
			last = back;
	}
	if (last)
		fprintf(out, "<p>The first host was back at %s, the last of %zu at %s. ",
			words_time((struct wall){first}, page->now, a),
			count_hosts(lost, true, false), words_clock((struct wall){last}, b));
	else
		fputs("<p>None has come back. ", out);
	if (o->facts.rebooted)
		fprintf(out,
			"%s of those whose clock can be read had restarted in between. Hosts that "
			"merely lose their line do not restart.",
			words_count(o->facts.rebooted, count));
	else if (o->facts.ran_through)
		fprintf(out, "The clocks of %s kept running: they had power all the time.",
			words_small(o->facts.ran_through, count));
	fputs("</p>", out);
}

static void draw_story(
	FILE *out, const struct page *page, const struct outage *o, const struct scene_outage *lost)
{
	char a[WORDS_SIZE], b[WORDS_SIZE];

	fputs("<div><h2>What happened</h2>", out);
	if (lost->host_count == 0) {
		fputs("<p>Only one of several vantage points lost it.</p></div>", out);
		return;
	}
	const struct scene_host *last = &lost->hosts[lost->host_count - 1];
	fprintf(out, "<p>At %s UTC at the earliest the first host stopped answering. ",
		words_time((struct wall){o->start_low_ns}, page->now, a));
	if (lost->host_count > 1)
		fprintf(out, "%s later at the latest %s %zu were silent. ",
			words_duration(last->went_high_ns - o->start_low_ns, b),
			o->whole_country ? "all" : "these", lost->host_count);
	if (o->facts.border_up)
		fputs("A router of the country answered all the while. ", out);
	if (o->facts.saturated)
		fputs("Before it, packets were lost and delayed more and more. ", out);
	fputs("</p>", out);
	draw_return(out, page, o, lost);
	fputs("</div>", out);
}

static void draw_causes(FILE *out, const struct outage *o)
{
	static const char *const fills[] = {"class=\"c-power\"", "class=\"c-line\"",
		"fill=\"url(#stripe)\"", "class=\"c-rout\"", "class=\"he\""};
	int order[CAUSE_COUNT] = {0, 1, 2, 3, 4};
	char p[WORDS_SIZE];

	for (int i = 1; i < CAUSE_COUNT; i++)
		for (int k = i; k && o->verdict.p[order[k]] > o->verdict.p[order[k - 1]]; k--) {
			int other = order[k];
			order[k] = order[k - 1];
			order[k - 1] = other;
		}
	fputs("<div><h2>Causes</h2><p class=\"small\">Calibrated probabilities. The tick is 0.75, "
	      "from "
	      "which a cause is stated.</p><table class=\"cz\">",
		out);
	for (int i = 0; i < CAUSE_COUNT; i++) {
		int c = order[i];
		fprintf(out,
			"<tr%s><th class=\"nw\" scope=\"row\">%s<td class=\"w\"><svg class=\"pb\" "
			"height=\"14\" aria-hidden=\"true\"><rect %s y=\"2\" width=\"%.2f%%\" "
			"height=\"10\"/><rect class=\"fr\" y=\"2\" width=\"100%%\" "
			"height=\"10\"/>%s</svg><td "
			"class=\"r nw\">",
			i ? "" : " class=\"first\"", cause_words(c), fills[c],
			100 * o->verdict.p[c],
			i ? "" : "<rect class=\"i\" x=\"75%\" width=\"1\" height=\"14\"/>");
		html_text(out, words_probability(o->verdict.p[c], 3, p));
		fputs("</tr>", out);
	}
	fputs("</table></div>", out);
}

static void draw_lacks(
	FILE *out, const struct page *page, const struct outage *o, const struct scene_outage *lost)
{
	size_t clocks = 0;
	char text[WORDS_SIZE];

	for (size_t i = 0; i < lost->host_count; i++)
		clocks += lost->hosts[i].restarted || lost->hosts[i].ran;
	fputs("<section class=\"three\"><div><h2>What was not measured</h2><ul>", out);
	if (lost->host_count > clocks)
		fprintf(out,
			"<li>%s of the hosts lost show no clock, so they say nothing of "
			"power.</li>",
			words_count(lost->host_count - clocks, text));
	if (!o->facts.errors_heard)
		fputs("<li>No router on the path is heard here, so none could say that the line "
		      "was cut.</li>",
			out);
	if (page->scene->facts.vantage_count < 2)
		fputs("<li>One vantage point alone cannot tell what others still reached.</li>",
			out);
	if (isnan(o->facts.buildup))
		fputs("<li>Loss and delay in the hour before were not measured.</li>", out);
	fputs("<li>Each host is asked now and then: who went first among those whose brackets "
	      "overlap "
	      "is not known.</li></ul></div>",
		out);
}

static void draw_cite(FILE *out, const struct page *page, const struct outage *o, struct wall as_of)
{
	char iso[WORDS_SIZE], p[WORDS_SIZE];
	const struct scene *scene = page->scene;

	words_iso(as_of, iso);
	if (page->fixed) {
		fputs("<div><h2>How to cite</h2><pre>", out);
	} else {
		fputs("<div><h2>Link and cite</h2><p class=\"small\">This address stays, and shows "
		      "what was known at the time it names.</p><pre>/",
			out);
		html_format(out, "%s/outage/%s?as_of=%s", scene->name, o->id, iso);
		fputs("</pre><pre>", out);
	}
	html_format(out, "lightsout %s, outage %s of %s, %s", LIGHTSOUT_VERSION, o->id,
		scene->title, cause_words(o->verdict.cause));
	if (o->verdict.cause < CAUSE_COUNT)
		html_format(
			out, " (p = %s)", words_probability(o->verdict.p[o->verdict.cause], 3, p));
	html_format(
		out, ", %s as of %s, store %.8s.", stage_name(o->stage), iso, scene->facts.epoch);
	fputs("</pre><pre>", out);
	html_format(out, "lightsout outages -s STORE --explain %s --as-of %s", o->id, iso);
	fputs("</pre></div></section>\n", out);
}

static void draw_neighbours(FILE *out, const struct page *page, const struct outage *o)
{
	const struct scene *scene = page->scene;
	size_t i = (size_t)(o - scene->outages);
	char text[WORDS_SIZE];

	if (i > 0 && (!page->fixed || page_shows(page, o - 1))) {
		const struct outage *before = o - 1;
		fputs("<a href=\"", out);
		link_outage(out, page, before);
		fprintf(out, "\">\u2190 %s</a>",
			words_day((struct wall){before->start_high_ns}, text));
	}
	if (i + 1 < scene->outage_count && (!page->fixed || page_shows(page, o + 1))) {
		const struct outage *after = o + 1;
		fputs("\u2002<a href=\"", out);
		link_outage(out, page, after);
		fprintf(out, "\">%s \u2192</a>",
			words_day((struct wall){after->start_high_ns}, text));
	}
}

void page_outage(FILE *out, const struct page *page, const struct outage *o, struct wall asked)
{
	const struct scene *scene = page->scene;
	const struct scene_outage *lost = &scene->lost[o - scene->outages];
	struct wall as_of = asked.ns < scene->end.ns ? asked : scene->end;
	char title[300], date[WORDS_SIZE];

	snprintf(title, sizeof(title), "%s, %s, %s \u00b7 lightsout", cause_words(o->verdict.cause),
		scene->title, words_date((struct wall){o->start_high_ns}, date));
	draw_begin(out, title, true, page->fixed);
	fprintf(out, "<div class=\"bar0\"><b><a href=\"%s\">lightsout</a></b><span><a href=\"",
		page->fixed ? "index.html" : "/");
	link_store(out, page);
	fputs("\">", out);
	html_text(out, scene->title);
	fputs("</a> / outage ", out);
	html_text(out, o->id);
	fputs("</span><span class=\"sp\"></span><span>", out);
	draw_neighbours(out, page, o);
	fprintf(out, "</span>%s</div><main>",
		page->fixed ? "" : "<button id=\"theme\" type=\"button\" hidden>theme</button>");
	draw_title(out, page, o);
	draw_keys(out, page, o, as_of);
	fputs("<div class=\"say\">", out);
	draw_story(out, page, o, lost);
	draw_causes(out, o);
	fputs("</div>\n", out);
	draw_gantt(out, page, o);
	draw_evidence(out, o);
	draw_lacks(out, page, o, lost);
	draw_cite(out, page, o, as_of);
	fputs("</main>", out);
	draw_end(out);
}
