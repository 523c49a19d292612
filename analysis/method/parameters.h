#ifndef ANALYSIS_METHOD_PARAMETERS_H
#define ANALYSIS_METHOD_PARAMETERS_H

#include <stdint.h>

#include "analysis/method/prior.h"

/* As many vantage points as one judgement holds; judge_sweep refuses more. */
enum { VANTAGES_MOST = 64 };

/*
 * Every duration the judgement rests on, in one place: docs/METHOD.md says
 * where each comes from. They are for a country watched each 60 s and swept
 * each 660 s; a laboratory that plays a history N times faster divides all of
 * them by N.
 */
struct parameters {
	double scale;
	int64_t flap_ns;   /* 180 s: a shorter run is a flap; up for this long ends an outage */
	int64_t burst_ns;  /* 10 s: median length of a burst of loss (METHOD.md, "Silence") */
	int64_t span_ns;   /* 90 s: silence must be seen over this long; loss bursts last less */
	int64_t hold_ns;   /* 360 s: wait this long for the other hosts of a batch */
	int64_t counts_ns; /* 2640 s: five full sweeps; a host counts after as long */
	int64_t cluster_gap_ns; /* 20 min: departures further apart do not belong to one onset */
	int64_t hour_ns;        /* 1 h: an unremarkable silence is an absence of the host's own */
	int64_t retired_ns;     /* 21 d: a host that went by itself and is out this long has left */
	int64_t episode_ns;     /* 6 h: outages nearer than this are one episode */
	int64_t final_ns;       /* 30 min after the end the verdict is final */
	int64_t loss_ns;        /* 120 s: memory of the loss estimate */
	int64_t lossy_ns;       /* 300 s: loss this long is degraded */
	int64_t minute_ns;      /* 60 s: what comes within it comes together */
	int64_t day_ns;         /* 24 h: window of instability */
	int64_t steady_ns;      /* 14 d: half-life of what is learned of replying again */
	int64_t away_ns;        /* 3 d: half-life of what is learned of coming back */
	int64_t outage_ns;      /* 1e6 s: mean time to an outage, the prior hazard */
	int64_t failure_ns;     /* 20 d: mean time to a failure of a host of its own, the prior */
	struct prior prior;     /* how often each cause is met: a setting, no duration */
};

/* scale > 0: how many times faster than the clock on the wall. */
struct parameters parameters_of(double scale);

#endif
