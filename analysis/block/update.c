#include "analysis/block/block.h"

#include <math.h>

#include "analysis/block/inner.h"
#include "core/mem.h"

/* How often one silence follows another while a host of this block is there. */
static double repeat_usual(const struct block *block)
{
	return (block->repeated + REPEAT_PRIOR * REPEAT_PRIOR_PROBES) /
	       (block->repeated + block->recovered + REPEAT_PRIOR_PROBES);
}

/* A silence that an answer follows, with the host there all the while, was loss: of the host, or
 * on the way to it. One of all of them explains itself. */
static void learn_loss(struct block *block, const struct host *host,
	const struct probe_result *result, const struct parameters *parameters)
{
	const struct silence_run *run = &host->run;
	unsigned lost = result->attempts - 1U;
	bool shared = run->silent_ns[0] >= block->shared_ns[0] &&
		      run->silent_ns[0] <= block->shared_ns[1];

	if (!shared && host_was_there(host, parameters)) {
		block->recovered += 1;
		block->repeated += run->count - 1;
		lost += run->count;
	}
	loss_rate_add(&block->loss, lost, lost + 1, result->at_ns, parameters);
}

static void see_silence(struct block *block, struct host *hosts, const struct probe_result *result,
	double loss, const struct parameters *parameters)
{
	struct host *host = &hosts[result->host];
	if (host->left) /* it was asked where it is no more */
		return;
	/* It answered while the sweep lasted, and may have been asked before. */
	if (result->implicit && host->run.replied_ns > result_earliest(result))
		return;
	host->boxed &= (uint8_t) ~(1u << result->channel);
	if (!host_method_counts(host, (enum channel)result->channel,
		    responsiveness_availability(&host->channels[result->channel]))) {
		host_uncounted_silence(host, (enum channel)result->channel,
			host->run.count == 0 && !block->down, result->at_ns, parameters);
		return;
	}
	if (!block->unanswered_since_ns)
		block->unanswered_since_ns = result->at_ns;
	double q = host_expect(host, (enum channel)result->channel, repeat_usual(block));
	double nats = -log1p(-q * (1 - pow(loss, result->attempts)));

	host->silent_to |= UINT64_C(1) << result->vantage;
	block->last_responder_silent |= result->host == block->last_responder;
	bool out = host_silent(host, (enum channel)result->channel, nats, result_earliest(result),
			   result->at_ns, parameters) &&
		   block_host_is_silent(block, host, result->at_ns);
	if (!host_is_known(host))
		return;
	bool sleeps = block_sleeps(host, &host->run, parameters);
	if (!sleeps)
		block_silence(block, hosts, result, nats, parameters);
	if (host->state == HOST_HERE && out && !block->down && sleeps)
		host->state = HOST_ABSENT;
	else if (host->state == HOST_HERE && (out || block->down))
		block_goes_out(block, hosts, result->host, result->at_ns, parameters);
}

/* Was the border there all the while? It is asked once an outage of others is over. */
static void note_reply_gap(struct block *block, const struct host *host,
	const struct probe_result *result, const struct parameters *parameters)
{
	int64_t from_ns = host->run.replied_ns;
	int64_t lasted_ns = result->at_ns - from_ns;

	if (!from_ns || 3 * lasted_ns <= 2 * parameters->flap_ns ||
		(double)lasted_ns <= 2e9 * (double)host->every_s)
		return;
	block->reply_gaps = mem_grow(block->reply_gaps, &block->reply_gap_capacity,
		block->reply_gap_count + 1, sizeof(*block->reply_gaps));
	block->reply_gaps[block->reply_gap_count++] =
		(struct reply_gap){result->host, from_ns, result->at_ns};
}

/* A reply ends the silence of the block. */
static void end_silence(struct block *block, struct host *hosts, const struct probe_result *result,
	const struct parameters *parameters)
{
	if (!block->down && block->silent_ns[0] &&
		block_is_down(block, hosts, result->at_ns, parameters))
		block_goes_down(block, hosts, result->at_ns, parameters);
	if (!block->down && block->unanswered_nats >= FLAP_NATS) {
		block->flaps_ns = mem_grow(block->flaps_ns, &block->flap_capacity,
			block->flap_count + 1, sizeof(*block->flaps_ns));
		block->flaps_ns[block->flap_count++] = block->silent_ns[0];
	}
	block_note_brief_down(block, hosts, result->at_ns, parameters);
	if (block->unanswered_nats >= BLOCK_SHARED_NATS) {
		block->shared_ns[0] = block->silent_ns[0];
		block->shared_ns[1] = result->at_ns;
	}
	if (block_is_unanswered(block, hosts, result->at_ns, parameters)) {
		block_add_segment(block, block->unanswered_since_ns, BLOCK_UNKNOWN);
		block_add_segment(block, result->at_ns, BLOCK_UP);
	}
	if (block->down)
		block_comes_up(block, result->at_ns);
	block_silence_ends(block);
}

