#ifndef REPORT_SERIES_H
#define REPORT_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/vantage/coverage.h"
#include "core/address.h"
#include "core/clock.h"
#include "report/round_trips.h"
#include "store/observation.h"

/*
 * Sweeps folded into what pictures show of them: a row of cells for each host (the heat map), how
 * many hosts were up (the curve), and whether each vantage point could see. Pure. Memory is
 * bounded by bins x (hosts + vantage points), whatever the length of the history.
 *
 * A look is what one sweep says of one host. It is answered if any row of it is the host's own
 * word; else silent if any silence of it is earned; else unsent. A host that a full sweep does
 * not list was asked and silent. What a box answers is nobody's word (store/box.h).
 *
 * A host is known once it has answered in SERIES_KNOWN_SWEEPS sweeps, as in the judgement, or
 * because series_know named it. It is up for a vantage point if its last word there was an
 * answer, and up at all if it is so for any vantage point that sees.
 */
enum { SERIES_KNOWN_SWEEPS = 5 };

struct series_config {
	struct wall from, to; /* bins tile [from, to) */
	int64_t bin_ns;       /* see series_bin_ns */
	/* All rows of the store's list: only targets are hosts. Not needed after series_create. */
	const struct target_row *targets;
	size_t target_count;
	bool hosts; /* cells of each host too; else only the curve and the vantage points */
	bool trips; /* the round trips of each host too */
};

/* Of one host in one bin: how many looks said what. Counts stop at UINT16_MAX. */
struct series_cell {
	uint16_t answered, silent, unsent;
};

struct series_host {
	struct ip4 address;
	uint64_t up;      /* bit per vantage point: its last word there was an answer */
	uint32_t answers; /* sweeps that had one; no more than SERIES_KNOWN_SWEEPS if it is known */
	bool known;
	struct wall heard;         /* its last answer; 0: none */
	struct series_cell *cells; /* owned: bin_count; NULL: nothing fell into [from, to) */
	uint64_t answered, silent; /* looks in [from, to) */
	struct round_trips trips;  /* of these; owned */
};

/* The curve, after each sweep that saw. A bin without any is not measured by itself: what was
 * before goes on, as long as a vantage point sees (series_bin_seen). */
struct series_bin {
	uint32_t sweeps;
	uint32_t known; /* hosts, after the last of them */
	uint32_t up_least, up_most, up_last;
	double up_sum; /* over sweeps: the mean is up_sum / sweeps */
};

struct series_view {
	uint16_t sees, blind; /* sweeps whose silence says something, and others */
	bool away;            /* for some of the bin a sweep was overdue */
	uint8_t reason;       /* enum reason of the last that was blind */
};

struct series_vantage {
	char name[VANTAGE_SIZE];
	struct wall first, last;  /* starts of its sweeps */
	enum reason reason;       /* of its last sweep; REASON_NONE: it saw */
	struct series_view *bins; /* owned: bin_count */
	/* Of each tier: the start of the last sweep and the interval it named. */
	struct wall tier_start[2];
	int64_t tier_interval_ns[2];
};

struct series {
	struct series_config config;
	size_t bin_count;
	struct series_bin *bins;   /* owned */
	struct series_host *hosts; /* owned; by address; not all are known */
	size_t host_count, host_capacity;
	struct series_vantage *vantages; /* owned; by first sweep */
	size_t vantage_count, vantage_capacity;
	size_t known, up;         /* hosts, now */
	struct series_bin before; /* the last sweep before `from`; .sweeps 0: none */
	uint64_t seeing;          /* bit per vantage point */
	struct series_inner *inner;
};

/* The least width that is a usual one (1 s to a year) and makes no more than `most` bins. */
int64_t series_bin_ns(struct wall from, struct wall to, size_t most);

struct series *series_create(const struct series_config *config);
/* Of how often each host answers, and how fast, from config.from to config.to, that included; of
 * config only these and the targets are looked at. */
struct series *series_of_hosts(const struct series_config *config);
void series_destroy(struct series *series); /* NULL is fine */

/* This host is known from before the first sweep that will come. Sorted or not. */
void series_know(struct series *series, struct ip4 address);

/*
 * Sweeps as store_next gives them, also those before `from`: of these only who is there is
 * learned. proof: the judgement's, whose word proves the line; NULL: no error does.
 * Vantage points from the 65th on are left out, as the judge refuses them.
 */
void series_sweep(struct series *series, const struct sweep *sweep, const struct proof *proof);

/* The data end: until then a sweep may be overdue. May be called again, later. */
void series_until(struct series *series, struct wall now);

/* Where a time falls: below 0 before `from`, from bin_count on from `to` on. */
int64_t series_bin_at(const struct series *series, struct wall at);
struct wall series_bin_start(const struct series *series, size_t bin);

#endif
