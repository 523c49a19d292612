/* Hosts over time: how many answer, and each of them. */
#include <math.h>

#include "live/page/draw.h"
#include "report/words.h"

enum { ROW = 11, GAP = 3 };

static double bin_x(const struct page *page, size_t bin)
{
	return fmin(100, window_x(&page->window, series_bin_start(page->picture->series, bin)));
}

static bool bin_is_seen(const struct series *series, size_t bin)
{
	for (size_t v = 0; v < series->vantage_count; v++)
		if (series->vantages[v].bins[bin].sees)
			return true;
	return false;
}

/* No vantage point could see, or none was there: nothing is known of it. */
static bool bin_is_blind(const struct series *series, size_t bin)
{
	bool any = false;

	if (bin_is_seen(series, bin))
		return false;
	for (size_t v = 0; v < series->vantage_count; v++) {
		const struct series_vantage *vantage = &series->vantages[v];
		const struct series_view *view = &vantage->bins[bin];
		any |= view->blind || view->away;
		if (!view->blind && !view->away &&
			vantage->first.ns < series_bin_start(series, bin + 1).ns)
			return false; /* between two sweeps of one that sees */
	}
	return any || series->vantage_count == 0 ||
	       series_bin_start(series, bin + 1).ns <= series->vantages[0].first.ns;
}

/* A curve of a value for each bin, as steps; NAN: a hole. Heights are shares of the picture. */
static void draw_steps(FILE *out, const double *share, size_t n, const char *class, bool area)
{
	bool open = false;

	fprintf(out, "<path class=\"%s\" d=\"", class);
	for (size_t b = 0; b <= n; b++) {
		bool hole = b == n || isnan(share[b]);
		if (hole) {
			if (open && area)
				fprintf(out, "V1000Z");
			open = false;
			continue;
		}
		int y = (int)lround(1000 - 1000 * share[b]);
		if (!open)
			fprintf(out, area ? "M%zu 1000V%d" : "M%zu %d", b, y);
		else if (b && share[b] != share[b - 1])
			fprintf(out, "V%d", y);
		/* A run of equal heights is one line. */
		size_t end = b + 1;
		while (end < n && !isnan(share[end]) && share[end] == share[b])
			end++;
		fprintf(out, "H%zu", end);
		b = end - 1;
		open = true;
	}
	fputs("\"/>", out);
}

static void draw_share(FILE *out, const double *share, size_t n, const char *class, int height)
{
	fprintf(out,
		"<svg class=\"%s\" height=\"%d\" viewBox=\"0 0 %zu 1000\" "
		"preserveAspectRatio=\"none\" "
		"aria-hidden=\"true\">",
		class, height, n);
	draw_steps(out, share, n, "a", true);
	draw_steps(out, share, n, "l", false);
	fputs("</svg>", out);
}

static void start_and_end(const struct page *page, size_t *first, size_t *end)
{
	*first = 0;
	*end = page->picture->series->bin_count;
	while (*end > *first &&
		series_bin_start(page->picture->series, *end - 1).ns >= page->scene->end.ns)
		(*end)--;
}

/* Hosts of one block that answer, as a line above its strip. */
void draw_block_hosts(FILE *out, const struct page *page, struct prefix block)
{
	enum { BINS_MOST = 1024 };
	const struct series *series = page->picture->series;
	double share[BINS_MOST];
	size_t first, end;
	size_t n = series->bin_count < BINS_MOST ? series->bin_count : BINS_MOST;

	start_and_end(page, &first, &end);
	for (size_t b = 0; b < n; b++) {
		double up = 0, known = 0;
		for (size_t h = 0; h < series->host_count && b < end; h++) {
			const struct series_host *host = &series->hosts[h];
			if (!host->known || !host->cells || !prefix_holds(block, host->address))
				continue;
			const struct series_cell *cell = &host->cells[b];
			if (cell->answered + cell->silent == 0)
				continue;
			known++;
			up += (double)cell->answered / (cell->answered + cell->silent);
		}
		share[b] = known > 0 && !bin_is_blind(series, b)      ? up / known
			   : b && b < end && !bin_is_blind(series, b) ? share[b - 1]
								      : (double)NAN;
	}
	draw_share(out, share, n, "spark", 16);
}

static void draw_scale(FILE *out, uint32_t most)
{
	fputs("<svg class=\"ylab\" aria-hidden=\"true\">", out);
	for (int i = 0; i <= 3; i++)
		fprintf(out, "<text x=\"100%%\" y=\"%d\" text-anchor=\"end\">%u</text>",
			96 - 32 * i + 4, (uint32_t)(most * (uint32_t)i / 3));
	fputs("</svg>", out);
}

