#include <stdlib.h>
#include <string.h>

#include "analysis/block/inner.h"

/* What was down for an hour was an outage, whatever the addresses are now. */
static int64_t long_down_end(const struct incident *incident, const struct parameters *parameters)
{
	for (size_t i = incident->impairment_count; i-- > 0;) {
		const struct impairment *p = &incident->impairments[i];
		if (p->kind == IMPAIRMENT_DOWN && p->end_high_ns - p->high_ns > parameters->hour_ns)
			return p->end_high_ns;
	}
	return 0;
}

/* Darkness in which nobody was lost was the time until new addresses were asked. */
static void drop_downs(struct incident *incident)
{
	size_t kept = 0;

	for (size_t i = 0; i < incident->impairment_count; i++) {
		const struct impairment *p = &incident->impairments[i];
		bool lost = p->kind != IMPAIRMENT_DOWN || !p->end_high_ns;
		for (size_t k = 0; k < incident->out_count && !lost; k++) {
			const struct silence_run *s = &incident->outs[k].run;
			lost = s->silent_ns[0] <= p->end_high_ns &&
			       (!s->back_ns || s->back_ns > p->high_ns);
		}
		if (lost)
			incident->impairments[kept++] = *p;
	}
	incident->impairment_count = kept;
}

void block_moved(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	struct incident *incident = &block->incident;
	int64_t end_ns = long_down_end(incident, parameters);
	size_t kept = 0;

	for (size_t i = 0; i < incident->out_count; i++) {
		struct host_outage *out = &incident->outs[i];
		if (!out->run.back_ns) {
			struct host *h = &hosts[out->host];
			h->state = HOST_ABSENT;
			block->out_count--;
			out->run = h->run;
			if (out->run.silent_ns[0] >= end_ns)
				continue;
			out->run.back_ns = end_ns;
			for (int k = 0; k < 2; k++)
				if (out->run.last_ns[k] >= end_ns)
					out->run.last_ns[k] = out->run.silent_ns[0];
		}
		incident->outs[kept++] = *out;
	}
	incident->out_count = kept;
	drop_downs(incident);
	block->changed_ns = now_ns;
}

int64_t block_out_since(const struct block *block, const struct host *hosts)
{
	int64_t since_ns = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &hosts[block_member(block, i)];
		if (h->state == HOST_OUT && (!since_ns || h->run.replied_ns < since_ns))
			since_ns = h->run.replied_ns;
	}
	return since_ns;
}

size_t block_lost_whole(const struct block *block, const struct host *hosts,
	const struct parameters *parameters, int64_t *ret_since_ns)
{
	size_t count = 0;

	*ret_since_ns = block->reply_ns;
	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &hosts[block_member(block, i)];
		int64_t from_ns = h->run.replied_ns;
		if (!host_is_known(h) || from_ns < block->reply_ns - parameters->cluster_gap_ns)
			continue;
		count++;
		if (from_ns < *ret_since_ns)
			*ret_since_ns = from_ns;
	}
	return count > block->out_count ? count : block->out_count;
}

/* It was an outage: each of them was back when one more had come elsewhere. */
static void end_outs(struct incident *incident, const struct arrival *came, size_t count)
{
	size_t next = 0;

	for (size_t i = 0; i < incident->out_count; i++) {
		struct silence_run *s = &incident->outs[i].run;
		if (s->back_ns)
			continue;
		const struct arrival *one = &came[next + 1 < count ? next++ : next];
		s->back_ns = one->high_ns;
		s->last_ns[0] = one->low_ns > s->silent_ns[0] ? one->low_ns : s->silent_ns[0];
		s->last_ns[1] = 0;
	}
}

/* No host of it was lost, nor was the block. */
static void drop_outs(struct block *block)
{
	struct incident *incident = &block->incident;
	size_t kept = 0;

	for (size_t i = 0; i < incident->out_count; i++)
		if (incident->outs[i].run.back_ns)
			incident->outs[kept++] = incident->outs[i];
	incident->out_count = kept;
	kept = 0;
	for (size_t i = 0; i < incident->impairment_count; i++)
		if (incident->impairments[i].kind != IMPAIRMENT_DOWN ||
			incident->impairments[i].end_high_ns)
			incident->impairments[kept++] = incident->impairments[i];
	incident->impairment_count = kept;
}

/* Nobody is left in it who could answer: what follows is silence of none. */
static void leave(struct block *block, struct host *hosts)
{
	for (size_t i = 0; i < block->member_count; i++) {
		struct host *h = &hosts[block_member(block, i)];
		if (h->run.count == 0)
			continue;
		h->state = HOST_ABSENT;
		h->left = true;
	}
	block->out_count = 0;
	block->down = false;
	block->left = true;
	block_silence_ends(block);
}

void block_moved_whole(struct block *block, struct host *hosts, const struct arrival *came,
	size_t count, int64_t now_ns, const struct parameters *parameters)
{
	struct impairment *down = block_open_impairment(block, IMPAIRMENT_DOWN);
	int64_t left_ns = block->unanswered_since_ns;

	for (size_t i = 0; i < block->incident.out_count; i++) {
		struct host_outage *out = &block->incident.outs[i];
		if (!out->run.back_ns)
			out->run = hosts[out->host].run;
	}
	if (came[count / 2].low_ns - down->high_ns <= parameters->cluster_gap_ns / 2) {
		drop_outs(block);
	} else {
		down->end_high_ns = came[0].high_ns;
		down->end_low_ns = came[0].low_ns > down->high_ns ? came[0].low_ns : down->high_ns;
		end_outs(&block->incident, came, count);
		left_ns = came[count - 1].high_ns;
	}
	leave(block, hosts);
	block_add_segment(block, left_ns, BLOCK_UNKNOWN);
	block->changed_ns = now_ns;
}
