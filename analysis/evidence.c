#include "analysis/evidence.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const cause_names[] = {
	"power_loss", "upstream_disconnect", "congestion", "routing", "other", "undetermined"};

static const char *const term_names[TERM_COUNT] = {
	[TERM_PRIOR] = "prior",
	[TERM_REBOOTS] = "reboots",
	[TERM_RAN_THROUGH] = "ran_through",
	[TERM_RETURN] = "return",
	[TERM_ONSET] = "onset",
	[TERM_INSTABILITY] = "instability",
	[TERM_UNREACHABLE] = "unreachable",
	[TERM_BORDER] = "border",
	[TERM_EXTENT] = "extent",
	[TERM_CONGESTION] = "congestion",
	[TERM_VANTAGES] = "vantages",
};

const char *cause_name(int cause)
{
	return cause_names[cause];
}

const char *term_name(enum term term)
{
	return term_names[term];
}

/* How often each is the cause, before anything is seen. */
static const double priors[CAUSE_COUNT] = {
	[CAUSE_POWER] = 0.37,
	[CAUSE_UPSTREAM] = 0.45,
	[CAUSE_CONGESTION] = 0.12,
	[CAUSE_ROUTING] = 0.05,
	[CAUSE_OTHER] = 0.01,
};

/* Sure enough to say so. */
#define STATE_P 0.86
#define STATE_LEAD 1.1
/* Machines that restart by themselves, a day each. */
#define REBOOTS_PER_DAY 0.07

