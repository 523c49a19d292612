/* The addresses of the last full sweep: a line a /26, a group a /24, marks by form. */
#include <inttypes.h>
#include <string.h>

#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

enum { COLUMNS = 64, CELL_X = 46, LINE = 12, GROUP = 6, TOP = 17 };
static const double cell = 8.2;

static void draw_mark(FILE *out, enum mark mark, double x, double y)
{
	switch (mark) {
	case MARK_ANSWERED:
		fprintf(out, "<rect class=\"up\" x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"9\"/>",
			x, y);
		break;
	case MARK_TCP:
		fprintf(out, "<rect class=\"tcp\" x=\"%.1f\" y=\"%.1f\" width=\"5\" height=\"7\"/>",
			x + 1, y + 1);
		break;
	case MARK_KNOWN:
		fprintf(out,
			"<rect class=\"lost\" x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"9\"/>", x,
			y);
		break;
	case MARK_ERROR:
		fprintf(out, "<path class=\"err\" d=\"M%.1f %.1fl5 5m0-5l-5 5\"/>", x + 1, y + 2);
		break;
	case MARK_UNSENT:
		fprintf(out, "<rect class=\"uns\" x=\"%.1f\" y=\"%.1f\" width=\"7\" height=\"9\"/>",
			x, y);
		break;
	case MARK_SILENT:
	case MARK_NOT_ASKED:
		fprintf(out,
			"<rect class=\"dot\" x=\"%.1f\" y=\"%.1f\" width=\"1.4\" height=\"1.4\"/>",
			x + 2.8, y + 3.8);
		break;
	}
}

static const char *const words[MARK_COUNT] = {[MARK_NOT_ASKED] = "not asked",
	[MARK_SILENT] = "silent",
	[MARK_ANSWERED] = "answered",
	[MARK_TCP] = "TCP only",
	[MARK_KNOWN] = "known, silent",
	[MARK_ERROR] = "error only",
	[MARK_UNSENT] = "not measured"};

static bool is_known(const struct series *series, struct ip4 address)
{
	size_t low = 0;

	for (size_t left = series->host_count; left > 1; left -= left / 2)
		low += series->hosts[low + left / 2].address.host <= address.host ? left / 2 : 0;
	return series->host_count && ip4_equal(series->hosts[low].address, address) &&
	       series->hosts[low].known;
}

/* One block, from its first mark at *at on. */
static void draw_block_map(FILE *out, const struct page *page, struct prefix block, int y,
	size_t *at, size_t counts[MARK_COUNT])
{
	const struct picture *picture = page->picture;
	char text[ADDRESS_TEXT_SIZE];

	for (uint32_t i = 0; i < BLOCK_ADDRESSES; i++) {
		struct ip4 address = {block.base.host + i};
		enum mark mark = MARK_SILENT;
		while (*at < picture->mark_count && picture->marks[*at].address.host < address.host)
			(*at)++;
		if (*at < picture->mark_count && ip4_equal(picture->marks[*at].address, address))
			mark = (enum mark)picture->marks[*at].mark;
		if (mark == MARK_SILENT && is_known(picture->series, address))
			mark = MARK_KNOWN;
		counts[mark]++;
		if (mark != MARK_SILENT) {
			ip4_format(address, text);
			fprintf(out, "<g><title>%s: %s</title>", text, words[mark]);
		}
		draw_mark(out, mark, CELL_X + cell * (i % COLUMNS), y + LINE * (int)(i / COLUMNS));
		if (mark != MARK_SILENT)
			fputs("</g>", out);
	}
}

static void draw_legend(FILE *out, const size_t counts[MARK_COUNT])
{
	static const enum mark order[] = {
		MARK_ANSWERED, MARK_TCP, MARK_KNOWN, MARK_ERROR, MARK_SILENT, MARK_UNSENT};
	char count[WORDS_SIZE];

	fputs("<div class=\"mleg\">", out);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (counts[order[i]] == 0)
			continue;
		fputs("<span><svg width=\"11\" height=\"11\" aria-hidden=\"true\">", out);
		draw_mark(out, order[i], 1, 1);
		fprintf(out, "</svg>%s %s</span>", words[order[i]],
			words_count(counts[order[i]], count));
	}
	fputs("</div>", out);
}

/* "icmp;tcp:80;tcp:443": ICMP echo and TCP SYN to 2 ports. */
static void draw_methods(FILE *out, const char *methods)
{
	bool icmp = strstr(methods, "icmp") != NULL;
	size_t ports = 0;

	for (const char *at = strstr(methods, "tcp"); at; at = strstr(at + 1, "tcp"))
		ports++;
	if (!icmp && !ports)
		fputs("methods not known", out);
	fputs(icmp ? "ICMP echo" : "", out);
	if (ports)
		fprintf(out, "%sTCP SYN to %zu port%s", icmp ? " and " : "", ports, text_s(ports));
}

void draw_map(FILE *out, const struct page *page)
{
	enum { BLOCKS_MOST = 12 };
	const struct scene *scene = page->scene;
	size_t counts[MARK_COUNT] = {0};
	size_t at = 0;
	char when[WORDS_SIZE], until[WORDS_SIZE];

	if (!page->picture || !page->picture->has_full || scene->block_count > BLOCKS_MOST)
		return;
	const struct sweep_info *full = &page->picture->full;
	int height = TOP + (int)scene->block_count * (4 * LINE + GROUP);
	fprintf(out,
		"<section class=\"mapbox\"><h2>Addresses, last full sweep</h2><p "
		"class=\"small\">%s\u2013%s UTC from ",
		words_time(full->start, page->now, when), words_clock(full->end, until));
	html_text(out, full->vantage);
	fputs(", ", out);
	draw_methods(out, full->methods);
	fprintf(out,
		". A line is a /26, a group a /24.</p><svg class=\"map\" viewBox=\"0 0 573 %d\" "
		"role=\"img\" aria-label=\"the addresses of the last full sweep\">",
		height);
	for (int c = 0; c < COLUMNS; c += 8)
		fprintf(out, "<text%s x=\"%.1f\" y=\"10\" text-anchor=\"middle\">+%d</text>",
			c % 16 ? "" : " class=\"t2\"", CELL_X + 3.5 + cell * c, c);
	for (size_t b = 0; b < scene->block_count; b++) {
		int y = TOP + (int)b * (4 * LINE + GROUP);
		uint32_t base = scene->blocks[b].prefix.base.host;
		fprintf(out,
			"<text class=\"bl\" x=\"40\" y=\"%d\" text-anchor=\"end\">.%u.0</text>",
			y + 8, base >> 8 & 255);
		for (int r = 1; r < 4; r++)
			fprintf(out, "<text x=\"40\" y=\"%d\" text-anchor=\"end\">.%d</text>",
				y + 8 + LINE * r, COLUMNS * r);
		draw_block_map(out, page, scene->blocks[b].prefix, y, &at, counts);
	}
	fputs("</svg>", out);
	draw_legend(out, counts);
	fputs("</section>", out);
}
