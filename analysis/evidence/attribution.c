#include "analysis/evidence/attribution.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence/by_hand.h"

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
#define STATE_P 0.75
#define STATE_LEAD 1.1
enum { CUT_CLOCKS = 3 };
/* Machines that restart by themselves, a day each. */
#define REBOOTS_PER_DAY 0.07
/* A clock that ran through, of a machine with a battery or of one that had power. */
#define SPARED 0.9
#define SPARED_MOST 5.0
/* Cuts during which somebody restarts machines; fewer of those shorter than this, for it takes
 * a while to despair. */
#define BY_HAND 0.15
#define BY_HAND_S 1800

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

/* Bad minutes of the hour before: fewer are anybody's, more an attack's. */
#define RAMP_NONE 4
#define RAMP_SURE 16
#define RAMP_NATS 5.0
#define RAMP_HALF 10
/* One attack in three crashes machines. */
#define CRASH 1.1
/* Ramps last from five minutes to an hour and a half, any order of size alike. */
#define RAMP_SHORTEST 5.0
#define RAMP_LONGEST 90.0
/* Power losses in which all that answers has batteries and only the border goes:
 * nothing a machine does tells them from a cut. Its neighbour up the line sees it
 * go as it sees a line go, and says so at times: as often as keeps what it says from
 * being sure (0.95). */
#define BORDER_ONLY 0.12
/* After a day of failures that restarted no machine it is power there, if it is power. */
#define BORDER_UNSTABLE 0.35
#define BORDER_ERRORS 0.43
/* Two cuts of three are told by somebody; power losses that are not: twice as many. */
#define SILENCE 0.85

static bool is_attacked(const struct facts *f)
{
	return f->ramp >= RAMP_HALF || f->drowned;
}

/* What clocks that ran through say of power, beside those of machines that restarted. */
static double spared_nats(const struct facts *f)
{
	double ran = (double)f->ran_through;

	if (!f->rebooted)
		return fmin(SPARED * ran, SPARED_MOST);
	/* One site of four lost, half of it on batteries, restarts one in eight. */
	double beyond = fmax(ran - 6 * (double)f->rebooted, 0);
	return fmin(0.35 * ran, 1.6) + fmin(SPARED * beyond, SPARED_MOST);
}

/* Power that fails restarts what has no battery; a cut restarts nothing but what would have
 * restarted anyway, or, in one of so many, what somebody restarts in despair. */
static void clocks(const struct facts *f, struct verdict *v)
{
	double background = clamp(-expm1(-REBOOTS_PER_DAY * f->clock_gap_s / 86400), 0.01, 0.5);
	double each = log(0.6 / background);
	double late = (double)(f->rebooted - f->prompt);
	double prompt = (double)f->prompt * clamp(each, 0.5, 2.6);
	double alone = clamp(prompt + 0.4 * fmin(late, 2), 0, 7);
	double spared = spared_nats(f);

	if (f->rebooted) {
		double hands = f->boot_nats + by_hand_share(f->rebooted, f->ran_through);
		double share = BY_HAND * clamp(f->clock_gap_s / BY_HAND_S, 0.05, 1);
		double all = -log((1 - share) * exp(spared - alone) + share * exp(-hands));
		double nats = clamp(all + spared, 0, 7);
		/* An attack crashes machines as well: some do, and then many at once. */
		set(v, TERM_REBOOTS, nats,
			is_attacked(f) ? fmax(alone - CRASH, 0) : -0.5 * fmin(nats, 2), 0);
		spared = clamp(nats - all, spared, SPARED_MOST);
	}
	set(v, TERM_RAN_THROUGH, -spared, 0, 0);
}

/* Short silences of the last day, against what is usual here. */
static bool is_unstable(const struct facts *f)
{
	return !isnan(f->usual_flaps) && (f->unrest + 0.5) / (f->usual_flaps + 0.5) > 8;
}

static bool is_prolonged(const struct facts *f)
{
	return is_unstable(f) && f->unstable_hours >= 8;
}

static void returns(const struct facts *f, struct verdict *v)
{
	double power = 0;
	double congestion = 0;

	if (!f->over || f->coming_of < 3)
		return;
	if (f->coming >= 3 && f->coming_s > 120 && f->coming_most <= 0.6) {
		power = f->coming_of >= 4 ? 2.6 : 1.4;
		congestion = power;
	} else if (f->coming == 1) {
		power = -0.5;
		congestion = is_prolonged(f) ? 0 : -1.2;
	} else if (f->coming_s > 60 && f->coming_most < 0.8) {
		power = congestion = 0.8;
	}
	/* Mains come back feeder by feeder; a route has no sites. */
	if (f->sites_apart)
		power = fmax(power, 2.0);
	set(v, TERM_RETURN, power, congestion, clamp(-power, -1, 0));
}

static void onset(const struct facts *f, struct verdict *v)
{
	if (f->going_of < 3)
		return;
	if (f->going >= 3 && f->going_s > 180)
		set(v, TERM_ONSET, 1.0, 2.0, -1);
	else if (f->going == 1)
		set(v, TERM_ONSET, -0.2, is_prolonged(f) ? 0 : -0.8, 0);
}

/* Cables and routes do not fail over and over for a day; mains, and links under
 * attack, do. */
static void instability(const struct facts *f, struct verdict *v)
{
	if (is_prolonged(f))
		set(v, TERM_INSTABILITY, 1.6, 2.2, 0);
	else if (is_unstable(f))
		set(v, TERM_INSTABILITY, 0.3, 0.3, 0);
}

