#include "analysis/evidence/explain.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence/attribution.h"
#include "analysis/evidence/terms.h"
#include "core/clock.h"
#include "core/mem.h"
#include "core/text.h"

static void tell_when(FILE *out, const struct outage *o)
{
	char low[CLOCK_TEXT_SIZE];
	char high[CLOCK_TEXT_SIZE];

	wall_format((struct wall){o->start_low_ns}, low);
	wall_format((struct wall){o->start_high_ns}, high);
	fprintf(out, "Outage %s\n\n", o->id);
	fprintf(out, "It began between %s and %s", low, high);
	if (o->end_high_ns) {
		wall_format((struct wall){o->end_low_ns}, low);
		wall_format((struct wall){o->end_high_ns}, high);
		fprintf(out, " and ended between %s and %s.\n", low, high);
	} else {
		fprintf(out, " and lasts.\n");
	}
	fprintf(out, "%zu of %zu machines were lost, %.0f %% of what usually answers, in",
		o->hosts_affected, o->hosts, 100 * o->fraction_lost);
	for (size_t i = 0; i < o->block_count; i++) {
		char block[ADDRESS_TEXT_SIZE];
		prefix_format(o->blocks[i], block);
		fprintf(out, "%s %s", i ? "," : "", block);
	}
	fprintf(out, ".\n\n");
}

static void tell_verdict(FILE *out, const struct outage *o)
{
	const struct verdict *v = &o->verdict;

	if (v->cause == CAUSE_UNDETERMINED)
		fprintf(out,
			"Verdict (%s): undetermined. What was seen does not tell the causes "
			"apart.\n",
			stage_name(o->stage));
	else
		fprintf(out, "Verdict (%s): %s, probability %.2f.\n", stage_name(o->stage),
			cause_name(v->cause), v->p[v->cause]);
	for (int c = 0; c < CAUSE_COUNT; c++) {
		fprintf(out, "  %-20s %.4f\n", cause_name(c), v->p[c]);
		for (int h = 0; h < HYPOTHESIS_COUNT; h++)
			if ((int)hypotheses[h].cause == c && hypotheses[h].share < 1 &&
				v->p_hypothesis[h] >= 0.01)
				fprintf(out, "      %.2f  %s\n", v->p_hypothesis[h],
					hypotheses[h].name);
	}
	fprintf(out, "\nWhat was seen, and what it is worth for power over upstream (nats):\n");
}

/* One thing that was seen: for power, and against the other causes where it says anything. */
static void tell_term(FILE *out, const struct facts *facts, const struct term *term,
	const double nats[CAUSE_COUNT])
{
	fprintf(out, "  %+6.2f  ", nats[CAUSE_POWER]);
	if (term->tell)
		term->tell(facts, out);
	else
		fputs(term->says, out);
	for (int c = CAUSE_CONGESTION; c <= CAUSE_ROUTING; c++)
		if (fabs(nats[c]) >= 0.005)
			fprintf(out, " (%s %+.2f)", cause_name(c), nats[c]);
	fputs(".\n", out);
}

static double size_of(const double nats[CAUSE_COUNT])
{
	double size = 0;

	for (int c = 0; c < CAUSE_COUNT; c++)
		size = fmax(size, fabs(nats[c]));
	return size;
}

char *explain_outage(const struct outage *outage)
{
	const struct verdict *v = &outage->verdict;
	bool told[TERMS_MOST] = {false};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	tell_when(out, outage);
	tell_verdict(out, outage);
	fprintf(out, "  %+6.2f  how often each cause is met, before anything is seen.\n",
		v->prior[CAUSE_POWER]);
	for (;;) {
		size_t next = term_count;
		for (size_t t = 0; t < term_count; t++)
			if (!told[t] && size_of(v->nats[t]) >= 0.005 &&
				(next == term_count ||
					size_of(v->nats[t]) > size_of(v->nats[next])))
				next = t;
		if (next == term_count)
			break;
		told[next] = true;
		tell_term(out, &outage->facts, &terms[next], v->nats[next]);
	}
	double lead = log(v->p[CAUSE_POWER] / v->p[CAUSE_UPSTREAM]);
	fprintf(out, "  %+6.2f  in all: power is %s likely than a disconnect.\n", lead,
		lead > 0 ? "more" : "less");
	if (v->cause == CAUSE_UPSTREAM && !outage->facts.border_ran)
		fprintf(out,
			"Nothing here shows that the border itself had power: a border without "
			"it looks like a cut.\n");
	fclose(out);
	return text;
}
