#ifndef TARGETS_DELEGATED_H
#define TARGETS_DELEGATED_H

#include <stddef.h>
#include <stdint.h>

#include "core/text.h"
#include "targets/lines.h"

/*
 * The registries' delegated and delegated-extended statistics files, of one
 * registry or of several one after another:
 *
 *   registry|cc|type|start|value|date|status[|opaque-id[|...]]
 *
 * with `#` comments, version lines (2|registry|serial|...) and summary lines
 * (registry|*|type|*|count|summary). Where these say how many rows of ipv4 follow,
 * so many must be there: a download that was cut short would be a smaller
 * country. For ipv4 `value` is a count of addresses
 * that need not be a power of two. `cc` is where the holder is registered, not
 * where the addresses are used.
 */
struct delegated_record {
	char registry[12];
	struct range range;
	char date[9];    /* YYYYMMDD, or "" */
	char status[12]; /* allocated or assigned */
	char serial[24]; /* of the last version line before it, or "" */
	unsigned long line;
};

/*
 * The IPv4 space allocated or assigned to country `cc` (two capitals), in file
 * order. Every line is checked, whosever it is. 0, also when there is none, or
 * -EINVAL with *why naming `file` and the line. *ret is owned by the caller.
 */
int delegated_parse(const char *file, const char *bytes, size_t len, const char *cc,
	struct delegated_record **ret, size_t *ret_count, struct diag *why);

#endif
