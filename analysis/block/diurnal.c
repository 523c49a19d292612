#include <stdlib.h>

#include "analysis/block/inner.h"
#include "analysis/disruption/coincidence.h"
#include "core/mem.h"

/* Hours of the day on the wall: of the history's own clock, whatever its scale. */
int64_t block_hour(int64_t now_ns, const struct parameters *parameters)
{
	return now_ns / parameters->hour_ns;
}

bool block_sleeps(
	const struct host *host, const struct silence_run *run, const struct parameters *parameters)
{
	return host_sleeps_at(host, (int)(block_hour(run->silent_ns[0], parameters) % 24));
}

/* Known, and silent for most of the hour. */
static bool is_away(const struct host *h, int64_t now_ns, const struct parameters *parameters)
{
	return h->run.count > 0 && now_ns - h->run.silent_ns[0] > parameters->hour_ns / 2;
}

static size_t gather_away(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters, struct host_outage *outs)
{
	size_t n = 0;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &hosts[block_member(block, i)];
		if (!host_is_known(h) || !is_away(h, now_ns, parameters))
			continue;
		outs[n] = (struct host_outage){.host = block_member(block, i),
			.weight = 1,
			.run = h->run,
			.clock_ns = h->clock_ns,
			.address = h->address};
		for (size_t k = 0; k < sizeof(h->not_alias) / sizeof(h->not_alias[0]); k++)
			outs[n].not_alias[k] = h->not_alias[k];
		n++;
	}
	return n;
}

/*
 * Of those that are away, mark who went with others: several hosts in one instant, and
 * more than half of all that went within half an hour of it. People go to bed one by one;
 * what takes many at a stroke, each evening at eight, is no habit of theirs.
 */
static void mark_shared(const struct host_outage *outs, size_t count,
	const struct parameters *parameters, bool shared[256])
{
	struct bracket *brackets = mem_zeroed(count + 1, sizeof(*brackets));
	struct instant *instants = mem_zeroed(count + 1, sizeof(*instants));
	struct host_outage *with = mem_zeroed(count + 1, sizeof(*with));
	size_t have;
	size_t found = outs_pierce(outs, count, STABBING_DEPARTURE, brackets, &have, instants);

	for (size_t at = 0; at < found; at++) {
		size_t n = 0;
		size_t around = 0;
		for (size_t i = 0; i < have; i++) {
			const struct instant *other = &instants[brackets[i].batch];
			around += llabs(other->high_ns - instants[at].high_ns) <=
				  parameters->hour_ns / 2;
			if (brackets[i].batch == at)
				with[n++] = outs[brackets[i].owner];
		}
		if (n < SHARED_LEAST || 2 * n <= around || outs_hosts(with, n) < SHARED_HOSTS)
			continue;
		for (size_t i = 0; i < n; i++)
			shared[with[i].address.host & 255] = true;
	}
	mem_free(with);
	mem_free(instants);
	mem_free(brackets);
}

void block_learn_rhythm(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	int64_t hour = block_hour(now_ns, parameters);
	int64_t before = block->hour;
	bool shared[256] = {false};

	if (hour == before)
		return;
	block->hour = hour;
	/* A block may sleep as a whole, but not around the clock. */
	if (!before ||
		(block->down && now_ns - block->reply_ns > NIGHT_HOURS * parameters->hour_ns))
		return;
	struct host_outage *outs = mem_zeroed(block->member_count + 1, sizeof(*outs));
	size_t away = gather_away(block, hosts, now_ns, parameters, outs);
	if (away >= SHARED_LEAST)
		mark_shared(outs, away, parameters, shared);
	mem_free(outs);
	for (size_t i = 0; i < block->member_count; i++) {
		struct host *h = &hosts[block_member(block, i)];
		if (host_is_known(h) && !shared[block->members[i]])
			host_learn_hour(h, (int)(before % 24), is_away(h, now_ns, parameters));
	}
}
