#ifndef STORE_OBSERVATION_H
#define STORE_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/address.h"
#include "core/clock.h"
#include "core/role.h"

/*
 * What was seen, as plain values: the contract between the prober, which
 * writes them once, and analysis, which reads them as often as it likes.
 * Words as in docs/ARCHITECTURE.md; the same fields, under the same names, are
 * the columns of a dataset (docs/FORMATS.md).
 */

enum outcome {
	OUTCOME_SILENT,
	OUTCOME_ECHO_REPLY,
	OUTCOME_SYN_ACK,
	OUTCOME_RST,
	OUTCOME_UNREACHABLE,  /* ICMP type 3 quoting our probe */
	OUTCOME_TTL_EXCEEDED, /* ICMP type 11 quoting our probe */
	OUTCOME_UNSENT,       /* not seen leaving, refused, or its silence is not earned */
};
enum { OUTCOME_COUNT = OUTCOME_UNSENT + 1 };

/* The machine itself answered. An error may come from the path; whose word it is, its
 * responder says: observation_is_life. */
static inline bool outcome_is_life(enum outcome outcome)
{
	return outcome == OUTCOME_ECHO_REPLY || outcome == OUTCOME_SYN_ACK ||
	       outcome == OUTCOME_RST;
}

enum method { METHOD_ICMP, METHOD_TCP };

enum tier { TIER_FULL, TIER_WATCH };

/* What a sweep says against itself. Names in flags columns: sweep_flag_name. */
enum sweep_flag {
	SWEEP_CAPTURE_DROP = 1u << 0,   /* the capture lost frames */
	SWEEP_DROPS_MARKED = 1u << 1,   /* ... and the silence this touches is marked unsent */
	SWEEP_ANCHORS_DOWN = 1u << 2,   /* anchors were asked and too few answered */
	SWEEP_UNPROVEN = 1u << 3,       /* no anchors, and nothing came from beyond our host */
	SWEEP_INTERFACE_DOWN = 1u << 4, /* no route or link while it ran */
	SWEEP_CLOCK_STEP = 1u << 5,     /* the wall clock stepped against the monotonic */
	SWEEP_CLOCK_UNSYNCED = 1u << 6, /* the kernel says the clock is not disciplined */
	SWEEP_SUSPENDED = 1u << 7,      /* the machine or process slept */
	SWEEP_OVERRUN = 1u << 8,        /* not done when the next one was due */
	SWEEP_LATE = 1u << 9,           /* began later than its slot */
	SWEEP_CUT_SHORT = 1u << 10,     /* stopped before its end; the rest is unsent */
	SWEEP_ZOOM = 1u << 11,          /* an off-grid watch sweep */
	SWEEP_GATEWAY_DOWN = 1u << 12,  /* the first router did not answer */
};
enum { SWEEP_FLAG_COUNT = 13 };

/* Numbers that may not have been measured are -1 then. */
struct observation {
	struct ip4 address;    /* probed; never the responder */
	struct wall probed_at; /* of the answered attempt, else of the first */
	enum method method;
	uint16_t port; /* of METHOD_TCP; 0 when not known */
	enum outcome outcome;
	int64_t rtt_ns; /* -1 */
	bool has_responder;
	struct ip4 responder;
	int icmp_type; /* -1 */
	int icmp_code; /* -1 */
	int reply_ttl; /* -1 */
	int ip_id;     /* -1 */
	bool has_tcp_ts;
	uint32_t tcp_ts; /* TSval of the answer */
	int attempt;     /* which was answered, from 1; -1 */
	int attempts;    /* how many were sent; -1 */
};

/* An observation with everything optional absent. */
struct observation observation_blank(void);

/* Is it an error, of whatever code, from the very address that was asked? Then it is that
 * machine's own word: it was reached, and it runs. */
static inline bool outcome_is_own_error(
	enum outcome outcome, bool has_responder, struct ip4 responder, struct ip4 asked)
{
	return (outcome == OUTCOME_UNREACHABLE || outcome == OUTCOME_TTL_EXCEEDED) &&
	       has_responder && ip4_equal(responder, asked);
}

/* Did the machine itself speak? */
static inline bool observation_is_life(const struct observation *o)
{
	return outcome_is_life(o->outcome) ||
	       outcome_is_own_error(o->outcome, o->has_responder, o->responder, o->address);
}

/* One TTL-limited probe towards a target. */
struct hop {
	struct ip4 address; /* towards which */
	uint8_t ttl;
	struct wall probed_at;
	enum outcome outcome;
	bool has_responder;
	struct ip4 responder;
	int64_t rtt_ns; /* -1 */
};

/* Did it reach its target? */
static inline bool hop_is_life(const struct hop *hop)
{
	return outcome_is_life(hop->outcome) || outcome_is_own_error(hop->outcome,
							hop->has_responder, hop->responder,
							hop->address);
}

/* An implied boot time, measured by another tool. */
struct boot {
	struct ip4 address;
	struct wall boot_at;
};

enum { VANTAGE_SIZE = 64, EPOCH_SIZE = 40, METHODS_SIZE = 128, COUNTS_SIZE = 1280 };

/*
 * A sweep's own row. (vantage, epoch, sweep) names it for ever. In a full
 * sweep a target without an observation was probed and silent, by the kinds
 * and ports that methods names; in a watch sweep only what is listed was
 * probed.
 */
struct sweep_info {
	uint64_t sweep;
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE]; /* random, names the store that made it; "" when not known */
	enum tier tier;
	struct wall start, end;
	int64_t interval_ns;        /* the schedule's; 0 when there is none */
	char methods[METHODS_SIZE]; /* "icmp;tcp:80"; "" when not known */
	bool has_source;
	struct ip4 source;                    /* our address */
	int64_t probed, sent, received;       /* targets asked, probes sent, replies counted; -1 */
	int64_t capture_dropped, send_errors; /* -1 */
	int64_t anchors_probed, anchors_up;   /* -1 */
	int64_t clock_error_us;               /* -1 */
	uint32_t flags;                       /* enum sweep_flag, or-ed */
	/* The prober's own counters, "left=1024;retried=3;duplicate=1": probes seen
	 * leaving, asked again, and what came that was no answer, each under its
	 * name (lightsout-prober(8)); "" when not known. Nothing is judged by them. */
	char counts[COUNTS_SIZE];
};

/*
 * A whole sweep. Observations are sorted by address, then method, then port;
 * hops by address, then ttl; boots by address. Who holds the struct says who
 * owns the arrays.
 */
struct sweep {
	struct sweep_info info;
	struct observation *observations;
	size_t observation_count;
	struct hop *hops;
	size_t hop_count;
	struct boot *boots;
	size_t boot_count;
};

/* Names as in the formats; *_parse is false on an unknown name. */
const char *outcome_name(enum outcome outcome);
bool outcome_parse(const char *text, enum outcome *ret);
const char *tier_name(enum tier tier);
bool tier_parse(const char *text, enum tier *ret);

/* "icmp", "tcp", "tcp:443". */
enum { METHOD_TEXT_SIZE = 16 };
size_t method_format(enum method method, uint16_t port, char text[METHOD_TEXT_SIZE]);
bool method_parse(const char *text, enum method *ret_method, uint16_t *ret_port);

/* ";"-separated flag names, "" for none. Unknown names: false. */
enum { FLAGS_TEXT_SIZE = 256 };
size_t flags_format(uint32_t flags, char text[FLAGS_TEXT_SIZE]);
bool flags_parse(const char *text, uint32_t *ret);

/* Address, then method, then port: the order of observations in a sweep. */
int observation_order(const void *a, const void *b);

#endif
