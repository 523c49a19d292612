/* Who went when, and who came back when: left in order of going, right in order of return. */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

enum { X0 = 70, X1 = 516, X2 = 636, X3 = 1082, TOP = 52, ROW = 11, ROWS_MOST = 60 };

struct half {
	double left, right; /* of the picture */
	int64_t from_ns, to_ns;
};

static double at(const struct half *half, int64_t ns)
{
	double x = half->left + (half->right - half->left) * (double)(ns - half->from_ns) /
					(double)(half->to_ns - half->from_ns);
	return x < half->left ? half->left : x > half->right ? half->right : x;
}

/* With a tenth of room at either side. */
static struct half half_of(double left, double right, int64_t low_ns, int64_t high_ns)
{
	int64_t span = high_ns - low_ns;
	int64_t room = span / 10 > 20 * NS_PER_S ? span / 10 : 20 * NS_PER_S;

	return (struct half){left, right, low_ns - room, high_ns + room};
}

static void draw_host_label(
	FILE *out, const struct scene_host *host, double x, int y, const char *anchor)
{
	uint32_t a = host->address.host;

	fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">.%u.%u</text>", x, y + 9, anchor,
		a >> 8 & 255, a & 255);
}

static void draw_going(FILE *out, const struct half *half, const struct scene_host *host, int y)
{
	double a = at(half, host->went_low_ns), b = at(half, host->went_high_ns);

	fprintf(out, "<rect class=\"u\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"9\"/>",
		half->left, y, b - half->left);
	fprintf(out, "<path class=\"d\" d=\"M%.1f %dL%.1f %dH%.1fV%dZ\"/>", a, y + 9, b, y,
		half->right, y + 9);
	draw_host_label(out, host, half->left - 6, y, "end");
}

static void draw_coming(FILE *out, const struct half *half, const struct scene_host *host, int y)
{
	draw_host_label(out, host, half->right + 6, y, "start");
	if (!host->back_high_ns) {
		fprintf(out, "<rect class=\"d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"9\"/>",
			half->left, y, half->right - half->left);
		return;
	}
	double a = at(half, host->back_low_ns), b = at(half, host->back_high_ns);
	fprintf(out, "<rect class=\"d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"9\"/>",
		half->left, y, b - half->left);
	fprintf(out, "<path class=\"u\" d=\"M%.1f %dL%.1f %dH%.1fV%dZ\"/>", a, y + 9, b, y,
		half->right, y + 9);
	if (host->restarted)
		fprintf(out, "<path class=\"boot\" d=\"M%.1f %dl4 7h-8Z\"/>",
			a - 6 > half->left + 6 ? a - 6 : half->left + 6, y + 1);
	else if (host->ran)
		fprintf(out,
			"<rect class=\"c-line\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"2\"/>",
			half->left, y + 4, a - half->left);
}