static void path(const struct facts *f, struct verdict *v)
{
	double nats = 0;

	if (f->errors_upstream)
		nats -= f->errors_upstream >= 3 ? 2.6 : 1.2;
	else if (f->errors_transit)
		nats -= f->errors_transit >= 3 ? 2.0 : 1.0;
	double congestion = nats < 0 ? -2 : 0;
	if (f->errors_border) {
		double dead = f->errors_border >= 3 ? 2.0 : 1.0;
		nats += dead;
		congestion += is_attacked(f) ? dead : 0;
	} else if (nats == 0 && f->errors_heard && f->lost >= 3 && !f->part_of_block && !f->by_site)
		nats = SILENCE;
	set(v, TERM_UNREACHABLE, clamp(nats, -2.6, 2.5), congestion, 0);
}

/* By the word of the paths alone, which hosts at their ends may have made up. */
#define LEARNED_UP 0.5

/* The router all is behind: what its machines could not tell, it can. */
static void border(const struct facts *f, struct verdict *v)
{
	if (f->border_up && f->lost >= 3)
		set(v, TERM_BORDER, 3.4, 2.8, 0);
	else if (f->border_rebooted)
		set(v, TERM_BORDER, 2.6, 0, 0);
	else if (f->border_ran)
		set(v, TERM_BORDER, -2.6, 0, 0);
	else if (f->learned_up && f->lost >= 3)
		set(v, TERM_BORDER, LEARNED_UP, LEARNED_UP, 0);
}

/*
 * What speaks against power says, all of it, that the machines had some; and none
 * of it that the border had. So together it leaves the share of power losses in
 * which only the border goes. The terms shrink alike.
 */
static void doubt(const struct facts *f, struct verdict *v)
{
	double only = is_prolonged(f) ? BORDER_UNSTABLE : BORDER_ONLY;
	static const enum term machines[] = {
		TERM_REBOOTS, TERM_RAN_THROUGH, TERM_RETURN, TERM_ONSET};
	double all = 0;
	double against = 0;

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		double nats = v->nats[machines[i]][CAUSE_POWER];
		all += nats;
		against += fmin(nats, 0);
	}
	double errors = fmin(v->nats[TERM_UNREACHABLE][CAUSE_POWER], 0);
	double border = only * (errors < 0 ? BORDER_ERRORS : 1);
	double left = log((1 - only) * exp(all + errors) + border);
	double shrink = all + errors < 0 ? left / (all + errors) : 1;
	if (shrink >= 1)
		return;
	/* What speaks for power stays: only what is against it gives way. */
	double want = left - all - errors;
	double share = 1 - want / -(against + errors);
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (v->nats[machines[i]][CAUSE_POWER] < 0)
			v->nats[machines[i]][CAUSE_POWER] *= share;
	if (errors < 0)
		v->nats[TERM_UNREACHABLE][CAUSE_POWER] *= share;
}

static void extent(const struct facts *f, struct verdict *v)
{
	/* A cut takes a routed block whole; an attack takes who is weakest. */
	if (f->part_of_block || f->by_site)
		set(v, TERM_EXTENT, 2.8, 2.5, 0);
}

/* No ramp in sight: there was none, or it was shorter than our looks are apart. */
static double unseen_ramp(const struct facts *f)
{
	double hidden = log(3 * f->ramp_step / RAMP_SHORTEST) / log(RAMP_LONGEST / RAMP_SHORTEST);

	return is_prolonged(f) ? -0.3 : log(clamp(hidden, 0.05, 1));
}

static void congestion(const struct facts *f, struct verdict *v)
{
	double nats = 0;

	if (!isnan(f->ramp)) {
		double none = unseen_ramp(f);
		double share = (f->ramp - RAMP_NONE) / (RAMP_SURE - RAMP_NONE);
		nats = none + clamp(share, 0, 1) * (RAMP_NATS - none);
	}
	if (f->drowned)
		nats += 4;
	set(v, TERM_CONGESTION, 0, nats, 0);
}

static void vantages(const struct facts *f, struct verdict *v)
{
	/* One vantage point cannot tell; two that agree can. */
	double routing = f->reached_elsewhere  ? 7
			 : f->missed_elsewhere ? 1
			 : f->vantages < 2     ? -3
					       : -5;

	set(v, TERM_VANTAGES, f->reached_elsewhere ? -1 : 0, f->reached_elsewhere ? -2 : 0,
		routing);
}

/* One or two machines whose clocks ran through may be one or two that have batteries, and
 * power that spares them comes back at once: a cut is stated where three, or the border's, or
 * a router's errors tell of it. */
static bool is_cut_told(const struct facts *f)
{
	return f->ran_through >= CUT_CLOCKS || f->border_ran || f->errors_upstream > 0 ||
	       f->errors_transit > 0;
}

static void decide(const struct facts *f, struct verdict *v)
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
	if (best == CAUSE_UPSTREAM && !is_cut_told(f))
		sure = false;
	v->cause = sure && best != CAUSE_OTHER ? best : CAUSE_UNDETERMINED;
}

void verdict_reach(const struct facts *facts, struct verdict *ret)
{
	*ret = (struct verdict){0};
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret->nats[TERM_PRIOR][c] = log(priors[c] / priors[CAUSE_UPSTREAM]);
	clocks(facts, ret);
	returns(facts, ret);
	onset(facts, ret);
	instability(facts, ret);
	path(facts, ret);
	border(facts, ret);
	doubt(facts, ret);
	extent(facts, ret);
	congestion(facts, ret);
	vantages(facts, ret);
	decide(facts, ret);
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
