#ifndef ANALYSIS_SWEEP_READ_H
#define ANALYSIS_SWEEP_READ_H

#include <stdint.h>

#include "core/text.h"
#include "store/observation.h"

/*
 * The newest sweep that a vantage point has put into a store of its own.
 */

/* Its number; 0 when there is no such store, or it has none. Negative errno
 * with *why when the file cannot be read. */
int sweep_number(const char *path, const char *vantage, uint64_t *ret, struct diag *why);

/* The sweep of this number; its arrays are owned: sweep_free. -ENODATA when
 * it is not there. */
int sweep_read(const char *path, const char *vantage, uint64_t number, struct sweep *ret,
	struct diag *why);
void sweep_free(struct sweep *sweep);

#endif
