#include "analysis/block.h"

#include <math.h>
#include <stdlib.h>

#include "core/mem.h"

/* What is known of loss before it is measured: 2 %, as good as ten probes. */
#define LOSS_PRIOR 0.2
#define LOSS_PRIOR_PROBES 10.0
/* The most that one machine's silence says of its block; a lone machine's may
 * decide, it is all there is. */
#define MACHINE_SAYS 8.0
#define BLOCK_NEEDS 15.0
/* Silences weigh as loss until together they are this unlikely to be. */
#define EARNED_NATS 2.9
/* A machine fails by itself once in ten days, until more is known. */
#define ABSENCES_PRIOR 0.5
#define ABSENCES_PRIOR_DAYS 5.0
/* Shares answered, of what would be without loss. */
#define DROWNED_SHARE 0.15
#define SURFACED_SHARE 0.35
#define LOSSY_SHARE 0.7
#define CLEAR_SHARE 0.8
#define CLEAN_LOSS 0.15
/* A flap: this sure that the block was dark, but not for long enough. */
#define FLAP_BELIEF 0.9

void loss_rate_add(struct loss_rate *rate, double lost, double asked, int64_t now_ns,
	const struct constants *constants)
{
	if (now_ns > rate->at_ns) {
		double keep =
			rate->at_ns
				? exp(-(double)(now_ns - rate->at_ns) / (double)constants->loss_ns)
				: 0;
		rate->lost *= keep;
		rate->asked *= keep;
		rate->at_ns = now_ns;
	}
	rate->lost += lost;
	rate->asked += asked;
}

double loss_rate_now(const struct loss_rate *rate)
{
	return (rate->lost + LOSS_PRIOR) / (rate->asked + LOSS_PRIOR_PROBES);
}

/* What is here now, and how often such machines fail by themselves. */
static void survey(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	block->weight = 0;
	block->here = 0;
	block->counting = 0;
	for (size_t i = 0; i < 256; i++) {
		if (!block->machines[i])
			continue;
		const struct machine *m = &machines[block->machines[i] - 1];
		if (!machine_is_known(m))
			continue;
		block->counting += machine_counts(m, constants);
		if (m->state == MACHINE_ABSENT)
			continue;
		block->here++;
		block->weight += m->spell.count ? (double)m->weight : machine_availability(m);
	}
	if (block->counted_ns && now_ns > block->counted_ns) {
		double since = (double)(now_ns - block->counted_ns);
		double keep = exp2(-since / (double)constants->steady_ns);
		block->absences *= keep;
		block->machine_time = block->machine_time * keep + since * (double)block->here;
	}
	block->counted_ns = now_ns;
}

/* Addresses whose clocks agree are one machine, and weigh as one. */
static void share_weights(struct block *block, struct machine *machines)
{
	block->weight = 0;
	for (size_t i = 0; i < 256; i++) {
		struct machine *m = block->machines[i] ? &machines[block->machines[i] - 1] : NULL;
		size_t twins = 0;
		if (!m || !machine_is_known(m) || m->state == MACHINE_ABSENT)
			continue;
		for (size_t k = 0; k < 256; k++) {
			const struct machine *n =
				block->machines[k] ? &machines[block->machines[k] - 1] : NULL;
			twins += k == i ||
				 (n && n->clock_ns && m->clock_ns && machine_is_known(n) &&
					 n->state != MACHINE_ABSENT &&
					 llabs(n->clock_ns - m->clock_ns) <= MACHINE_SAME_CLOCK_NS);
		}
		m->share = 1 / (float)twins;
		block->weight += (m->spell.count ? (double)m->weight : machine_availability(m)) /
				 (double)twins;
	}
}

static void event_opens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	double prior_ns = ABSENCES_PRIOR_DAYS * (double)constants->day_ns;

	if (!event_is_empty(&block->event))
		return;
	survey(block, machines, now_ns, constants);
	share_weights(block, machines);
	block->event.weight = block->weight;
	block->event.machines = block->here;
	block->event.absences_per_ns = (double)block->here * (block->absences + ABSENCES_PRIOR) /
				       (block->machine_time + prior_ns);
}