void draw_curve(FILE *out, const struct page *page)
{
	enum { BINS_MOST = 1024 };
	const struct series *series = page->picture->series;
	double share[BINS_MOST];
	uint32_t most = 1;
	size_t first, end, n = series->bin_count < BINS_MOST ? series->bin_count : BINS_MOST;

	start_and_end(page, &first, &end);
	for (size_t b = 0; b < n; b++)
		if (series->bins[b].known > most)
			most = series->bins[b].known;
	most = (most + 2) / 3 * 3;
	for (size_t b = 0; b < n; b++) {
		const struct series_bin *bin = &series->bins[b];
		share[b] = b >= end || bin_is_blind(series, b) ? (double)NAN
			   : bin->sweeps                       ? bin->up_sum / bin->sweeps / most
			   : b                                 ? share[b - 1]
							       : (double)NAN;
	}
	fputs("<div class=\"gap s\"></div><div class=\"row mid\"><div class=\"n\"><span>hosts "
	      "up</span></div><div class=\"plot\">",
		out);
	fputs("<svg class=\"curve\" height=\"96\" aria-hidden=\"true\">", out);
	for (int i = 0; i < 4; i++)
		fprintf(out, "<rect class=\"g\" width=\"100%%\" height=\"1\" y=\"%d\"/>", 32 * i);
	draw_share(out, share, n, "curve", 96);
	fputs("</svg>", out);
	draw_scale(out, most);
	fputs("</div><div class=\"v\"></div></div><div class=\"gap\"></div>\n", out);
}

/* --- the heat map --- */

enum shade { LIT, S1, S2, S3, DARK, HOLE };

static enum shade shade_of(const struct series_host *host, size_t bin, enum shade before)
{
	const struct series_cell *cell = &host->cells[bin];
	double asked = (double)cell->answered + cell->silent;

	if (asked == 0)
		return cell->unsent ? HOLE : before;
	double dark = cell->silent / asked;
	return dark == 0 ? LIT : dark <= 0.34 ? S1 : dark <= 0.67 ? S2 : dark < 1 ? S3 : DARK;
}

static void draw_host_row(FILE *out, const struct page *page, const struct series_host *host, int y)
{
	static const char *const classes[] = {"u", "d s1", "d s2", "d s3", "d", NULL};
	const struct series *series = page->picture->series;
	enum shade now = HOLE;
	size_t first, end;

	start_and_end(page, &first, &end);
	for (size_t b = 0; b < end;) {
		size_t from = b;
		enum shade shade = now = bin_is_blind(series, b) ? HOLE : shade_of(host, b, now);
		for (b++; b < end; b++) {
			enum shade next = bin_is_blind(series, b) ? HOLE : shade_of(host, b, now);
			if (next != shade)
				break;
		}
		if (shade == LIT || shade == HOLE)
			continue;
		draw_bar(out, classes[shade], bin_x(page, from), bin_x(page, b), y, ROW - 1);
	}
}

static void draw_holes(FILE *out, const struct page *page, int height)
{
	const struct series *series = page->picture->series;
	size_t first, end;

	start_and_end(page, &first, &end);
	for (size_t b = 0; b < end; b++) {
		size_t from = b;
		while (b < end && bin_is_blind(series, b))
			b++;
		if (b == from)
			continue;
		double x0 = bin_x(page, from);
		double width = bin_x(page, b) - x0;
		fprintf(out,
			"<rect class=\"b\" x=\"%.3f%%\" width=\"%.3f%%\" height=\"%d\"/><rect "
			"fill=\"url(#hatch)\" x=\"%.3f%%\" width=\"%.3f%%\" height=\"%d\"/>",
			x0, width, height, x0, width, height);
	}
}

static void draw_host_label(FILE *out, const struct series_host *host, bool first_of_block, int y)
{
	uint32_t a = host->address.host;

	if (first_of_block)
		fprintf(out, "<text class=\"bl\" x=\"72%%\" y=\"%d\">.%u</text>", y + 9,
			a >> 8 & 255);
	fprintf(out, "<text x=\"100%%\" y=\"%d\">.%u</text>", y + 9, a & 255);
}

static int heat_rows(FILE *out, const struct page *page, bool labels)
{
	const struct series *series = page->picture->series;
	struct prefix block = {.len = 32};
	int y = 0;

	for (size_t h = 0; h < series->host_count; h++) {
		const struct series_host *host = &series->hosts[h];
		if (!host->known || !host->cells)
			continue;
		bool next = block.len == 32 || !prefix_holds(block, host->address);
		if (next && y)
			y += GAP;
		block = block_of(host->address);
		if (labels) {
			draw_host_label(out, host, next, y);
		} else if (out) {
			char text[ADDRESS_TEXT_SIZE];
			ip4_format(host->address, text);
			fprintf(out, "<g><title>%s</title>", text);
			draw_bar(out, "u", bin_x(page, 0),
				fmin(100, window_x(&page->window, page->scene->end)), y, ROW - 1);
			draw_host_row(out, page, host, y);
			fputs("</g>", out);
		}
		y += ROW;
	}
	return y;
}

void draw_heat(FILE *out, const struct page *page)
{
	enum { HOSTS_MOST = 400 };
	char width[WORDS_SIZE];
	int height = heat_rows(NULL, page, false);

	if (height == 0 || height > HOSTS_MOST * ROW)
		return;
	fprintf(out,
		"<div class=\"row top\"><div class=\"n\"><svg class=\"hl\" width=\"132\" "
		"height=\"%d\" "
		"aria-hidden=\"true\">",
		height);
	heat_rows(out, page, true);
	fprintf(out,
		"</svg></div><div class=\"plot clip\"><svg class=\"heat\" height=\"%d\" "
		"role=\"img\" "
		"aria-label=\"each host over time\">",
		height);
	heat_rows(out, page, false);
	draw_holes(out, page, height);
	fprintf(out,
		"</svg></div><div class=\"v\">each host<br><small>light: answered<br>dark: "
		"silent<br>"
		"hatched: not measured<br>column: %s</small></div></div>\n",
		words_duration(page->picture->series->config.bin_ns, width));
}
