#include "analysis/disruption/segments.h"

#include <stdlib.h>

#include "analysis/disruption/assess.h"
#include "analysis/disruption/coincidence.h"
#include "analysis/method/belief.h"
#include "analysis/method/sorted.h"
#include "analysis/method/stabbing.h"
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

/* A host comes back or goes; an impairment begins or ends. */
enum step_kind { COMES, GOES, ENDS, BEGINS };

/* One change of who is out. */
struct step {
	int64_t at_ns, low_ns;
	int kind;  /* enum step_kind */
	size_t of; /* index of its out or impairment */
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
	const struct incident *incident;
	struct step *steps;
	size_t step_count;
};

static int by_high(const void *a, const void *b)
{
	const struct impairment *x = a;
	const struct impairment *y = b;

	return (x->high_ns > y->high_ns) - (x->high_ns < y->high_ns);
}

/* The first that was there by then or later. */
static size_t first_by(const struct impairment *downs, size_t count, int64_t at_ns)
{
	return sorted_before(
		downs, count, sizeof(*downs), offsetof(struct impairment, high_ns), at_ns);
}

/* What went within the bracket of a down time went with it. */
static void go_with_down(struct work *work)
{
	const struct incident *incident = work->incident;
	struct impairment *downs = mem_zeroed(incident->impairment_count + 1, sizeof(*downs));
	size_t count = 0;

	for (size_t i = 0; i < incident->impairment_count; i++)
		if (incident->impairments[i].kind == IMPAIRMENT_DOWN)
			downs[count++] = incident->impairments[i];
	qsort(downs, count, sizeof(*downs), by_high);
	for (size_t i = 0; i < work->step_count; i++) {
		struct step *step = &work->steps[i];
		size_t d = step->kind == GOES ? first_by(downs, count, step->at_ns) : count;
		if (d < count && step->at_ns > downs[d].low_ns)
			step->at_ns = downs[d].high_ns;
	}
	mem_free(downs);
}

static void gather(struct work *work, const struct incident *incident)
{
	size_t n = incident->out_count;
	struct bracket *brackets = mem_zeroed(n + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(n + 1, sizeof(*instants));
	size_t have;

	work->incident = incident;
	work->steps = mem_zeroed(2 * (n + incident->impairment_count) + 1, sizeof(*work->steps));
	for (int kind = STABBING_DEPARTURE; kind <= STABBING_RETURN; kind++) {
		outs_pierce(incident->outs, n, (enum stabbing_kind)kind, brackets, &have, instants);
		for (size_t i = 0; i < have; i++) {
			const struct instant *at = &instants[brackets[i].batch];
			work->steps[work->step_count++] = (struct step){at->high_ns, at->low_ns,
				kind == STABBING_DEPARTURE, brackets[i].owner, 0};
		}
	}
	for (size_t i = 0; i < incident->impairment_count; i++) {
		const struct impairment *p = &incident->impairments[i];
		work->steps[work->step_count++] =
			(struct step){p->high_ns, p->low_ns, BEGINS, i, p->belief};
		if (p->end_high_ns)
			work->steps[work->step_count++] =
				(struct step){p->end_high_ns, p->end_low_ns, ENDS, i, p->belief};
	}
	go_with_down(work);
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
struct tally {
	size_t impairments[IMPAIRMENT_COUNT]; /* of each kind that last */
	size_t hosts;
	double out;
	double belief;
};

static void advance(struct tally *tally, const struct incident *incident, const struct step *step)
{
	switch (step->kind) {
	case COMES:
		tally->out -= incident->outs[step->of].weight;
		tally->hosts--;
		break;
	case GOES:
		tally->out += incident->outs[step->of].weight;
		tally->hosts++;
		break;
	case ENDS:
		tally->impairments[incident->impairments[step->of].kind]--;
		break;
	case BEGINS:
		tally->impairments[incident->impairments[step->of].kind]++;
		if (incident->impairments[step->of].kind == IMPAIRMENT_DOWN)
			tally->belief = step->belief;
		break;
	}
}

static struct segment judge(const struct tally *tally, const struct incident *incident)
{
	struct segment s = {.state = BLOCK_UP, .fraction_up = 1, .belief = tally->belief};
	bool few = tally->hosts < 2 || tally->out < DEGRADED_SHARE * incident->weight;

	if (incident->weight > 0)
		s.fraction_up = 1 - tally->out / incident->weight;
	if (tally->impairments[IMPAIRMENT_DOWN] > 0) {
		s.state = BLOCK_DOWN;
		s.fraction_up = 0;
	} else if (!few) {
		s.state = BLOCK_DEGRADED;
		s.reason = REASON_HOSTS;
	} else if (tally->impairments[IMPAIRMENT_SATURATED] > 0 ||
		   tally->impairments[IMPAIRMENT_LOSSY] > 0) {
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
static void find_disruptions(const struct incident *incident, const struct departed *departed,
	uint32_t block, size_t first, const struct parameters *parameters,
	struct segments *segments, struct disruptions *disruptions)
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
			if (e->state == BLOCK_UP && next_ns - e->start_ns >= parameters->flap_ns)
				break;
		}
		const struct segment *start = &segments->items[i];
		enum disruption_kind kind = disruptions_add(disruptions, incident, departed, block,
			start->start_ns - start->uncertainty_ns, start->start_ns, over_ns,
			parameters);
		for (size_t j = i; j < end; j++) {
			struct segment *s = &segments->items[j];
			if (kind == DISRUPTION_ADDED)
				s->disruption = disruptions->count;
			else if (kind == DISRUPTION_FLAP && s->state == BLOCK_DOWN)
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

void incident_resolve(const struct incident *incident, uint32_t block,
	const struct parameters *parameters, struct segments *segments,
	struct disruptions *disruptions)
{
	struct work work = {0};
	struct tally tally = {0};
	struct departed departed;
	size_t first = segments->count;
	enum block_state state = BLOCK_UP;
	enum reason reason = REASON_NONE;

	gather(&work, incident);
	for (size_t i = 0; i < work.step_count; i++) {
		const struct step *step = &work.steps[i];
		advance(&tally, incident, step);
		if (i + 1 < work.step_count && step[1].at_ns == step->at_ns)
			continue;
		struct segment now = judge(&tally, incident);
		if (now.state == state && now.reason == reason)
			continue;
		state = now.state;
		reason = now.reason;
		now.start_ns = step->at_ns;
		/* Of two hosts that were asked at one instant it may be the wrong way round. */
		bool known = step->low_ns > INT64_MIN && step->low_ns < step->at_ns;
		now.uncertainty_ns = known ? step->at_ns - step->low_ns : 0;
		add_segment(segments, &now);
	}
	mem_free(work.steps);
	disruptions_note(disruptions, incident, block);
	departed_init(&departed, incident);
	find_disruptions(incident, &departed, block, first, parameters, segments, disruptions);
	departed_finish(&departed);
	widen(segments, first, incident->clock_error_ns);
}
