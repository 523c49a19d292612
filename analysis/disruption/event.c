#include "analysis/disruption/event.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/disruption/loss.h"
#include "analysis/method/belief.h"
#include "analysis/method/stagger.h"
#include "core/mem.h"

static const char *const names[] = {
	[BLOCK_UP] = "up",
	[BLOCK_DEGRADED] = "degraded",
	[BLOCK_DOWN] = "down",
	[BLOCK_UNKNOWN] = "unknown",
};

const char *block_state_name(enum block_state state)
{
	return names[state];
}

static struct out out_of(uint32_t number, const struct machine *machine, const struct spell *spell,
	const struct constants *constants)
{
	return (struct out){.machine = number,
		.weight = (double)(machine->weight * machine->share),
		.availability = (double)machine->weight,
		.rate = machine_departures(machine, spell->silent_ns[0], constants),
		.spell = *spell,
		.clock_ns = machine->clock_ns,
		.address = machine->address};
}

static void add_out(struct event *event, const struct out *out)
{
	event->outs = mem_grow(
		event->outs, &event->out_capacity, event->out_count + 1, sizeof(*event->outs));
	event->outs[event->out_count++] = *out;
}

void event_add_out(struct event *event, uint32_t number, const struct machine *machine,
	const struct spell *spell, const struct constants *constants)
{
	struct out out = out_of(number, machine, spell, constants);

	add_out(event, &out);
}

void event_add_brief(struct event *event, uint32_t number, const struct machine *machine,
	const struct spell *spell, const struct constants *constants)
{
	size_t kept = 0;

	for (size_t i = 0; i < event->brief_count; i++)
		if (spell->back_ns - event->briefs[i].spell.back_ns <= constants->absence_ns / 4)
			event->briefs[kept++] = event->briefs[i];
	event->brief_count = kept;
	event->briefs = mem_grow(event->briefs, &event->brief_capacity, event->brief_count + 1,
		sizeof(*event->briefs));
	event->briefs[event->brief_count++] = out_of(number, machine, spell, constants);
}

/* Did another machine, by all that is known, go with it, and for longer? */
static bool goes_with(
	const struct event *event, const struct out *brief, const struct constants *constants)
{
	for (size_t i = 0; i < event->out_count; i++) {
		const struct out *out = &event->outs[i];
		int64_t apart_ns = out->spell.silent_ns[0] - brief->spell.silent_ns[0];
		if (out->machine != brief->machine && out->availability >= MACHINE_SOLID &&
			llabs(apart_ns) <= constants->flap_ns / 3)
			return true;
	}
	return false;
}

void event_adopt(struct event *event, const struct constants *constants)
{
	size_t kept = 0;
	size_t outs = event->out_count;

	for (size_t i = 0; i < event->brief_count; i++) {
		struct out brief = event->briefs[i];
		size_t all = event->out_count;
		event->out_count = outs; /* not with each other */
		bool with = goes_with(event, &brief, constants);
		event->out_count = all;
		if (with)
			add_out(event, &brief);
		else
			event->briefs[kept++] = brief;
	}
	event->brief_count = kept;
}

struct plight *event_add_plight(struct event *event, enum plight_kind kind)
{
	event->plights = mem_grow(event->plights, &event->plight_capacity, event->plight_count + 1,
		sizeof(*event->plights));
	struct plight *p = &event->plights[event->plight_count++];
	*p = (struct plight){.kind = kind};
	return p;
}

struct ramp_read event_ramp(const struct event *event, int64_t from_ns, int64_t to_ns)
{
	struct ramp_read worst = {(double)NAN, (double)NAN};

	for (size_t i = 0; i < event->ramp_count; i++) {
		const struct ramp *ramp = &event->ramps[i];
		if (ramp->at_ns < from_ns || ramp->at_ns > to_ns)
			continue;
		if (isnan(worst.minutes) || ramp->read.minutes > worst.minutes)
			worst = ramp->read;
	}
	return worst;
}

