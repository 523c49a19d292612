#ifndef TARGETS_BLOCKLIST_H
#define TARGETS_BLOCKLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "targets/lines.h"

/*
 * Who is never to be probed: an address, prefix or range a line, in one of the
 * forms of targets/entry.h, then the reason and its date in free words. Lists
 * of NAME:FIRST-LAST, as for peer-to-peer programs, are read too. Pure.
 */
struct blocked {
	struct range range;
	uint32_t line;
	uint32_t reason; /* where it begins in struct blocklist.reasons */
};

struct blocklist {
	struct blocked *rows; /* ascending and apart: what each line adds to those before; owned */
	size_t count;
	char *reasons; /* each with its end, the first is ""; owned */
	size_t entries;     /* lines that named something */
	size_t ipv6;        /* lines of the other family: passed over */
	uint64_t addresses; /* all together, each once */
	bool open_end;      /* its last line has no end: it may be cut short */
};

/* 0, or -EINVAL with *why naming `file` and the line, and *ret untouched. */
int blocklist_parse(
	const char *file, const char *bytes, size_t len, struct blocklist *ret, struct diag *why);
void blocklist_finish(struct blocklist *list);

/* The row that holds the address, or NULL. Quick, however long the list. */
const struct blocked *blocklist_find(const struct blocklist *list, struct ip4 address);

static inline bool blocklist_holds(const struct blocklist *list, struct ip4 address)
{
	return blocklist_find(list, address) != NULL;
}

/* How many addresses `before` holds that `now` does not. */
uint64_t blocklist_lost(const struct blocklist *before, const struct blocklist *now);

/*
 * May `now` take the place of `before`, that was read from the same file? Not one that holds
 * nothing where that held something, nor one that lost somebody and has no end: such is a file
 * that somebody is writing. 0, or -EINVAL with *why naming `file`.
 */
int blocklist_follows(const char *file, const struct blocklist *before,
	const struct blocklist *now, struct diag *why);

/* "" when none was given. */
static inline const char *blocked_reason(const struct blocklist *list, const struct blocked *row)
{
	return list->reasons + row->reason;
}

/* "blocklist: 1,234 entries, 5,678 addresses; 12 IPv6 lines skipped", or that it is empty. */
enum { BLOCKLIST_TELL_SIZE = 160 };
void blocklist_tell(const struct blocklist *list, char text[BLOCKLIST_TELL_SIZE]);

#endif