static int back_order(const void *a, const void *b)
{
	const struct scene_host *x = *(const struct scene_host *const *)a;
	const struct scene_host *y = *(const struct scene_host *const *)b;
	int64_t p = x->back_high_ns ? x->back_high_ns : INT64_MAX;
	int64_t q = y->back_high_ns ? y->back_high_ns : INT64_MAX;

	if (p != q)
		return p < q ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

static void draw_half_axis(FILE *out, const struct half *half, int height)
{
	struct window window = {{half->from_ns}, {half->to_ns}, ZOOM_OTHER, false};
	struct tick ticks[TICKS_MOST];
	int count = window_ticks(&window, ticks);

	for (int i = 0; i < count; i++) {
		double x = at(half, ticks[i].at.ns);
		fprintf(out, "<path class=\"gr\" d=\"M%.1f %dV%d\"/>", x, TOP, height);
		if (i % 3 == 0)
			fprintf(out,
				"<text class=\"ax\" x=\"%.1f\" y=\"%d\" "
				"text-anchor=\"middle\">%s</text>",
				x, height + 14, ticks[i].label);
	}
}

static void draw_bracket(FILE *out, const struct page *page, const struct half *half,
	const char *word, const char *what, int64_t low_ns, int64_t high_ns, int height)
{
	double a = at(half, low_ns), b = at(half, high_ns);
	char text[WORDS_SIZE];

	fprintf(out, "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", a,
		TOP, b - a > 1 ? b - a : 1, height - TOP);
	fprintf(out, "<path class=\"bk\" d=\"M%.1f %dV%dH%.1fV%d\"/>", a, TOP, TOP - 10, b, TOP);
	bool end = a > half->left + (half->right - half->left) / 2;
	fprintf(out, "<text class=\"h\" x=\"%.1f\" y=\"22\" text-anchor=\"%s\">%s %s</text>",
		end ? b : a, end ? "end" : "start", word,
		words_between((struct wall){low_ns}, (struct wall){high_ns}, page->now, text));
	fprintf(out, "<text class=\"ax\" x=\"%.1f\" y=\"36\" text-anchor=\"%s\">%s</text>",
		end ? b : a, end ? "end" : "start", what);
}

static struct half going_half(const struct outage *o, const struct scene_outage *lost, size_t n)
{
	int64_t high = o->start_high_ns;

	for (size_t i = 0; i < n; i++)
		if (lost->hosts[i].went_high_ns > high)
			high = lost->hosts[i].went_high_ns;
	return half_of(X0, X1, o->start_low_ns, high);
}

static struct half coming_half(const struct outage *o, const struct scene_outage *lost, size_t n)
{
	int64_t low = o->end_low_ns, high = o->end_high_ns;

	for (size_t i = 0; i < n; i++) {
		const struct scene_host *host = &lost->hosts[i];
		if (host->back_high_ns && host->back_low_ns < low)
			low = host->back_low_ns;
		if (host->back_high_ns > high)
			high = host->back_high_ns;
	}
	return half_of(X2, X3, low, high);
}

static void draw_gantt_legend(FILE *out, const struct scene_outage *lost)
{
	size_t restarted = 0, ran = 0;

	for (size_t i = 0; i < lost->host_count; i++) {
		restarted += lost->hosts[i].restarted;
		ran += lost->hosts[i].ran;
	}
	fprintf(out,
		"<div class=\"gl\"><span><svg width=\"22\" height=\"12\"><rect class=\"u\" "
		"width=\"22\" "
		"height=\"12\"/></svg>answers</span><span><svg width=\"22\" height=\"12\"><rect "
		"class=\"d\" "
		"width=\"22\" height=\"12\"/></svg>silent</span><span><svg width=\"22\" "
		"height=\"12\"><rect "
		"class=\"d\" width=\"22\" height=\"12\"/><path class=\"boot\" d=\"M11 2l4 "
		"7h-8Z\"/></svg>"
		"restarted, by its own clock (%zu)</span><span><svg width=\"22\" "
		"height=\"12\"><rect "
		"class=\"d\" width=\"22\" height=\"12\"/><rect class=\"c-line\" y=\"5\" "
		"width=\"22\" "
		"height=\"2\"/></svg>its clock kept running (%zu)</span><span>no mark: no clock to "
		"read "
		"(%zu)</span></div>",
		restarted, ran, lost->host_count - restarted - ran);
}

static void draw_hosts_table(FILE *out, const struct page *page, const struct scene_outage *lost)
{
	char text[WORDS_SIZE], address[ADDRESS_TEXT_SIZE];

	fputs("<details><summary>The hosts as a table</summary><div class=\"scroll\" "
	      "tabindex=\"0\"><table "
	      "class=\"tl\"><tr><th>host<th>went between (UTC)<th>came back between "
	      "(UTC)<th>clock</tr>",
		out);
	for (size_t i = 0; i < lost->host_count && i < 500; i++) {
		const struct scene_host *h = &lost->hosts[i];
		ip4_format(h->address, address);
		fprintf(out, "<tr><td>%s<td>%s", address,
			words_between((struct wall){h->went_low_ns}, (struct wall){h->went_high_ns},
				page->now, text));
		fprintf(out, "<td>%s<td>%s</tr>",
			h->back_high_ns ? words_between((struct wall){h->back_low_ns},
						  (struct wall){h->back_high_ns}, page->now, text)
					: "not yet",
			h->restarted ? "restarted"
			: h->ran     ? "kept running"
				     : "\u2013");
	}
	fputs("</table></div></details>", out);
}

static void draw_picture(FILE *out, const struct page *page, const struct outage *o,
	const struct scene_outage *lost, const struct scene_host **back, size_t n)
{
	struct half going = going_half(o, lost, n);
	int height = TOP + 8 + ROW * (int)n;
	char text[WORDS_SIZE];

	fprintf(out,
		"<div class=\"scroll\" tabindex=\"0\"><svg class=\"gantt\" viewBox=\"0 0 1152 %d\" "
		"role=\"img\" "
		"aria-label=\"each host's going and return\">",
		height + 20);
	draw_half_axis(out, &going, height);
	draw_bracket(out, page, &going, "Onset", "the first host went", o->start_low_ns,
		o->start_high_ns, height);
	for (size_t i = 0; i < n; i++)
		draw_going(out, &going, &lost->hosts[i], TOP + 6 + ROW * (int)i);
	if (o->end_high_ns) {
		struct half coming = coming_half(o, lost, n);
		draw_half_axis(out, &coming, height);
		draw_bracket(out, page, &coming, "End", "90 % of what was lost is back",
			o->end_low_ns, o->end_high_ns, height);
		for (size_t i = 0; i < n; i++)
			draw_coming(out, &coming, back[i], TOP + 6 + ROW * (int)i);
		if (coming.from_ns > going.to_ns)
			fprintf(out,
				"<text class=\"ax\" x=\"576\" y=\"%d\" "
				"text-anchor=\"middle\">%s</text>",
				TOP + (height - TOP) / 2,
				words_duration(coming.from_ns - going.to_ns, text));
	} else {
		fprintf(out,
			"<text class=\"ax\" x=\"576\" y=\"%d\" text-anchor=\"middle\">it "
			"lasts</text>",
			TOP + (height - TOP) / 2);
	}
	fputs("</svg></div>", out);
}

void draw_gantt(FILE *out, const struct page *page, const struct outage *o)
{
	const struct scene_outage *lost = &page->scene->lost[o - page->scene->outages];
	size_t n = lost->host_count < ROWS_MOST ? lost->host_count : ROWS_MOST;

	if (n == 0)
		return;
	const struct scene_host **back = mem_zeroed(lost->host_count, sizeof(*back));
	for (size_t i = 0; i < lost->host_count; i++)
		back[i] = &lost->hosts[i];
	qsort(back, lost->host_count, sizeof(*back), back_order);
	fputs("<section><h2>Who went when, and who came back when</h2><p class=\"small\">Left in "
	      "order "
	      "of going, right in order of return. A slanted edge is a bracket: it runs from the "
	      "last "
	      "answer to the first silence (left), from the last silence to the first answer "
	      "(right).</p>",
		out);
	draw_picture(out, page, o, lost, back, n);
	draw_gantt_legend(out, lost);
	if (n < lost->host_count)
		fprintf(out,
			"<p class=\"small\">The first %zu of %zu hosts; the table has more.</p>", n,
			lost->host_count);
	draw_hosts_table(out, page, lost);
	fputs("</section>\n", out);
	mem_free(back);
}
