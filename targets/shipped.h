#ifndef TARGETS_SHIPPED_H
#define TARGETS_SHIPPED_H

#include <stddef.h>

/*
 * The reviewed target lists of targets/data, compiled into the program so that
 * a country code needs no file.
 */
struct shipped {
	const char *cc;   /* two capitals */
	const char *file; /* "KP.targets" */
	const char *bytes;
	size_t len;
};

/* By country code, or NULL. */
const struct shipped *shipped_find(const char *cc);

/* All, ends with a NULL cc. */
const struct shipped *shipped_rows(void);

#endif
