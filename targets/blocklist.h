#ifndef TARGETS_BLOCKLIST_H
#define TARGETS_BLOCKLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "targets/lines.h"

/*
 * Who is never to be probed: one ADDRESS, ADDRESS/LENGTH or FIRST-LAST a line,
 * then, behind a blank, the reason and its date in free words. Lines that begin
 * with `#` are comments. Pure.
 */
enum { BLOCK_REASON_SIZE = 160 };

struct blocked {
	struct range range;
	unsigned long line;
	char reason[BLOCK_REASON_SIZE]; /* cut to size; "" when none was given */
};

struct blocklist {
	struct blocked *rows; /* as written; owned */
	size_t count;
	struct range *merged; /* the same addresses, ascending and apart; owned */
	size_t merged_count;
};

/* 0, or -EINVAL with *why naming `file` and the line, and *ret untouched. */
int blocklist_parse(
	const char *file, const char *bytes, size_t len, struct blocklist *ret, struct diag *why);
void blocklist_finish(struct blocklist *list);

/* Is the address on it? Quick, however long the list. */
bool blocklist_holds(const struct blocklist *list, struct ip4 address);

/* The first row that holds the address, or NULL. */
const struct blocked *blocklist_find(const struct blocklist *list, struct ip4 address);

#endif