/* Congestion shows before it silences: note each hour that ends with a machine
 * going. Which of them an outage had before it is asked when it is cut out. */
static void note_ramp(struct block *block, int64_t before_ns, const struct constants *constants)
{
	struct event *event = &block->event;

	event->ramps = mem_grow(
		event->ramps, &event->ramp_capacity, event->ramp_count + 1, sizeof(*event->ramps));
	event->ramps[event->ramp_count++] = (struct ramp){
		.at_ns = before_ns,
		.minutes = weather_ramp(&block->weather, before_ns, constants),
	};
}

static void goes_out(struct block *block, struct machine *machines, uint32_t number, int64_t now_ns,
	const struct constants *constants)
{
	struct machine *machine = &machines[number];

	event_opens(block, machines, now_ns, constants);
	event_add_out(&block->event, number, machine, &machine->spell);
	weather_forget(&block->weather, machine->spell.silent_ns[0], now_ns,
		(double)machine->spell.count * (double)machine->weight, constants);
	note_ramp(block, machine->spell.silent_ns[0], constants);
	machine->state = MACHINE_OUT;
	block->out_count++;
	block->changed_ns = now_ns;
}

static void comes_back(
	struct block *block, uint32_t number, const struct spell *spell, int64_t now_ns)
{
	for (size_t i = block->event.out_count; i-- > 0;) {
		struct out *out = &block->event.outs[i];
		if (out->machine != number || out->spell.back_ns)
			continue;
		out->spell = *spell;
		break;
	}
	block->out_count--;
	block->changed_ns = now_ns;
}

/* Where the darkness began: at its first silence, or at the second where the
 * first may have been plain loss. */
static int64_t dark_from(const struct block *block)
{
	return block->silent_ns[1] ? block->silent_ns[1] : block->silent_ns[0];
}

static bool is_dark(const struct block *block, int64_t now_ns, const struct constants *constants)
{
	return belief_probability(&block->belief) >= BELIEF_DOWN &&
	       block->last_ns[0] - block->silent_ns[0] >= constants->span_ns &&
	       now_ns - block->reply_ns >= constants->flap_ns;
}

static void darkens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	struct event *event = &block->event;

	event_opens(block, machines, now_ns, constants);
	struct plight *dark = event_add_plight(event, PLIGHT_DARK);
	dark->low_ns = block->reply_ns;
	dark->high_ns = dark_from(block);
	note_ramp(block, dark->high_ns, constants);
	dark->belief = belief_probability(&block->belief);
	block->dark = true;
	block->changed_ns = now_ns;
	for (size_t i = 0; i < 256; i++) {
		uint32_t number = block->machines[i];
		if (!number)
			continue;
		struct machine *m = &machines[number - 1];
		if (machine_is_known(m) && m->state == MACHINE_HERE && m->spell.count > 0)
			goes_out(block, machines, number - 1, now_ns, constants);
	}
}

static struct plight *open_plight(struct block *block, enum plight_kind kind)
{
	size_t i = block->event.plight_count;

	while (i-- > 0)
		if (block->event.plights[i].kind == kind && !block->event.plights[i].end_high_ns)
			return &block->event.plights[i];
	abort(); /* who asks has opened it */
}

static void lightens(struct block *block, int64_t now_ns)
{
	struct plight *dark = open_plight(block, PLIGHT_DARK);

	dark->belief = belief_probability(&block->belief);
	dark->end_high_ns = now_ns;
	dark->end_low_ns = block->last_nats < EARNED_NATS && block->last_ns[1] ? block->last_ns[1]
									       : block->last_ns[0];
	block->dark = false;
	block->changed_ns = now_ns;
}

static void silence(struct block *block, struct machine *machines, const struct sight *sight,
	double nats, const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	double most = block->here > 0 ? BLOCK_NEEDS / (double)block->here : BLOCK_NEEDS;

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
	block->last_ns[1] = block->last_ns[0];
	block->last_ns[0] = sight->at_ns;
	block->last_nats = nats;
	belief_silent(&block->belief, nats, sight->at_ns - block->seen_ns, constants);
	if (!block->dark && is_dark(block, sight->at_ns, constants))
		darkens(block, machines, sight->at_ns, constants);
}

