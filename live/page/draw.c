#include "live/page/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "live/page/assets.h"
#include "report/html.h"
#include "report/words.h"

/* A report is read without us, so it has all in it. */
static void draw_looks(FILE *out, bool fixed)
{
	const struct asset *css = asset_find("page.css");

	if (!fixed) {
		fputs("<link rel=\"stylesheet\" href=\"/assets/page.css\">"
		      "<link rel=\"icon\" href=\"/assets/icon.svg\">"
		      "<script src=\"/assets/page.js\" defer></script>",
			out);
		return;
	}
	fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	      "style-src 'unsafe-inline'\"><style>",
		out);
	fwrite(css->bytes, 1, css->len, out);
	fputs("</style>", out);
}

void draw_begin(FILE *out, const char *title, bool narrow, bool fixed)
{
	fputs("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
	      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>",
		out);
	html_text(out, title);
	fputs("</title>", out);
	draw_looks(out, fixed);
	fprintf(out,
		"</head><body>"
		"<svg class=\"defs\" aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"7\" "
		"height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\">"
		"<path class=\"hp\" d=\"M0 .5H7\"/></pattern><pattern id=\"stripe\" width=\"4\" "
		"height=\"9\" patternUnits=\"userSpaceOnUse\"><path class=\"sp0\" d=\"M1 0V9\"/>"
		"</pattern></defs></svg><div class=\"wrap%s\">\n",
		narrow ? " narrow" : "");
}

void draw_end(FILE *out)
{
	fputs("</div></body></html>\n", out);
}

void draw_bar(FILE *out, const char *class, double x0, double x1, double y, double height)
{
	x0 = fmax(x0, 0);
	x1 = fmin(x1, 100);
	if (x1 <= x0 || height <= 0)
		return;
	fprintf(out, "<rect class=\"%s\" x=\"%.3f%%\" y=\"%g\" width=\"%.3f%%\" height=\"%g\"/>",
		class, x0, y, x1 - x0, height);
}

void draw_least(FILE *out, const char *class, double x, double y, double width, double height)
{
	if (x >= 0 && x <= 100)
		fprintf(out,
			"<rect class=\"%s\" x=\"%.3f%%\" y=\"%g\" width=\"%g\" height=\"%g\"/>",
			class, x, y, width, height);
}

static void draw_hatch(FILE *out, double x0, double x1, double height)
{
	x0 = fmax(x0, 0);
	x1 = fmin(x1, 100);
	if (x1 > x0)
		fprintf(out,
			"<rect fill=\"url(#hatch)\" x=\"%.3f%%\" width=\"%.3f%%\" height=\"%g\"/>",
			x0, x1 - x0, height);
	draw_bar(out, "he", x0, x1, 0, 1);
	draw_bar(out, "he", x0, x1, height - 1, 1);
}

void draw_state(
	FILE *out, enum block_state state, double fraction_up, double x0, double x1, double height)
{
	double dark = 0;

	if (state == BLOCK_UNKNOWN) {
		draw_hatch(out, x0, x1, height);
		return;
	}
	if (state == BLOCK_DOWN)
		dark = height;
	else if (state == BLOCK_DEGRADED)
		dark = fmax(2, round(height * (1 - (isnan(fraction_up) ? 0.5 : fraction_up))));
	draw_bar(out, "u", x0, x1, dark, height - dark);
	draw_bar(out, "d", x0, x1, 0, dark);
	if (dark > 0)
		draw_bar(out, "de", x0, x1, 0, 1);
	else
		draw_bar(out, "ue", x0, x1, 0, 1);
	draw_bar(out, dark < height ? "ue" : "de", x0, x1, height - 1, 1);
	if (state == BLOCK_DOWN && x0 >= 0 && x1 - x0 < 0.4)
		draw_least(out, "d", x0, 0, 2, height);
}

char state_letter(enum block_state state)
{
	return "UPD?"[state];
}

const char *state_word(enum block_state state)
{
	static const char *const words[] = {"up", "partly up", "down", "not measured"};

	return words[state];
}

