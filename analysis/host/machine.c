#include "analysis/host/machine.h"

#include <assert.h>
#include <math.h>

#include "core/clock.h"

/* That two addresses were apart is kept for good: loss may make it up once in the
 * probes of a year, 13 nats. */
#define APART_NATS 13.0
/* Loss is the same for no longer than so many probes. */
#define APART_REPLIES 100.0

static_assert(sizeof(struct machine) <= 288, "the promise of memory per address");

double machine_departures(
	const struct machine *machine, int64_t now_ns, const struct constants *constants)
{
	double known_ns = (double)(now_ns - machine->first_reply_ns);
	double usual = machine->usual_rate > 0 ? (double)machine->usual_rate
					       : 1 / (double)constants->failure_ns;
	double own = ((double)machine->failures + FAILURES_PRIOR) /
		     (fmax(known_ns, 0) + FAILURES_PRIOR / usual);

	return own + 1 / (double)constants->chance_ns;
}

double spell_nats(const struct spell *spell, const struct constants *constants)
{
	if (spell->count == 0)
		return 0;
	return silence_nats(&spell->silence, spell->last_ns[0] - spell->silent_ns[0], constants);
}

double machine_gone(
	const struct machine *machine, const struct spell *spell, const struct constants *constants)
{
	return silence_log_odds(spell_nats(spell, constants),
		machine_departures(machine, spell->silent_ns[0], constants),
		spell->silent_ns[0] - spell->replied_ns, constants);
}

static bool is_out(const struct machine *machine, const struct spell *spell, int64_t until_ns,
	const struct constants *constants)
{
	return spell->count >= 2 && until_ns - spell->replied_ns >= constants->flap_ns &&
	       machine_gone(machine, spell, constants) >= SILENCE_GONE_LOG_ODDS;
}

bool machine_counts(const struct machine *machine, const struct constants *constants)
{
	return machine_is_known(machine) &&
	       machine->spell.replied_ns - machine->first_reply_ns >= constants->count_ns;
}

double machine_expect(const struct machine *machine, enum channel channel, double mute_usual)
{
	if (!(machine->kinds & 1u << channel))
		return 0;
	return responsiveness_expect(
		&machine->channels[channel], machine->answered & 1u << channel, mute_usual);
}

double machine_availability(const struct machine *machine)
{
	double best = 0;

	for (int c = 0; c < CHANNEL_COUNT; c++) {
		if (!(machine_kinds(machine) & 1u << c))
			continue;
		double one = responsiveness_availability(&machine->channels[c]);
		if (one > best)
			best = one;
	}
	return best;
}

void machine_disregard(struct machine *machine, enum channel channel, bool learn, int64_t now_ns,
	const struct constants *constants)
{
	uint8_t bit = (uint8_t)(1u << channel);

	if (!learn || !(machine->kinds & bit))
		return;
	responsiveness_learn(
		&machine->channels[channel], machine->answered & bit, false, 1, now_ns, constants);
	machine->answered &= (uint8_t)~bit;
}

/* It answers this kind; was each other kind silent since, and this one never? */
static void count_mute(struct machine *machine, enum channel channel)
{
	for (int c = 0; c < CHANNEL_COUNT; c++) {
		if (c == (int)channel || machine->mute[c] >= MUTE_SILENCES)
			continue;
		if (machine->lapses[channel] > 0)
			machine->mute[c] = 0;
		else if (machine->lapses[c] > 0)
			machine->mute[c]++;
	}
	machine->mute[channel] = 0;
}

#define WONDERS_A_NAT 16.0

static uint8_t wonder_of(double chance)
{
	double wonder = -log(fmax(chance, 1e-6)) * WONDERS_A_NAT + 0.5;

	return wonder < UINT8_MAX ? (uint8_t)wonder : UINT8_MAX;
}

double spell_first_lost(const struct spell *spell)
{
	return exp(-(double)spell->wonder[0] / WONDERS_A_NAT);
}

double spell_last_lost(const struct spell *spell)
{
	return exp(-(double)spell->wonder[1] / WONDERS_A_NAT);
}

