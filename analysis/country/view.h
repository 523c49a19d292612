#ifndef ANALYSIS_COUNTRY_VIEW_H
#define ANALYSIS_COUNTRY_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "analysis/block/block.h"
#include "analysis/method/reorder.h"
#include "analysis/vantage/near.h"
#include "analysis/vantage/probe_times.h"
#include "analysis/vantage/trips.h"
#include "analysis/vantage/uplink.h"
#include "store/box.h"
#include "store/observation.h"
#include "targets/routers.h"

/*
 * The country as some vantage points together see it, folded forward in time:
 * blocks, hosts, outages found. The whole is one view of all vantage points;
 * each has one of its own as soon as there are two, which is how a block that
 * only one of them has lost is told from one that is down. Pure.
 */
/* Somebody on the path said that a host cannot be reached. */
enum error_from { ERROR_UPSTREAM, ERROR_BORDER, ERROR_TRANSIT };
struct path_error {
	uint32_t host;
	enum error_from from;
	int64_t first_ns, last_ns;
};

/* A router that is no host of a block: of the provider or of the border. learned: nobody
 * named it. went_ns: when it came back from an outage that it shared; 0: never. */
struct router {
	struct ip4 address;
	enum role role;
	bool learned;
	int64_t went_ns;
	int64_t first_ns, reply_ns;
	int64_t silent_ns; /* since when it is silent */
	uint32_t silences;
	float every_s; /* from a reply to the next */
	struct outing {
		int64_t start_ns, end_ns;
	} * outs; /* owned */
	size_t out_count, out_capacity;
};

/*
 * A host that is a border router: it is named, or the paths say so, from from_ns to to_ns at
 * least. went_ns: when it came back from an outage of all its block for the first time; 0: it
 * never went with the others, so whether it is before them is anybody's word.
 */
struct border {
	uint32_t host;
	bool named;
	int64_t from_ns, to_ns;
	int64_t went_ns;
};

/* Replies in time by which a line is proven: one kept for each 17 s, 9 minutes of them,
 * longer than a full sweep lasts. */
enum { HEARD_SLOTS = 32 };

struct view {
	struct parameters parameters;
	struct block *blocks; /* ascending */
	size_t block_count;
	struct host *hosts;
	size_t host_count, host_capacity;
	uint64_t *marks; /* per host: sweep number * 4 + bit per channel seen in it */
	size_t mark_capacity;
	uint32_t *moved_from; /* per host: 1 + the block that it came from; 0: not known */
	size_t moved_capacity;
	size_t vantage_count;                          /* numbers met so far are below this */
	struct trips trips;                            /* usual round trips */
	struct nears nears;                            /* how far hosts are, and what is nearer */
	struct probe_times probe_times[VANTAGES_MOST]; /* in full sweeps, by vantage */
	struct boxes boxes[VANTAGES_MOST]; /* that answer for whole blocks, by vantage */
	const struct target_row *controls; /* borrowed: rows that are not targets */
	size_t control_count;
	struct uplink uplinks[VANTAGES_MOST]; /* our own, by vantage */
	/* By vantage: why the silence of its last sweep says nothing; REASON_NONE where it does. */
	enum reason blind[VANTAGES_MOST];
	double anchor_loss;                    /* of the worst of them */
	struct reorder results;                /* their time is not complete */
	int64_t clock_error_ns[VANTAGES_MOST]; /* as its last sweep that knew said */
	struct disruptions disruptions;
	struct path_error *errors; /* by first_ns, nearly */
	size_t error_count, error_capacity;
	struct router *routers;
	size_t router_count, router_capacity;
	struct routers met[VANTAGES_MOST]; /* what the paths say, by vantage; made when met */
	struct border *borders;            /* each host once */
	size_t border_count, border_capacity;
	size_t disruptions_seen;        /* whom of the borders they took is noted */
	struct proof proof;             /* without anchors: whose errors prove the uplink */
	int64_t errors_heard_ns;        /* when a router outside first said anything; 0: never */
	int64_t moved_ns;               /* when it was last looked whether hosts moved */
	int64_t full_ns[VANTAGES_MOST]; /* when the last full sweep began, by vantage */
	int64_t full_step_ns;           /* from the one before it */
	int heard_shift; /* a slot is 2^heard_shift ns: the power of two next below 0.3 minutes */
	int64_t heard_ns[VANTAGES_MOST][HEARD_SLOTS]; /* the last reply in each slot */
	struct {
		int64_t from_ns, to_ns; /* watch sweeps without any reply, without a break */
	} unproven[VANTAGES_MOST];
	uint64_t sweeps; /* read so far */
	int64_t now_ns;  /* end of the latest */
};

/* Rows of all roles; borrowed. start: of the first sweep. */
void view_init(struct view *view, const struct target_row *targets, size_t count, struct wall start,
	const struct parameters *parameters);
void view_finish(struct view *view);

/* Sweeps in order of (start, vantage, epoch, sweep); vantage: its number, below VANTAGES_MOST. */
void view_sweep(struct view *view, const struct sweep *sweep, size_t vantage);

/* Of each address that answered this sweep: it was heard by another vantage point, theirs,
 * which has read the sweep. */
void view_hear_elsewhere(struct view *view, const struct view *theirs, const struct sweep *sweep);

/* Was this host a border router then? NULL: no. */
const struct border *view_border_at(const struct view *view, uint32_t host, int64_t at_ns);

/*
 * May it speak for all that is behind it? Who is named may; who was learned, once it went down
 * and came back with the others: before that one host may have named it.
 */
static inline bool border_is_proven(bool named, int64_t went_ns, int64_t at_ns)
{
	return named || (went_ns && went_ns <= at_ns);
}

/* The clock of this address implies this boot time. */
void view_set_clock(struct view *view, struct ip4 address, int64_t boot_ns);

/* The data end: what is open is worked out as it stands. */
void view_end(struct view *view, struct wall until);

#endif
