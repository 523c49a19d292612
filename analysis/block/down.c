#include <math.h>

#include "analysis/block/inner.h"
#include "core/mem.h"

/* The most that one machine's silence says of its block; a lone machine's may
 * decide, it is all there is. */
#define MACHINE_SAYS 8.0
#define BLOCK_NEEDS 15.0
/* What each vantage point that had heard the block must have met by itself. */
#define VANTAGE_NATS 4.6
/* Silences weigh as loss until together they are this unlikely to be. */
#define EARNED_NATS 2.9
/* Silences at unknown times of a sweep are thought to be far apart unless this seldom. */
#define NEAR_CHANCE 0.01

bool block_asked_replier(
	const struct block *block, int64_t now_ns, const struct constants *constants)
{
	const struct cover *cover = &block->cover;

	for (size_t i = 0; i < cover->vantage_count && !block->replier_new; i++) {
		const struct cover_vantage *v = &cover->vantages[i];
		if (cover_looks(v, now_ns) && v->interval_ns &&
			v->interval_ns <= constants->flap_ns)
			return true;
	}
	return block->replier_silent;
}

/* A silence without a row, of an address that has no place in its sweep. */
static void note_vague(
	struct block *block, const struct sight *sight, const struct constants *constants)
{
	int64_t from_ns = sight_from(sight);

	if (from_ns < block->reply_ns)
		from_ns = block->reply_ns;
	if (!sight->unlisted || sight->at_ns - from_ns < constants->span_ns)
		return;
	if (block->vague.sweep != sight->sweep || block->vague.mark != block->dark_mark) {
		block->vague.sweep = sight->sweep;
		block->vague.mark = block->dark_mark;
		block->vague.count = 0;
		block->vague.within_ns = INT64_MAX;
	}
	block->vague.count += block->vague.count == 0 || block->vague.last != sight->machine;
	block->vague.last = sight->machine;
	if (sight->at_ns - from_ns < block->vague.within_ns)
		block->vague.within_ns = sight->at_ns - from_ns;
}

/* Was the silence seen over long enough? By the first and the last; or by so many in a sweep
 * that they were hardly all asked within that time of each other: the range of n times
 * that are even over a whole is r of it or less with chance n r^(n-1) - (n-1) r^n. */
static bool spans(const struct block *block, const struct constants *constants)
{
	double n = block->vague.mark == block->dark_mark ? (double)block->vague.count : 0;

	if (block->last_ns[0] - block->silent_ns[0] >= constants->span_ns)
		return true;
	if (n < 2)
		return false;
	double r = (double)constants->span_ns / (double)block->vague.within_ns;
	return n * pow(r, n - 1) - (n - 1) * pow(r, n) <= NEAR_CHANCE;
}

/* A vantage point that looks at it, and had heard it, has not met silence yet. */
static bool is_waited_for(const struct block *block, int64_t now_ns)
{
	const struct cover *cover = &block->cover;

	for (size_t i = 0; i < cover->vantage_count; i++) {
		if (cover_looks(&cover->vantages[i], now_ns) && block->heard & UINT64_C(1) << i &&
			block->quiet_nats[i] < VANTAGE_NATS)
			return true;
	}
	return false;
}

bool block_is_held_up(const struct block *block, int64_t now_ns)
{
	return !block->dark && belief_probability(&block->belief) >= BELIEF_DOWN &&
	       is_waited_for(block, now_ns);
}

bool block_is_dark(const struct block *block, int64_t now_ns, const struct constants *constants)
{
	return !is_waited_for(block, now_ns) && block_asked_replier(block, now_ns, constants) &&
	       spans(block, constants) && now_ns - block->reply_ns >= constants->flap_ns &&
	       belief_probability(&block->belief) >= BELIEF_DOWN;
}

/* More than one machine can say: two were silent, and none answered. What began with
 * 10^-4 is then at 1 in 3. */
#define BLINK_LOG_ODDS (-0.7)
/* Longer than 99 in 100 bursts of loss, in seconds of the history. */
#define BLINK_NS(constants) (2 * (constants)->flap_ns / 9)

/* Where the darkness began: at its first silence, or at the second where the
 * first may have been plain loss. */
static int64_t dark_from(const struct block *block)
{
	return block->silent_ns[1] ? block->silent_ns[1] : block->silent_ns[0];
}

void block_darkens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	struct event *event = &block->event;

	block_event_opens(block, machines, now_ns, constants);
	struct plight *dark = event_add_plight(event, PLIGHT_DARK);
	dark->low_ns = block->reply_ns;
	dark->high_ns = dark_from(block);
	block_note_ramp(block, dark->high_ns, constants);
	dark->belief = belief_probability(&block->belief);
	block->dark = true;
	block->changed_ns = now_ns;
	for (size_t i = 0; i < block->member_count; i++) {
		uint32_t number = block_member(block, i);
		const struct machine *m = &machines[number];
		if (machine_is_known(m) && m->state == MACHINE_HERE && m->spell.count > 0)
			block_goes_out(block, machines, number, now_ns, constants);
	}
}

static int64_t light_from(const struct block *block)
{
	return block->last_nats < EARNED_NATS && block->last_ns[1] ? block->last_ns[1]
								   : block->last_ns[0];
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
		block->belief.log_odds < BLINK_LOG_ODDS ||
		now_ns - block->reply_ns < BLINK_NS(constants) ||
		block->last_ns[0] - block->silent_ns[0] < constants->flap_ns / 12 ||
		count_hushed(block, machines) < 2)
		return;
	block->blinks = mem_grow(block->blinks, &block->blink_capacity, block->blink_count + 1,
		sizeof(*block->blinks));
	block->blinks[block->blink_count++] = (struct blink){.low_ns = block->reply_ns,
		.high_ns = dark_from(block),
		.end_low_ns = light_from(block),
		.end_high_ns = now_ns};
}

void block_lightens(struct block *block, int64_t now_ns)
{
	struct plight *dark = block_open_plight(block, PLIGHT_DARK);

	dark->belief = belief_probability(&block->belief);
	dark->end_high_ns = now_ns;
	dark->end_low_ns = light_from(block);
	block->dark = false;
	block->changed_ns = now_ns;
}

void block_silence(struct block *block, struct machine *machines, const struct sight *sight,
	double nats, const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	double most = block->here > 0 ? BLOCK_NEEDS / (double)block->here : BLOCK_NEEDS;

	block->quiet_nats[sight->vantage] += nats;
	if (most < MACHINE_SAYS)
		most = MACHINE_SAYS;
	if (machine->dark_mark != block->dark_mark) {
		machine->dark_mark = block->dark_mark;
		machine->dark_nats = 0;
	}
	if ((double)machine->dark_nats + nats > most)
		nats = most - (double)machine->dark_nats;
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
	note_vague(block, sight, constants);
	belief_silent(&block->belief, nats, sight->at_ns - block->seen_ns, constants);
	if (!block->dark && block_is_dark(block, sight->at_ns, constants))
		block_darkens(block, machines, sight->at_ns, constants);
}
