#include <math.h>

#include "analysis/block/inner.h"
#include "analysis/method/belief.h"
#include "core/mem.h"

bool block_host_is_silent(const struct block *block, const struct host *host, int64_t now_ns)
{
	const struct coverage *coverage = &block->coverage;

	for (size_t i = 0; i < coverage->vantage_count; i++) {
		uint64_t bit = UINT64_C(1) << i;
		if (coverage_is_active(&coverage->vantages[i], now_ns) && host->heard & bit &&
			!(host->silent_to & bit))
			return false;
	}
	return true;
}

/* Nobody has asked it for weeks, or a box answers for it whatever is asked. */
static bool is_asked_no_more(
	const struct host *host, int64_t now_ns, const struct parameters *parameters)
{
	return host->run.count == 0 &&
	       (!host_kinds(host) || now_ns - host->run.replied_ns >= parameters->retired_ns);
}

/* Does its silence say nothing of the block? Away by habit, or for long, or elsewhere. */
static bool is_no_witness(
	const struct host *host, int64_t now_ns, const struct parameters *parameters)
{
	return is_asked_no_more(host, now_ns, parameters) || host->state == HOST_ABSENT ||
	       host->left || !host_is_known(host) || block_sleeps(host, &host->run, parameters);
}

bool block_is_silent(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *m = &hosts[block_member(block, i)];
		if (is_asked_no_more(m, now_ns, parameters))
			continue;
		if (m->run.count == 0 || !block_host_is_silent(block, m, now_ns))
			return false;
	}
	return true;
}

/* All that fell silent since the block's last reply, as one run of probes. */
static void join(struct belief_block *all, const struct silence_run *run, bool first)
{
	double nats = (double)(run->silence.first_nats + run->silence.more_nats);

	all->silence.first_nats += first ? run->silence.first_nats : 0;
	all->silence.more_nats += (float)nats - (first ? run->silence.first_nats : 0);
}

static double weigh(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	struct belief_host witnesses[BLOCK_ADDRESSES];
	struct belief_block all = {.hosts = witnesses,
		.lasted_ns = block->last_ns[0] - block->silent_ns[0],
		.within_ns = block->silent_ns[0] - block->reply_ns};
	bool first = true;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *m = &hosts[block_member(block, i)];
		const struct silence_run *run = &m->run;
		if (is_no_witness(m, now_ns, parameters))
			continue;
		struct belief_host *h = &witnesses[all.count++];
		*h = (struct belief_host){.nats = silence_run_nats(run, parameters),
			.rate = host_departures(m, run->silent_ns[0], parameters),
			.within_ns = run->silent_ns[0] - run->replied_ns,
			.together =
				run->silent_ns[0] >= block->reply_ns - parameters->cluster_gap_ns};
		if (run->silent_ns[0] < block->silent_ns[0])
			continue;
		join(&all, run, first);
		first = false;
	}
	return belief_down(&all, parameters);
}

bool block_is_down(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	block->unweighed = 0;
	block->belief = 0;
	if (now_ns - block->reply_ns < parameters->flap_ns ||
		!block_is_silent(block, hosts, now_ns, parameters))
		return false;
	block->belief = weigh(block, hosts, now_ns, parameters);
	return block->belief >= BELIEF_DOWN;
}

void block_silence_ends(struct block *block)
{
	block->belief = 0;
	block->unanswered_since_ns = 0;
	block->unanswered_nats = 0;
	block->silent_ns[0] = block->silent_ns[1] = 0;
	block->last_ns[0] = block->last_ns[1] = 0;
	block->silence_mark++;
	block->last_responder_silent = false;
	block->unweighed = 0;
}

/* Longer than 99 in 100 bursts of loss, in seconds of the history. */
#define BRIEF_DOWN_NS(parameters) (2 * (parameters)->flap_ns / 9)

/* Where the down time began: at its first silence, or at the second where the
 * first may have been plain loss. */
static int64_t down_from(const struct block *block)
{
	return block->silent_ns[1] ? block->silent_ns[1] : block->silent_ns[0];
}

/* And when it was last up. Of sweeps whose probes are not in order of time a reply may have been
 * read before that silence. */
static int64_t up_until(const struct block *block)
{
	return block->reply_ns < down_from(block) ? block->reply_ns : down_from(block);
}

