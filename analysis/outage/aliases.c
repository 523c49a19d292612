#include "analysis/outage/aliases.h"

#include <stdbool.h>
#include <stdlib.h>

#include "analysis/disruption/coincidence.h"
#include "analysis/host/alias.h"
#include "core/mem.h"

struct place {
	uint32_t block;
	size_t out;
};

static int by_block(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return (x->out > y->out) - (x->out < y->out);
}

void aliases_init(struct aliases *aliases, const struct host_outage *outs, size_t count)
{
	struct place *places = mem_zeroed(count + 1, sizeof(*places));

	*aliases = (struct aliases){.outs = outs,
		.count = count,
		.of_block = mem_zeroed(count + 1, sizeof(*aliases->of_block)),
		.begin = mem_zeroed(count + 1, sizeof(*aliases->begin)),
		.leader = mem_zeroed(count + 1, sizeof(*aliases->leader)),
		.host = mem_zeroed(count + 1, sizeof(*aliases->host))};
	for (size_t i = 0; i < count; i++)
		places[i] = (struct place){block_of(outs[i].address).base.host, i};
	qsort(places, count, sizeof(*places), by_block);
	for (size_t i = 0, begin = 0; i < count; i++) {
		if (places[i].block != places[begin].block)
			begin = i;
		aliases->of_block[i] = places[i].out;
		aliases->begin[places[i].out] = begin;
	}
	mem_free(places);
}

void aliases_finish(struct aliases *aliases)
{
	mem_free(aliases->of_block);
	mem_free(aliases->begin);
	mem_free(aliases->leader);
	mem_free(aliases->host);
}

size_t aliases_block_size(const struct aliases *aliases, size_t begin)
{
	size_t end = begin;

	while (end < aliases->count && aliases->begin[aliases->of_block[end]] == begin)
		end++;
	return end - begin;
}

static bool overlap(int64_t a_low_ns, int64_t a_high_ns, int64_t b_low_ns, int64_t b_high_ns)
{
	return a_low_ns < b_high_ns && b_low_ns < a_high_ns;
}

bool outs_may_be_aliases(const struct host_outage *a, const struct host_outage *b)
{
	const struct silence_run *x = &a->run;
	const struct silence_run *y = &b->run;

	return outs_same_block(a, b) && x->back_ns && y->back_ns &&
	       !not_alias_holds(a->not_alias, b->address) &&
	       overlap(x->replied_ns, x->silent_ns[1], y->replied_ns, y->silent_ns[1]) &&
	       overlap(x->last_ns[0], x->back_ns, y->last_ns[0], y->back_ns);
}

/* What is known of them. Returns which are taken; owned by the caller. */
static bool *take_known(struct aliases *aliases)
{
	bool *taken = mem_zeroed(aliases->count + 1, sizeof(*taken));

	for (size_t i = 0; i < aliases->count; i++) {
		aliases->leader[i] = i;
		for (size_t at = aliases->begin[i]; aliases->of_block[at] < i; at++) {
			size_t k = aliases->of_block[at];
			if (aliases->leader[k] != k ||
				!outs_same_host(&aliases->outs[i], &aliases->outs[k]))
				continue;
			aliases->leader[i] = k;
			taken[i] = taken[k] = true;
			break;
		}
	}
	return taken;
}

/* Another address of its block that came after after_ns, too, and may be one with it; its own
 * number: none. */
static size_t partner(const struct aliases *aliases, const struct back *backs, const bool *taken,
	size_t one, int64_t after_ns)
{
	size_t begin = aliases->begin[one];
	size_t size = aliases_block_size(aliases, begin);

	for (size_t at = begin; at < begin + size; at++) {
		size_t k = aliases->of_block[at];
		if (k != one && !taken[k] && backs[k].high_ns > after_ns &&
			outs_may_be_aliases(&aliases->outs[one], &aliases->outs[k]))
			return k;
	}
	return one;
}

static void take_pairs(
	struct aliases *aliases, const struct back *backs, bool *taken, bool last, int64_t after_ns)
{
	size_t pairs = assumed_aliases(aliases->count);

	for (size_t at = 0; at < aliases->count && pairs > 0; at++) {
		size_t i = last ? aliases->count - 1 - at : at;
		if (backs[i].high_ns <= after_ns)
			return;
		size_t k = taken[i] ? i : partner(aliases, backs, taken, i, after_ns);
		if (k == i)
			continue;
		aliases->leader[i > k ? i : k] = i < k ? i : k;
		taken[i] = taken[k] = true;
		pairs--;
	}
}

static void meet(struct back *host, const struct back *one)
{
	if (one->low_ns > host->low_ns && one->low_ns < host->high_ns)
		host->low_ns = one->low_ns;
	if (one->high_ns < host->high_ns && one->high_ns > host->low_ns)
		host->high_ns = one->high_ns;
}

size_t aliases_group(struct aliases *aliases, enum alias_guess guess, const struct back *backs,
	int64_t after_ns, struct back *hosts)
{
	bool *taken = take_known(aliases);
	bool last = guess == LAST_ARE_ALIASES;
	size_t count = 0;

	if (guess != AS_KNOWN)
		take_pairs(aliases, backs, taken, last, last ? after_ns : INT64_MIN);
	for (size_t i = 0; i < aliases->count; i++) {
		size_t of = aliases->leader[i];
		if (of == i) {
			aliases->host[i] = count;
			hosts[count++] = backs[i];
		} else {
			meet(&hosts[aliases->host[of]], &backs[i]);
		}
	}
	mem_free(taken);
	return count;
}
