#include <math.h>
#include <stdlib.h>

#include "analysis/block/inner.h"
#include "analysis/host/alias.h"

void block_join(struct block *block, struct ip4 address, uint32_t number)
{
	uint8_t last = (uint8_t)(address.host & 255);
	size_t at = block->member_count++;

	for (; at > 0 && block->members[at - 1] > last; at--)
		block->members[at] = block->members[at - 1];
	block->members[at] = last;
	block->hosts[last] = number + 1;
}

/* What is here now, and how often such hosts fail by themselves. */
void block_count_members(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	block->weight = 0;
	block->here = 0;
	block->stable = 0;
	block->counting = 0;
	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &hosts[block_member(block, i)];
		if (!host_is_known(h))
			continue;
		block->counting += host_counts(h, parameters);
		block->has_counted |= block->counting > 0;
		if (h->state == HOST_ABSENT)
			continue;
		double availability = h->run.count ? (double)h->weight : host_availability(h);
		block->here++;
		block->stable += availability >= HOST_STABLE;
		block->weight += availability;
	}
	if (block->counted_ns && now_ns > block->counted_ns) {
		double since = (double)(now_ns - block->counted_ns);
		double keep = exp2(-since / (double)parameters->steady_ns);
		block->absences *= keep;
		block->host_time = block->host_time * keep + since * (double)block->stable;
	}
	block->counted_ns = now_ns;
}

/* Addresses whose clocks agree are one host, and weigh as one. */
void block_share_weights(struct block *block, struct host *hosts)
{
	block->weight = 0;
	for (size_t i = 0; i < block->member_count; i++) {
		struct host *h = &hosts[block_member(block, i)];
		size_t aliases = 0;
		if (!host_is_known(h) || h->state == HOST_ABSENT)
			continue;
		for (size_t k = 0; k < block->member_count; k++) {
			const struct host *n = &hosts[block_member(block, k)];
			aliases += k == i ||
				   (n->clock_ns && h->clock_ns && host_is_known(n) &&
					   !not_alias_holds(h->not_alias, n->address) &&
					   n->state != HOST_ABSENT &&
					   llabs(n->clock_ns - h->clock_ns) <= HOST_SAME_CLOCK_NS);
		}
		h->share = 1 / (float)aliases;
		block->weight +=
			(h->run.count ? (double)h->weight : host_availability(h)) / (double)aliases;
	}
}

void block_rule_out_aliases(struct block *block, struct host *hosts, struct host *host,
	const struct silence_run *run, const struct parameters *parameters)
{
	if (run->last_ns[0] - run->silent_ns[0] < parameters->flap_ns / 2 ||
		path_quality_alone(&block->quality, run->silent_ns[0], run->last_ns[0], run->count,
			parameters) < OWN_NATS)
		return;
	for (size_t i = 0; i < block->member_count; i++) {
		struct host *other = &hosts[block_member(block, i)];
		if (other != host && host_rules_out_alias(host, run, other, parameters))
			host_set_not_alias(host, other);
	}
}
