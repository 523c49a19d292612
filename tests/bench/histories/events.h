#ifndef HISTORIES_EVENTS_H
#define HISTORIES_EVENTS_H

#include "tests/bench/histories/world.h"

/*
 * What happens to a world, cause by cause. Every effect is written into the
 * world's spans under the event's number; truth.h reads it back from there.
 */
enum cause {
	CAUSE_NOTHING, /* something that must not read as an outage */
	CAUSE_POWER,
	CAUSE_UPSTREAM,
	CAUSE_CONGESTION,
	CAUSE_ROUTING,
	CAUSE_OTHER, /* a true loss that nobody is asked to explain */
};
const char *event_cause_name(enum cause cause);

struct event {
	enum cause cause;
	int64_t start, stop;           /* of its effects */
	int64_t ramp_start;            /* congestion: loss or delay first worth the name; else 0 */
	int64_t peak_start, peak_stop; /* congestion: loss near one */
	enum cut_kind cut;             /* of its last cut */
	bool errors;                   /* some router sends errors for its cuts */
	bool errors_named;             /* errors come from a router named in targets.csv */
	bool border_dark;              /* power: the border router died too */
	bool access;                   /* a router of the access network: its clients stay on */
	bool ungraded;                 /* not counted, either way */
	const char *note;
};

enum { HISTORY_EVENTS = 1024 };
struct history {
	struct world *world; /* owned */
	struct event events[HISTORY_EVENTS];
	int event_count;
};

struct history *history_create(struct world *world);
void history_destroy(struct history *history);

/* After the last event: single failures between the events, then all is sorted. */
void history_settle(struct history *history);

int event_add(struct history *history, enum cause cause, int64_t start, const char *note);

enum { EVERY = -1 }; /* vantage point, block, site, provider */

/* Routes or the line are gone. kind also says who sends errors. */
void event_cut(struct history *history, int event, int vantage, int block, int64_t start,
	int64_t end, enum cut_kind kind);

/* A provider's choice of how its cuts look, drawn. */
enum cut_kind draw_cut_kind(struct world *world);

/* One machine out of reach, with nothing wrong with it: what is before it is gone. */
void event_part(struct history *history, int event, int machine, int64_t start, int64_t end);

/* One machine without power from off to on. */
void event_power_machine(struct history *history, int event, int machine, int64_t off, int64_t on);

/* A site; with the border router too, everything behind it is cut. */
void event_power(
	struct history *history, int event, int site, bool border, int64_t off, int64_t on);

/* The machine restarts at that instant, its power or line as they are. */
void event_restart(struct history *history, int event, int machine, int64_t at);

/* Congestion of a provider's line: share lost and seconds added, from one to another. */
void event_congestion(struct history *history, int event, int provider, int64_t start, int64_t end,
	const double share[2], const double delay_s[2]);

#endif
