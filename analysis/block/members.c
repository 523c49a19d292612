#include <math.h>
#include <stdlib.h>

#include "analysis/block/inner.h"

/* A silence is a machine's own when this much likelier than that the others of its block
 * met the same loss: 13 nats, of which four are that it should have begun just then. */
#define OWN_NATS 9.0

void block_join(struct block *block, struct ip4 address, uint32_t number)
{
	uint8_t last = (uint8_t)(address.host & 255);
	size_t at = block->member_count++;

	for (; at > 0 && block->members[at - 1] > last; at--)
		block->members[at] = block->members[at - 1];
	block->members[at] = last;
	block->machines[last] = number + 1;
}

/* What is here now, and how often such machines fail by themselves. */
void block_survey(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	block->weight = 0;
	block->here = 0;
	block->solid = 0;
	block->counting = 0;
	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		if (!machine_is_known(m))
			continue;
		block->counting += machine_counts(m, constants);
		block->has_counted |= block->counting > 0;
		if (m->state == MACHINE_ABSENT)
			continue;
		double availability = m->spell.count ? (double)m->weight : machine_availability(m);
		block->here++;
		block->solid += availability >= MACHINE_SOLID;
		block->weight += availability;
	}
	if (block->counted_ns && now_ns > block->counted_ns) {
		double since = (double)(now_ns - block->counted_ns);
		double keep = exp2(-since / (double)constants->steady_ns);
		block->absences *= keep;
		block->machine_time = block->machine_time * keep + since * (double)block->solid;
	}
	block->counted_ns = now_ns;
}

/* Addresses whose clocks agree are one machine, and weigh as one. */
void block_share_weights(struct block *block, struct machine *machines)
{
	block->weight = 0;
	for (size_t i = 0; i < block->member_count; i++) {
		struct machine *m = &machines[block_member(block, i)];
		size_t twins = 0;
		if (!machine_is_known(m) || m->state == MACHINE_ABSENT)
			continue;
		for (size_t k = 0; k < block->member_count; k++) {
			const struct machine *n = &machines[block_member(block, k)];
			twins += k == i ||
				 (n->clock_ns && m->clock_ns && machine_is_known(n) &&
					 !apart_holds(m->apart, n->address) &&
					 n->state != MACHINE_ABSENT &&
					 llabs(n->clock_ns - m->clock_ns) <= MACHINE_SAME_CLOCK_NS);
		}
		m->share = 1 / (float)twins;
		block->weight += (m->spell.count ? (double)m->weight : machine_availability(m)) /
				 (double)twins;
	}
}

void block_tell_apart(struct block *block, struct machine *machines, struct machine *machine,
	const struct spell *spell, const struct constants *constants)
{
	if (spell->last_ns[0] - spell->silent_ns[0] < constants->span_ns ||
		weather_alone(&block->weather, spell->silent_ns[0], spell->last_ns[0], spell->count,
			constants) < OWN_NATS)
		return;
	for (size_t i = 0; i < block->member_count; i++) {
		struct machine *other = &machines[block_member(block, i)];
		if (other != machine && machine_was_apart(machine, spell, other, constants))
			machine_set_apart(machine, other);
	}
}
