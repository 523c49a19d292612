#ifndef ANALYSIS_HOST_PATH_QUALITY_H
#define ANALYSIS_HOST_PATH_QUALITY_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/host/host.h"
#include "analysis/method/parameters.h"

/*
 * Loss and delay of a block, minute by minute, over the last two hours: what
 * congestion looks like. Only hosts that are there are asked, so that those
 * that are off do not count. Pure.
 */
enum { QUALITY_BINS = 128 };

struct quality_bin {
	int64_t number; /* since the epoch; 0: empty */
	float asked, answered;
	float lost;       /* packets on whose silence an answer of the same host followed */
	float excess_s;   /* sum of round trips beyond the hosts' usual ones */
	float excess_s_2; /* and of their squares */
	uint16_t timed;
	uint16_t alternations; /* from silence to an answer, of whichever host */
};

/* What a minute is like when nothing is wrong. */
struct usual_quality {
	float lost;             /* share */
	float mean_2, spread_2; /* square of a minute's mean excess; variance within one */
	float step;             /* minutes from one in which somebody is asked to the next */
	uint32_t bins;          /* learned from */
};

struct path_quality {
	struct quality_bin bins[QUALITY_BINS];
	int64_t number;            /* of the minute that is being filled */
	int64_t from_ns, until_ns; /* its own */
	struct usual_quality usual;
	bool silent; /* the last probe */
};

/* A minute is over: that of now is filled from here on. */
void path_quality_next_bin(
	struct path_quality *quality, int64_t now_ns, const struct parameters *parameters);

/* A probe of a host that is there, sent so many times; expected: its
 * availability; excess: NaN where no round trip is known. True when a minute has
 * just become full. */
static inline bool path_quality_add(struct path_quality *quality, int64_t now_ns, double expected,
	bool answered, int attempts, double excess_s, const struct parameters *parameters)
{
	bool full = now_ns >= quality->until_ns;

	if (now_ns < quality->from_ns)
		return false;
	if (full)
		path_quality_next_bin(quality, now_ns, parameters);
	struct quality_bin *m = &quality->bins[quality->number % QUALITY_BINS];
	m->asked += (float)expected;
	m->answered += answered ? 1 : 0;
	m->lost += answered ? (float)(attempts - 1) : 0;
	m->alternations =
		(uint16_t)(m->alternations + (answered && (quality->silent || attempts > 1)));
	quality->silent = !answered;
	if (!isnan(excess_s) && m->timed < UINT16_MAX) {
		m->excess_s += (float)excess_s;
		m->excess_s_2 += (float)(excess_s * excess_s);
		m->timed++;
	}
	return full;
}

/* A reply ended this silence. If it was short it was loss: a host that is off
 * or behind a cut does not answer in between. */
void path_quality_lose(struct path_quality *quality, const struct silence_run *run,
	const struct parameters *parameters);

/* The probes of a host that turned out to be gone from then on. */
void path_quality_forget(struct path_quality *quality, int64_t from_ns, int64_t to_ns,
	double expected, const struct parameters *parameters);

/*
 * While the others of the block lost and answered as they did in these minutes, did this
 * host by itself fall silent so many times? The log of how much likelier that is than
 * that all lost alike; 0 where nothing is known of the others.
 */
double path_quality_alone(const struct path_quality *quality, int64_t from_ns, int64_t to_ns,
	double silences, const struct parameters *parameters);

/*
 * Have the last `count` full minutes all had less (more, if `above`) than this
 * share answered, with some probes each and not all silent? Then true, and since
 * when.
 */
bool path_quality_held(const struct path_quality *quality, int count, double share, bool above,
	const struct parameters *parameters, int64_t *ret_since_ns);

/*
 * Of the hour before, the longest run of bad minutes: more lost than is usual here,
 * or answers later, and by more and less. Only lapses count as lost, so that
 * hosts that go one by one as their batteries do are no build-up; and loss must be
 * mixed with answers, so that a train of short cuts is none. Where few are asked, several minutes
 * are looked at as one: step is how many, on average. NaN when fewer than 20 minutes were measured.
 */
struct buildup_reading {
	double bins, step;
};
struct buildup_reading path_quality_buildup(
	const struct path_quality *quality, int64_t before_ns, const struct parameters *parameters);

#endif
