#include <stdlib.h>
#include <string.h>

#include "analysis/block/inner.h"

/* What was dark for an hour was an outage, whatever the addresses are now. */
static int64_t long_dark_end(const struct event *event, const struct constants *constants)
{
	for (size_t i = event->plight_count; i-- > 0;) {
		const struct plight *p = &event->plights[i];
		if (p->kind == PLIGHT_DARK && p->end_high_ns - p->high_ns > constants->absence_ns)
			return p->end_high_ns;
	}
	return 0;
}

/* Darkness in which nobody was lost was the time until new addresses were asked. */
static void drop_darkness(struct event *event)
{
	size_t kept = 0;

	for (size_t i = 0; i < event->plight_count; i++) {
		const struct plight *p = &event->plights[i];
		bool lost = p->kind != PLIGHT_DARK || !p->end_high_ns;
		for (size_t k = 0; k < event->out_count && !lost; k++) {
			const struct spell *s = &event->outs[k].spell;
			lost = s->silent_ns[0] <= p->end_high_ns &&
			       (!s->back_ns || s->back_ns > p->high_ns);
		}
		if (lost)
			event->plights[kept++] = *p;
	}
	event->plight_count = kept;
}

void block_moved(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	struct event *event = &block->event;
	int64_t end_ns = long_dark_end(event, constants);
	size_t kept = 0;

	for (size_t i = 0; i < event->out_count; i++) {
		struct out *out = &event->outs[i];
		if (!out->spell.back_ns) {
			struct machine *m = &machines[out->machine];
			m->state = MACHINE_ABSENT;
			block->out_count--;
			out->spell = m->spell;
			if (out->spell.silent_ns[0] >= end_ns)
				continue;
			out->spell.back_ns = end_ns;
			for (int k = 0; k < 2; k++)
				if (out->spell.last_ns[k] >= end_ns)
					out->spell.last_ns[k] = out->spell.silent_ns[0];
		}
		event->outs[kept++] = *out;
	}
	event->out_count = kept;
	drop_darkness(event);
	block->changed_ns = now_ns;
}

int64_t block_out_since(const struct block *block, const struct machine *machines)
{
	int64_t since_ns = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		if (m->state == MACHINE_OUT && (!since_ns || m->spell.replied_ns < since_ns))
			since_ns = m->spell.replied_ns;
	}
	return since_ns;
}

size_t block_lost_whole(const struct block *block, const struct machine *machines,
	const struct constants *constants, int64_t *ret_since_ns)
{
	size_t count = 0;

	*ret_since_ns = block->reply_ns;
	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		int64_t from_ns = m->spell.replied_ns;
		if (!machine_is_known(m) || from_ns < block->reply_ns - constants->chain_ns)
			continue;
		count++;
		if (from_ns < *ret_since_ns)
			*ret_since_ns = from_ns;
	}
	return count > block->out_count ? count : block->out_count;
}

/* It was an outage: each of them was back when one more had come elsewhere. */
static void end_outs(struct event *event, const struct arrival *came, size_t count)
{
	size_t next = 0;

	for (size_t i = 0; i < event->out_count; i++) {
		struct spell *s = &event->outs[i].spell;
		if (s->back_ns)
			continue;
		const struct arrival *one = &came[next + 1 < count ? next++ : next];
		s->back_ns = one->high_ns;
		s->last_ns[0] = one->low_ns > s->silent_ns[0] ? one->low_ns : s->silent_ns[0];
		s->last_ns[1] = 0;
	}
}

/* No machine of it was lost, nor was the block. */
static void drop_outs(struct block *block)
{
	struct event *event = &block->event;
	size_t kept = 0;

	for (size_t i = 0; i < event->out_count; i++)
		if (event->outs[i].spell.back_ns)
			event->outs[kept++] = event->outs[i];
	event->out_count = kept;
	kept = 0;
	for (size_t i = 0; i < event->plight_count; i++)
		if (event->plights[i].kind != PLIGHT_DARK || event->plights[i].end_high_ns)
			event->plights[kept++] = event->plights[i];
	event->plight_count = kept;
}

/* Nobody is left in it who could answer: what follows is silence of none. */
static void leave(struct block *block, struct machine *machines)
{
	for (size_t i = 0; i < block->member_count; i++) {
		struct machine *m = &machines[block_member(block, i)];
		if (m->spell.count == 0)
			continue;
		m->state = MACHINE_ABSENT;
		m->left = true;
	}
	block->out_count = 0;
	block->dark = false;
	block->left = true;
	block_hush_ends(block);
}

void block_moved_whole(struct block *block, struct machine *machines, const struct arrival *came,
	size_t count, int64_t now_ns, const struct constants *constants)
{
	struct plight *dark = block_open_plight(block, PLIGHT_DARK);
	int64_t left_ns = block->hush_ns;

	for (size_t i = 0; i < block->event.out_count; i++) {
		struct out *out = &block->event.outs[i];
		if (!out->spell.back_ns)
			out->spell = machines[out->machine].spell;
	}
	if (came[count / 2].low_ns - dark->high_ns <= constants->chain_ns / 2) {
		drop_outs(block);
	} else {
		dark->end_high_ns = came[0].high_ns;
		dark->end_low_ns = came[0].low_ns > dark->high_ns ? came[0].low_ns : dark->high_ns;
		end_outs(&block->event, came, count);
		left_ns = came[count - 1].high_ns;
	}
	leave(block, machines);
	block_add_segment(block, left_ns, BLOCK_UNKNOWN);
	block->changed_ns = now_ns;
}
