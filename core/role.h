#ifndef CORE_ROLE_H
#define CORE_ROLE_H

#include <stdbool.h>
#include <string.h>

#include "core/address.h"

/* What an address is to us. */
enum role {
	ROLE_TARGET,
	ROLE_ANCHOR,   /* outside the country, agreed with its owner */
	ROLE_UPSTREAM, /* a router of the provider */
	ROLE_BORDER,   /* a router of the country */
};

/* Names as in the formats; role_parse is false on an unknown name. */
const char *role_name(enum role role);
bool role_parse(const char *text, enum role *ret);

/* May one prefix have both? A router may be a target too; it is then asked as what it is. */
static inline bool role_joins(enum role a, enum role b)
{
	return a == b || a == ROLE_TARGET || b == ROLE_TARGET;
}

/*
 * One row of the target list a store or a dataset was made with. A router that nobody named
 * and that was found on the paths has the label "learned": whatever else its label
 * says, somebody vouches for a role.
 */
enum { LABEL_SIZE = 64 };
#define LABEL_LEARNED "learned"
struct target_row {
	struct prefix prefix;
	enum role role;
	char label[LABEL_SIZE];
};
static inline bool target_row_is_learned(const struct target_row *row)
{
	return (row->role == ROLE_UPSTREAM || row->role == ROLE_BORDER) &&
	       strcmp(row->label, LABEL_LEARNED) == 0;
}

#endif
