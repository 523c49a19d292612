#ifndef COMMANDS_JUDGE_SELECT_H
#define COMMANDS_JUDGE_SELECT_H

#include "commands/judge_asked.h"

/*
 * What of a judgement was asked for: --block, --vantage, --country. The judgement is of all
 * blocks, whichever of them are shown; --vantage is another judgement, of the sweeps of one
 * vantage point alone.
 */

/* The vantage points that were met while reading, where one was asked for. */
struct vantage_names {
	char items[VANTAGES_MOST][VANTAGE_SIZE];
	size_t count;
	bool found; /* the one asked for is among them */
};

/* Is this sweep to be judged? Notes whose it is. */
bool select_sweep(
	const struct judge_run *run, const struct sweep_info *info, struct vantage_names *names);

/* The vantage point that was asked for is not there, and others are: -1, and it has been said. */
int select_vantage(const struct judge_run *run, const struct vantage_names *names);

/* The judgement, as something of which parts can be taken; what it points to stays the other's. */
void select_begin(struct judge_run *run, const struct judgement *judgement);

/* After the judgement: keep of it what lies in --block. -1: there is nothing, and it has been said
 * which blocks there are. */
int select_block(struct judge_run *run);

/* Free what select_begin and select_block made. */
void select_undo(struct judge_run *run);

#endif
