/* By month: how often, how long dark, by which cause, and what was not measured. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "core/mem.h"
#include "live/page/draw.h"
#include "report/words.h"

struct month {
	int64_t start_ns, end_ns;
	size_t outages;
	double hours[CAUSE_COUNT + 1]; /* weighed by the share of hosts lost */
	double unknown_h;
};

static int64_t month_start(int64_t ns, int by)
{
	time_t at = (time_t)(ns / NS_PER_S);
	struct tm tm;

	gmtime_r(&at, &tm);
	struct tm first = {.tm_year = tm.tm_year, .tm_mon = tm.tm_mon + by, .tm_mday = 1};
	return (int64_t)timegm(&first) * NS_PER_S;
}

static double shared_h(const struct month *m, int64_t start_ns, int64_t end_ns)
{
	int64_t from = start_ns > m->start_ns ? start_ns : m->start_ns;
	int64_t to = end_ns < m->end_ns ? end_ns : m->end_ns;

	return to > from ? (double)(to - from) / 3.6e12 : 0;
}

static void count_outages(struct month *m, const struct page *page)
{
	const struct scene *scene = page->scene;

	for (size_t i = 0; i < scene->outage_count; i++) {
		const struct outage *o = &scene->outages[i];
		int64_t start_ns = o->start_low_ns / 2 + o->start_high_ns / 2;
		int64_t end_ns =
			o->end_high_ns ? o->end_low_ns / 2 + o->end_high_ns / 2 : scene->end.ns;
		if (!page_shows(page, o))
			continue;
		m->outages += start_ns >= m->start_ns && start_ns < m->end_ns;
		m->hours[o->verdict.cause] += shared_h(m, start_ns, end_ns);
	}
}

static void count_unknown(struct month *m, const struct scene *scene)
{
	for (size_t i = 0; i < scene->country_count; i++)
		if (scene->country[i].state == BLOCK_UNKNOWN)
			m->unknown_h +=
				shared_h(m, scene->country[i].start.ns, scene->country[i].end.ns);
}

static double dark_h(const struct month *m)
{
	double h = 0;

	for (int c = 0; c <= CAUSE_COUNT; c++)
		h += m->hours[c];
	return h;
}

static void draw_month(FILE *out, const struct month *m, double most_h)
{
	static const char *const fills[] = {"class=\"c-power\"", "class=\"c-line\"",
		"fill=\"url(#stripe)\"", "class=\"c-rout\"", "class=\"he\"", "class=\"i\""};
	time_t at = (time_t)(m->start_ns / NS_PER_S);
	char name[32];
	struct tm tm;
	double x = 0;

	gmtime_r(&at, &tm);
	strftime(name, sizeof(name), "%b %Y", &tm);
	fprintf(out, "<tr><td>%s<td class=\"r\">", name);
	fprintf(out, m->outages ? "%zu" : "\u2013", m->outages);
	fputs("<td class=\"r\">", out);
	fprintf(out, dark_h(m) > 0 ? "%.1f" : "\u2013", dark_h(m));
	fputs("<td><svg height=\"8\" aria-hidden=\"true\">", out);
	for (int c = 0; c <= CAUSE_COUNT; c++) {
		double width = most_h > 0 ? 100 * m->hours[c] / most_h : 0;
		if (width > 0)
			fprintf(out, "<rect %s x=\"%.2f%%\" width=\"%.2f%%\" height=\"8\"/>",
				fills[c], x, fmax(width, 0.5));
		x += width;
	}
	fputs("</svg><td class=\"r\">", out);
	fprintf(out, m->unknown_h >= 0.05 ? "%.1f" : "\u2013", m->unknown_h);
	fputs("</tr>", out);
}

void draw_months(FILE *out, const struct page *page)
{
	enum { MONTHS_MOST = 12 };
	const struct scene *scene = page->scene;
	int64_t end_ns = page->fixed ? page->window.to.ns - 1 : scene->end.ns;
	struct month months[MONTHS_MOST];
	double most_h = 0;
	int count = 0;

	if (scene->facts.sweeps == 0)
		return;
	for (int by = 1 - MONTHS_MOST; by <= 0; by++) {
		struct month *m = &months[count];
		*m = (struct month){
			.start_ns = month_start(end_ns, by), .end_ns = month_start(end_ns, by + 1)};
		if (m->end_ns <= scene->start.ns ||
			(page->fixed && m->end_ns <= page->window.from.ns))
			continue;
		count_outages(m, page);
		count_unknown(m, scene);
		most_h = fmax(most_h, dark_h(m));
		count++;
	}
	fputs("<section><h2>By month</h2><table class=\"mon\"><tr><th>month<th "
	      "class=\"r\">outages<th "
	      "class=\"r\">h dark<th>by cause<th class=\"r\">h not measured</tr>",
		out);
	for (int i = 0; i < count; i++)
		draw_month(out, &months[i], most_h);
	fputs("</table></section>", out);
}
