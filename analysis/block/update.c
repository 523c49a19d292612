#include "analysis/block/block.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/block/inner.h"
#include "core/mem.h"

/* A flap: this much silence of all, though not for long enough. */
#define FLAP_NATS 11.4

/* How often one silence follows another while a host of this block is there. */
static double mute_usual(const struct block *block)
{
	return (block->mute + MUTE_PRIOR * MUTE_PRIOR_PROBES) /
	       (block->mute + block->mended + MUTE_PRIOR_PROBES);
}

/* A silence that an answer follows, with the host there all the while, was loss: of the host, or
 * on the way to it. One of all of them explains itself. */
static void learn_loss(struct block *block, const struct machine *machine,
	const struct sight *sight, const struct constants *constants)
{
	const struct spell *spell = &machine->spell;
	unsigned lost = sight->attempts - 1U;
	bool shared = spell->silent_ns[0] >= block->shared_ns[0] &&
		      spell->silent_ns[0] <= block->shared_ns[1];

	if (!shared && machine_was_there(machine, constants)) {
		block->mended += 1;
		block->mute += spell->count - 1;
		lost += spell->count;
	}
	loss_rate_add(&block->loss, lost, lost + 1, sight->at_ns, constants);
}

static void see_silence(struct block *block, struct machine *machines, const struct sight *sight,
	double loss, const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	if (machine->left) /* it was asked where it is no more */
		return;
	/* It answered while the sweep lasted, and may have been asked before. */
	if (sight->unlisted && machine->spell.replied_ns > sight_from(sight))
		return;
	machine->boxed &= (uint8_t) ~(1u << sight->channel);
	if (!machine_heeds(machine, (enum channel)sight->channel,
		    responsiveness_availability(&machine->channels[sight->channel]))) {
		machine_disregard(machine, (enum channel)sight->channel,
			machine->spell.count == 0 && !block->dark, sight->at_ns, constants);
		return;
	}
	if (!block->hush_ns)
		block->hush_ns = sight->at_ns;
	double q = machine_expect(machine, (enum channel)sight->channel, mute_usual(block));
	double nats = -log1p(-q * (1 - pow(loss, sight->attempts)));

	machine->quiet |= UINT64_C(1) << sight->vantage;
	block->replier_silent |= sight->machine == block->replier;
	bool out = machine_silent(machine, (enum channel)sight->channel, nats, sight_from(sight),
			   sight->at_ns, constants) &&
		   block_is_quiet(block, machine, sight->at_ns);
	if (!machine_is_known(machine))
		return;
	bool sleeps = block_sleeps(machine, &machine->spell, constants);
	if (!sleeps)
		block_silence(block, machines, sight, nats, constants);
	if (machine->state == MACHINE_HERE && out && !block->dark && sleeps)
		machine->state = MACHINE_ABSENT;
	else if (machine->state == MACHINE_HERE && (out || block->dark))
		block_goes_out(block, machines, sight->machine, sight->at_ns, constants);
}

/* No reply for long, in silence that was seen, though not enough of it, or of
 * machines too little known, to call the block down: then it is not up either. */
static bool is_hushed(const struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	return block->reply_ns && block->hush_ns && !block->dark && !block->drowned &&
	       now_ns - block->hush_ns >= 2 * constants->flap_ns &&
	       block->seen_ns - block->hush_ns >= constants->flap_ns &&
	       block_is_silent(block, machines, now_ns, constants);
}

/* Was the border there all the while? It is asked once an outage of others is over. */
static void note_lull(struct block *block, const struct machine *machine, const struct sight *sight,
	const struct constants *constants)
{
	int64_t from_ns = machine->spell.replied_ns;
	int64_t lasted_ns = sight->at_ns - from_ns;

	if (!from_ns || 3 * lasted_ns <= 2 * constants->flap_ns ||
		(double)lasted_ns <= 2e9 * (double)machine->every_s)
		return;
	block->lulls = mem_grow(
		block->lulls, &block->lull_capacity, block->lull_count + 1, sizeof(*block->lulls));
	block->lulls[block->lull_count++] = (struct lull){sight->machine, from_ns, sight->at_ns};
}

