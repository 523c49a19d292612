#ifndef LIVE_PAGE_ASSETS_H
#define LIVE_PAGE_ASSETS_H

#include <stddef.h>

/* Files that every page shares, built into the program. NULL: there is none of this name. */
struct asset {
	const char *name, *type;
	const char *bytes;
	size_t len;
};
const struct asset *asset_find(const char *name);

#endif
