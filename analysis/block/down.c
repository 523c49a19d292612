#include <math.h>

#include "analysis/block/inner.h"
#include "analysis/method/belief.h"
#include "core/mem.h"

/* The most that one machine's silence says for a flap. */
#define MACHINE_SAYS 8.0
/* Silences weigh as loss until together they are this unlikely to be. */
#define EARNED_NATS 2.9
/* All hosts are looked at once in so many silences of an eighth of them. */
enum { WEIGH_SHARE = 8 };

bool block_is_quiet(const struct block *block, const struct machine *machine, int64_t now_ns)
{
	const struct cover *cover = &block->cover;

	for (size_t i = 0; i < cover->vantage_count; i++) {
		uint64_t bit = UINT64_C(1) << i;
		if (cover_looks(&cover->vantages[i], now_ns) && machine->heard & bit &&
			!(machine->quiet & bit))
			return false;
	}
	return true;
}

/* Nobody has asked it for weeks, or a box answers for it whatever is asked. */
static bool is_asked_no_more(
	const struct machine *machine, int64_t now_ns, const struct constants *constants)
{
	return machine->spell.count == 0 &&
	       (!machine_kinds(machine) ||
		       now_ns - machine->spell.replied_ns >= constants->gone_ns);
}

/* Does its silence say nothing of the block? Away by habit, or for long, or elsewhere. */
static bool is_no_witness(
	const struct machine *machine, int64_t now_ns, const struct constants *constants)
{
	return is_asked_no_more(machine, now_ns, constants) || machine->state == MACHINE_ABSENT ||
	       machine->left || !machine_is_known(machine) ||
	       block_sleeps(machine, &machine->spell, constants);
}

bool block_is_silent(const struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		if (is_asked_no_more(m, now_ns, constants))
			continue;
		if (m->spell.count == 0 || !block_is_quiet(block, m, now_ns))
			return false;
	}
	return true;
}

/* All that fell silent since the block's last reply, as one run of probes. */
static void join(struct belief_block *all, const struct spell *spell, bool first)
{
	double nats = (double)(spell->silence.first_nats + spell->silence.more_nats);

	all->silence.first_nats += first ? spell->silence.first_nats : 0;
	all->silence.more_nats += (float)nats - (first ? spell->silence.first_nats : 0);
}

static double weigh(const struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	struct belief_host witnesses[BLOCK_ADDRESSES];
	struct belief_block all = {.hosts = witnesses,
		.lasted_ns = block->last_ns[0] - block->silent_ns[0],
		.within_ns = block->silent_ns[0] - block->reply_ns};
	bool first = true;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		const struct spell *spell = &m->spell;
		if (is_no_witness(m, now_ns, constants))
			continue;
		struct belief_host *h = &witnesses[all.count++];
		*h = (struct belief_host){.nats = spell_nats(spell, constants),
			.rate = machine_departures(m, spell->silent_ns[0], constants),
			.within_ns = spell->silent_ns[0] - spell->replied_ns,
			.together = spell->silent_ns[0] >= block->reply_ns - constants->chain_ns};
		if (spell->silent_ns[0] < block->silent_ns[0])
			continue;
		join(&all, spell, first);
		first = false;
	}
	return belief_down(&all, constants);
}

bool block_is_dark(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	block->unweighed = 0;
	block->belief = 0;
	if (now_ns - block->reply_ns < constants->flap_ns ||
		!block_is_silent(block, machines, now_ns, constants))
		return false;
	block->belief = weigh(block, machines, now_ns, constants);
	return block->belief >= BELIEF_DOWN;
}

void block_hush_ends(struct block *block)
{
	block->belief = 0;
	block->hush_ns = 0;
	block->hush_nats = 0;
	block->silent_ns[0] = block->silent_ns[1] = 0;
	block->last_ns[0] = block->last_ns[1] = 0;
	block->dark_mark++;
	block->replier_silent = false;
	block->unweighed = 0;
}

/* Longer than 99 in 100 bursts of loss, in seconds of the history. */
#define BLINK_NS(constants) (2 * (constants)->flap_ns / 9)

/* Where the darkness began: at its first silence, or at the second where the
 * first may have been plain loss. */
static int64_t dark_from(const struct block *block)
{
	return block->silent_ns[1] ? block->silent_ns[1] : block->silent_ns[0];
}