/* A reply ends the silence of the block. */
static void end_hush(struct block *block, struct machine *machines, const struct sight *sight,
	const struct constants *constants)
{
	if (!block->dark && block->silent_ns[0] &&
		block_is_dark(block, machines, sight->at_ns, constants))
		block_darkens(block, machines, sight->at_ns, constants);
	if (!block->dark && block->hush_nats >= FLAP_NATS) {
		block->flaps_ns = mem_grow(block->flaps_ns, &block->flap_capacity,
			block->flap_count + 1, sizeof(*block->flaps_ns));
		block->flaps_ns[block->flap_count++] = block->silent_ns[0];
	}
	block_note_blink(block, machines, sight->at_ns, constants);
	if (block->hush_nats >= BLOCK_SHARED_NATS) {
		block->shared_ns[0] = block->silent_ns[0];
		block->shared_ns[1] = sight->at_ns;
	}
	if (is_hushed(block, machines, sight->at_ns, constants)) {
		block_add_segment(block, block->hush_ns, BLOCK_UNKNOWN);
		block_add_segment(block, sight->at_ns, BLOCK_UP);
	}
	if (block->dark)
		block_lightens(block, sight->at_ns);
	block_hush_ends(block);
}

/* Silences are learned of who fell silent by itself, or too briefly to tell. */
static bool is_own(
	const struct block *block, const struct machine *machine, const struct constants *constants)
{
	return event_is_empty(&block->event) || machine->spell.count < MACHINE_TELLING_SILENCES ||
	       block_failed_alone(block, machine, &machine->spell, constants);
}

static void see_reply(struct block *block, struct machine *machines, const struct sight *sight,
	const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	struct spell spell;

	if (block->left)
		block_add_segment(block, sight->at_ns, BLOCK_UP);
	block->left = false;
	if (block->hush_ns)
		end_hush(block, machines, sight, constants);
	bool out = machine->state == MACHINE_OUT;
	bool left = machine->left;
	bool quiet = machine->spell.count > 0 && block_is_quiet(block, machine, sight->at_ns);
	if (!block->first_reply_ns)
		block->first_reply_ns = sight->at_ns;
	learn_loss(block, machine, sight, constants);
	block->reply_ns = sight->at_ns;
	block->replier = sight->machine;
	machine->heard |= UINT64_C(1) << sight->vantage;
	machine->quiet = 0;
	machine->left = false;

	if (machine->router)
		note_lull(block, machine, sight, constants);
	if (!machine_reply(machine, (enum channel)sight->channel, is_own(block, machine, constants),
		    sight->sweep, sight->at_ns, constants, &spell) ||
		left) /* nor was it lost meanwhile */
		return;
	block_tell_apart(block, machines, machine, &spell, constants);
	weather_lapse(&block->weather, &spell, constants);
	if (out) {
		block_comes_back(block, machine, sight->machine, &spell, sight->at_ns, constants);
		block_count_absence(block, machine, &spell, constants);
	} else if (block_sleeps(machine, &spell, constants)) {
		/* Its habit, unless others went just then. */
		if (quiet && machine_is_known(machine) &&
			machine_was_out(machine, &spell, constants))
			event_add_brief(&block->event, sight->machine, machine, &spell, constants);
	} else if (quiet && machine_is_known(machine) &&
		   machine_was_out(machine, &spell, constants)) {
		block_event_opens(block, machines, sight->at_ns, constants);
		event_add_out(&block->event, sight->machine, machine, &spell, constants);
		block->changed_ns = sight->at_ns;
		block_count_absence(block, machine, &spell, constants);
	} else if (quiet && machine_is_known(machine) && !block->drowned && !block->lossy &&
		   (double)machine->weight >= MACHINE_SOLID &&
		   machine_was_briefly_out(&spell, constants)) {
		event_add_brief(&block->event, sight->machine, machine, &spell, constants);
	}
}

void block_see(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants)
{
	if (sight->answered)
		see_reply(block, machines, sight, constants);
	else
		see_silence(block, machines, sight, fmax(loss_rate_now(&block->loss), anchor_loss),
			constants);
	block_weather(block, machines, sight, anchor_loss, constants);
	block->seen_ns = sight->at_ns;
}

