#ifndef COMMANDS_JUDGE_VALUES_H
#define COMMANDS_JUDGE_VALUES_H

#include "commands/judge_run.h"

/* The values of options of timeline, outages and their like. 0; or -1, and it has been said what
 * was wrong. */
int judge_take_time(
	const struct judge_run *run, const char *what, const char *text, struct wall *ret);
int judge_take_prior(struct judge_run *run, const char *text);
int judge_take_block(struct judge_run *run, const char *text);
int judge_take_zoom(struct judge_run *run, const char *text);
int judge_take_by(struct judge_run *run, const char *text);

#endif
