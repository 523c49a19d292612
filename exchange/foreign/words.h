#ifndef EXCHANGE_FOREIGN_WORDS_H
#define EXCHANGE_FOREIGN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"

/*
 * Words in lines that other programs wrote for people. Each take_ reads one at *at and
 * moves it behind; false leaves it alone. Pure.
 */

/* Just this text. */
bool take_text(const char **at, const char *text);

/* "12.345" times 10^decimals, what is finer cut off: at most 18 digits. */
bool take_decimal(const char **at, int decimals, int64_t *ret);
bool take_whole(const char **at, int64_t *ret);
bool take_address(const char **at, struct ip4 *ret);

/* "NAME (ADDRESS)" or "ADDRESS": how programs call a host. `until`: what stands behind. */
bool take_host(const char **at, const char *until, struct ip4 *ret);

/* Is there a blank, or the end? */
bool at_end_of_word(const char *at);

/*
 * A zone that a user gives for times without one: "UTC", "Z", "+09:00", "-0330". In
 * seconds ahead of UTC. False: it is none.
 */
enum { ZONE_NONE = INT32_MIN };
bool zone_parse(const char *text, int32_t *ret_s);

/*
 * A time as programs print it, `len` bytes: Unix seconds; RFC 3339, with a blank too;
 * the output of date ("Sun Nov 29 13:18:03 UTC 2026", "Sun 29 Nov 2026 01:18:03 PM UTC",
 * "Sun Nov 29 13:18:03 2026"). One without a zone, or with the name of a zone
 * other than UTC's, is of zone_s. TIME_NO_ZONE: it has none and zone_s is ZONE_NONE.
 */
enum time_word { TIME_READ, TIME_NO_ZONE, TIME_STRANGE };
enum time_word time_word(const char *text, size_t len, int32_t zone_s, struct wall *ret);

/*
 * The time `count` steps after another. This and time_word give a time that no store takes
 * (store/bounds.h) as the nearest such one: who reads a file may reckon with it, and it is
 * refused when its record is looked at.
 */
struct wall time_step(struct wall from, int64_t count, int64_t step_ns);

#endif
