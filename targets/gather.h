#ifndef TARGETS_GATHER_H
#define TARGETS_GATHER_H

#include "targets/list.h"

/*
 * From what a user names to a list with provenance: one argument at a time.
 * This is where files are read; what may be probed is decided in targets.c.
 */
struct gathered {
	struct target_list list;
	bool by_country; /* resolved by a country code: reserved space was not named */
};

/*
 * An address, CIDR or range; a country code (two letters), from `delegated`
 * or, if that is NULL, from the shipped lists; "@FILE", or any other text as a
 * file's name, "-" being standard input. 0, or a negative errno with *why; *ret
 * is owned by the caller (list_finish).
 */
int gather(const char *argument, const char *delegated, struct gathered *ret, struct diag *why);

#endif
