#include "analysis/event.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/stagger.h"
#include "core/clock.h"
#include "core/mem.h"

/* Of availability weight: what must be silent to be degraded, and back to end. */
#define DEGRADED_SHARE 0.25
#define BACK_SHARE 0.9
/* Coincidences of machines failing each by itself: at most one in so many years. */
#define COINCIDENCE_YEARS 10.0

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

void event_add_out(struct event *event, uint32_t machine, double weight, const struct spell *spell)
{
	event->outs = mem_grow(
		event->outs, &event->out_capacity, event->out_count + 1, sizeof(*event->outs));
	event->outs[event->out_count++] = (struct out){machine, weight, *spell};
}

void event_clear(struct event *event)
{
	event->out_count = 0;
	event->dark_count = 0;
}

void event_finish(struct event *event)
{
	free(event->outs);
	free(event->darks);
}

void losses_finish(struct losses *losses)
{
	for (size_t i = 0; i < losses->count; i++)
		free(losses->items[i].outs);
	free(losses->items);
}

/* One change of who is out. */
struct step {
	int64_t at_ns, low_ns;
	int kind; /* 0 comes back, 1 goes, 2 the block turns dark, 3 light */
	size_t out;
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
	return x->out < y->out ? -1 : x->out > y->out;
}

/* Going and coming of the chosen outs as instants. Room for n each. */
static size_t pierce(const struct out *outs, size_t count, enum stagger_kind kind,
	struct bracket *brackets, size_t *ret_brackets, struct instant *instants)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		const struct spell *s = &outs[i].spell;
		if (kind == STAGGER_RETURN && s->back_ns == 0)
			continue;
		brackets[n++] = kind == STAGGER_GOING
					? (struct bracket){s->replied_ns, s->silent_ns[0],
						  s->silent_ns[1], outs[i].weight, i, 0}
					: (struct bracket){s->last_ns[0], s->back_ns, s->last_ns[1],
						  outs[i].weight, i, 0};
	}
	*ret_brackets = n;
	return stagger_pierce(brackets, n, kind, instants);
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
	work->steps = mem_zeroed(2 * (n + event->dark_count) + 1, sizeof(*work->steps));
	for (int kind = STAGGER_GOING; kind <= STAGGER_RETURN; kind++) {
		pierce(event->outs, n, (enum stagger_kind)kind, brackets, &have, instants);
		for (size_t i = 0; i < have; i++) {
			const struct instant *at = &instants[brackets[i].batch];
			work->steps[work->step_count++] = (struct step){at->high_ns, at->low_ns,
				kind == STAGGER_GOING, brackets[i].owner, 0};
		}
	}
	for (size_t i = 0; i < event->dark_count; i++) {
		const struct dark *d = &event->darks[i];
		work->steps[work->step_count++] =
			(struct step){d->high_ns, d->low_ns, 2, i, d->belief};
		if (d->end_high_ns)
			work->steps[work->step_count++] =
				(struct step){d->end_high_ns, d->end_low_ns, 3, i, d->belief};
	}
	/* What went within the bracket of the darkness went with it. */
	for (size_t i = 0; i < work->step_count; i++)
		for (size_t d = 0; d < event->dark_count && work->steps[i].kind == 1; d++)
			if (work->steps[i].at_ns > event->darks[d].low_ns &&
				work->steps[i].at_ns <= event->darks[d].high_ns)
				work->steps[i].at_ns = event->darks[d].high_ns;
	qsort(work->steps, work->step_count, sizeof(*work->steps), by_time);
	free(brackets);
	free(instants);
}

static void add_segment(struct segments *segments, const struct segment *segment)
{
	segments->items = mem_grow(segments->items, &segments->capacity, segments->count + 1,
		sizeof(*segments->items));
	segments->items[segments->count++] = *segment;
}

/* Could so many machines have failed within `spread` each by itself? Poisson
 * tail times how often a first one fails. */
static bool coincidence(const struct event *event, size_t machines, int64_t spread_ns,
	const struct constants *constants)
{
	double year_ns = 365.25 * (double)constants->day_ns;
	double mean = event->absences_per_ns * (double)(spread_ns + constants->flap_ns / 3);
	double tail = 1;

	for (size_t k = 1; k < machines; k++)
		tail *= mean / (double)k;
	return tail * event->absences_per_ns * year_ns * COINCIDENCE_YEARS > 1;
}

/* Who was lost in [from, to]: those that went in one chain of goings that
 * reaches back from the first step, and all that went later. */
static void choose(struct loss *loss, const struct event *event, int64_t from_ns, int64_t to_ns,
	const struct constants *constants)
{
	int64_t reach_ns = from_ns;
	bool more = true;

	loss->outs = mem_zeroed(event->out_count + 1, sizeof(*loss->outs));
	while (more) {
		more = false;
		for (size_t i = 0; i < event->out_count; i++) {
			const struct spell *s = &event->outs[i].spell;
			bool spans = s->back_ns == 0 || s->back_ns > from_ns;
			if (spans && s->silent_ns[0] < reach_ns &&
				s->silent_ns[0] >= reach_ns - constants->chain_ns) {
				reach_ns = s->silent_ns[0];
				more = true;
			}
		}
	}
	for (size_t i = 0; i < event->out_count; i++) {
		const struct spell *s = &event->outs[i].spell;
		bool spans = s->back_ns == 0 || s->back_ns > from_ns;
		if (spans && s->silent_ns[0] >= reach_ns &&
			s->silent_ns[0] <= to_ns + constants->flap_ns)
			loss->outs[loss->out_count++] = event->outs[i];
	}
}

