#include <math.h>

#include "analysis/block/inner.h"

/* A minute is full: has the loss begun to matter, or ceased to? */
static void look_at_quality(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	const struct path_quality *w = &block->quality;
	int64_t since_ns;

	if (!block->saturated && path_quality_held(w, SATURATED_BINS, SATURATED_SHARE, false,
					 parameters, &since_ns)) {
		block_impairment_begins(
			block, hosts, IMPAIRMENT_SATURATED, since_ns, now_ns, parameters);
		block->saturated = true;
	} else if (block->saturated &&
		   path_quality_held(w, CLEAR_BINS, RELIEVED_SHARE, true, parameters, &since_ns)) {
		block_impairment_ends(block, IMPAIRMENT_SATURATED, since_ns, now_ns, parameters);
		block->saturated = false;
	}
	if (!block->lossy &&
		path_quality_held(w, LOSSY_BINS, LOSSY_SHARE, false, parameters, &since_ns)) {
		block_impairment_begins(
			block, hosts, IMPAIRMENT_LOSSY, since_ns, now_ns, parameters);
		block->lossy = true;
	} else if (block->lossy &&
		   path_quality_held(w, CLEAR_BINS, CLEAR_SHARE, true, parameters, &since_ns)) {
		block_impairment_ends(block, IMPAIRMENT_LOSSY, since_ns, now_ns, parameters);
		block->lossy = false;
	}
}

/* Of hosts that are there, and while our own uplink is clean. */
void block_path_quality(struct block *block, struct host *hosts, const struct probe_result *result,
	double anchor_loss, const struct parameters *parameters)
{
	struct host *h = &hosts[result->host];
	bool timed = result->answered && result->rtt_s > 0;
	double excess = (double)(timed ? result->excess_s : NAN);

	if (!host_is_known(h) || h->state != HOST_HERE || anchor_loss > CLEAN_LOSS)
		return;
	double expected = responsiveness_availability(&h->channels[result->channel]);
	if (!host_method_counts(h, (enum channel)result->channel, expected) ||
		(!result->answered && block_sleeps(h, &h->run, parameters)))
		return;
	if (path_quality_add(&block->quality, result->at_ns, expected, result->answered,
		    result->attempts, excess, parameters))
		look_at_quality(block, hosts, result->at_ns, parameters);
}
