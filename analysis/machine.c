#include "analysis/machine.h"

#include <assert.h>

enum { KNOWN_SWEEPS = 5, TELLING_SILENCES = 3 };

static_assert(sizeof(struct machine) <= 256, "the promise of memory per address");

static bool beyond_loss(
	const struct spell *spell, int64_t until_ns, const struct constants *constants)
{
	return (double)spell->nats >= MACHINE_OUT_NATS && spell->count >= TELLING_SILENCES &&
	       spell->last_ns[0] - spell->silent_ns[0] >= constants->span_ns &&
	       until_ns - spell->replied_ns >= constants->flap_ns;
}

bool machine_is_known(const struct machine *machine)
{
	return machine->sweeps >= KNOWN_SWEEPS;
}

bool machine_counts(const struct machine *machine, const struct constants *constants)
{
	return machine_is_known(machine) &&
	       machine->spell.replied_ns - machine->first_reply_ns >= constants->count_ns;
}

double machine_expect(const struct machine *machine, enum channel channel)
{
	if (!(machine->kinds & 1u << channel))
		return 0;
	return responsiveness_expect(
		&machine->channels[channel], machine->answered & 1u << channel);
}

double machine_availability(const struct machine *machine)
{
	double best = 0;

	for (int c = 0; c < CHANNEL_COUNT; c++) {
		if (!(machine->kinds & 1u << c))
			continue;
		double one = responsiveness_availability(&machine->channels[c]);
		if (one > best)
			best = one;
	}
	return best;
}

bool machine_silent(struct machine *machine, enum channel channel, double nats, int64_t now_ns,
	const struct constants *constants)
{
	struct spell *spell = &machine->spell;

	machine->lapses[channel]++;
	machine->answered &= (uint8_t) ~(1u << channel);
	if (spell->count == 0) {
		spell->silent_ns[0] = now_ns;
		machine->weight = (float)machine_availability(machine);
	} else if (spell->count == 1) {
		spell->silent_ns[1] = now_ns;
	}
	spell->last_ns[1] = spell->last_ns[0];
	spell->last_ns[0] = now_ns;
	spell->count++;
	spell->nats += (float)nats;
	return machine->state == MACHINE_HERE && beyond_loss(spell, now_ns, constants);
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

/* A quarter of the way each day: two days of three make a habit. */
enum { HABIT = 100 };

void machine_learn_hour(struct machine *machine, int hour, bool away)
{
	int is = machine->hours[hour];

	machine->hours[hour] = (uint8_t)(is + ((away ? 255 : 0) - is) / 4);
}

bool machine_sleeps_at(const struct machine *machine, int hour)
{
	return machine->hours[hour] >= HABIT || machine->hours[(hour + 1) % 24] >= HABIT;
}

bool machine_was_out(const struct spell *spell, const struct constants *constants)
{
	return beyond_loss(spell, spell->back_ns, constants);
}

bool machine_reply(struct machine *machine, enum channel channel, bool learn, uint64_t sweep,
	int64_t now_ns, const struct constants *constants, struct spell *ret_ended)
{
	bool ended = machine->spell.count > 0;
	uint8_t bit = (uint8_t)(1u << channel);

	if (!(machine->kinds & bit)) {
		machine->kinds |= bit;
	} else if (learn) {
		bool was_answered = machine->answered & bit;
		machine_learn_absence(machine, now_ns, constants);
		responsiveness_learn(
			&machine->channels[channel], was_answered, true, 1, now_ns, constants);
	}
	for (int c = 0; c < CHANNEL_COUNT; c++)
		machine->lapses[c] = 0;
	machine->answered |= bit;
	machine->lapsed &= (uint8_t)~bit;
	if (ended) {
		*ret_ended = machine->spell;
		ret_ended->back_ns = now_ns;
	}
	if (!machine->first_reply_ns)
		machine->first_reply_ns = now_ns;
	if (machine->sweeps == 0 || machine->reply_sweep != sweep) {
		machine->reply_sweep = sweep;
		machine->sweeps++;
	}
	machine->spell = (struct spell){.replied_ns = now_ns};
	machine->state = MACHINE_HERE;
	return ended;
}
