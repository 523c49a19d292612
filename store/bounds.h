#ifndef STORE_BOUNDS_H
#define STORE_BOUNDS_H

#include "core/text.h"
#include "store/observation.h"

/*
 * What numbers a series may have, in one place for all that write and read one:
 * a store or dataset may be anybody's. Within these no difference of two times
 * and no sum over a sweep overflows. Pure.
 */

/* A clock may be wrong by decades (1970 is what one says that was never set). */
#define TIME_LEAST_NS INT64_C(0)
#define TIME_MOST_NS (INT64_C(7258118400) * NS_PER_S) /* 2200-01-01 */
#define RTT_MOST_NS (3600 * NS_PER_S)
#define INTERVAL_MOST_NS (366 * 86400 * NS_PER_S)
#define COUNT_MOST (INT64_C(1) << 48)
enum { ATTEMPTS_MOST = 1000000 };

/* Addresses that are targets; and of all other roles together. */
enum { TARGETS_MOST = 1 << 20 };

/* Clocks and ends are rounded by whoever wrote them; an hour is another zone, or unit. */
#define OUTSIDE_MOST_NS (3600 * NS_PER_S)

bool time_within(struct wall t);

/* A probe belongs into its sweep's time, unless the clock was set meanwhile. */
bool probe_within(const struct sweep_info *info, struct wall at);

/* "icmp;tcp:80" */
bool methods_known(const char *methods);

/*
 * What contradicts itself: the name of a column (docs/FORMATS.md) and what was expected there;
 * false where nothing does. Each kind of probe has its own answers; who did not answer gave
 * nothing of an answer.
 */
struct contradiction {
	const char *column, *expected;
};
bool info_contradicts(const struct sweep_info *info, struct contradiction *ret);
bool observation_contradicts(const struct observation *o, struct contradiction *ret);
bool hop_contradicts(const struct hop *hop, struct contradiction *ret);

/* 0, or -EINVAL and what is beyond them. */
int bounds_info(const struct sweep_info *info, struct diag *why);
int bounds_sweep(const struct sweep *sweep, struct diag *why);
int bounds_targets(const struct target_row *rows, size_t count, struct diag *why);

#endif
