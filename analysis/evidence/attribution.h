#ifndef ANALYSIS_EVIDENCE_ATTRIBUTION_H
#define ANALYSIS_EVIDENCE_ATTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was measured around an outage, and what each fact is worth. Pure.
 * METHOD.md, "Evidence", derives the numbers.
 */
enum cause { CAUSE_POWER, CAUSE_UPSTREAM, CAUSE_CONGESTION, CAUSE_ROUTING, CAUSE_OTHER };
enum { CAUSE_COUNT = 5, CAUSE_UNDETERMINED = CAUSE_COUNT };
const char *cause_name(int cause); /* with undetermined */

/* Counts are of machines, aliases once; -1 or NaN: could not be measured. */
struct facts {
	size_t lost; /* machines */
	bool over;   /* it has ended */
	/* Clocks of the machines lost; they were read so far apart, on average. */
	double clock_gap_s;
	size_t rebooted; /* inside it */
	size_t prompt;   /* ... and back within minutes of their boot, or booted together */
	size_t ran_through;
	double boot_nats; /* when those booted that have a date: for power, against hands */
	bool border_rebooted, border_ran; /* a border router that was lost: its clock */
	/* Shape, the most telling block of at least three machines. */
	size_t going, going_of; /* instants, of machines */
	double going_s;
	size_t coming, coming_of;
	double coming_s;
	double coming_most; /* share of machines at the largest of these instants */
	/* Who said so on the path, while it lasted: addresses that got an error. */
	size_t errors_upstream, errors_border, errors_transit;
	bool errors_heard;            /* such errors are recorded here at all */
	bool border_asked, border_up; /* a router of the country answered throughout */
	bool learned_up; /* one did that nobody named and that never went with the others before */
	/* Extent. */
	bool part_of_block; /* others of a block went on, at least three machines lost */
	size_t sites;       /* groups that went together before */
	bool by_site; /* machines that went together before went, others of their blocks stayed */
	bool sites_apart; /* and such groups came back one after the other */
	bool all_blocks;  /* every block that has machines was dark */
	/* The day and the hour before. */
	double flaps, usual_flaps; /* in 24 h */
	double unrest;             /* of these, those that are of no attack before */
	double unstable_hours;     /* of those 24, with unrest */
	double ramp;               /* bad minutes of the last hour */
	double ramp_step;          /* minutes between looks at it */
	bool drowned;
	/* Other vantage points. */
	size_t vantages;        /* healthy ones, this included */
	bool reached_elsewhere; /* one of them went on reaching it */
	bool missed_elsewhere;  /* or looked before and after, not in the meantime */
};

/* One fact in nats, against upstream_disconnect. */
enum term {
	TERM_PRIOR,
	TERM_REBOOTS,
	TERM_RAN_THROUGH,
	TERM_RETURN,
	TERM_ONSET,
	TERM_INSTABILITY,
	TERM_UNREACHABLE,
	TERM_BORDER,
	TERM_EXTENT,
	TERM_CONGESTION,
	TERM_VANTAGES,
};
enum { TERM_COUNT = 11 };
const char *term_name(enum term term);

struct verdict {
	double nats[TERM_COUNT][CAUSE_COUNT]; /* of upstream always 0 */
	double p[CAUSE_COUNT];
	int cause; /* enum cause, or CAUSE_UNDETERMINED */
};

void verdict_reach(const struct facts *facts, struct verdict *ret);

/* "name:+1.50;name:-0.40", power over upstream, strongest first, rounded so
 * that the terms as printed sum to what p says. */
enum { EVIDENCE_TEXT_SIZE = 320 };
void verdict_print(const struct verdict *verdict, char text[EVIDENCE_TEXT_SIZE]);

#endif