static void measure_start(struct loss *loss, struct bracket *brackets, struct instant *instants)
{
	size_t have;

	loss->going = pierce(loss->outs, loss->out_count, STAGGER_GOING, brackets, &have, instants);
	if (loss->going == 0)
		return;
	loss->start_low_ns = instants[0].low_ns;
	loss->start_high_ns = instants[0].high_ns;
	loss->going_s = (double)(instants[loss->going - 1].high_ns - instants[0].high_ns) /
			(double)NS_PER_S;
}

static void measure_end(struct loss *loss, struct bracket *brackets, struct instant *instants)
{
	size_t have;
	double back = 0;

	loss->coming =
		pierce(loss->outs, loss->out_count, STAGGER_RETURN, brackets, &have, instants);
	for (size_t i = 0; i < loss->coming; i++) {
		back += instants[i].weight;
		if (back < BACK_SHARE * loss->weight)
			continue;
		loss->end_low_ns = instants[i].low_ns;
		loss->end_high_ns = instants[i].high_ns;
		loss->coming_s =
			(double)(instants[i].high_ns - instants[0].high_ns) / (double)NS_PER_S;
		break;
	}
}

/* [from, to] was not up; to 0: still is not. */
static bool make_loss(struct loss *loss, const struct event *event, uint32_t block, int64_t from_ns,
	int64_t to_ns, bool dark, const struct constants *constants)
{
	*loss = (struct loss){.block = block,
		.dark = dark,
		.over_ns = to_ns,
		.weight_all = event->weight,
		.machines_all = event->machines};
	choose(loss, event, from_ns, to_ns ? to_ns : INT64_MAX - constants->flap_ns, constants);
	loss->machines = loss->out_count;
	for (size_t i = 0; i < loss->out_count; i++)
		loss->weight += loss->outs[i].weight;
	struct bracket *brackets = mem_zeroed(loss->out_count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(loss->out_count + 1, sizeof(*instants));
	measure_start(loss, brackets, instants);
	measure_end(loss, brackets, instants);
	free(brackets);
	free(instants);
	if (to_ns && !loss->end_high_ns) { /* most never came back, the block did */
		loss->end_high_ns = to_ns;
		loss->end_low_ns = to_ns;
	}
	bool real = loss->out_count > 0 &&
		    (dark || (loss->machines >= 2 &&
				     loss->weight >= DEGRADED_SHARE * loss->weight_all &&
				     !coincidence(event, loss->machines,
					     (int64_t)(loss->going_s * 1e9), constants)));
	if (!real)
		free(loss->outs);
	return real;
}

/* Mark the segments from `first` on as one outage each, those that are apart by
 * less than a flap together. */
static void find_losses(const struct event *event, uint32_t block, size_t first,
	const struct constants *constants, struct segments *segments, struct losses *losses)
{
	size_t i = first;

	while (i < segments->count) {
		struct segment *s = &segments->items[i];
		if (s->state == BLOCK_UP) {
			i++;
			continue;
		}
		size_t end = i;
		bool dark = false;
		int64_t over_ns = 0;
		for (; end < segments->count; end++) {
			const struct segment *e = &segments->items[end];
			int64_t next_ns = end + 1 < segments->count ? e[1].start_ns : INT64_MAX;
			dark |= e->state == BLOCK_DOWN;
			over_ns = e->state == BLOCK_UP ? e->start_ns : 0;
			if (e->state == BLOCK_UP && next_ns - e->start_ns >= constants->flap_ns)
				break;
		}
		struct loss loss;
		if (make_loss(&loss, event, block, s->start_ns, over_ns, dark, constants)) {
			losses->items = mem_grow(losses->items, &losses->capacity,
				losses->count + 1, sizeof(*losses->items));
			losses->items[losses->count++] = loss;
			for (size_t j = i; j < end; j++)
				segments->items[j].loss = losses->count;
		}
		i = end;
	}
}

void event_resolve(const struct event *event, uint32_t block, int64_t now_ns,
	const struct constants *constants, struct segments *segments, struct losses *losses)
{
	struct work work = {0};
	struct segment now = {.state = BLOCK_UP, .fraction_up = 1};
	size_t first = segments->count;
	size_t machines = 0;
	bool dark = false;
	double out = 0;

	(void)now_ns;
	gather(&work, event);
	for (size_t i = 0; i < work.step_count; i++) {
		const struct step *step = &work.steps[i];
		if (step->kind <= 1) {
			double sign = step->kind == 1 ? 1 : -1;
			out += sign * event->outs[step->out].weight;
			machines += step->kind == 1 ? 1 : (size_t)-1;
		} else {
			dark = step->kind == 2;
			now.belief = step->belief;
		}
		if (i + 1 < work.step_count && work.steps[i + 1].at_ns == step->at_ns)
			continue;
		bool few = machines < 2 || out < DEGRADED_SHARE * event->weight;
		enum block_state state = dark ? BLOCK_DOWN : few ? BLOCK_UP : BLOCK_DEGRADED;
		double up = event->weight > 0 ? 1 - out / event->weight : 1;
		bool change = segments->count == first ? state != BLOCK_UP : state != now.state;
		now.fraction_up = dark || up < 0 ? 0 : up > 1 ? 1 : up;
		if (!change)
			continue;
		now.start_ns = step->at_ns;
		now.uncertainty_ns = step->low_ns > INT64_MIN ? step->at_ns - step->low_ns : 0;
		now.state = state;
		now.reason = state == BLOCK_DEGRADED ? REASON_MACHINES : REASON_NONE;
		add_segment(segments, &now);
	}
	free(work.steps);
	find_losses(event, block, first, constants, segments, losses);
}
