/* The first page of a report: the store's page, and what who reads it later wants to know. */
#include <math.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

static void draw_top(FILE *out, const struct page *page)
{
	static const char *const tables[] = {"timeline", "country", "outages", "summary"};
	char a[WORDS_SIZE], b[WORDS_SIZE], c[WORDS_SIZE], d[WORDS_SIZE];

	fprintf(out,
		"<div class=\"bar0\"><b>lightsout</b><span>report, %s %s to %s %s UTC</span><span "
		"class=\"sp\"></span><span>",
		words_date(page->window.from, a), words_clock(page->window.from, b),
		words_date(page->window.to, c), words_clock(page->window.to, d));
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		fprintf(out, "%s<a href=\"", i ? "\u2002" : "");
		link_table(out, page, tables[i]);
		fprintf(out, "\">%s</a>", tables[i]);
	}
	fputs("</span></div>\n", out);
}

void draw_hosts(FILE *out, const struct page *page)
{
	const struct series *series = page->picture ? page->picture->series : NULL;
	char address[ADDRESS_TEXT_SIZE], text[WORDS_SIZE];
	size_t shown = 0;

	fputs("<section><h2>Hosts</h2>", out);
	for (size_t i = 0; series && i < series->host_count; i++) {
		const struct series_host *host = &series->hosts[i];
		uint64_t asked = host->answered + host->silent;
		double rtt_ms = 1e3 * round_trips_median_s(&host->trips);
		if (!host->known || asked == 0)
			continue;
		if (shown++ == 0)
			fputs("<div class=\"scroll\" tabindex=\"0\"><table class=\"tl "
			      "nw\"><thead><tr><th>host<th "
			      "class=\"r\">asked<th class=\"r\">answered<th class=\"r\">share<th "
			      "class=\"r\">median round trip<th>last answer "
			      "(UTC)</tr></thead><tbody>",
				out);
		ip4_format(host->address, address);
		fprintf(out, "<tr><td>%s<td class=\"r\">%s", address, words_count(asked, text));
		fprintf(out, "<td class=\"r\">%s<td class=\"r\">%.1f %%<td class=\"r\">",
			words_count(host->answered, text),
			100 * (double)host->answered / (double)asked);
		fprintf(out, isnan(rtt_ms) ? "\u2013" : "%.1f ms", rtt_ms);
		fprintf(out, "<td>%s</tr>",
			host->heard.ns ? words_time(host->heard, page->now, text) : "\u2013");
	}
	if (shown)
		fputs("</tbody></table></div></section>\n", out);
	else
		fputs("<p class=\"said\">None is known in this time.</p></section>\n", out);
}

/* Hours of a row that lie in the window. */
static double shown_h(const struct page *page, const struct timeline_row *row)
{
	int64_t from = row->start.ns, to = row->end.ns;

	if (from < page->window.from.ns)
		from = page->window.from.ns;
	if (to > page->window.to.ns)
		to = page->window.to.ns;
	return to > from ? (double)(to - from) / 3.6e12 : 0;
}

void draw_unmeasured(FILE *out, const struct page *page)
{
	enum { REASONS = REASON_LOSS + 1 };
	const struct scene *scene = page->scene;
	double by_reason[REASONS] = {0}, all = 0, unknown = 0;
	char text[WORDS_SIZE];

	for (size_t i = 0; i < scene->row_count; i++) {
		const struct timeline_row *row = &scene->rows[i];
		double h = shown_h(page, row);
		all += h;
		if (row->state == BLOCK_UNKNOWN) {
			unknown += h;
			by_reason[row->reason] += h;
		}
	}
	fprintf(out,
		"<section><h2>What was not measured</h2><p class=\"said\">%.1f of %.1f hours of "
		"blocks, %.2f %%. Nothing is said of these, neither up nor down.</p><ul>",
		unknown, all, all > 0 ? 100 * unknown / all : 0);
	for (int r = 0; r < REASONS; r++)
		if (by_reason[r] >= 0.05)
			fprintf(out, "<li>%.1f h: %s.</li>", by_reason[r],
				state_long((enum reason)r));
	if (scene->facts.anchored == 0)
		fputs("<li>No sweep asked an anchor, so nothing proves that our own line worked "
		      "while all was silent.</li>",
			out);
	if (scene->facts.vantage_count < 2)
		fputs("<li>One vantage point alone cannot tell what others still reached.</li>",
			out);
	fputs("<li>A host counts once it has answered in five sweeps; of the other addresses "
	      "nothing is known.</li>",
		out);
	if (scene->facts.interval_ns)
		fprintf(out,
			"<li>Nothing was seen between two sweeps; the longest interval that one "
			"names is %s.</li>",
			words_duration(scene->facts.interval_ns, text));
	fputs("</ul></section>\n", out);
}

void draw_report_cite(FILE *out, const struct page *page)
{
	const struct series_facts *facts = &page->scene->facts;
	char from[WORDS_SIZE], to[WORDS_SIZE], end[WORDS_SIZE], count[WORDS_SIZE];

	words_iso(page->window.from, from);
	words_iso(page->window.to, to);
	words_iso(page->scene->end, end);
	fputs("<section><h2>How to cite</h2><pre>", out);
	html_format(out, "lightsout %s, report on %s, %s to %s, judged from %s sweeps as of %s",
		LIGHTSOUT_VERSION, page->scene->title, from, to, words_count(facts->sweeps, count),
		end);
	for (size_t i = 0; i < facts->vantage_count && i < 8; i++)
		html_format(out, "%s%s", i ? ", " : ", vantage points: ", facts->vantages[i].name);
	html_format(out, ", store %.8s.", facts->epoch);
	fputs("</pre><pre>", out);
	html_format(out, "lightsout report -s STORE --from %s --to %s -o DIR", from, to);
	fputs("</pre></section>\n", out);
}

void page_report(FILE *out, const struct page *page)
{
	char title[200];

	snprintf(title, sizeof(title), "%s \u00b7 lightsout report", page->scene->title);
	draw_begin(out, title, false, true);
	draw_top(out, page);
	fputs("<main>", out);
	draw_now(out, page, 1);
	draw_stack(out, page);
	draw_table(out, page);
	fputs("<div class=\"two\">", out);
	draw_outages(out, page);
	fputs("<div>", out);
	draw_map(out, page);
	draw_months(out, page);
	fputs("</div></div><div class=\"two\">", out);
	draw_hosts(out, page);
	fputs("<div>", out);
	draw_unmeasured(out, page);
	draw_report_cite(out, page);
	fputs("</div></div></main>", out);
	draw_end(out);
}
