#ifndef LIVE_HOST_SERIES_H
#define LIVE_HOST_SERIES_H

#include <stdbool.h>

#include "analysis/vantage/proof.h"
#include "core/clock.h"
#include "core/text.h"
#include "report/series.h"

/*
 * How often each host of a store answered from `from` to `to`, that included: it is read from its
 * start, as who is no host is learned then. From a thread of its own. proof: the judgement's, of
 * which the targets are not looked at; NULL: none. stop is looked at now and then. 0, or a
 * negative errno with *why.
 */
int host_series_read(const char *store, struct wall from, struct wall to, const struct proof *proof,
	const bool *stop, struct diag *why, struct series **ret);

#endif