/* Hours of the day on the wall: of the history's own clock, whatever its scale. */
static int64_t hour_number(int64_t now_ns, const struct constants *constants)
{
	return now_ns / constants->absence_ns;
}

static void see_silence(struct block *block, struct machine *machines, const struct sight *sight,
	double loss, const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	if (!block->hush_ns)
		block->hush_ns = sight->at_ns;
	double q = machine_expect(machine, (enum channel)sight->channel);
	double nats = belief_silence_nats(q, pow(loss, sight->attempts));

	if (machine->answered & 1u << sight->channel)
		loss_rate_add(
			&block->loss, sight->attempts, sight->attempts, sight->at_ns, constants);
	bool out = machine_silent(
		machine, (enum channel)sight->channel, nats, sight->at_ns, constants);
	if (!machine_is_known(machine))
		return;
	silence(block, machines, sight, nats, constants);
	int hour = (int)(hour_number(machine->spell.silent_ns[0], constants) % 24);
	if (machine->state == MACHINE_HERE && out && !block->dark &&
		machine_sleeps_at(machine, hour))
		machine->state = MACHINE_ABSENT;
	else if (machine->state == MACHINE_HERE && (out || block->dark))
		goes_out(block, machines, sight->machine, sight->at_ns, constants);
}

static void add_segment(struct block *block, int64_t start_ns, enum block_state state)
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

/* No reply for long, in silence that was seen, though not enough of it, or of
 * machines too little known, to call the block down: then it is not up either. */
static bool is_hushed(const struct block *block, int64_t now_ns, const struct constants *constants)
{
	return block->reply_ns && block->hush_ns && !block->dark && !block->drowned &&
	       now_ns - block->hush_ns >= 2 * constants->flap_ns &&
	       block->seen_ns - block->hush_ns >= constants->flap_ns;
}

static void see_reply(struct block *block, struct machine *machines, const struct sight *sight,
	const struct constants *constants)
{
	struct machine *machine = &machines[sight->machine];
	bool out = machine->state == MACHINE_OUT;
	bool alone = block->out_count <= 1 && block->event.plight_count == 0;
	struct spell spell;

	if (!block->dark && block->silent_ns[0] && is_dark(block, sight->at_ns, constants))
		darkens(block, machines, sight->at_ns, constants);
	out = machine->state == MACHINE_OUT;
	if (!block->dark && belief_probability(&block->belief) >= FLAP_BELIEF) {
		block->flaps_ns = mem_grow(block->flaps_ns, &block->flap_capacity,
			block->flap_count + 1, sizeof(*block->flaps_ns));
		block->flaps_ns[block->flap_count++] = block->silent_ns[0];
	}
	if (is_hushed(block, sight->at_ns, constants)) {
		add_segment(block, block->hush_ns, BLOCK_UNKNOWN);
		add_segment(block, sight->at_ns, BLOCK_UP);
	}
	block->hush_ns = 0;
	if (block->dark)
		lightens(block, sight->at_ns);
	if (!block->first_reply_ns)
		block->first_reply_ns = sight->at_ns;
	loss_rate_add(&block->loss, sight->attempts - 1, sight->attempts, sight->at_ns, constants);
	belief_reply(&block->belief);
	block->reply_ns = sight->at_ns;
	block->silent_ns[0] = block->silent_ns[1] = 0;
	block->last_ns[0] = block->last_ns[1] = 0;
	block->dark_mark++;

	if (!machine_reply(machine, (enum channel)sight->channel, !out || alone, sight->sweep,
		    sight->at_ns, constants, &spell))
		return;
	if (out) {
		comes_back(block, sight->machine, &spell, sight->at_ns);
		block->absences += alone;
		machine->alone |= alone && block->event.out_count == 1;
	} else if (machine_is_known(machine) && machine_was_out(&spell, constants)) {
		event_opens(block, machines, sight->at_ns, constants);
		event_add_out(&block->event, sight->machine, machine, &spell);
		block->changed_ns = sight->at_ns;
		block->absences += alone;
		machine->alone |= alone && block->event.out_count == 1;
	}
}

