#ifndef COMMANDS_STORES_H
#define COMMANDS_STORES_H

#include <stddef.h>

#include "live/serve/serve.h"

/* The stores of a command that takes several, and what each is called. */
enum { STORES_MOST = 64 };
struct stores {
	struct serve_store items[STORES_MOST];
	size_t count;
};

/*
 * One more -s. "/var/lib/lightsout/kp.db" is called kp, unless that is taken: what is not a
 * letter, a digit or "-_." becomes '-'. -1, and it has been said what was wrong; else 0.
 */
int stores_add(struct stores *stores, const char *path);

#endif
