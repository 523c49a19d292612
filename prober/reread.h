#ifndef PROBER_REREAD_H
#define PROBER_REREAD_H

#include "prober/request.h"

/*
 * Read again what the command line names: the settings' file, the targets, the blocklist.
 *
 * 0: *request holds what they say now, where it stood, and *ret_before what it was: the
 * caller frees that (request_finish). Settings that cannot change while we run stay, and
 * ret_fixed names those that differ (", store, vantage"), "" if none. A negative errno with *why: nothing
 * has changed.
 *
 * A blocklist that is empty by now, or cut short, or that the file names no more without
 * saying so is such an error: a file that somebody is writing unblocks nobody.
 *
 * An argument or an anchor of which the blocklist leaves nothing is no mistake here: who
 * asked to be left out must be, whatever else that ends.
 */
enum { REREAD_NAMES = 64 };
int reread(struct request *request, struct request *ret_before, char ret_fixed[REREAD_NAMES],
	struct diag *why);

#endif
