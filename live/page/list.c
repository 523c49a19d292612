/* The list of outages, with what speaks for their causes in a sentence. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence/terms.h"
#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

/* What weighs most for the cause that is stated, or between power and the line; NULL: nothing
 * was seen. */
static const struct term *heaviest(const struct outage *o)
{
	const struct term *best = NULL;
	bool other = o->verdict.cause == CAUSE_CONGESTION || o->verdict.cause == CAUSE_ROUTING;
	int of = other ? o->verdict.cause : CAUSE_POWER;
	double most = 0.005;

	for (size_t t = 0; t < term_count; t++)
		if (fabs(o->verdict.nats[t][of]) > most) {
			most = fabs(o->verdict.nats[t][of]);
			best = &terms[t];
		}
	return best;
}

static void draw_reason(FILE *out, const struct outage *o)
{
	const struct term *term = heaviest(o);

	if (!term) {
		fputs(o->end_high_ns ? "Nothing was seen that tells the causes apart."
				     : "Too early to tell.",
			out);
		return;
	}
	draw_sentence(out, term, &o->facts);
}

static void draw_one(FILE *out, const struct page *page, const struct outage *o)
{
	const struct scene *scene = page->scene;
	char when[WORDS_SIZE], p[WORDS_SIZE], q[WORDS_SIZE];

	fputs("<tr class=\"m\"><td class=\"nw\"><a href=\"", out);
	link_outage(out, page, o);
	fprintf(out, "\">%s</a><td class=\"nw\">",
		words_between((struct wall){o->start_low_ns}, (struct wall){o->start_high_ns},
			page->now, when));
	fputs(o->end_high_ns ? words_between((struct wall){o->end_low_ns},
				       (struct wall){o->end_high_ns}, page->now, when)
			     : "ongoing",
		out);
	fputs("<td class=\"r nw\">", out);
	draw_lasted(out, o, scene->end);
	fputs("<td class=\"nw\">", out);
	draw_extent(out, scene, o);
	fprintf(out, ", %zu of %zu<td class=\"c\"><span class=\"cause\"><span class=\"nw\">",
		o->hosts_affected, o->hosts);
	draw_cause(out, o);
	if (o->verdict.cause == CAUSE_UNDETERMINED) {
		fputs("<br><small>power ", out);
		html_text(out, words_probability(o->verdict.p[CAUSE_POWER], 2, p));
		fputs(", line ", out);
		html_text(out, words_probability(o->verdict.p[CAUSE_UPSTREAM], 2, q));
		fputs("</small>", out);
	}
	fputs("</span>", out);
	draw_probabilities(out, o);
	fputs("</span></tr><tr class=\"w\"><td colspan=\"5\">", out);
	draw_reason(out, o);
	fputs("</tr>\n", out);
}

/* What is listed began then. */
static struct wall listed_from(const struct page *page)
{
	bool later = page->fixed && page->window.from.ns > page->scene->start.ns;

	return later ? page->window.from : page->scene->start;
}

static void draw_none(FILE *out, const struct page *page)
{
	char text[WORDS_SIZE];

	if (page->scene->facts.sweeps == 0)
		fputs("<p class=\"said\">No sweep yet, so nothing can be said of outages.</p>",
			out);
	else
		fprintf(out, "<p class=\"said\">No outage since %s.</p>",
			words_date(listed_from(page), text));
}

void draw_outages(FILE *out, const struct page *page)
{
	enum { LISTED_MOST = 12 };
	const struct scene *scene = page->scene;
	size_t shown = 0, total = 0;
	char text[WORDS_SIZE], count[WORDS_SIZE];

	fputs("<section><h2>Outages</h2>", out);
	for (size_t i = 0; i < scene->outage_count; i++)
		total += page_shows(page, &scene->outages[i]);
	if (total == 0) {
		draw_none(out, page);
		fputs("</section>", out);
		return;
	}
	fputs("<p class=\"small\">Probing brackets an instant: each start and end lies between the "
	      "two "
	      "times. Bar: <svg class=\"key flat\"><rect class=\"c-power\" width=\"22\" "
	      "height=\"8\"/></svg>power <svg class=\"key flat\"><rect class=\"c-line\" "
	      "width=\"22\" "
	      "height=\"8\"/></svg>line <svg class=\"key flat\"><rect fill=\"url(#stripe)\" "
	      "width=\"22\" "
	      "height=\"8\"/></svg>congestion <span class=\"nw\"><svg class=\"key flat\"><rect "
	      "class=\"c-rout\" "
	      "width=\"22\" height=\"8\"/></svg>routing</span>; what is empty is something else; "
	      "the tick "
	      "is "
	      "0.75, from which a cause is stated.</p><table class=\"out\"><thead><tr><th>began "
	      "between "
	      "(UTC)<th>ended between (UTC)<th class=\"r\">lasted<th>extent, hosts lost<th>cause "
	      "and "
	      "probability</tr></thead><tbody>",
		out);
	for (size_t i = scene->outage_count; i-- > 0 && (shown < LISTED_MOST || page->fixed);)
		if (page_shows(page, &scene->outages[i])) {
			draw_one(out, page, &scene->outages[i]);
			shown++;
		}
	fputs("</tbody></table><p class=\"small said\">", out);
	if (shown < total)
		fprintf(out, "The last %zu of %s since %s. ", shown, words_count(total, count),
			words_date(listed_from(page), text));
	else
		fprintf(out, "All since %s. ", words_date(listed_from(page), text));
	fputs("<a href=\"", out);
	link_table(out, page, "outages");
	fputs("\">All as data</a>. Spells under 3 min and single hosts are in the timeline, not "
	      "here.</p></section>",
		out);
}
