#include "tests/bench/histories/looks.h"

/* How many instants lie before t. */
static size_t before(const struct instants *instants, int64_t t)
{
	size_t low = 0, high = instants->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (instants->items[middle] < t)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int looks_of(const struct world *world, int vantage, const struct endpoint *endpoint,
	int kind, int64_t from, int64_t to)
{
	size_t count = 0;

	for (int tier = 0; tier < 2; tier++) {
		const struct instants *starts = &world->looks[vantage].starts[tier];
		int64_t phase = endpoint->phases[tier][kind];
		if (phase >= 0)
			count += before(starts, to - phase) - before(starts, from - phase);
	}
	return (int)count;
}

int looks_between(const struct world *world, int machine, int64_t from, int64_t to)
{
	int most = 0;

	for (int v = 0; v < world->vantage_count; v++)
		for (int i = 0; i < 2 * world->endpoint_count; i++) {
			const struct endpoint *endpoint = &world->endpoints[i / 2];
			if (endpoint->machine != machine)
				continue;
			int count = looks_of(world, v, endpoint, i % 2, from, to);
			most = count > most ? count : most;
		}
	return most;
}

static void narrow(const struct instants *starts, int64_t phase, int64_t t, struct look_pair *pair)
{
	size_t next = before(starts, t - phase);

	if (next > 0 && starts->items[next - 1] + phase > pair->before)
		pair->before = starts->items[next - 1] + phase;
	if (next < starts->count && starts->items[next] + phase < pair->after)
		pair->after = starts->items[next] + phase;
}

struct look_pair looks_around(const struct world *world, const bool *machines, int64_t t)
{
	struct look_pair pair = {INT64_MIN, INT64_MAX};

	for (int i = 0; i < 4 * world->endpoint_count; i++) {
		const struct endpoint *endpoint = &world->endpoints[i / 4];
		int64_t phase = endpoint->phases[i / 2 % 2][i % 2];
		if (endpoint->machine < 0 || !machines[endpoint->machine] || phase < 0)
			continue;
		for (int v = 0; v < world->vantage_count; v++)
			narrow(&world->looks[v].starts[i / 2 % 2], phase, t, &pair);
	}
	return pair;
}
