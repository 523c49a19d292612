#ifndef ANALYSIS_DISRUPTION_DISRUPTION_H
#define ANALYSIS_DISRUPTION_DISRUPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/incident.h"
#include "analysis/method/stabbing.h"

/* A part of an incident that is an outage of this block. */
struct disruption {
	uint32_t block;
	int64_t start_low_ns, start_high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	int64_t over_ns;                 /* when the block was up again; 0: not yet */
	int64_t clock_error_ns;          /* as in struct incident; these times are without it */
	bool weak;      /* too few by themselves: an outage only together with others */
	bool down;      /* all hosts, not some */
	bool saturated; /* by loss */
	struct buildup_reading buildup; /* as in struct incident */
	double weight, weight_all;
	size_t hosts, hosts_all;
	/* As stabbing finds them, in seconds and instants. */
	size_t departure_instants, return_instants;
	double departure_spread_s, return_spread_s;
	double return_largest_share; /* share of hosts in the largest instant */
	struct host_outage *outs;    /* owned: who was lost */
	size_t out_count;
	size_t intermittent_count; /* behind these, who is often silent by itself and was lost too
				    */
};

/* One host that went, whatever came of it. */
struct isolated_outage {
	uint32_t block;
	struct host_outage out;
};

struct disruptions {
	struct disruption *items;
	size_t count, capacity;
	struct isolated_outage *isolated; /* stable ones; by departure once settled */
	size_t isolated_count, isolated_capacity;
};

void disruptions_finish(struct disruptions *disruptions);

/* Departures or returns of these as instants; room for count of each. */
size_t outs_pierce(const struct host_outage *outs, size_t count, enum stabbing_kind kind,
	struct bracket *brackets, size_t *ret_brackets, struct instant *instants);

/*
 * When nine tenths of them were back: in (low, high], a host more or less
 * allowed for, since some may be two and some none. False: not yet.
 */
bool outs_end(const struct host_outage *outs, size_t count, const struct instant *instants,
	size_t instant_count, const struct parameters *parameters, int64_t *ret_low_ns,
	int64_t *ret_high_ns);

#endif
