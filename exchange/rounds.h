#ifndef EXCHANGE_ROUNDS_H
#define EXCHANGE_ROUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"

/*
 * A judgement in rounds of a fixed length, block by block, as the outage datasets of
 * ANT at USC/ISI have it (https://ant.isi.edu/datasets/outage/format.html), for
 * programs that read those. States and beliefs are the timeline's; counts are of
 * the addresses that have ever answered, as Trinocular counts them (Quan,
 * Heidemann and Pradkin, SIGCOMM 2013). Pure; memory does not grow with the history.
 */
enum { ROUND_SECONDS = 660, ROUND_LOG_SIZE = 512 };

enum round_status { ROUND_DOWN, ROUND_UP, ROUND_UNKNOWN };

struct round {
	struct prefix block;
	uint64_t number;             /* from 0, since the period's start */
	struct wall start;           /* in whole seconds */
	double a_short, a_oper;      /* NaN before the first answer */
	enum round_status status;    /* the state that held longest */
	double belief;               /* that it is down, of that state; NaN when unknown */
	unsigned positive, negative; /* addresses that answered, and that did not */
	char log[ROUND_LOG_SIZE];    /* base64; "" when nothing was asked */
	int64_t rtt_us;              /* mean; -1 */
};

/* What was judged, by block, then time; where it is unknown the belief is of no use. */
struct round_state {
	struct prefix block;
	struct wall start, end;
	enum round_status status;
	double belief; /* that it is down */
};

struct round_states {
	struct wall start, end; /* the period */
	const struct round_state *items;
	size_t count;
};

/* The states are borrowed; each round goes to put, by start, then block. */
struct rounds;
struct rounds *rounds_create(const struct round_states *states, double scale,
	void (*put)(void *ctx, const struct round *round), void *ctx);
void rounds_destroy(struct rounds *rounds); /* NULL is fine */

/* The sweeps that were judged, in the same order; does the silence of this one count? */
void rounds_sweep(struct rounds *rounds, const struct sweep *sweep, bool silence_counts);

/* After the last. */
void rounds_end(struct rounds *rounds);

/*
 * A few clocks of 1970 would make millions of rounds that nobody measured. So rounds without
 * a sweep are written as far as an allowance goes: ROUNDS_GAP_MOST (a year) at first and at
 * most, and ROUNDS_GAP_EARNED (a month) more by each sweep. The time that is longer than what
 * is left of it is left out whole: how many rounds, and the longest such time.
 */
enum { ROUNDS_GAP_MOST = 366 * 86400 / ROUND_SECONDS,
	ROUNDS_GAP_EARNED = 31 * 86400 / ROUND_SECONDS };
struct rounds_gap {
	uint64_t left_out;
	struct wall from, to;
};
struct rounds_gap rounds_gap(const struct rounds *rounds);

/*
 * A log of addresses by their last byte: groups of up to 31, each a byte of
 * count * 8 + outcome (1 silent, 2 answered, 3 an error came) and the addresses,
 * ascending; the groups of one outcome follow each other. Base64 as RFC 4648 has it.
 */
enum round_outcome { ROUND_NOT_ASKED, ROUND_SILENT, ROUND_ANSWERED, ROUND_ERROR };
void round_log(const uint8_t outcomes[256], char ret[ROUND_LOG_SIZE]);

#endif
