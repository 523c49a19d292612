#include <stdlib.h>

#include "analysis/block/inner.h"
#include "analysis/method/belief.h"
#include "core/mem.h"

/* A machine fails by itself once in ten days, until more is known. */
#define ABSENCES_PRIOR 0.5
#define ABSENCES_PRIOR_DAYS 5.0

double block_absences(const struct block *block, const struct constants *constants)
{
	double prior_ns = ABSENCES_PRIOR_DAYS * (double)constants->day_ns;

	return (double)block->solid * (block->absences + ABSENCES_PRIOR) /
	       (block->machine_time + prior_ns);
}

void block_event_opens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	if (!event_is_empty(&block->event))
		return;
	block_survey(block, machines, now_ns, constants);
	block_share_weights(block, machines);
	block->event.weight = block->weight;
	block->event.machines = block->here;
	block->event.absences_per_ns = block_absences(block, constants);
}

/* Congestion shows before it silences: note each hour that ends with a machine
 * going. Which of them an outage had before it is asked when it is cut out. */
void block_note_ramp(struct block *block, int64_t before_ns, const struct constants *constants)
{
	struct event *event = &block->event;

	event->ramps = mem_grow(
		event->ramps, &event->ramp_capacity, event->ramp_count + 1, sizeof(*event->ramps));
	event->ramps[event->ramp_count++] = (struct ramp){
		.at_ns = before_ns,
		.read = weather_ramp(&block->weather, before_ns, constants),
	};
}

void block_goes_out(struct block *block, struct machine *machines, uint32_t number, int64_t now_ns,
	const struct constants *constants)
{
	struct machine *machine = &machines[number];

	block_event_opens(block, machines, now_ns, constants);
	event_add_out(&block->event, number, machine, &machine->spell, constants);
	weather_forget(&block->weather, machine->spell.silent_ns[0], now_ns,
		(double)machine->spell.count * (double)machine->weight, constants);
	block_note_ramp(block, machine->spell.silent_ns[0], constants);
	machine->state = MACHINE_OUT;
	block->out_count++;
	block->changed_ns = now_ns;
}

void block_comes_back(struct block *block, const struct machine *machine, uint32_t number,
	const struct spell *spell, int64_t now_ns, const struct constants *constants)
{
	int before = (int)((block_hour(now_ns, constants) + 23) % 24);

	for (size_t i = block->event.out_count; i-- > 0;) {
		struct out *out = &block->event.outs[i];
		if (out->machine != number || out->spell.back_ns)
			continue;
		out->spell = *spell;
		out->slept = machine_sleeps_at(machine, before);
		break;
	}
	block->out_count--;
	block->changed_ns = now_ns;
}

bool block_failed_alone(const struct block *block, const struct machine *machine,
	const struct spell *spell, const struct constants *constants)
{
	const struct event *event = &block->event;

	if (block->dark)
		return false;
	for (size_t i = 0; i < event->out_count; i++) {
		const struct out *o = &event->outs[i];
		if (!ip4_equal(o->address, machine->address) && o->availability >= MACHINE_SOLID &&
			llabs(o->spell.silent_ns[0] - spell->silent_ns[0]) <= constants->chain_ns)
			return false;
	}
	for (size_t i = 0; i < event->plight_count; i++)
		if (!event->plights[i].end_high_ns ||
			event->plights[i].end_high_ns > spell->silent_ns[0])
			return false;
	return true;
}

void block_count_absence(struct block *block, struct machine *machine, const struct spell *spell,
	const struct constants *constants)
{
	bool alone = block_failed_alone(block, machine, spell, constants);

	if (machine->failures < UINT16_MAX && !block->dark) {
		machine->failures++;
		block->failures++;
	}
	block->absences += alone && (double)machine->weight >= MACHINE_SOLID;
}

/* It has left for good: what it was out for was no outage. */
void block_drop_out(struct block *block, uint32_t number, int64_t now_ns)
{
	struct event *event = &block->event;
	size_t kept = 0;

	for (size_t i = 0; i < event->out_count; i++)
		if (event->outs[i].machine != number || event->outs[i].spell.back_ns)
			event->outs[kept++] = event->outs[i];
	event->out_count = kept;
	block->out_count--;
	block->changed_ns = now_ns;
}

struct plight *block_open_plight(struct block *block, enum plight_kind kind)
{
	size_t i = block->event.plight_count;

	while (i-- > 0)
		if (block->event.plights[i].kind == kind && !block->event.plights[i].end_high_ns)
			return &block->event.plights[i];
	abort(); /* who asks has opened it */
}

void block_plight_begins(struct block *block, struct machine *machines, enum plight_kind kind,
	int64_t since_ns, int64_t now_ns, const struct constants *constants)
{
	block_event_opens(block, machines, now_ns, constants);
	struct plight *p = event_add_plight(&block->event, kind);
	p->low_ns = since_ns - constants->flap_ns / 3;
	p->high_ns = since_ns;
	block_note_ramp(block, since_ns, constants);
	block->changed_ns = now_ns;
}

void block_plight_ends(struct block *block, enum plight_kind kind, int64_t since_ns, int64_t now_ns,
	const struct constants *constants)
{
	struct plight *p = block_open_plight(block, kind);

	p->end_low_ns = since_ns - constants->flap_ns / 3;
	p->end_high_ns = since_ns > p->high_ns ? since_ns : p->high_ns + 1;
	block->changed_ns = now_ns;
}

void block_add_segment(struct block *block, int64_t start_ns, enum block_state state)
{
	struct segments *segments = &block->segments;

	segments->items = mem_grow(segments->items, &segments->capacity, segments->count + 1,
		sizeof(*segments->items));
	segments->items[segments->count++] = (struct segment){.start_ns = start_ns,
		.state = state,
		.reason = state == BLOCK_UNKNOWN ? REASON_LEARNING : REASON_NONE,
		.belief = BELIEF_UP,
		.fraction_up = 1};
}