bool event_is_empty(const struct event *event)
{
	return event->out_count == 0 && event->plight_count == 0;
}

void event_clear(struct event *event)
{
	event->out_count = 0;
	event->plight_count = 0;
	event->ramp_count = 0;
	event->clock_error_ns = 0;
}

void event_finish(struct event *event)
{
	mem_free(event->outs);
	mem_free(event->briefs);
	mem_free(event->plights);
	mem_free(event->ramps);
}

/* A machine comes back or goes; a plight begins or ends. */
enum step_kind { COMES, GOES, ENDS, BEGINS };

/* One change of who is out. */
struct step {
	int64_t at_ns, low_ns;
	int kind;  /* enum step_kind */
	size_t of; /* index of its out or plight */
	double belief;
};

static int by_time(const void *a, const void *b)
{
	const struct step *x = a;
	const struct step *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->of < y->of ? -1 : x->of > y->of;
}

struct work {
	const struct event *event;
	struct step *steps;
	size_t step_count;
};

static void gather(struct work *work, const struct event *event)
{
	size_t n = event->out_count;
	struct bracket *brackets = mem_zeroed(n + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(n + 1, sizeof(*instants));
	size_t have;

	work->event = event;
	work->steps = mem_zeroed(2 * (n + event->plight_count) + 1, sizeof(*work->steps));
	for (int kind = STAGGER_GOING; kind <= STAGGER_RETURN; kind++) {
		outs_pierce(event->outs, n, (enum stagger_kind)kind, brackets, &have, instants);
		for (size_t i = 0; i < have; i++) {
			const struct instant *at = &instants[brackets[i].batch];
			work->steps[work->step_count++] = (struct step){at->high_ns, at->low_ns,
				kind == STAGGER_GOING, brackets[i].owner, 0};
		}
	}
	for (size_t i = 0; i < event->plight_count; i++) {
		const struct plight *p = &event->plights[i];
		work->steps[work->step_count++] =
			(struct step){p->high_ns, p->low_ns, BEGINS, i, p->belief};
		if (p->end_high_ns)
			work->steps[work->step_count++] =
				(struct step){p->end_high_ns, p->end_low_ns, ENDS, i, p->belief};
	}
	/* What went within the bracket of the darkness went with it. */
	for (size_t i = 0; i < work->step_count; i++)
		for (size_t d = 0; d < event->plight_count && work->steps[i].kind == GOES; d++)
			if (event->plights[d].kind == PLIGHT_DARK &&
				work->steps[i].at_ns > event->plights[d].low_ns &&
				work->steps[i].at_ns <= event->plights[d].high_ns)
				work->steps[i].at_ns = event->plights[d].high_ns;
	qsort(work->steps, work->step_count, sizeof(*work->steps), by_time);
	mem_free(brackets);
	mem_free(instants);
}

static void add_segment(struct segments *segments, const struct segment *segment)
{
	segments->items = mem_grow(segments->items, &segments->capacity, segments->count + 1,
		sizeof(*segments->items));
	segments->items[segments->count++] = *segment;
}

/* How the block fares while the steps go by. */
struct going {
	size_t plights[PLIGHT_COUNT]; /* of each kind that last */
	size_t machines;
	double out;
	double belief;
};

static void advance(struct going *going, const struct event *event, const struct step *step)
{
	switch (step->kind) {
	case COMES:
		going->out -= event->outs[step->of].weight;
		going->machines--;
		break;
	case GOES:
		going->out += event->outs[step->of].weight;
		going->machines++;
		break;
	case ENDS:
		going->plights[event->plights[step->of].kind]--;
		break;
	case BEGINS:
		going->plights[event->plights[step->of].kind]++;
		if (event->plights[step->of].kind == PLIGHT_DARK)
			going->belief = step->belief;
		break;
	}
}

static struct segment judge(const struct going *going, const struct event *event)
{
	struct segment s = {.state = BLOCK_UP, .fraction_up = 1, .belief = going->belief};
	bool few = going->machines < 2 || going->out < LOSS_DEGRADED_SHARE * event->weight;

	if (event->weight > 0)
		s.fraction_up = 1 - going->out / event->weight;
	if (going->plights[PLIGHT_DARK] > 0) {
		s.state = BLOCK_DOWN;
		s.fraction_up = 0;
	} else if (!few) {
		s.state = BLOCK_DEGRADED;
		s.reason = REASON_MACHINES;
	} else if (going->plights[PLIGHT_DROWNED] > 0 || going->plights[PLIGHT_LOSSY] > 0) {
		s.state = BLOCK_DEGRADED;
		s.reason = REASON_LOSS;
	}
	if (s.fraction_up < 0)
		s.fraction_up = 0;
	if (s.fraction_up > 1)
		s.fraction_up = 1;
	return s;
}

/* Mark the segments from `first` on as one outage each, those that are apart by
 * less than a flap together. */
static void find_losses(const struct event *event, uint32_t block, size_t first,
	const struct constants *constants, struct segments *segments, struct losses *losses)
{
	size_t i = first;

	while (i < segments->count) {
		size_t end = i;
		int64_t over_ns = 0;
		if (segments->items[i].state == BLOCK_UP) {
			i++;
			continue;
		}
		for (; end < segments->count; end++) {
			const struct segment *e = &segments->items[end];
			int64_t next_ns = end + 1 < segments->count ? e[1].start_ns : INT64_MAX;
			over_ns = e->state == BLOCK_UP ? e->start_ns : 0;
			if (e->state == BLOCK_UP && next_ns - e->start_ns >= constants->flap_ns)
				break;
		}
		const struct segment *start = &segments->items[i];
		enum loss_kind kind =
			losses_add(losses, event, block, start->start_ns - start->uncertainty_ns,
				start->start_ns, over_ns, constants);
		for (size_t j = i; j < end; j++) {
			struct segment *s = &segments->items[j];
			if (kind == LOSS_ADDED)
				s->loss = losses->count;
			else if (kind == LOSS_FLAP && s->state == BLOCK_DOWN)
				*s = (struct segment){.start_ns = s->start_ns,
					.uncertainty_ns = s->uncertainty_ns,
					.state = BLOCK_UP,
					.belief = BELIEF_UP,
					.fraction_up = 1};
		}
		i = end;
	}
}

/* By clocks that may be wrong it began and ended sooner or later by as much. */
static void widen(struct segments *segments, size_t first, int64_t error_ns)
{
	for (size_t i = first; i < segments->count; i++) {
		segments->items[i].start_ns += error_ns;
		segments->items[i].uncertainty_ns += 2 * error_ns;
	}
}

void event_resolve(const struct event *event, uint32_t block, const struct constants *constants,
	struct segments *segments, struct losses *losses)
{
	struct work work = {0};
	struct going going = {0};
	size_t first = segments->count;
	enum block_state state = BLOCK_UP;
	enum reason reason = REASON_NONE;

	gather(&work, event);
	for (size_t i = 0; i < work.step_count; i++) {
		const struct step *step = &work.steps[i];
		advance(&going, event, step);
		if (i + 1 < work.step_count && step[1].at_ns == step->at_ns)
			continue;
		struct segment now = judge(&going, event);
		if (now.state == state && now.reason == reason)
			continue;
		state = now.state;
		reason = now.reason;
		now.start_ns = step->at_ns;
		/* Of two machines that were asked at one instant it may be the wrong way round. */
		bool known = step->low_ns > INT64_MIN && step->low_ns < step->at_ns;
		now.uncertainty_ns = known ? step->at_ns - step->low_ns : 0;
		add_segment(segments, &now);
	}
	mem_free(work.steps);
	losses_note(losses, event, block);
	find_losses(event, block, first, constants, segments, losses);
	widen(segments, first, event->clock_error_ns);
}