void block_forget(struct block *block, struct machine *machines)
{
	if (block->dark)
		return;
	block_hush_ends(block);
	for (size_t i = 0; i < block->member_count; i++) {
		struct machine *m = &machines[block_member(block, i)];
		if (m->state != MACHINE_HERE || m->spell.count == 0)
			continue;
		m->spell = (struct spell){.replied_ns = m->spell.replied_ns};
		m->lapses[CHANNEL_ICMP] = m->lapses[CHANNEL_TCP] = 0;
	}
}

/* One that is hardly known says nothing by its silence. One that went by itself and has
 * been gone for weeks has left; who went with others is lost for as long as it takes. */
static void settle(
	struct block *block, struct machine *m, int64_t now_ns, const struct constants *constants)
{
	int64_t silent_ns = m->spell.count ? now_ns - m->spell.silent_ns[0] : 0;

	if (silent_ns < constants->absence_ns || block->dark)
		return;
	if (m->state == MACHINE_HERE && !machine_is_known(m)) {
		m->state = MACHINE_ABSENT;
	} else if (m->state == MACHINE_OUT && silent_ns > constants->gone_ns &&
		   block_failed_alone(block, m, &m->spell, constants)) {
		block_drop_out(block, block->machines[m->address.host & 255] - 1, now_ns);
		m->state = MACHINE_ABSENT;
	}
	if (m->state == MACHINE_ABSENT)
		machine_learn_absence(m, now_ns, constants);
}

/* How often such hosts fail: of one that is new no more is known. */
static void learn_failures(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	double known_ns = FAILURES_PRIOR * (double)constants->failure_ns;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		known_ns += machine_is_known(m) ? (double)(now_ns - m->first_reply_ns) : 0;
	}
	for (size_t i = 0; i < block->member_count; i++)
		machines[block_member(block, i)].usual_rate =
			(float)((block->failures + FAILURES_PRIOR) / known_ns);
}

void block_tick(struct block *block, struct machine *machines, int64_t now_ns, uint32_t number,
	const struct constants *constants, struct losses *losses)
{
	if (now_ns - block->counted_ns >= constants->loss_ns || !block->counted_ns) {
		learn_failures(block, machines, now_ns, constants);
		for (size_t i = 0; i < block->member_count; i++)
			settle(block, &machines[block_member(block, i)], now_ns, constants);
		block_survey(block, machines, now_ns, constants);
		block_learn_rhythm(block, machines, now_ns, constants);
	}
	if (!event_is_empty(&block->event) && block->out_count == 0 && !block->dark &&
		!block->drowned && !block->lossy &&
		now_ns - block->changed_ns > 2 * constants->hold_ns)
		block_end(block, machines, number, constants, losses);
}

void block_end(struct block *block, struct machine *machines, uint32_t number,
	const struct constants *constants, struct losses *losses)
{
	event_adopt(&block->event, constants);
	for (size_t i = 0; i < block->event.out_count; i++) {
		struct out *out = &block->event.outs[i];
		struct machine *m = &machines[out->machine];
		if (!out->spell.back_ns && m->state == MACHINE_OUT) {
			out->spell = m->spell;
			block_tell_apart(block, machines, m, &m->spell, constants);
		}
	}
	for (size_t i = 0; i < block->event.out_count; i++) {
		struct out *out = &block->event.outs[i];
		memcpy(out->apart, machines[out->machine].apart, sizeof(out->apart));
	}
	event_resolve(&block->event, number, constants, &block->segments, losses);
	event_clear(&block->event);
}

static int segment_order(const void *a, const void *b)
{
	const struct segment *x = a;
	const struct segment *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (int)x->state - (int)y->state;
}

void block_close(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	if (is_hushed(block, machines, now_ns, constants))
		block_add_segment(block, block->hush_ns, BLOCK_UNKNOWN);
	if (block->segments.count)
		qsort(block->segments.items, block->segments.count, sizeof(struct segment),
			segment_order);
}

void block_finish(struct block *block)
{
	event_finish(&block->event);
	mem_free(block->flaps_ns);
	mem_free(block->lulls);
	mem_free(block->blinks);
	mem_free(block->strangers);
	cover_finish(&block->cover);
	mem_free(block->segments.items);
}
