#include <stdlib.h>

#include "analysis/block/inner.h"
#include "analysis/disruption/coincidence.h"
#include "core/mem.h"

enum { NIGHT_HOURS = 16 };
/* So many addresses that went in one instant are no habit, if they are two machines or more. */
enum { SHARED_LEAST = 3, SHARED_MACHINES = 2 };

/* Hours of the day on the wall: of the history's own clock, whatever its scale. */
int64_t block_hour(int64_t now_ns, const struct constants *constants)
{
	return now_ns / constants->absence_ns;
}

bool block_sleeps(
	const struct machine *machine, const struct spell *spell, const struct constants *constants)
{
	return machine_sleeps_at(machine, (int)(block_hour(spell->silent_ns[0], constants) % 24));
}

/* Known, and silent for most of the hour. */
static bool is_away(const struct machine *m, int64_t now_ns, const struct constants *constants)
{
	return m->spell.count > 0 && now_ns - m->spell.silent_ns[0] > constants->absence_ns / 2;
}

static size_t gather_away(const struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants, struct out *outs)
{
	size_t n = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct machine *m = &machines[block_member(block, i)];
		if (!machine_is_known(m) || !is_away(m, now_ns, constants))
			continue;
		outs[n] = (struct out){.machine = block_member(block, i),
			.weight = 1,
			.spell = m->spell,
			.clock_ns = m->clock_ns,
			.address = m->address};
		for (size_t k = 0; k < sizeof(m->apart) / sizeof(m->apart[0]); k++)
			outs[n].apart[k] = m->apart[k];
		n++;
	}
	return n;
}

/*
 * Of those that are away, mark who went with others: several machines in one instant, and
 * more than half of all that went within half an hour of it. People go to bed one by one;
 * what takes many at a stroke, each evening at eight, is no habit of theirs.
 */
static void mark_shared(
	const struct out *outs, size_t count, const struct constants *constants, bool shared[256])
{
	struct bracket *brackets = mem_zeroed(count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(count + 1, sizeof(*instants));
	struct out *with = mem_zeroed(count + 1, sizeof(*with));
	size_t have;
	size_t found = outs_pierce(outs, count, STAGGER_GOING, brackets, &have, instants);

	for (size_t at = 0; at < found; at++) {
		size_t n = 0;
		size_t around = 0;
		for (size_t i = 0; i < have; i++) {
			const struct instant *other = &instants[brackets[i].batch];
			around += llabs(other->high_ns - instants[at].high_ns) <=
				  constants->absence_ns / 2;
			if (brackets[i].batch == at)
				with[n++] = outs[brackets[i].owner];
		}
		if (n < SHARED_LEAST || 2 * n <= around || outs_distinct(with, n) < SHARED_MACHINES)
			continue;
		for (size_t i = 0; i < n; i++)
			shared[with[i].address.host & 255] = true;
	}
	mem_free(with);
	mem_free(instants);
	mem_free(brackets);
}

void block_learn_rhythm(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants)
{
	int64_t hour = block_hour(now_ns, constants);
	int64_t before = block->hour;
	bool shared[256] = {false};

	if (hour == before)
		return;
	block->hour = hour;
	/* A block may sleep as a whole, but not around the clock. */
	if (!before ||
		(block->dark && now_ns - block->reply_ns > NIGHT_HOURS * constants->absence_ns))
		return;
	struct out *outs = mem_zeroed(block->member_count + 1, sizeof(*outs));
	size_t away = gather_away(block, machines, now_ns, constants, outs);
	if (away >= SHARED_LEAST)
		mark_shared(outs, away, constants, shared);
	mem_free(outs);
	for (size_t i = 0; i < block->member_count; i++) {
		struct machine *m = &machines[block_member(block, i)];
		if (machine_is_known(m) && !shared[block->members[i]])
			machine_learn_hour(m, (int)(before % 24), is_away(m, now_ns, constants));
	}
}
