#ifndef HISTORIES_PLAY_H
#define HISTORIES_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/text.h"

/*
 * How a family is played: at which schedule, with how many hosts, asked how. All zero is
 * the family as it is: a watch sweep each 60 s, a full sweep each 660 s, hosts drawn.
 */
enum play_tiers {
	PLAY_DRAWN, /* at the default schedule both; at others one of the next, by the seed */
	PLAY_WATCH, /* watch sweeps, and a full sweep each eleventh time */
	PLAY_FULL,  /* full sweeps only: a silent host has no row */
};

enum play_kinds {
	PLAY_ANY,
	PLAY_TCP,
	PLAY_ICMP,
};

struct play {
	double days;      /* 0: the family's, or enough of the schedule */
	int64_t every_ns; /* from sweep to sweep; irregular: on average; 0: the default schedule */
	bool irregular;   /* gaps at random between ten minutes and six hours */
	enum play_tiers tiers;
	int hosts, blocks; /* in all, a router that answers among them; 0: drawn */
	enum play_kinds kinds;
	bool batteries; /* each host has one, so they go one by one */
};

/* The options that all players of histories take: for getopt, and for their usage. */
#define PLAY_OPTIONS "d:i:t:H:b:k:u"
extern const char play_usage[];

/* Take one of PLAY_OPTIONS. False: its argument is none. */
bool play_option(struct play *play, int option, const char *argument);

#endif