/* And when it was last up. Of sweeps whose probes are not in order of time a reply may have been
 * read before that silence. */
static int64_t lit_until(const struct block *block)
{
	return block->reply_ns < dark_from(block) ? block->reply_ns : dark_from(block);
}

void block_darkens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	struct event *event = &block->event;

	block_event_opens(block, machines, now_ns, constants);
	struct plight *dark = event_add_plight(event, PLIGHT_DARK);
	dark->low_ns = lit_until(block);
	dark->high_ns = dark_from(block);
	block_note_ramp(block, dark->high_ns, constants);
	dark->belief = block->belief;
	block->dark = true;
	block->changed_ns = now_ns;
	for (size_t i = 0; i < block->member_count; i++) {
		uint32_t number = block_member(block, i);
		const struct machine *m = &machines[number];
		if (machine_is_known(m) && m->state == MACHINE_HERE && m->spell.count > 0)
			block_goes_out(block, machines, number, now_ns, constants);
	}
}

/* Nobody answered until then. A host that was asked after the reply and is silent does not
 * say when the light came. */
static int64_t light_from(const struct block *block, int64_t now_ns)
{
	int64_t from_ns = block->last_nats < EARNED_NATS && block->last_ns[1] ? block->last_ns[1]
									      : block->last_ns[0];

	return from_ns < now_ns ? from_ns : now_ns;
}

/* Machines hardly ever silent by themselves that fell silent since the block's last reply. */
static size_t count_hushed(const struct block *block, const struct machine *machines)
{
	size_t count = 0;

	for (size_t i = 0; i < 256; i++) {
		const struct machine *m =
			block->machines[i] ? &machines[block->machines[i] - 1] : NULL;
		count += m && m->spell.count > 0 && machine_is_known(m) &&
			 (double)m->weight >= MACHINE_SOLID &&
			 m->spell.silent_ns[0] >= block->silent_ns[0];
	}
	return count;
}

void block_note_blink(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	if (block->dark || block->drowned || block->lossy || !block->silent_ns[0] ||
		block->hush_nats < BLOCK_SHARED_NATS ||
		now_ns - block->reply_ns < BLINK_NS(constants) ||
		block->last_ns[0] - block->silent_ns[0] < constants->flap_ns / 12 ||
		count_hushed(block, machines) < 2)
		return;
	block->blinks = mem_grow(block->blinks, &block->blink_capacity, block->blink_count + 1,
		sizeof(*block->blinks));
	block->blinks[block->blink_count++] = (struct blink){.low_ns = lit_until(block),
		.high_ns = dark_from(block),
		.end_low_ns = light_from(block, now_ns),
		.end_high_ns = now_ns};
}

void block_lightens(struct block *block, int64_t now_ns)
{
	struct plight *dark = block_open_plight(block, PLIGHT_DARK);

	dark->belief = block->belief;
	dark->end_high_ns = now_ns;
	dark->end_low_ns = light_from(block, now_ns);
	block->dark = false;
	block->changed_ns = now_ns;
}

void block_silence(struct block *block, struct machine *machines, const struct sight *sight,
	double nats, const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];

	if (machine->dark_mark != block->dark_mark) {
		machine->dark_mark = block->dark_mark;
		machine->dark_nats = 0;
	}
	if ((double)machine->dark_nats + nats > MACHINE_SAYS)
		nats = MACHINE_SAYS - (double)machine->dark_nats;
	machine->dark_nats += (float)nats;
	if (!block->silent_ns[0]) {
		block->silent_ns[0] = sight->at_ns;
		block->silent_nats = nats;
	} else if (block->silent_nats < EARNED_NATS) {
		block->silent_ns[1] = sight->at_ns;
		block->silent_nats += nats;
	}
	int64_t from_ns = sight_from(sight);
	if (from_ns < block->reply_ns)
		from_ns = block->reply_ns;
	if (from_ns >= block->last_ns[0]) {
		block->last_ns[1] = block->last_ns[0];
		block->last_ns[0] = from_ns;
		block->last_nats = nats;
	}
	block->hush_nats += nats;
	block->unweighed++;
	if (!block->dark && block->replier_silent &&
		block->unweighed > block->member_count / WEIGH_SHARE &&
		block_is_dark(block, machines, sight->at_ns, constants))
		block_darkens(block, machines, sight->at_ns, constants);
}
