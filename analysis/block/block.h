#ifndef ANALYSIS_BLOCK_BLOCK_H
#define ANALYSIS_BLOCK_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/disruption.h"
#include "analysis/disruption/incident.h"
#include "analysis/disruption/segments.h"
#include "analysis/host/host.h"
#include "analysis/host/path_quality.h"
#include "analysis/method/loss_rate.h"
#include "analysis/method/parameters.h"
#include "analysis/vantage/coverage.h"
#include "analysis/vantage/near.h"
#include "core/address.h"

/*
 * One block: its hosts, whether it is down, and the incident it is in. Takes
 * observations in order of time. Pure.
 */

/* From one reply of a border router to the next it took longer than a flap lasts. */
struct reply_gap {
	uint32_t host;
	int64_t from_ns, to_ns;
};

/* No reply from any host, too briefly to be down: from (low, high] to (end_low, end_high]. */
struct brief_down {
	int64_t low_ns, high_ns;
	int64_t end_low_ns, end_high_ns;
};

struct block {
	struct prefix prefix;
	uint32_t hosts[256];  /* by last byte: 1 + index, 0 for never answered */
	uint8_t members[256]; /* last bytes of those that have answered, ascending */
	size_t member_count;

	/* The silence since the block's last reply. */
	double belief;               /* that it is down: every host of it gone */
	int64_t unanswered_since_ns; /* first silence of any host since; 0: none at all */
	int64_t reply_ns, seen_ns;   /* last reply, last observation of any kind */
	int64_t silent_ns[2];        /* first silences: enough of them not to be loss */
	int64_t last_ns[2];          /* last and last but one */
	double silent_nats;          /* of those up to silent_ns[1] */
	double last_nats;            /* of last_ns[0] */
	uint32_t last_responder;     /* the host of the last reply */
	bool last_responder_silent;  /* it was asked again since, and was silent */
	uint32_t unweighed;          /* silences since it was last asked whether it is down */
	double unanswered_nats;      /* of the silences since the last reply, some of each host */
	int64_t shared_ns[2];        /* the last time in which all were silent, be it briefly */
	uint32_t silence_mark;
	bool down;
	bool left; /* all its hosts answer elsewhere, and no other has come */

	struct loss_rate loss;
	double recovered, repeated; /* as in struct responsiveness, of all its hosts */
	struct path_quality quality;
	bool saturated, lossy;
	struct incident incident;
	size_t out_count;   /* hosts now HOST_OUT */
	int64_t changed_ns; /* last change of who is out */
	int64_t *flaps_ns;  /* owned: times of silences too short to be outages */
	size_t flap_count, flap_capacity;
	struct reply_gap *reply_gaps; /* owned: of its border routers, in order of time */
	size_t reply_gap_count, reply_gap_capacity;
	struct brief_down *brief_downs; /* owned; by time */
	size_t brief_down_count, brief_down_capacity;
	double failures;    /* of all its hosts, as in struct host */
	double absences;    /* stable hosts that failed by themselves, decayed */
	double host_time;   /* over this time of stable hosts, ns, decayed */
	int64_t counted_ns; /* when host_time was last advanced */

	int64_t hour;           /* the last one that rhythm was learned of */
	int64_t first_reply_ns; /* 0: never */
	size_t counting;        /* hosts that count, when last looked */
	bool has_counted;       /* one of them did at any time: before, silence says little */
	double weight;          /* of those that are here */
	size_t here, stable;    /* stable: hardly ever silent by itself */
	struct coverage coverage;
	struct segments segments;
	struct stranger *strangers; /* owned: 256, by last byte, who answered in doubt only; NULL */

	/* Of the sweep being read. */
	uint64_t sweep;
	bool touched, measured;
	bool boxed;     /* a box answered for some of it */
	int64_t gap_ns; /* end of the last gap in its coverage, as far as it is decided */
};

/* What is seen of one address at one instant. */
struct probe_result {
	int64_t at_ns;
	uint32_t host;
	uint8_t channel; /* enum channel */
	uint8_t answered;
	uint8_t attempts;    /* sent, at least 1 */
	uint8_t vantage;     /* its number, below VANTAGES_MOST */
	uint8_t implicit;    /* of a full sweep: silent at some time before */
	uint8_t unreachable; /* a router of the provider or the country answered for it */
	float rtt_s; /* 0: not known; of an implicit one: how long before at_ns it may have been */
	float excess_s; /* of rtt_s over the usual; NAN: not known */
	uint64_t sweep;
};

/* One more address of it has answered: number, in the array of hosts. */
void block_join(struct block *block, struct ip4 address, uint32_t number);

/* Its member i of member_count, as its number. */
static inline uint32_t block_member(const struct block *block, size_t i)
{
	return block->hosts[block->members[i]] - 1;
}

/* The earliest that a silence can have been. */
static inline int64_t result_earliest(const struct probe_result *result)
{
	return result->implicit ? result->at_ns - (int64_t)((double)result->rtt_s * 1e9)
				: result->at_ns;
}

/* hosts: the array block.hosts points into. disruptions: where those found go. */
void block_see(struct block *block, struct host *hosts, const struct probe_result *result,
	double anchor_loss, const struct parameters *parameters);

/* Nothing was measured for a while that ended then: silences on either side of it do not add
 * up. */
void block_forget(struct block *block, struct host *hosts, int64_t until_ns);

/* Between sweeps: absences are learned, an incident that is over is worked out. */
void block_tick(struct block *block, struct host *hosts, int64_t now_ns, uint32_t number,
	const struct parameters *parameters, struct disruptions *disruptions);

/* The last reply before the hosts that are out went, of the first; 0: none. */
int64_t block_out_since(const struct block *block, const struct host *hosts);

/* The hosts that are out answer elsewhere now: they are lost no more. */
void block_moved(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);

/* Of a block that is down: how many are out or went within minutes of its last reply, and the
 * last reply of the first of these. */
size_t block_lost_whole(const struct block *block, const struct host *hosts,
	const struct parameters *parameters, int64_t *ret_since_ns);

/* A host that was never heard before: it came in (low, high]. */
struct arrival {
	int64_t low_ns, high_ns;
	uint32_t host;
};

/*
 * A down block's hosts answer elsewhere, where these came, in order of time: at once, then
 * nothing was lost; or later, then it was an outage until they came. The block is empty, and
 * what is heard of it from then on is nobody's silence.
 */
void block_moved_whole(struct block *block, struct host *hosts, const struct arrival *came,
	size_t count, int64_t now_ns, const struct parameters *parameters);

/* How often one or other of its stable hosts fails by itself, per ns. */
double block_absences(const struct block *block, const struct parameters *parameters);

/* The data end. */
void block_end(struct block *block, struct host *hosts, uint32_t number,
	const struct parameters *parameters, struct disruptions *disruptions);

/* After block_end of the last: segments in order of time. */
void block_close(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);

void block_finish(struct block *block);

#endif
