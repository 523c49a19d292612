#ifndef REPORT_RANGES_H
#define REPORT_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/role.h"

/* A set of addresses as ranges, ascending and apart from each other. Pure. */
struct range {
	uint32_t first, last;
};

/* Rows that are targets, or those that are not. Owned by the caller: free(). */
struct range *ranges_of(
	const struct target_row *rows, size_t count, bool targets, size_t *ret_count);

bool ranges_hold(const struct range *ranges, size_t count, struct ip4 address);

#endif
