#ifndef TARGETS_ENTRY_H
#define TARGETS_ENTRY_H

#include <stdbool.h>

#include "targets/lines.h"

/*
 * One line of a list of addresses, as people and publishers write them:
 *
 *   ADDRESS   ADDRESS/LENGTH   ADDRESS/NETMASK   FIRST-LAST   FIRST - LAST
 *   ADDRESS /LENGTH   ADDRESS NETMASK   ADDRESS WILDCARD
 *   FIRST LAST LENGTH ...     DShield's columns
 *   FIRST LAST ...            where FIRST ends in .0 and LAST in .255
 *   ADDRESS LENGTH AS         CAIDA's prefix to AS, nothing behind it
 *
 * Columns are parted by blanks, tabs, a comma or a semicolon. What is behind is
 * free words. Whatever else could be part of an address is refused, so that no
 * list is read as less than it says. Pure.
 */
enum entry_kind {
	ENTRY_NONE,  /* a blank line, or a comment: `#` or `;` in front */
	ENTRY_RANGE,
	ENTRY_IPV6, /* an address, prefix or range of the other family */
};

struct entry {
	enum entry_kind kind;
	struct range range;
	bool lone;        /* one ADDRESS alone: what follows could be part of it */
	bool comment;     /* the words stand behind a `#`: whatever they say */
	const char *text; /* the words behind it, "" if there are none; in the line */
};

/* 0, or -EINVAL with why->text. */
int entry_read(const char *line, struct entry *ret, struct diag *why);

/*
 * `text`, of entry->text, is to be taken as free words: 0, or -EINVAL with
 * why->text when it names an address or begins like a part of one.
 */
int entry_check_words(const struct entry *entry, const char *text, struct diag *why);

/* Is there anything written like an IPv4 address in the first bytes of a text? */
bool entry_holds_address(const char *text, size_t len);

/*
 * The names of columns, as a table begins with: nothing in it can be part of an address, and
 * one of them says that it has addresses. Without commas or tabs all of them do.
 */
bool entry_is_header(const char *line);

#endif