void block_goes_down(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	struct incident *incident = &block->incident;

	block_incident_opens(block, hosts, now_ns, parameters);
	struct impairment *down = incident_add_impairment(incident, IMPAIRMENT_DOWN);
	down->low_ns = up_until(block);
	down->high_ns = down_from(block);
	block_note_buildup(block, down->high_ns, parameters);
	down->belief = block->belief;
	block->down = true;
	block->changed_ns = now_ns;
	for (size_t i = 0; i < block->member_count; i++) {
		uint32_t number = block_member(block, i);
		const struct host *m = &hosts[number];
		if (host_is_known(m) && m->state == HOST_HERE && m->run.count > 0)
			block_goes_out(block, hosts, number, now_ns, parameters);
	}
}

/* Nobody answered until then. A host that was asked after the reply and is silent does not
 * say when the light came. */
static int64_t up_from(const struct block *block, int64_t now_ns)
{
	int64_t from_ns = block->last_nats < EARNED_NATS && block->last_ns[1] ? block->last_ns[1]
									      : block->last_ns[0];

	return from_ns < now_ns ? from_ns : now_ns;
}

/* Hosts hardly ever silent by themselves that fell silent since the block's last reply. */
static size_t count_fallen_silent(const struct block *block, const struct host *hosts)
{
	size_t count = 0;

	for (size_t i = 0; i < 256; i++) {
		const struct host *m = block->hosts[i] ? &hosts[block->hosts[i] - 1] : NULL;
		count += m && m->run.count > 0 && host_is_known(m) &&
			 (double)m->weight >= HOST_STABLE &&
			 m->run.silent_ns[0] >= block->silent_ns[0];
	}
	return count;
}

void block_note_brief_down(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	if (block->down || block->saturated || block->lossy || !block->silent_ns[0] ||
		block->unanswered_nats < BLOCK_SHARED_NATS ||
		now_ns - block->reply_ns < BRIEF_DOWN_NS(parameters) ||
		block->last_ns[0] - block->silent_ns[0] < parameters->flap_ns / 12 ||
		count_fallen_silent(block, hosts) < 2)
		return;
	block->brief_downs = mem_grow(block->brief_downs, &block->brief_down_capacity,
		block->brief_down_count + 1, sizeof(*block->brief_downs));
	block->brief_downs[block->brief_down_count++] =
		(struct brief_down){.low_ns = up_until(block),
			.high_ns = down_from(block),
			.end_low_ns = up_from(block, now_ns),
			.end_high_ns = now_ns};
}

void block_comes_up(struct block *block, int64_t now_ns)
{
	struct impairment *down = block_open_impairment(block, IMPAIRMENT_DOWN);

	down->belief = block->belief;
	down->end_high_ns = now_ns;
	down->end_low_ns = up_from(block, now_ns);
	block->down = false;
	block->changed_ns = now_ns;
}

void block_silence(struct block *block, struct host *hosts, const struct probe_result *result,
	double nats, const struct parameters *parameters)
{
	struct host *host = &hosts[result->host];

	if (host->silence_mark != block->silence_mark) {
		host->silence_mark = block->silence_mark;
		host->silent_nats = 0;
	}
	if ((double)host->silent_nats + nats > HOST_SAYS)
		nats = HOST_SAYS - (double)host->silent_nats;
	host->silent_nats += (float)nats;
	if (!block->silent_ns[0]) {
		block->silent_ns[0] = result->at_ns;
		block->silent_nats = nats;
	} else if (block->silent_nats < EARNED_NATS) {
		block->silent_ns[1] = result->at_ns;
		block->silent_nats += nats;
	}
	int64_t from_ns = result_earliest(result);
	if (from_ns < block->reply_ns)
		from_ns = block->reply_ns;
	if (from_ns >= block->last_ns[0]) {
		block->last_ns[1] = block->last_ns[0];
		block->last_ns[0] = from_ns;
		block->last_nats = nats;
	}
	block->unanswered_nats += nats;
	block->unweighed++;
	if (!block->down && block->last_responder_silent &&
		block->unweighed > block->member_count / WEIGH_SHARE &&
		block_is_down(block, hosts, result->at_ns, parameters))
		block_goes_down(block, hosts, result->at_ns, parameters);
}

bool block_is_unanswered(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	return block->reply_ns && block->unanswered_since_ns && !block->down && !block->saturated &&
	       now_ns - block->unanswered_since_ns >= 2 * parameters->flap_ns &&
	       block->seen_ns - block->unanswered_since_ns >= parameters->flap_ns &&
	       block_is_silent(block, hosts, now_ns, parameters);
}
