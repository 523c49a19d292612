#ifndef ANALYSIS_CLOCK_REBOOT_LIST_H
#define ANALYSIS_CLOCK_REBOOT_LIST_H

#include "analysis/clock/uptime.h"

/*
 * Reboots of hosts, for a list: addresses that booted at the same time, now
 * and the time before, are one host. Pure.
 */
struct host_reboot {
	struct ip4 address; /* the first */
	char *addresses;    /* owned: all of them, ";"-separated */
	size_t vantage;
	int64_t earliest_ns, latest_ns;
	bool dated;
	int64_t boot_ns;
};

struct host_reboots {
	struct host_reboot *items; /* owned, by time */
	size_t count;
};

/* uptimes: settled. */
void host_reboots_of(const struct uptimes *uptimes, struct host_reboots *ret);
void host_reboots_finish(struct host_reboots *list);

/* One host? Booted together, and the time before too. */
bool reboot_is_alias(const struct reboot *a, const struct reboot *b);

/* The bracket of a reboot of which more is told: what both share. Where clocks differ by
 * seconds they may share nothing; then all that lies between their ends. */
void reboot_bracket(int64_t *earliest_ns, int64_t *latest_ns, const struct reboot *more);

#endif
