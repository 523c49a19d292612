#ifndef COMMANDS_CHECK_VIEW_H
#define COMMANDS_CHECK_VIEW_H

#include "commands/check/check.h"
#include "exchange/output.h"

/*
 * A check for people, as text that the caller frees. Pure. What is told by
 * colour is told by the sign too.
 */

/* An address map: 64 addresses a line, four lines a block, /26 boundaries in
 * sight, and below it what the signs mean. Blocks of which nothing is to be
 * seen are one line. An output_view_fn; ctx is a struct check. */
char *check_view_map(const void *ctx, struct output_face face);

/* What was asked, what left, what came, and what is said against it. */
char *check_view_summary(const struct check *check);

/* A line for each box that may answer for a block, the first few of them; "" for none. */
char *check_view_boxes(const struct check *check);

/* A line for each reason why probes are unsent, with what can be done; "" for none. */
char *check_view_unsent(const struct check *check);

/* Why the exit status is what it is, a line; NULL when there is nothing to say. */
char *check_view_reason(const struct check *check);

#endif