/* Silences are learned of who fell silent by itself, or too briefly to tell. */
static bool is_own(
	const struct block *block, const struct host *host, const struct parameters *parameters)
{
	return incident_is_empty(&block->incident) || host->run.count < HOST_TELLING_SILENCES ||
	       block_failed_alone(block, host, &host->run, parameters);
}

static void see_reply(struct block *block, struct host *hosts, const struct probe_result *result,
	const struct parameters *parameters)
{
	struct host *host = &hosts[result->host];
	struct silence_run run;

	if (block->left)
		block_add_segment(block, result->at_ns, BLOCK_UP);
	block->left = false;
	if (block->unanswered_since_ns)
		end_silence(block, hosts, result, parameters);
	bool out = host->state == HOST_OUT;
	bool left = host->left;
	bool silent_to_all =
		host->run.count > 0 && block_host_is_silent(block, host, result->at_ns);
	if (!block->first_reply_ns)
		block->first_reply_ns = result->at_ns;
	learn_loss(block, host, result, parameters);
	block->reply_ns = result->at_ns;
	block->last_responder = result->host;
	host->heard |= UINT64_C(1) << result->vantage;
	host->silent_to = 0;
	host->left = false;

	if (host->router)
		note_reply_gap(block, host, result, parameters);
	if (!host_reply(host, (enum channel)result->channel, is_own(block, host, parameters),
		    result->sweep, result->at_ns, parameters, &run) ||
		left) /* nor was it lost meanwhile */
		return;
	block_rule_out_aliases(block, hosts, host, &run, parameters);
	path_quality_lose(&block->quality, &run, parameters);
	if (out) {
		block_comes_back(block, host, result->host, &run, result->at_ns, parameters);
		block_count_absence(block, host, &run, parameters);
	} else if (block_sleeps(host, &run, parameters)) {
		/* Its habit, unless others went just then. */
		if (silent_to_all && host_is_known(host) && host_was_out(host, &run, parameters))
			incident_add_short(&block->incident, result->host, host, &run, parameters);
	} else if (silent_to_all && host_is_known(host) && host_was_out(host, &run, parameters)) {
		block_incident_opens(block, hosts, result->at_ns, parameters);
		incident_add_out(&block->incident, result->host, host, &run, parameters);
		block->changed_ns = result->at_ns;
		block_count_absence(block, host, &run, parameters);
	} else if (silent_to_all && host_is_known(host) && !block->saturated && !block->lossy &&
		   (double)host->weight >= HOST_STABLE && host_was_out_shortly(&run, parameters)) {
		incident_add_short(&block->incident, result->host, host, &run, parameters);
	}
}

void block_see(struct block *block, struct host *hosts, const struct probe_result *result,
	double anchor_loss, const struct parameters *parameters)
{
	if (result->answered)
		see_reply(block, hosts, result, parameters);
	else
		see_silence(block, hosts, result, fmax(loss_rate_now(&block->loss), anchor_loss),
			parameters);
	block_path_quality(block, hosts, result, anchor_loss, parameters);
	block->seen_ns = result->at_ns;
}

void block_forget(struct block *block, struct host *hosts, int64_t until_ns)
{
	if (block->down)
		return;
	if (block->unanswered_since_ns < until_ns)
		block_silence_ends(block);
	for (size_t i = 0; i < block->member_count; i++) {
		struct host *h = &hosts[block_member(block, i)];
		if (h->state != HOST_HERE || h->run.count == 0 || h->run.silent_ns[0] >= until_ns)
			continue;
		h->run = (struct silence_run){.replied_ns = h->run.replied_ns};
		h->lapses[CHANNEL_ICMP] = h->lapses[CHANNEL_TCP] = 0;
	}
}
