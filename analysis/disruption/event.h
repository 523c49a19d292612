#ifndef ANALYSIS_DISRUPTION_EVENT_H
#define ANALYSIS_DISRUPTION_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/host/machine.h"
#include "analysis/host/weather.h"
#include "analysis/vantage/cover.h"

/*
 * A time around which machines of one block went silent, and what its states
 * were then. Collected while it lasts, worked out when it is over (or the data
 * are): all its machines are known by then, so that a bracket can borrow from
 * its neighbours. Pure.
 */
struct out {
	uint32_t machine;
	double weight, availability; /* weight: shared among its addresses */
	double rate;                 /* of departures of its own and others, per ns */
	struct spell spell;          /* back_ns 0: still out */
	int64_t clock_ns;            /* as struct machine had it before */
	struct ip4 address;
	uint32_t apart[8]; /* as struct machine had it after */
	bool solid;        /* hardly ever silent by itself */
	bool slept;        /* it came back in an hour in which it does every day */
};

/*
 * A time in which the block as a whole fared badly, from (low, high] to
 * (end_low, end_high]: dark, no machine answered; drowned, one probe in seven
 * at most was answered, of machines that were there; lossy, less than 70 %.
 */
enum plight_kind { PLIGHT_DARK, PLIGHT_DROWNED, PLIGHT_LOSSY };
enum { PLIGHT_COUNT = 3 };
struct plight {
	enum plight_kind kind;
	int64_t low_ns, high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	double belief;                   /* of dark */
};

/* Minutes of loss or delay in the hour before at_ns. */
struct ramp {
	int64_t at_ns;
	struct ramp_read read;
};

struct event {
	struct out *outs;
	size_t out_count, out_capacity;
	struct plight *plights;
	size_t plight_count, plight_capacity;
	struct out *briefs; /* silent too briefly to be out, lately: for those that went with one */
	size_t brief_count, brief_capacity;
	double weight; /* of all the machines that were here when it began */
	size_t machines;
	double absences_per_ns; /* of all of them together, each by itself */
	struct ramp *ramps;     /* as machines went, one after the other */
	size_t ramp_count, ramp_capacity;
	int64_t clock_error_ns; /* the most that a vantage point's clock was off, as it said */
};

enum block_state { BLOCK_UP, BLOCK_DEGRADED, BLOCK_DOWN, BLOCK_UNKNOWN };
const char *block_state_name(enum block_state state);

/* From start on, until the next segment of the block. */
struct segment {
	int64_t start_ns;
	int64_t uncertainty_ns;
	enum block_state state;
	enum reason reason;
	double belief;
	double fraction_up;
	size_t loss; /* 1 + index into the losses found, 0 for none */
};

struct segments {
	struct segment *items;
	size_t count, capacity;
};
struct losses;

/* Work it out: append its segments, and its losses (loss.h). */
void event_resolve(const struct event *event, uint32_t block, const struct constants *constants,
	struct segments *segments, struct losses *losses);

void event_add_out(struct event *event, uint32_t number, const struct machine *machine,
	const struct spell *spell, const struct constants *constants);
/* One that was silent too briefly: it belongs to it if one that is out went with it,
 * now or within minutes. */
void event_add_brief(struct event *event, uint32_t number, const struct machine *machine,
	const struct spell *spell, const struct constants *constants);
/* Of those, whoever went with one that is out, becomes out. */
void event_adopt(struct event *event, const struct constants *constants);
void event_clear(struct event *event);
void event_finish(struct event *event);
/* The worst ramp met from from_ns to to_ns; NaN: none was measured. */
struct ramp_read event_ramp(const struct event *event, int64_t from_ns, int64_t to_ns);

bool event_is_empty(const struct event *event);
struct plight *event_add_plight(struct event *event, enum plight_kind kind);

#endif
