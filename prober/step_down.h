#ifndef PROBER_STEP_DOWN_H
#define PROBER_STEP_DOWN_H

#include "prober/io/confine_user.h"
#include "prober/request.h"

/*
 * From root to an ordinary user, and from all files to a few: in two steps around the
 * opening of the store, before threads are made, before any byte from outside is looked
 * at. What that costs is said at once: a file that SIGHUP will not be able to read.
 */
struct step_down {
	struct confine_user user;
	const char **named; /* files the request names, read with the rights we came with; owned */
	size_t count;
};

/* Before the store is opened, once the request is read. 0 or a negative errno with *why. */
int step_down_begin(const struct request *request, struct step_down *ret, struct diag *why);

/* Once it is open. */
int step_down_end(const struct request *request, struct step_down *step, struct diag *why);
void step_down_finish(struct step_down *step);

#endif
