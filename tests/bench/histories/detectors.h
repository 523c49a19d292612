#ifndef HISTORIES_DETECTORS_H
#define HISTORIES_DETECTORS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "core/address.h"

/*
 * What others do to decide that a block is down, on the same input. Each is
 * given more than it would have in the field: the ever-active addresses and
 * their availability are those of the whole history, known beforehand.
 */
enum detector {
	DETECTOR_TRINOCULAR,     /* as published: 15 ever-active addresses or no verdict */
	DETECTOR_TRINOCULAR_ANY, /* the floor lifted */
	DETECTOR_FULL_BLOCK,     /* the same, with full-block scanning */
	DETECTOR_RATIO_80,       /* active addresses under 0.8 of the 7-day median */
	DETECTOR_RATIO_50,
	DETECTOR_HALF,  /* fewer than half answer in a sweep */
	DETECTOR_THREE, /* every address missed three in a row */
};
enum { DETECTOR_COUNT = DETECTOR_THREE + 1 };
const char *detector_name(enum detector detector);

enum { BLOCK_HOSTS = 256, WEEK_BINS = 7 * 144 };

struct detected {
	bool down[DETECTOR_COUNT];
	int64_t since[DETECTOR_COUNT];
};

struct block_state {
	struct prefix block;
	/* Learned beforehand, method by method folded into one. */
	uint32_t asked[BLOCK_HOSTS], answered[BLOCK_HOSTS];
	int active_count;
	double availability;
	bool active[BLOCK_HOSTS];
	/* Trinocular: this round's first look at each address. */
	double belief;
	int64_t round;
	int8_t looked[BLOCK_HOSTS]; /* -1 not yet, 0 silent, 1 answered */
	int quiet_rounds;           /* without any reply at all */
	/* Ratio: ten-minute bins. */
	int64_t bin;
	bool in_bin[BLOCK_HOSTS];
	uint8_t week[WEEK_BINS];
	int week_count, week_at;
	uint16_t histogram[BLOCK_HOSTS + 1];
	/* Misses in a row. */
	uint8_t misses[BLOCK_HOSTS];
	int64_t first_miss;
	struct detected out;
};

/* After the first pass. */
void block_begin(struct block_state *block);

/* One look at one address, in order of time. */
void block_look(struct block_state *block, int host, bool answered, int64_t t, FILE *out);

/* A watch sweep is over. */
void block_sweep(struct block_state *block, int asked, int answered, int64_t start, FILE *out);

void block_finish(struct block_state *block, int64_t t, FILE *out);

#endif
