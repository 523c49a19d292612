/* The terms of an outage's verdict, strongest first, as bars towards power or the line. */
#include <math.h>
#include <stdlib.h>

#include "analysis/evidence/terms.h"
#include "live/page/draw.h"
#include "report/html.h"
#include "report/words.h"

/* Nats at either end of the axis: a factor of 3,000. */
static const double most_nats = 8;

static void draw_nats(FILE *out, double nats)
{
	double half = 50 * fmin(fabs(nats), most_nats) / most_nats;

	fprintf(out,
		"<svg height=\"18\" aria-hidden=\"true\"><rect class=\"%s\" x=\"%.2f%%\" y=\"3\" "
		"width=\"%.2f%%\" height=\"12\"/><rect class=\"ax0\" x=\"50%%\" width=\"1\" "
		"height=\"18\"/></svg>",
		nats > 0 ? "c-power" : "c-line", nats > 0 ? 50 : 50 - half, half);
}

static void draw_row(FILE *out, const char *name, double nats)
{
	char text[WORDS_SIZE];

	fprintf(out, "<tr><td class=\"tn\">%s<td class=\"r\">%s<td class=\"bx\">", name,
		words_nats(nats, text));
	draw_nats(out, nats);
	fputs("<td>", out);
}

static void draw_term(FILE *out, const struct outage *o, size_t t)
{
	const struct term *term = &terms[t];
	const double *nats = o->verdict.nats[t];
	char number[WORDS_SIZE];

	draw_row(out, term->name, nats[CAUSE_POWER]);
	draw_sentence(out, term, &o->facts);
	for (int c = CAUSE_CONGESTION; c <= CAUSE_ROUTING; c++)
		if (fabs(nats[c]) >= 0.005)
			fprintf(out, " <small>(%s %s)</small>",
				c == CAUSE_CONGESTION ? "congestion" : "routing",
				words_nats(nats[c], number));
	fputs("</tr>\n", out);
}

/* What is for power or the line stands before what only tells other causes. */
static double size_of(const double *nats)
{
	double size = 0;

	for (int c = 0; c < CAUSE_COUNT; c++)
		size = fmax(size, fabs(nats[c]));
	return fabs(nats[CAUSE_POWER]) >= 0.005 ? 1000 + fabs(nats[CAUSE_POWER]) : size;
}

static void draw_sum(FILE *out, const struct outage *o)
{
	static const char *const labels[] = {"\u00d71,000", "\u00d7100", "\u00d710", "1",
		"\u00d710", "\u00d7100", "\u00d71,000"};
	double nats = log(o->verdict.p[CAUSE_POWER] / o->verdict.p[CAUSE_UPSTREAM]);
	char text[WORDS_SIZE], times[WORDS_SIZE];

	fprintf(out,
		"<tr class=\"sum\"><td>in all<td class=\"r\">%s<td class=\"bx\"><svg height=\"18\" "
		"aria-hidden=\"true\">",
		isfinite(nats) ? words_nats(nats, text) : "\u2013");
	for (int i = -3; i <= 3; i++)
		fprintf(out, "<text x=\"%.2f%%\" y=\"12\">%s</text>",
			50 + 50 * i * log(10) / most_nats, labels[i + 3]);
	fputs("</svg><td>ln (p power / p line)", out);
	if (isfinite(nats)) {
		double factor = exp(fabs(nats));
		if (factor < 1.5)
			fputs(": both are about as likely", out);
		else
			fprintf(out, ": %s is about %s times as likely as %s",
				nats > 0 ? "power" : "the line",
				words_count(
					(uint64_t)llround(factor < 1e15 ? factor : 1e15), times),
				nats > 0 ? "the line" : "power");
	}
	fputs(".</tr>", out);
}

void draw_evidence(FILE *out, const struct outage *o)
{
	bool told[TERMS_MOST] = {false};

	fputs("<section><h2>Evidence</h2><p class=\"small\">A term is the log of how many times "
	      "likelier "
	      "the fact is with power lost than with the line lost. The terms add up.</p><table "
	      "class=\"ev\"><thead><tr><th>term<th class=\"r\">nats<th class=\"bx\"><span>\u2190 "
	      "towards "
	      "the line</span><span>towards power \u2192</span><th>what was "
	      "seen</tr></thead><tbody>",
		out);
	for (;;) {
		size_t next = term_count;
		for (size_t t = 0; t < term_count; t++)
			if (!told[t] && size_of(o->verdict.nats[t]) >= 0.005 &&
				(next == term_count || size_of(o->verdict.nats[t]) >
							       size_of(o->verdict.nats[next])))
				next = t;
		if (next == term_count)
			break;
		told[next] = true;
		draw_term(out, o, next);
	}
	draw_row(out, "prior", o->verdict.prior[CAUSE_POWER]);
	fputs("How often each cause is met, before anything is seen.</tr>", out);
	draw_sum(out, o);
	fputs("</tbody></table></section>\n", out);
}