bool machine_silent(struct machine *machine, enum channel channel, double nats, int64_t from_ns,
	int64_t now_ns, const struct constants *constants)
{
	struct spell *spell = &machine->spell;

	if (spell->count == 0)
		spell->wonder[0] = wonder_of(1 - machine_expect(machine, channel, MUTE_PRIOR));
	spell->wonder[1] = wonder_of(1 - responsiveness_availability(&machine->channels[channel]));
	if (machine->lapses[channel] < UINT16_MAX)
		machine->lapses[channel]++;
	machine->answered &= (uint8_t) ~(1u << channel);
	if (spell->count == 0) {
		spell->silent_ns[0] = now_ns;
		machine->weight = (float)machine_availability(machine);
	} else if (spell->count == 1) {
		spell->silent_ns[1] = now_ns;
	}
	if (from_ns < spell->replied_ns)
		from_ns = spell->replied_ns;
	if (from_ns > spell->last_ns[0]) {
		spell->last_ns[1] = spell->last_ns[0];
		spell->last_ns[0] = from_ns;
	}
	if (spell->count < SPELL_COUNT_MOST)
		spell->count++;
	if (spell->count == 1)
		spell->silence.first_nats = (float)nats;
	else
		spell->silence.more_nats += (float)nats;
	if (machine->elsewhere_ns >= spell->silent_ns[0] && machine->elsewhere_ns <= from_ns)
		spell->heard_elsewhere = 1;
	return machine->state == MACHINE_HERE && is_out(machine, spell, now_ns, constants);
}

/* Sweeps that overlap are read one after the other: of those replies that fell into the
 * spell, or are to fall into it, the first. */
void machine_hear_elsewhere(struct machine *machine, int64_t at_ns)
{
	const struct spell *spell = &machine->spell;
	bool is_in_it = spell->count > 0 && machine->elsewhere_ns >= spell->silent_ns[0] &&
			at_ns >= spell->silent_ns[0];

	if (!is_in_it || at_ns < machine->elsewhere_ns)
		machine->elsewhere_ns = at_ns;
}

static void learn_lapses(struct machine *machine, enum channel channel, int64_t now_ns,
	const struct constants *constants)
{
	struct responsiveness *r = &machine->channels[channel];
	uint32_t lapses = machine->lapses[channel];

	if (lapses > 0 && !(machine->lapsed & 1u << channel)) {
		responsiveness_learn(r, true, false, 1, now_ns, constants);
		machine->lapsed |= (uint8_t)(1u << channel);
		lapses--;
	}
	if (lapses > 0)
		responsiveness_learn(r, false, false, lapses, now_ns, constants);
	machine->lapses[channel] = 0;
}

void machine_learn_absence(
	struct machine *machine, int64_t now_ns, const struct constants *constants)
{
	for (int c = 0; c < CHANNEL_COUNT; c++)
		learn_lapses(machine, (enum channel)c, now_ns, constants);
}

/* Were it one machine all the same, then loss silenced the one and let the other
 * through: whatever the loss was, with this chance at most. */
static double apart_nats(double silences, double replies)
{
	double all = silences + replies;

	return -silences * log(silences / all) - replies * log(replies / all);
}

/* The kinds of probe that it mostly answers. */
static unsigned live_kinds(const struct machine *machine)
{
	unsigned kinds = 0;

	for (unsigned c = 0; c < CHANNEL_COUNT; c++)
		if (machine_kinds(machine) & 1u << c &&
			responsiveness_availability(&machine->channels[c]) >= MACHINE_MOSTLY)
			kinds |= 1u << c;
	return kinds;
}

bool machine_was_apart(const struct machine *machine, const struct spell *spell,
	const struct machine *other, const struct constants *constants)
{
	int64_t from_ns = other->since_ns;
	int64_t to_ns = other->spell.replied_ns;

	if (spell->count < MACHINE_TELLING_SILENCES || from_ns > spell->last_ns[1] ||
		to_ns < spell->silent_ns[1] || !machine_is_known(machine) ||
		!machine_is_known(other) ||
		spell->last_ns[0] - spell->silent_ns[0] < constants->span_ns)
		return false;
	/* A filter of one kind silences one address of a machine and not the next. */
	if (!(live_kinds(machine) & live_kinds(other)))
		return false;
	double each_ns = (double)(spell->last_ns[0] - spell->silent_ns[0]) / (spell->count - 1);
	bool throughout = from_ns <= spell->silent_ns[0] && to_ns >= spell->last_ns[0];
	double replies = fmin((double)(to_ns - from_ns) / each_ns, APART_REPLIES);
	if (from_ns < spell->silent_ns[0])
		from_ns = spell->silent_ns[0];
	if (to_ns > spell->last_ns[0])
		to_ns = spell->last_ns[0];
	double silences = (double)(to_ns - from_ns) / each_ns + 1;
	/* One that went or came meanwhile may itself have been lost in a rising loss:
	 * then only what it answered beside the silence counts. */
	return apart_nats(silences, throughout ? replies + 1 : silences) >= APART_NATS;
}

