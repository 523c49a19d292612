#ifndef ANALYSIS_OUTAGE_VERDICT_H
#define ANALYSIS_OUTAGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/method/prior.h"

/* What was measured around an outage, and what it comes to: plain data. */

/* Counts are of hosts, aliases once; NaN: could not be measured. */
struct facts {
	const struct prior *prior; /* how often each cause is met; NULL: prior_default */
	size_t lost;               /* hosts */
	bool over;                 /* it has ended */
	/* Clocks of the hosts lost; they were read so far apart, on average. */
	double clock_gap_s;
	size_t rebooted; /* inside it */
	size_t ran_through;
	double boot_nats; /* when those booted that have a date: for power, against any time alike
			   */
	bool border_rebooted, border_ran; /* a border router that was lost: its clock */
	/* Shape, the most telling block of at least three hosts. */
	size_t departure_instants, departure_hosts; /* instants, of hosts */
	double departure_spread_s;
	size_t return_instants, return_hosts;
	double return_spread_s;
	double return_largest_share; /* share of hosts at the largest of these instants */
	/* Who said so on the path, while it lasted: addresses that got an error. */
	size_t errors_upstream, errors_border, errors_transit;
	bool errors_heard; /* such errors are recorded here at all */
	bool border_up;    /* a router of the country answered throughout */
	bool learned_up; /* one did that nobody named and that never went with the others before */
	/* Extent. */
	bool part_of_block; /* others of a block went on, at least three hosts lost */
	bool by_site; /* hosts that went together before went, others of their blocks stayed */
	/* The day and the hour before. */
	double flaps, usual_flaps; /* in 24 h */
	double unrest;             /* of these, those that are of no attack before */
	double unstable_hours;     /* of those 24, with unrest */
	double buildup;            /* bad minutes of the last hour */
	double buildup_step;       /* minutes between looks at it */
	bool saturated;
	/* Other vantage points. */
	size_t vantages;        /* healthy ones, this included */
	bool reached_elsewhere; /* one of them went on reaching it */
	bool missed_elsewhere;  /* or looked before and after, not in the meantime */
	/* The share of BGP's peers that had a route: shortly before, the least around the onset, the
	 * least while it lasted; NaN: not heard. */
	double route_before, route_onset, route_least;
};

enum { CAUSE_UNDETERMINED = CAUSE_COUNT };

enum { TERMS_MOST = 40, HYPOTHESES_MOST = 12 };
struct verdict {
	/* What the prior, and then each term, adds to ln(p / p of upstream_disconnect). */
	double prior[CAUSE_COUNT];
	double nats[TERMS_MOST][CAUSE_COUNT];
	double p[CAUSE_COUNT];
	double p_hypothesis[HYPOTHESES_MOST]; /* of each hypothesis: evidence/terms.h */
	int cause;                            /* enum cause, or CAUSE_UNDETERMINED */
};

#endif