static double clamp(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

static void set(struct verdict *v, enum term term, double power, double congestion, double routing)
{
	v->nats[term][CAUSE_POWER] = power;
	v->nats[term][CAUSE_CONGESTION] = congestion;
	v->nats[term][CAUSE_ROUTING] = routing;
}

/* Power that fails restarts what has no battery; a cut restarts nothing but
 * what would have restarted anyway, or what an operator restarts in despair. */
static void clocks(const struct facts *f, struct verdict *v)
{
	double background = clamp(-expm1(-REBOOTS_PER_DAY * f->duration_s / 86400), 0.01, 0.5);
	double each = log(0.6 / background);
	double late = (double)(f->rebooted - f->prompt);

	if (f->rebooted) {
		double prompt = (double)f->prompt * clamp(each, 0.5, 2.6);
		double nats = clamp(prompt + 0.4 * fmin(late, 2), 0, 7);
		/* An attack crashes machines as well. */
		bool attacked = f->ramp >= 10 || f->drowned;
		set(v, TERM_REBOOTS, nats, attacked ? 0.7 * nats : -0.5 * fmin(nats, 2), 0);
	}
	/* All may have batteries: running through says little, however many. */
	double spared = f->rebooted ? 0.35 * (double)f->ran_through : 0.55 * (double)f->ran_through;
	set(v, TERM_RAN_THROUGH, -clamp(spared, 0, f->rebooted ? 1.6 : 1.9), 0, 0);
}

static bool is_prolonged(const struct facts *f)
{
	return f->unstable_hours >= 8;
}

/* One instant for all, or one by one: batteries and boots differ. */
static void shape(const struct facts *f, struct verdict *v)
{
	double back = 0;
	double go = 0;

	if (f->over && f->coming_of >= 3) {
		bool step = f->coming == 1 || f->coming_most >= 0.8;
		if (f->coming >= 3 && f->coming_s > 120 && f->coming_most <= 0.6)
			back = f->coming_of >= 4 ? 2.6 : 1.4;
		else if (f->coming >= 2 && f->coming_s > 60 && !step)
			back = 0.3;
		else if (step)
			back = -0.5;
	}
	if (f->going_of >= 3) {
		if (f->going >= 3 && f->going_s > 180)
			go = 1.0;
		else if (f->going == 1)
			go = -0.2;
	}
	set(v, TERM_RETURN, back, clamp(back, 0, 1.5), clamp(-back, -1, 0));
	set(v, TERM_ONSET, go, clamp(go, 0, 1), clamp(-go, -1, 0));
	double unrest = (f->unrest + 0.5) / (f->usual_flaps + 0.5);
	/* Cables and routes do not fail over and over for a day; mains and links
	 * under attack do. */
	double instability = isnan(unrest) || unrest <= 8 ? 0 : is_prolonged(f) ? 1.6 : 0.3;
	set(v, TERM_INSTABILITY, instability, is_prolonged(f) ? 2.2 : instability, 0);
}

static void path(const struct facts *f, struct verdict *v)
{
	double nats = 0;

	if (f->errors_upstream)
		nats -= f->errors_upstream >= 3 ? 3.2 : 1.5;
	else if (f->errors_transit)
		nats -= f->errors_transit >= 3 ? 2.0 : 1.0;
	if (f->errors_border)
		nats += f->errors_border >= 3 ? 2.0 : 1.0;
	set(v, TERM_UNREACHABLE, clamp(nats, -3.2, 2.5), nats < 0 ? -2 : 0, 0);
	if (f->border_asked && f->border_up && f->lost >= 3)
		set(v, TERM_BORDER, 3.4, 1, 0);
	else if (f->border_asked)
		set(v, TERM_BORDER, -0.2, 0, 0);
}

static void extent(const struct facts *f, struct verdict *v)
{
	double part = f->part_of_block ? 2.8 : 0;

	set(v, TERM_EXTENT, part, f->part_of_block ? 0.5 : 0, 0);
}

static void congestion(const struct facts *f, struct verdict *v)
{
	double nats = isnan(f->ramp)    ? 0
		      : f->ramp >= 10   ? 4.5
		      : f->ramp >= 5    ? 2
		      : is_prolonged(f) ? -0.3
					: -3;

	if (f->drowned)
		nats += 4;
	set(v, TERM_CONGESTION, 0, nats, 0);
}

static void vantages(const struct facts *f, struct verdict *v)
{
	/* One vantage point cannot tell; two that agree can. */
	double routing = f->vantages < 2 ? -3 : f->reached_elsewhere ? 7 : -5;

	set(v, TERM_VANTAGES, f->reached_elsewhere ? -1 : 0, f->reached_elsewhere ? -2 : 0,
		routing);
}

static void decide(struct verdict *v)
{
	double score[CAUSE_COUNT] = {0};
	double sum = 0;
	int best = 0;
	int next = 1;

	for (int c = 0; c < CAUSE_COUNT; c++) {
		for (int t = 0; t < TERM_COUNT; t++)
			score[c] += v->nats[t][c];
		sum += exp(score[c]);
	}
	for (int c = 0; c < CAUSE_COUNT; c++)
		v->p[c] = exp(score[c]) / sum;
	for (int c = 1; c < CAUSE_COUNT; c++)
		if (v->p[c] > v->p[best])
			best = c;
	next = best == 0;
	for (int c = 0; c < CAUSE_COUNT; c++)
		if (c != best && v->p[c] > v->p[next])
			next = c;
	bool sure = v->p[best] >= STATE_P && log(v->p[best] / v->p[next]) >= STATE_LEAD;
	v->cause = sure && best != CAUSE_OTHER ? best : CAUSE_UNDETERMINED;
}

void verdict_reach(const struct facts *facts, struct verdict *ret)
{
	*ret = (struct verdict){0};
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret->nats[TERM_PRIOR][c] = log(priors[c] / priors[CAUSE_UPSTREAM]);
	clocks(facts, ret);
	shape(facts, ret);
	path(facts, ret);
	extent(facts, ret);
	congestion(facts, ret);
	vantages(facts, ret);
	decide(ret);
}

void verdict_print(const struct verdict *verdict, char text[EVIDENCE_TEXT_SIZE])
{
	bool told[TERM_COUNT] = {false};
	size_t len = 0;

	text[0] = '\0';
	for (;;) {
		int next = -1;
		for (int t = 0; t < TERM_COUNT; t++) {
			double nats = verdict->nats[t][CAUSE_POWER];
			if (told[t] || (t != TERM_PRIOR && nats == 0))
				continue;
			if (next < 0 || fabs(nats) > fabs(verdict->nats[next][CAUSE_POWER]))
				next = t;
		}
		if (next < 0)
			return;
		told[next] = true;
		len += (size_t)snprintf(text + len, EVIDENCE_TEXT_SIZE - len, "%s%s:%+.3f",
			len ? ";" : "", term_names[next], verdict->nats[next][CAUSE_POWER]);
	}
}