static void plight_begins(struct block *block, struct machine *machines, enum plight_kind kind,
	int64_t since_ns, int64_t now_ns, const struct constants *constants)
{
	event_opens(block, machines, now_ns, constants);
	struct plight *p = event_add_plight(&block->event, kind);
	p->low_ns = since_ns - constants->flap_ns / 3;
	p->high_ns = since_ns;
	note_ramp(block, since_ns, constants);
	block->changed_ns = now_ns;
}

static void plight_ends(struct block *block, enum plight_kind kind, int64_t since_ns,
	int64_t now_ns, const struct constants *constants)
{
	struct plight *p = open_plight(block, kind);

	p->end_low_ns = since_ns - constants->flap_ns / 3;
	p->end_high_ns = since_ns > p->high_ns ? since_ns : p->high_ns + 1;
	block->changed_ns = now_ns;
}

/* A minute is full: has the loss begun to matter, or ceased to? */
static void look_at_weather(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	const struct weather *w = &block->weather;
	int64_t since_ns;

	if (!block->drowned && weather_held(w, 6, DROWNED_SHARE, false, constants, &since_ns)) {
		plight_begins(block, machines, PLIGHT_DROWNED, since_ns, now_ns, constants);
		block->drowned = true;
	} else if (block->drowned &&
		   weather_held(w, 2, SURFACED_SHARE, true, constants, &since_ns)) {
		plight_ends(block, PLIGHT_DROWNED, since_ns, now_ns, constants);
		block->drowned = false;
	}
	if (!block->lossy && weather_held(w, 5, LOSSY_SHARE, false, constants, &since_ns)) {
		plight_begins(block, machines, PLIGHT_LOSSY, since_ns, now_ns, constants);
		block->lossy = true;
	} else if (block->lossy && weather_held(w, 2, CLEAR_SHARE, true, constants, &since_ns)) {
		plight_ends(block, PLIGHT_LOSSY, since_ns, now_ns, constants);
		block->lossy = false;
	}
}

/* Of machines that are there, and while our own line is clean. */
static void feel_weather(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants)
{
	struct machine *m = &machines[sight->machine];
	double excess = (double)NAN;

	float *usual_s = &m->rtt_s[sight->vantage];
	if (sight->answered && sight->rtt_s > 0) {
		if (*usual_s > 0)
			excess = (double)(sight->rtt_s - *usual_s);
		*usual_s += *usual_s > 0 ? (sight->rtt_s - *usual_s) / 256 : sight->rtt_s;
	}
	if (!machine_is_known(m) || m->state != MACHINE_HERE || anchor_loss > CLEAN_LOSS)
		return;
	double expected = responsiveness_availability(&m->channels[sight->channel]);
	if (!(m->kinds & 1u << sight->channel))
		return;
	if (weather_add(
		    &block->weather, sight->at_ns, expected, sight->answered, excess, constants))
		look_at_weather(block, machines, sight->at_ns, constants);
}

void block_see(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants)
{
	double loss = loss_rate_now(&block->loss);

	if (loss < anchor_loss)
		loss = anchor_loss;
	if (sight->answered)
		see_reply(block, machines, sight, constants);
	else
		see_silence(block, machines, sight, loss, constants);
	feel_weather(block, machines, sight, anchor_loss, constants);
	block->seen_ns = sight->at_ns;
}

/* It has left for good: what it was out for was no outage. */
static void drop_out(struct block *block, uint32_t number, int64_t now_ns)
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

