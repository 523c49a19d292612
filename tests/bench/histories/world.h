#ifndef HISTORIES_WORLD_H
#define HISTORIES_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"
#include "tests/bench/histories/play.h"
#include "tests/bench/histories/rng.h"
#include "tests/bench/histories/spans.h"

/*
 * A country as it truly is: machines with their clocks, batteries and boot
 * times, in sites that share power, behind routers and providers; and the vantage
 * points that look at it. What happens to it is written into its spans by events.h,
 * what is seen of it is decided by observe.h.
 */
enum {
	WORLD_BLOCKS = 16,
	WORLD_MACHINES = 128,
	WORLD_ENDPOINTS = 320,
	WORLD_VANTAGES = 2,
	WORLD_PROVIDERS = 2,
	WORLD_SITES = 4,
};

#define SECONDS(s) ((int64_t)((double)(s)*1e9))
#define MINUTES(m) SECONDS((m)*60.0)
#define HOURS(h) SECONDS((h)*3600.0)
#define DAYS(d) SECONDS((d)*86400.0)
#define FOR_EVER INT64_MAX

enum clock_kind {
	CLOCK_NONE,       /* no timestamp option */
	CLOCK_GLOBAL,     /* counts from boot */
	CLOCK_PAIR,       /* an offset per pair of addresses, drawn anew at each boot */
	CLOCK_CONNECTION, /* an offset per connection */
	CLOCK_BALANCED,   /* two machines behind one address, each with its own boot */
};

struct machine {
	int site;
	enum clock_kind clock;
	double hz, skew;    /* ticks a second; relative error */
	int64_t count_from; /* TSval at boot, in ns of its clock (may be negative) */
	int64_t ups_ns;     /* holds that long without power; FOR_EVER: generator */
	double boot_median_s, boot_sigma;
	bool hand_restart; /* needs somebody to press the button */
	bool router;
	int reply_ttl, ip_id_kind;
	int64_t distance_ns; /* RTT beyond the country's border */
	double patience;     /* exponent of loss in congestion: who is hit first */
	uint64_t secret;
	struct instants boots;      /* of its kernel */
	struct instants twin_boots; /* CLOCK_BALANCED: of the other one */
	struct spans down;          /* does not answer: off, booting or crashed */
};

/* An address we ask, by what it answers. Anchors and provider routers included. */
struct endpoint {
	struct ip4 address;
	enum role role;
	int machine;  /* -1 for anchors and provider routers */
	int block;    /* -1 likewise */
	int provider; /* of a provider's router; else -1 */
	bool icmp;
	uint16_t port;        /* open or closed port that answers; 0: none */
	bool refuses;         /* answers with RST: no timestamp */
	int64_t phases[2][2]; /* when in a sweep it is asked, by tier and kind; -1: it is not */
	double availability;
	struct spans off;        /* the address is not in use */
	int daily_on, daily_off; /* hours UTC; equal: all day */
};

/* How a cut looks from outside. */
enum cut_kind { CUT_SILENT, CUT_UNREACHABLE, CUT_INNER_UNREACHABLE, CUT_LOOP, CUT_BORDER };

struct provider {
	struct ip4 edge, inner; /* its last router before the country, and the one before */
	bool named;             /* in targets.csv with role upstream */
	double error_share;     /* of probes that get an error while it sends any */
	int error_code;
	struct spans bursts; /* loss on the far side */
	struct spans ramp;   /* congestion: share lost, delay added */
	struct spans detour; /* the long way round: share lost, seconds the way takes */
	struct spans split;  /* one of two paths loses: of whom, and how (enum split_kind) */
};

enum fault_kind {
	FAULT_BLIND,     /* everything lost beyond our first router */
	FAULT_INTERFACE, /* our link is down: unsent */
	FAULT_ABSENT,    /* no sweep at all */
	FAULT_DROPS,     /* the capture loses frames */
};

enum split_kind {
	SPLIT_PROBES, /* each probe takes either path, by chance */
	SPLIT_KINDS,  /* a host's echoes take one and its TCP the other */
};

/* A box that answers TCP for every address of a block, whoever lives there. */
enum box_kind {
	BOX_INSIDE, /* behind the line: silent when that is cut */
	BOX_EDGE,   /* before it: answers whatever happens to the hosts */
};

/* Starts of the sweeps that could see an outage, by tier; the rest were blind or unproven. */
struct looks {
	struct instants starts[2];
};

struct vantage {
	char name[16];
	struct ip4 source;
	int64_t distance_ns;
	int64_t phase_ns; /* of its schedule */
	int64_t clock_step_at, clock_step_ns;
	int64_t source_changes_at;
	struct ip4 next_source;
	struct spans bursts; /* loss on the near side: anchors too */
	struct spans faults;
	struct spans near_box[WORLD_BLOCKS]; /* a box near us answers for everybody */
	struct spans cut[WORLD_BLOCKS];      /* routes away, seen from here */
};

struct world {
	uint64_t seed;
	char family[16];
	struct rng rng;
	int64_t start, end;
	struct play play;
	int64_t watch_ns, full_ns; /* between sweeps; watch_ns 0: full sweeps only */
	int64_t step_ns;           /* from turn to turn */
	int64_t spread_ns;         /* a watch sweep's probes lie within that */
	int64_t lasts_ns;          /* ... a full sweep's */
	double retries_s[3];
	int retry_count;
	bool anchored, borders_named, drops_marked, path_probes;
	double loss;           /* on every probe, far side */
	double icmp_per_block; /* replies a second a block lets through; 0: all */

	int block_count, machine_count, endpoint_count, vantage_count, provider_count, site_count;
	struct prefix blocks[WORLD_BLOCKS];
	int provider_of[WORLD_BLOCKS];
	int empty_block;   /* nobody lives there; 0: every block has machines */
	int border;        /* machine behind which everything is */
	bool border_tells; /* host unreachable for a dead host behind it */
	struct machine machines[WORLD_MACHINES];
	struct endpoint endpoints[WORLD_ENDPOINTS];
	struct vantage vantages[WORLD_VANTAGES];
	struct provider providers[WORLD_PROVIDERS];
	struct spans icmp_filtered[WORLD_BLOCKS];
	struct spans far_box[WORLD_BLOCKS];
	struct looks looks[WORLD_VANTAGES]; /* filled while it is looked at */
};

/* What a family asks of its worlds; the rest is drawn. Zero: draw. */
struct world_wish {
	double days;
	int blocks, machines_per_block, vantages, providers, sites;
	double ups_share;   /* negative: draw */
	double clock_share; /* of machines with a usable clock; negative: draw */
	bool no_anchors, harsh_clocks;
	bool known;         /* the machines of the one country that is known */
	struct play play;   /* its hosts and kinds */
	double flaky_share; /* of addresses that come and go; negative: draw */
};
extern const struct world_wish world_wish_any;

/* owned by the caller; world_destroy frees. */
struct world *world_create(const char *family, uint64_t seed, const struct world_wish *wish);
void world_destroy(struct world *world);

/* Sort every list of spans: after the last event, before the first look. */
void world_settle(struct world *world);

/* Its timestamps can show a reboot. */
bool machine_clock_usable(const struct world *world, int machine);

/* It counts as a machine in truth: up nearly always, when nothing is wrong. */
bool machine_counted(const struct world *world, int machine);

/* The block its first address is in. */
int machine_block(const struct world *world, int machine);

#endif