const char *state_long(enum reason reason)
{
	static const char *const words[] = {
		[REASON_NONE] = "",
		[REASON_NEVER_ANSWERED] = "nothing there has ever answered",
		[REASON_UNSENT] = "the probes were not sent",
		[REASON_CAPTURE_DROP] = "the capture lost packets",
		[REASON_ANCHORS_DOWN] = "the anchors do not answer",
		[REASON_UNPROVEN] = "nothing proves that our line works",
		[REASON_NO_SWEEP] = "no sweep was made",
		[REASON_BOX] = "a box answers for the whole block",
		[REASON_LEARNING] = "no host is known well enough yet",
		[REASON_HOSTS] = "some hosts are silent",
		[REASON_LOSS] = "packets are lost",
	};

	return words[reason];
}

const char *cause_class(int cause)
{
	static const char *const classes[] = {
		"k-power", "k-line", "k-cong", "k-rout", "k-none", "k-none"};

	return classes[cause];
}

const char *cause_words(int cause)
{
	static const char *const words[] = {"power loss", "disconnected upstream",
		"congestion or attack", "routing", "something else", "undetermined"};

	return words[cause];
}

void draw_cause(FILE *out, const struct outage *o)
{
	char text[WORDS_SIZE];
	int cause = o->verdict.cause;

	html_text(out, cause_words(cause));
	if (cause < CAUSE_COUNT)
		html_format(out, " %s", words_probability(o->verdict.p[cause], 2, text));
	else if (!o->end_high_ns)
		fputs(" so far", out);
}

static bool share_first_half(const struct scene *scene)
{
	for (size_t i = 1; i < scene->block_count; i++)
		if (scene->blocks[i].prefix.base.host >> 16 !=
			scene->blocks[0].prefix.base.host >> 16)
			return false;
	return scene->block_count > 0;
}

void draw_block(FILE *out, const struct scene *scene, struct prefix block)
{
	uint32_t host = block.base.host;

	if (share_first_half(scene))
		fprintf(out, ".%u.%u/%u", host >> 8 & 255, host & 255, block.len);
	else
		fprintf(out, "%u.%u.%u.%u/%u", host >> 24, host >> 16 & 255, host >> 8 & 255,
			host & 255, block.len);
}

void draw_extent(FILE *out, const struct scene *scene, const struct outage *o)
{
	if (o->whole_country) {
		fputs("country", out);
		return;
	}
	if (!o->whole_blocks)
		fputs("part of ", out);
	if (o->block_count > 2) {
		fprintf(out, "%zu blocks", o->block_count);
		return;
	}
	for (size_t i = 0; i < o->block_count; i++) {
		if (i)
			fputs(", ", out);
		draw_block(out, scene, o->blocks[i]);
	}
}

void draw_lasted(FILE *out, const struct outage *o, struct wall end)
{
	char text[WORDS_SIZE];

	if (!o->end_high_ns)
		fprintf(out, "\u2265\u00a0%s", words_duration(end.ns - o->start_high_ns, text));
	else
		fputs(words_duration(o->end_low_ns / 2 + o->end_high_ns / 2 - o->start_low_ns / 2 -
					     o->start_high_ns / 2,
			      text),
			out);
}

void draw_sentence(FILE *out, const struct term *term, const struct facts *facts)
{
	char *text = NULL;
	size_t len = 0;
	FILE *told = open_memstream(&text, &len);

	if (!told)
		abort();
	if (term->tell)
		term->tell(facts, told);
	else
		fputs(term->says, told);
	fclose(told);
	if (len && text[0] >= 'a' && text[0] <= 'z')
		text[0] = (char)(text[0] - 'a' + 'A');
	html_text(out, text);
	fputs(".", out);
	free(text);
}

void draw_probabilities(FILE *out, const struct outage *o)
{
	static const char *const fills[] = {"class=\"c-power\"", "class=\"c-line\"",
		"fill=\"url(#stripe)\"", "class=\"c-rout\""};
	double x = 0;

	fputs("<svg class=\"pb\" height=\"10\" aria-hidden=\"true\">", out);
	for (int c = CAUSE_POWER; c <= CAUSE_ROUTING; c++) {
		double width = 100 * o->verdict.p[c];
		if (width >= 0.2)
			fprintf(out,
				"<rect %s x=\"%.2f%%\" y=\"2\" width=\"%.2f%%\" height=\"6\"/>",
				fills[c], x, width);
		x += width;
	}
	fputs("<rect class=\"fr\" x=\"0\" y=\"2\" width=\"100%\" height=\"6\"/>"
	      "<rect class=\"i\" x=\"75%\" width=\"1\" height=\"10\"/></svg>",
		out);
}
