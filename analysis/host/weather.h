#ifndef ANALYSIS_HOST_WEATHER_H
#define ANALYSIS_HOST_WEATHER_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/host/machine.h"
#include "analysis/method/constants.h"

/*
 * Loss and delay of a block, minute by minute, over the last two hours: what
 * congestion looks like. Only machines that are there are asked, so that those
 * that are off do not count. Pure.
 */
enum { WEATHER_MINUTES = 128 };

struct minute {
	int64_t number; /* since the epoch; 0: empty */
	float asked, answered;
	float lost;       /* packets on whose silence an answer of the same machine followed */
	float excess_s;   /* sum of round trips beyond the machines' usual ones */
	float excess_s_2; /* and of their squares */
	uint16_t timed;
	uint16_t turns; /* from silence to an answer, of whichever machine */
};

/* What a minute is like when nothing is wrong. */
struct usual {
	float lost;             /* share */
	float mean_2, spread_2; /* square of a minute's mean excess; variance within one */
	float step;             /* minutes from one in which somebody is asked to the next */
	uint32_t minutes;       /* learned from */
};

struct weather {
	struct minute minutes[WEATHER_MINUTES];
	int64_t number;            /* of the minute that is being filled */
	int64_t from_ns, until_ns; /* its own */
	struct usual usual;
	bool silent; /* the last probe */
};

/* A minute is over: that of now is filled from here on. */
void weather_turn(struct weather *weather, int64_t now_ns, const struct constants *constants);

/* A probe of a machine that is there, sent so many times; expected: its
 * availability; excess: NaN where no round trip is known. True when a minute has
 * just become full. */
static inline bool weather_add(struct weather *weather, int64_t now_ns, double expected,
	bool answered, int attempts, double excess_s, const struct constants *constants)
{
	bool full = now_ns >= weather->until_ns;

	if (now_ns < weather->from_ns)
		return false;
	if (full)
		weather_turn(weather, now_ns, constants);
	struct minute *m = &weather->minutes[weather->number % WEATHER_MINUTES];
	m->asked += (float)expected;
	m->answered += answered ? 1 : 0;
	m->lost += answered ? (float)(attempts - 1) : 0;
	m->turns = (uint16_t)(m->turns + (answered && (weather->silent || attempts > 1)));
	weather->silent = !answered;
	if (!isnan(excess_s) && m->timed < UINT16_MAX) {
		m->excess_s += (float)excess_s;
		m->excess_s_2 += (float)(excess_s * excess_s);
		m->timed++;
	}
	return full;
}

/* A reply ended this silence. If it was short it was loss: a machine that is off
 * or behind a cut does not answer in between. */
void weather_lapse(
	struct weather *weather, const struct spell *spell, const struct constants *constants);

/* The probes of a machine that turned out to be gone from then on. */
void weather_forget(struct weather *weather, int64_t from_ns, int64_t to_ns, double expected,
	const struct constants *constants);

/*
 * While the others of the block lost and answered as they did in these minutes, did this
 * machine by itself fall silent so many times? The log of how much likelier that is than
 * that all lost alike; 0 where nothing is known of the others.
 */
double weather_alone(const struct weather *weather, int64_t from_ns, int64_t to_ns, double silences,
	const struct constants *constants);

/*
 * Have the last `count` full minutes all had less (more, if `above`) than this
 * share answered, with some probes each and not all silent? Then true, and since
 * when.
 */
bool weather_held(const struct weather *weather, int count, double share, bool above,
	const struct constants *constants, int64_t *ret_since_ns);

/*
 * Of the hour before, the longest run of bad minutes: more lost than is usual here,
 * or answers later, and by more and less. Only lapses count as lost, so that
 * machines that go one by one as their batteries do are no ramp; and loss must be
 * mixed with answers, so that a train of short cuts is none. Where few are asked, several minutes
 * are looked at as one: step is how many, on average. NaN when fewer than 20 minutes were measured.
 */
struct ramp_read {
	double minutes, step;
};
struct ramp_read weather_ramp(
	const struct weather *weather, int64_t before_ns, const struct constants *constants);

#endif
