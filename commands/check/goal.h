#ifndef COMMANDS_CHECK_GOAL_H
#define COMMANDS_CHECK_GOAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "commands/check/check.h"
#include "core/text.h"

/*
 * What a check has to find to be content: --at-least. Without it every target
 * argument has an answer. Pure.
 */
struct goal {
	bool given, percent;
	double least; /* addresses, or percent of those asked */
};

/* "12" or "80%". 0, or -EINVAL with *why. */
int goal_parse(const char *text, struct goal *ret, struct diag *why);

/*
 * The status under this goal. Reached, it is 0, whatever was not measured: more answers
 * would change nothing. Missed, it is 1, or 3 where the addresses that were not measured, or whose
 * silence is not proven, could have reached it.
 */
int goal_status(const struct goal *goal, const struct check *check);

/* How many answers the goal asks for, of those asked. */
size_t goal_needs(const struct goal *goal, const struct check *check);

/* "12 of 256 addresses answered, 200 are wanted": why the goal was missed. */
void goal_missed(FILE *out, const struct goal *goal, const struct check *check);

/*
 * One line as plugins of Nagios write it, with numbers behind it, and their exit status: 0 OK,
 * 2 CRITICAL, 3 UNKNOWN. `status` is goal_status's.
 */
int goal_nagios(FILE *out, const struct check *check, int status);

#endif
