#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Two clocks that must not be mixed, so they are two types.
 *
 * struct mono drives deadlines and never steps. struct wall is UTC since the
 * Unix epoch; it is what we store, and it steps when somebody sets the clock.
 * Both count nanoseconds. Only programs' shells read clocks; whatever decides
 * takes `now` as an argument.
 */
struct mono {
	int64_t ns;
};

struct wall {
	int64_t ns;
};

#define NS_PER_US INT64_C(1000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* "Never": later than any instant met. */
#define MONO_NEVER ((struct mono){INT64_MAX})

struct mono clock_mono(void); /* CLOCK_MONOTONIC */
struct wall clock_wall(void); /* CLOCK_REALTIME */

/* How long the machine has slept since it started: CLOCK_BOOTTIME - CLOCK_MONOTONIC. */
int64_t clock_asleep_ns(void);

/* Does the kernel take the wall clock for disciplined (adjtimex)? *ret_error_us is
 * its own bound on the error then, else -1. */
bool clock_synced(int64_t *ret_error_us);

static inline struct mono mono_after(struct mono t, int64_t ns)
{
	return (struct mono){t.ns + ns};
}

static inline int64_t mono_since(struct mono later, struct mono earlier)
{
	return later.ns - earlier.ns;
}

static inline struct mono mono_min(struct mono a, struct mono b)
{
	return a.ns < b.ns ? a : b;
}

static inline struct wall wall_after(struct wall t, int64_t ns)
{
	return (struct wall){t.ns + ns};
}

static inline int64_t wall_since(struct wall later, struct wall earlier)
{
	return later.ns - earlier.ns;
}

/* Rounded down to the microsecond: as datasets write it, and cheaper to store. */
static inline struct wall wall_whole_us(struct wall t)
{
	int64_t rest = t.ns % NS_PER_US;

	return (struct wall){t.ns - rest - (rest < 0 ? NS_PER_US : 0)};
}

/* Room for "2014-12-22T16:15:00.000Z" and its end. */
enum { CLOCK_TEXT_SIZE = 40 };

/* RFC 3339 with milliseconds and Z. Writes the end; returns the length. */
size_t wall_format(struct wall t, char text[CLOCK_TEXT_SIZE]);

/* Unix seconds with six decimals, as datasets write them. */
size_t wall_format_epoch(struct wall t, char text[CLOCK_TEXT_SIZE]);

/*
 * Read RFC 3339 ("2014-12-22T16:15:00Z", "2014-12-23 01:15:00.5+09:00"; a bare date
 * is its beginning in UTC) or Unix seconds, however spelled ("1419264900", "1.4e9"),
 * what is finer than a nanosecond rounded. A time without its zone is refused: nobody
 * can tell whose it is. False, and *ret untouched, on anything else.
 */
bool wall_parse(const char *text, struct wall *ret);

#endif