static void set_apart(uint32_t apart[8], struct ip4 address)
{
	apart[(address.host & 255) / 32] |= UINT32_C(1) << (address.host & 31);
}

void machine_set_apart(struct machine *a, struct machine *b)
{
	set_apart(a->apart, b->address);
	set_apart(b->apart, a->address);
}

bool apart_holds(const uint32_t apart[8], struct ip4 address)
{
	return apart[(address.host & 255) / 32] & UINT32_C(1) << (address.host & 31);
}

/* A quarter of the way each day: two days running make a habit. */
enum { HABIT = 110 };

void machine_learn_hour(struct machine *machine, int hour, bool away)
{
	int is = machine->hours[hour];

	machine->hours[hour] = (uint8_t)(is + ((away ? 255 : 0) - is) / 4);
}

bool machine_sleeps_at(const struct machine *machine, int hour)
{
	return machine->hours[hour] >= HABIT || machine->hours[(hour + 1) % 24] >= HABIT;
}

bool machine_was_out(
	const struct machine *machine, const struct spell *spell, const struct constants *constants)
{
	return is_out(machine, spell, spell->back_ns, constants);
}

bool machine_was_briefly_out(const struct spell *spell, const struct constants *constants)
{
	return spell->count >= 2 &&
	       spell->last_ns[0] - spell->silent_ns[0] >= 59 * constants->minute_ns / 60;
}

static void end_spell(struct machine *machine, int64_t now_ns, struct spell *ret_ended)
{
	*ret_ended = machine->spell;
	ret_ended->back_ns = now_ns;
	machine->spell = (struct spell){.replied_ns = now_ns};
	for (int c = 0; c < CHANNEL_COUNT; c++)
		machine->lapses[c] = 0;
}

bool machine_was_there(const struct machine *machine, const struct constants *constants)
{
	struct spell usual = machine->spell;

	usual.silence.more_nats = -(float)log(MUTE_PRIOR) * (float)(usual.count - 1);
	return usual.count > 0 && machine_gone(machine, &usual, constants) < SILENCE_GONE_LOG_ODDS;
}

/* It was there all the while: so often one silence follows another. */
static void learn_mending(struct machine *machine, const struct constants *constants)
{
	if (!machine_was_there(machine, constants))
		return;
	for (int c = 0; c < CHANNEL_COUNT; c++)
		if (machine->lapses[c] > 0)
			responsiveness_mend(&machine->channels[c], machine->lapses[c]);
}

bool machine_reply(struct machine *machine, enum channel channel, bool learn, uint64_t sweep,
	int64_t now_ns, const struct constants *constants, struct spell *ret_ended)
{
	bool ended = machine->spell.count > 0;
	uint8_t bit = (uint8_t)(1u << channel);

	if (machine->lapses[0] | machine->lapses[1] | machine->mute[channel])
		count_mute(machine, channel);
	if (!(machine->kinds & bit)) {
		machine->kinds |= bit;
	} else if (learn) {
		bool was_answered = machine->answered & bit;
		if (ended) {
			learn_mending(machine, constants);
			machine_learn_absence(machine, now_ns, constants);
		}
		responsiveness_learn(
			&machine->channels[channel], was_answered, true, 1, now_ns, constants);
	}
	machine->answered |= bit;
	machine->boxed &= (uint8_t)~bit;
	machine->lapsed &= (uint8_t)~bit;
	if (!machine->first_reply_ns)
		machine->first_reply_ns = now_ns;
	if (!machine->since_ns || ended)
		machine->since_ns = now_ns;
	if (machine->sweeps == 0 || machine->reply_sweep != (uint32_t)sweep) {
		machine->reply_sweep = (uint32_t)sweep;
		if (machine->sweeps < UINT8_MAX)
			machine->sweeps++;
	}
	machine->state = MACHINE_HERE;
	if (ended) {
		end_spell(machine, now_ns, ret_ended);
		return true;
	}
	if (machine->spell.replied_ns) {
		float gap_s = (float)(now_ns - machine->spell.replied_ns) / 1e9F;
		machine->every_s += machine->every_s > 0 ? (gap_s - machine->every_s) / 16 : gap_s;
	}
	machine->spell.replied_ns = now_ns;
	return false;
}
