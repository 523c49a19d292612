/* Where links lead: to addresses of the server, or of a report to files beside the page. */
#include <ctype.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"

void link_store(FILE *out, const struct page *page)
{
	if (page->fixed)
		fputs("index.html", out);
	else
		html_format(out, "/%s", page->scene->name);
}

/* An id may hold the name of a vantage point: what is not plain in it is replaced, and the place
 * of the outage keeps two such names apart. */
char *page_outage_file(const struct scene *scene, const struct outage *o, char name[PAGE_FILE_SIZE])
{
	const size_t most = PAGE_FILE_SIZE - 40;
	bool odd = false;
	size_t len = (size_t)snprintf(name, PAGE_FILE_SIZE, "outage-");

	for (const char *c = o->id; *c && len < most; c++) {
		bool plain = isalnum((unsigned char)*c) || *c == '-';
		odd |= !plain || c[1] == '\0' ? !plain : len + 1 == most;
		name[len++] = plain ? *c : '-';
	}
	if (odd)
		len += (size_t)snprintf(
			name + len, PAGE_FILE_SIZE - len, "-%zu", (size_t)(o - scene->outages));
	snprintf(name + len, PAGE_FILE_SIZE - len, ".html");
	return name;
}

void link_outage(FILE *out, const struct page *page, const struct outage *o)
{
	char name[PAGE_FILE_SIZE];

	if (page->fixed)
		fputs(page_outage_file(page->scene, o, name), out);
	else
		html_format(out, "/%s/outage/%s", page->scene->name, o->id);
}

void link_table(FILE *out, const struct page *page, const char *kind)
{
	if (page->fixed)
		fprintf(out, "%s.csv", kind);
	else
		html_format(out, "/api/v1/%s?store=%s", kind, page->scene->name);
}

bool page_shows(const struct page *page, const struct outage *o)
{
	int64_t end_ns = o->end_high_ns ? o->end_high_ns : page->scene->end.ns;
	bool inside = o->start_low_ns < page->window.to.ns && end_ns > page->window.from.ns;

	return o->hosts_affected >= 2 && (!page->fixed || inside);
}
