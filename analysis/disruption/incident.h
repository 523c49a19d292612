#ifndef ANALYSIS_DISRUPTION_INCIDENT_H
#define ANALYSIS_DISRUPTION_INCIDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/host/host.h"
#include "analysis/host/path_quality.h"
#include "analysis/vantage/coverage.h"

/*
 * A time around which hosts of one block went silent, and what its states
 * were then. Collected while it lasts, worked out when it is over (or the data
 * are): all its hosts are known by then, so that a bracket can borrow from
 * its neighbours. Pure.
 */
struct host_outage {
	uint32_t host;
	double weight, availability; /* weight: shared among its addresses */
	double rate;                 /* of departures of its own and others, per ns */
	struct silence_run run;      /* back_ns 0: still out */
	int64_t latest_ns; /* the latest first silence of it and all before it in its incident */
	int64_t clock_ns;  /* as struct host had it before */
	struct ip4 address;
	uint32_t not_alias[8]; /* as struct host had it after */
	bool stable;           /* hardly ever silent by itself */
	bool slept;            /* it came back in an hour in which it does every day */
};

/*
 * A time in which the block as a whole fared badly, from (low, high] to
 * (end_low, end_high]: down, no host answered; saturated, one probe in seven
 * at most was answered, of hosts that were there; lossy, less than 70 %.
 */
enum impairment_kind { IMPAIRMENT_DOWN, IMPAIRMENT_SATURATED, IMPAIRMENT_LOSSY };
enum { IMPAIRMENT_COUNT = 3 };
struct impairment {
	enum impairment_kind kind;
	int64_t low_ns, high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	double belief;                   /* of down */
};

/* Minutes of loss or delay in the hour before at_ns. */
struct buildup {
	int64_t at_ns;
	struct buildup_reading read;
};

struct incident {
	struct host_outage *outs;
	size_t out_count, out_capacity;
	struct impairment *impairments;
	size_t impairment_count, impairment_capacity;
	struct host_outage *
		short_outs; /* silent too briefly to be out, lately: for those that went with one */
	size_t short_count, short_capacity;
	double weight; /* of all the hosts that were here when it began */
	size_t hosts;
	double absences_per_ns;   /* of all of them together, each by itself */
	struct buildup *buildups; /* as hosts went, one after the other */
	size_t buildup_count, buildup_capacity;
	int64_t clock_error_ns; /* the most that a vantage point's clock was off, as it said */
};

void incident_add_out(struct incident *incident, uint32_t number, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters);
/* One that was silent too briefly: it belongs to it if one that is out went with it,
 * now or within minutes. */
void incident_add_short(struct incident *incident, uint32_t number, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters);
/* Of those, whoever went with one that is out, becomes out. */
void incident_adopt(struct incident *incident, const struct parameters *parameters);
void incident_clear(struct incident *incident);
void incident_finish(struct incident *incident);
bool incident_is_empty(const struct incident *incident);
struct impairment *incident_add_impairment(struct incident *incident, enum impairment_kind kind);

#endif
