#ifndef ANALYSIS_BLOCK_BLOCK_H
#define ANALYSIS_BLOCK_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/event.h"
#include "analysis/disruption/loss.h"
#include "analysis/host/machine.h"
#include "analysis/host/weather.h"
#include "analysis/method/constants.h"
#include "analysis/method/loss_rate.h"
#include "analysis/vantage/cover.h"
#include "analysis/vantage/near.h"
#include "core/address.h"

/*
 * One block: its machines, whether it is dark, and the event it is in. Takes
 * observations in order of time. Pure.
 */

/* From one reply of a border router to the next it took longer than a flap lasts. */
struct lull {
	uint32_t machine;
	int64_t from_ns, to_ns;
};

/* No reply from any machine, too briefly to be dark: from (low, high] to (end_low, end_high]. */
struct blink {
	int64_t low_ns, high_ns;
	int64_t end_low_ns, end_high_ns;
};

struct block {
	struct prefix prefix;
	uint32_t machines[256]; /* by last byte: 1 + index, 0 for never answered */
	uint8_t members[256];   /* last bytes of those that have answered, ascending */
	size_t member_count;

	/* The silence since the block's last reply. */
	double belief;             /* that it is down: every host of it gone */
	int64_t hush_ns;           /* first silence of any machine since; 0: none at all */
	int64_t reply_ns, seen_ns; /* last reply, last observation of any kind */
	int64_t silent_ns[2];      /* first silences: enough of them not to be loss */
	int64_t last_ns[2];        /* last and last but one */
	double silent_nats;        /* of those up to silent_ns[1] */
	double last_nats;          /* of last_ns[0] */
	uint32_t replier;    /* the machine of the last reply */
	bool replier_silent; /* it was asked again since, and was silent */
	uint32_t unweighed;  /* silences since it was last asked whether it is down */
	double hush_nats;    /* of the silences since the last reply, some of each machine */
	int64_t shared_ns[2]; /* the last time in which all were silent, be it briefly */
	uint32_t dark_mark;
	bool dark;
	bool left; /* all its machines answer elsewhere, and no other has come */

	struct loss_rate loss;
	double mended, mute; /* as in struct responsiveness, of all its hosts */
	struct weather weather;
	bool drowned, lossy;
	struct event event;
	size_t out_count;   /* machines now MACHINE_OUT */
	int64_t changed_ns; /* last change of who is out */
	int64_t *flaps_ns;  /* owned: times of silences too short to be outages */
	size_t flap_count, flap_capacity;
	struct lull *lulls; /* owned: of its border routers, in order of time */
	size_t lull_count, lull_capacity;
	struct blink *blinks; /* owned; by time */
	size_t blink_count, blink_capacity;
	double failures;     /* of all its hosts, as in struct machine */
	double absences;     /* solid machines that failed by themselves, decayed */
	double machine_time; /* over this time of solid machines, ns, decayed */
	int64_t counted_ns;  /* when machine_time was last advanced */

	int64_t hour;           /* the last one that rhythm was learned of */
	int64_t first_reply_ns; /* 0: never */
	size_t counting;        /* machines that count, when last looked */
	bool has_counted;       /* one of them did at any time: before, silence says little */
	double weight;          /* of those that are here */
	size_t here, solid;     /* solid: hardly ever silent by itself */
	struct cover cover;
	struct segments segments;
	struct stranger *strangers; /* owned: 256, by last byte, who answered in doubt only; NULL */

	/* Of the sweep being read. */
	uint64_t sweep;
	bool touched, measured;
	bool boxed; /* a box answered for some of it */
	int64_t gap_ns; /* end of the last gap in its cover */
};

/* What is seen of one address at one instant. */
struct sight {
	int64_t at_ns;
	uint32_t machine;
	uint8_t channel; /* enum channel */
	uint8_t answered;
	uint8_t attempts; /* sent, at least 1 */
	uint8_t vantage;  /* its number, below VANTAGES_MOST */
	uint8_t unlisted; /* of a full sweep: silent at some time before */
	uint8_t told;     /* a router of the provider or the country answered for it */
	float rtt_s; /* 0: not known; of one unlisted: how long before at_ns it may have been */
	float excess_s; /* of rtt_s over the usual; NAN: not known */
	uint64_t sweep;
};

/* One more address of it has answered: number, in the array of machines. */
void block_join(struct block *block, struct ip4 address, uint32_t number);

/* Its member i of member_count, as its number. */
static inline uint32_t block_member(const struct block *block, size_t i)
{
	return block->machines[block->members[i]] - 1;
}

/* The earliest that a silence can have been. */
static inline int64_t sight_from(const struct sight *sight)
{
	return sight->unlisted ? sight->at_ns - (int64_t)((double)sight->rtt_s * 1e9)
			       : sight->at_ns;
}

/* machines: the array block.machines points into. losses: where outages go. */
void block_see(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants);

/* Nothing was measured for a while: silences on either side of it do not add up. */
void block_forget(struct block *block, struct machine *machines);

/* Between sweeps: absences are learned, an event that is over is worked out. */
void block_tick(struct block *block, struct machine *machines, int64_t now_ns, uint32_t number,
	const struct constants *constants, struct losses *losses);

/* The last reply before the machines that are out went, of the first; 0: none. */
int64_t block_out_since(const struct block *block, const struct machine *machines);

/* The machines that are out answer elsewhere now: they are lost no more. */
void block_moved(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants);

/* Of a block that is dark: how many are out or went within minutes of its last reply, and the
 * last reply of the first of these. */
size_t block_lost_whole(const struct block *block, const struct machine *machines,
	const struct constants *constants, int64_t *ret_since_ns);

/* A machine that was never heard before: it came in (low, high]. */
struct arrival {
	int64_t low_ns, high_ns;
	uint32_t machine;
};

/*
 * A dark block's machines answer elsewhere, where these came, in order of time: at once, then
 * nothing was lost; or later, then it was an outage until they came. The block is empty, and
 * what is heard of it from then on is nobody's silence.
 */
void block_moved_whole(struct block *block, struct machine *machines, const struct arrival *came,
	size_t count, int64_t now_ns, const struct constants *constants);

/* How often one or other of its solid machines fails by itself, per ns. */
double block_absences(const struct block *block, const struct constants *constants);

/* The data end. */
void block_end(struct block *block, struct machine *machines, uint32_t number,
	const struct constants *constants, struct losses *losses);

/* After block_end of the last: segments in order of time. */
void block_close(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants);

void block_finish(struct block *block);

#endif
