#include "analysis/evidence/explain.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/mem.h"
#include "core/text.h"

static void say(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
}

static void tell_when(FILE *out, const struct outage *o)
{
	char low[CLOCK_TEXT_SIZE];
	char high[CLOCK_TEXT_SIZE];

	wall_format((struct wall){o->start_low_ns}, low);
	wall_format((struct wall){o->start_high_ns}, high);
	say(out, "Outage %s\n\n", o->id);
	say(out, "It began between %s and %s", low, high);
	if (o->end_high_ns) {
		wall_format((struct wall){o->end_low_ns}, low);
		wall_format((struct wall){o->end_high_ns}, high);
		say(out, " and ended between %s and %s.\n", low, high);
	} else {
		say(out, " and lasts.\n");
	}
	say(out, "%zu of %zu machines were lost, %.0f %% of what usually answers, in",
		o->machines_affected, o->machines, 100 * o->fraction_lost);
	for (size_t i = 0; i < o->block_count; i++) {
		char block[ADDRESS_TEXT_SIZE];
		prefix_format(o->blocks[i], block);
		say(out, "%s %s", i ? "," : "", block);
	}
	say(out, ".\n\n");
}

static void tell_verdict(FILE *out, const struct outage *o)
{
	const struct verdict *v = &o->verdict;

	if (v->cause == CAUSE_UNDETERMINED)
		say(out,
			"Verdict (%s): undetermined. What was seen does not tell the causes "
			"apart.\n",
			stage_name(o->stage));
	else
		say(out, "Verdict (%s): %s, probability %.2f.\n", stage_name(o->stage),
			cause_name(v->cause), v->p[v->cause]);
	for (int c = 0; c < CAUSE_COUNT; c++)
		say(out, "  %-20s %.4f\n", cause_name(c), v->p[c]);
	say(out, "\nWhat was seen, and what it is worth for power over upstream (nats):\n");
}

static void fact(FILE *out, const struct outage *o, enum term term)
{
	const struct facts *f = &o->facts;

	switch (term) {
	case TERM_PRIOR:
		say(out, "how often each cause is met, before anything is seen");
		break;
	case TERM_REBOOTS:
		say(out,
			"%zu of the machines restarted inside the outage, %zu of them just before "
			"they were back or all together (when they did: %+.2f for power against "
			"somebody who restarts them)",
			f->rebooted, f->prompt, f->boot_nats);
		break;
	case TERM_RAN_THROUGH:
		say(out,
			"the clocks of %zu machines ran through: they had power all the time, or "
			"batteries",
			f->ran_through);
		break;
	case TERM_RETURN:
		say(out,
			"within one block %zu machines came back at %zu instant%s, %.0f s apart at "
			"most",
			f->coming_of, f->coming, f->coming == 1 ? "" : "s", f->coming_s);
		break;
	case TERM_ONSET:
		say(out,
			"within one block %zu machines went at %zu instant%s, %.0f s apart at most",
			f->going_of, f->going, f->going == 1 ? "" : "s", f->going_s);
		break;
	case TERM_INSTABILITY:
		say(out,
			"%.1f short silences a block in the day before, in %.0f of its hours, "
			"against %.1f usually",
			f->unrest, f->unstable_hours, f->usual_flaps);
		break;
	case TERM_UNREACHABLE:
		if (!f->errors_upstream && !f->errors_transit && !f->errors_border) {
			say(out, "no router on the way said \"unreachable\", as most do of a line "
				 "that is cut");
			break;
		}
		say(out,
			"routers said \"unreachable\": the provider's for %zu machines, the "
			"country's "
			"own for %zu, others on the way for %zu",
			f->errors_upstream, f->errors_border, f->errors_transit);
		break;
	case TERM_BORDER:
		say(out, f->border_up         ? "the country's border router answered all the while"
			 : f->border_rebooted ? "the country's border router restarted"
			 : f->border_ran ? "the clock of the country's border router ran through"
					 : "a router that was learned from the paths, and never "
					   "went with the "
					   "machines before, answered all the while");
		break;
	case TERM_EXTENT:
		say(out, f->by_site ? "those were lost that went together before, by a site they "
				      "share, and others of their blocks went on"
			 : f->part_of_block
				 ? "only part of a routed block was lost, the rest went on"
				 : "whole blocks were lost");
		break;
	case TERM_CONGESTION:
		if (isnan(f->ramp))
			say(out, "loss and delay of the hour before could not be measured");
		else
			say(out, "%.0f minutes of loss or delay in the hour before%s", f->ramp,
				f->drowned ? ", and some replies came through meanwhile" : "");
		break;
	case TERM_VANTAGES:
		say(out, f->reached_elsewhere ? "another vantage point went on reaching it"
			 : f->missed_elsewhere
				 ? "another vantage point reached it before and after, and "
				   "did not look in the meantime"
			 : f->vantages > 1 ? "all vantage points lost it"
					   : "one vantage point alone cannot tell routing from a "
					     "disconnect: this counts against routing");
		break;
	}
}

char *explain_outage(const struct outage *outage)
{
	const struct verdict *v = &outage->verdict;
	bool told[TERM_COUNT] = {false};
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		abort();
	tell_when(out, outage);
	tell_verdict(out, outage);
	for (;;) {
		size_t next = TERM_COUNT;
		double most = 0;
		for (size_t t = 0; t < TERM_COUNT; t++) {
			double size = 0;
			for (int c = 0; c < CAUSE_COUNT; c++)
				size = fmax(size, fabs(v->nats[t][c]));
			if (!told[t] && size > most) {
				most = size;
				next = t;
			}
		}
		if (next == TERM_COUNT)
			break;
		told[next] = true;
		say(out, "  %+6.2f  ", v->nats[next][CAUSE_POWER]);
		fact(out, outage, (enum term)next);
		if (v->nats[next][CAUSE_CONGESTION] != 0 && next != TERM_PRIOR)
			say(out, " (congestion %+.2f)", v->nats[next][CAUSE_CONGESTION]);
		if (v->nats[next][CAUSE_ROUTING] != 0 && next != TERM_PRIOR)
			say(out, " (routing %+.2f)", v->nats[next][CAUSE_ROUTING]);
		say(out, ".\n");
	}
	double lead = log(v->p[CAUSE_POWER] / v->p[CAUSE_UPSTREAM]);
	say(out, "  %+6.2f  in all: power is %s likely than a disconnect.\n", lead,
		lead > 0 ? "more" : "less");
	if (v->cause == CAUSE_UPSTREAM && !outage->facts.border_ran)
		say(out, "Nothing here shows that the border itself had power: a border without "
			 "it looks like a cut.\n");
	fclose(out);
	return text;
}
