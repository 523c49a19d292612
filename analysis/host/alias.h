#ifndef ANALYSIS_HOST_ALIAS_H
#define ANALYSIS_HOST_ALIAS_H

#include "analysis/host/host.h"

/* Which addresses of a block are known not to be one host. Pure. */

/*
 * A host that was silent, surely, both before and after another address
 * answered is not that address's host, if both are asked by one kind of probe. run: its
 * silence, ended or not.
 */
bool host_rules_out_alias(const struct host *host, const struct silence_run *run,
	const struct host *other, const struct parameters *parameters);
void host_set_not_alias(struct host *a, struct host *b);
bool not_alias_holds(const uint32_t not_alias[8], struct ip4 address);

#endif
