#ifndef TESTS_LAB_SCENARIO_H
#define TESTS_LAB_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/text.h"
#include "tests/lab/words.h"

/*
 * What a simulated country is and what happens to it, read from a text file.
 * tests/lab/README.md says how to write one. Pure: text in, values out.
 *
 * Every time in here is real: `scale` has been applied to what is history
 * (events, holdup, boot, over), and not to what packets show (rtt, late-by,
 * uptime, rates).
 */

enum ipid { IPID_COUNTER, IPID_ZERO, IPID_RANDOM };
enum timestamps {
	TIMESTAMPS_GLOBAL,     /* one clock, zero at boot */
	TIMESTAMPS_PAIR,       /* a random offset per address pair, new at boot */
	TIMESTAMPS_CONNECTION, /* a random offset per connection */
	TIMESTAMPS_NONE,
};
enum other { OTHER_CLOSED, OTHER_FILTERED };

enum { SCENARIO_PORTS = 8, SCENARIO_NAME = 16 };

/* One address. Not present: nobody was ever there. */
struct traits {
	bool present;
	char site[SCENARIO_NAME];
	struct span rtt_ns, jitter_ns, holdup_ns, boot_ns, uptime_ns, late_by_ns;
	struct span ttl, hz, skew_ppm;
	double loss, duplicate, late, wrong_source, bad_checksum; /* shares, 0..1 */
	int icmp, half_open;                                      /* 0 or 1 */
	int ipid, timestamps, other;
	uint16_t open[SCENARIO_PORTS]; /* ends with 0 when there are fewer */
};

enum router { ROUTER_NONE, ROUTER_UPSTREAM, ROUTER_BORDER };

enum event_kind {
	EVENT_CUT, /* the line behind a router; unreachable or not */
	EVENT_RESTORE,
	EVENT_POWER_OFF,
	EVENT_POWER_ON,
	EVENT_REBOOT,
	EVENT_SILENCE, /* filtered in the country: asked, never answered */
	EVENT_SPEAK,
	EVENT_LOSS,
	EVENT_DELAY,
	EVENT_LIMIT, /* ICMP answers per second from a /24 */
	EVENT_FORGE, /* packets per second in the name of the silent */
	EVENT_END,
};

struct event {
	int64_t at_ns; /* since the start */
	enum event_kind kind;
	struct range range;
	enum router where;
	bool unreachable;
	int code;        /* of ICMP type 3 */
	double rate;     /* per second; 0: no limit, or stop forging */
	double share;    /* of EVENT_LOSS */
	int64_t span_ns; /* power: staggered over; delay: how much */
	char site[SCENARIO_NAME];
	char text[96]; /* as it was written, for the truth */
};

struct scenario {
	struct prefix country;
	uint64_t seed;
	double scale;
	struct ip4 upstream, border;
	int64_t upstream_rtt_ns, border_rtt_ns;
	bool absent_unreachable; /* the border says 3/1 for addresses nobody has */
	struct traits *hosts;    /* prefix_count(country), owned */
	size_t host_count;
	struct event *events; /* by time, owned */
	size_t event_count, event_capacity;
};

/* The whole text or nothing: 0, or -EINVAL with *why. */
int scenario_read(const char *file, const char *text, struct scenario *ret, struct diag *why);
void scenario_finish(struct scenario *scenario);

static inline struct ip4 scenario_address(const struct scenario *s, size_t host)
{
	return (struct ip4){s->country.base.host + (uint32_t)host};
}

static inline bool range_holds(struct range range, struct ip4 address)
{
	return address.host >= range.first.host && address.host <= range.last.host;
}

/*
 * The two kinds of line that are worth a file of their own: what follows
 * "hosts" (traits.c), and what follows "at TIME" (events.c).
 */
int traits_read(struct words *words, struct scenario *scenario);
int event_read(struct words *words, const struct scenario *scenario, struct event *ret);

/* Chance, repeatable: a function of the seed, an address and what is drawn. */
uint64_t chance(uint64_t seed, uint64_t address, uint64_t what);
double chance_share(uint64_t seed, uint64_t address, uint64_t what); /* [0, 1) */
int64_t span_draw(struct span span, uint64_t chance);

#endif
