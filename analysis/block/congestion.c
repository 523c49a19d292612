#include <math.h>

#include "analysis/block/inner.h"

/* Shares answered, of what would be without loss. */
#define DROWNED_SHARE 0.15
#define SURFACED_SHARE 0.35
#define LOSSY_SHARE 0.7
#define CLEAR_SHARE 0.8
#define CLEAN_LOSS 0.15

/* A minute is full: has the loss begun to matter, or ceased to? */
static void look_at_weather(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	const struct weather *w = &block->weather;
	int64_t since_ns;

	if (!block->drowned && weather_held(w, 6, DROWNED_SHARE, false, constants, &since_ns)) {
		block_plight_begins(block, machines, PLIGHT_DROWNED, since_ns, now_ns, constants);
		block->drowned = true;
	} else if (block->drowned &&
		   weather_held(w, 2, SURFACED_SHARE, true, constants, &since_ns)) {
		block_plight_ends(block, PLIGHT_DROWNED, since_ns, now_ns, constants);
		block->drowned = false;
	}
	if (!block->lossy && weather_held(w, 5, LOSSY_SHARE, false, constants, &since_ns)) {
		block_plight_begins(block, machines, PLIGHT_LOSSY, since_ns, now_ns, constants);
		block->lossy = true;
	} else if (block->lossy && weather_held(w, 2, CLEAR_SHARE, true, constants, &since_ns)) {
		block_plight_ends(block, PLIGHT_LOSSY, since_ns, now_ns, constants);
		block->lossy = false;
	}
}

/* Of machines that are there, and while our own line is clean. */
void block_weather(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants)
{
	struct machine *m = &machines[sight->machine];
	bool timed = sight->answered && sight->rtt_s > 0;
	double excess = (double)(timed ? sight->excess_s : NAN);

	if (!machine_is_known(m) || m->state != MACHINE_HERE || anchor_loss > CLEAN_LOSS)
		return;
	double expected = responsiveness_availability(&m->channels[sight->channel]);
	if (!machine_heeds(m, (enum channel)sight->channel, expected) ||
		(!sight->answered && block_sleeps(m, &m->spell, constants)))
		return;
	if (weather_add(&block->weather, sight->at_ns, expected, sight->answered, sight->attempts,
		    excess, constants))
		look_at_weather(block, machines, sight->at_ns, constants);
}