void block_forget(struct block *block, struct machine *machines)
{
	if (block->dark)
		return;
	belief_init(&block->belief);
	block->silent_ns[0] = block->silent_ns[1] = 0;
	block->last_ns[0] = block->last_ns[1] = 0;
	block->hush_ns = 0;
	block->dark_mark++;
	for (size_t i = 0; i < 256; i++) {
		struct machine *m = block->machines[i] ? &machines[block->machines[i] - 1] : NULL;
		if (!m || m->state != MACHINE_HERE || m->spell.count == 0)
			continue;
		m->spell = (struct spell){.replied_ns = m->spell.replied_ns};
		m->lapses[CHANNEL_ICMP] = m->lapses[CHANNEL_TCP] = 0;
	}
}

/* Silent for long without a word worth saying: away, as it has been before. A
 * machine that was out for a week has left. */
static void settle(
	struct block *block, struct machine *m, int64_t now_ns, const struct constants *constants)
{
	int64_t silent_ns = m->spell.count ? now_ns - m->spell.silent_ns[0] : 0;

	if (silent_ns < constants->absence_ns || block->dark)
		return;
	if (m->state == MACHINE_OUT && now_ns - m->spell.silent_ns[0] > constants->gone_ns) {
		drop_out(block, block->machines[m->address.host & 255] - 1, now_ns);
		m->state = MACHINE_ABSENT;
	} else if (m->state == MACHINE_HERE) {
		m->state = MACHINE_ABSENT;
	}
	if (m->state == MACHINE_ABSENT)
		machine_learn_absence(m, now_ns, constants);
}

int64_t block_out_since(const struct block *block, const struct machine *machines)
{
	int64_t since_ns = 0;

	for (size_t i = 0; i < 256; i++) {
		const struct machine *m =
			block->machines[i] ? &machines[block->machines[i] - 1] : NULL;
		if (m && m->state == MACHINE_OUT && (!since_ns || m->spell.replied_ns < since_ns))
			since_ns = m->spell.replied_ns;
	}
	return since_ns;
}

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
	block->changed_ns = now_ns;
}

static void learn_rhythm(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	int64_t hour = hour_number(now_ns, constants);

	if (hour == block->hour)
		return;
	for (size_t i = 0; i < 256 && block->hour && !block->dark; i++) {
		struct machine *m = block->machines[i] ? &machines[block->machines[i] - 1] : NULL;
		if (m && machine_is_known(m))
			machine_learn_hour(m, (int)(block->hour % 24),
				m->spell.count > 0 &&
					now_ns - m->spell.silent_ns[0] > constants->absence_ns / 2);
	}
	block->hour = hour;
}

void block_tick(struct block *block, struct machine *machines, int64_t now_ns, uint32_t number,
	const struct constants *constants, struct losses *losses)
{
	if (now_ns - block->counted_ns >= constants->loss_ns || !block->counted_ns) {
		for (size_t i = 0; i < 256; i++)
			if (block->machines[i])
				settle(block, &machines[block->machines[i] - 1], now_ns, constants);
		survey(block, machines, now_ns, constants);
		learn_rhythm(block, machines, now_ns, constants);
	}
	if (!event_is_empty(&block->event) && block->out_count == 0 && !block->dark &&
		!block->drowned && !block->lossy &&
		now_ns - block->changed_ns > 2 * constants->hold_ns)
		block_end(block, machines, number, constants, losses);
}

void block_end(struct block *block, struct machine *machines, uint32_t number,
	const struct constants *constants, struct losses *losses)
{
	for (size_t i = 0; i < block->event.out_count; i++) {
		struct out *out = &block->event.outs[i];
		if (!out->spell.back_ns && machines[out->machine].state == MACHINE_OUT)
			out->spell = machines[out->machine].spell;
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

void block_close(struct block *block, int64_t now_ns, const struct constants *constants)
{
	if (is_hushed(block, now_ns, constants))
		add_segment(block, block->hush_ns, BLOCK_UNKNOWN);
	if (block->segments.count)
		qsort(block->segments.items, block->segments.count, sizeof(struct segment),
			segment_order);
}

void block_finish(struct block *block)
{
	event_finish(&block->event);
	free(block->flaps_ns);
	cover_finish(&block->cover);
	free(block->segments.items);
}
