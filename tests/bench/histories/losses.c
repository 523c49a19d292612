#include "tests/bench/histories/losses.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tests/bench/histories/schedule.h"

static bool path_lost(struct world *world, int block, int64_t t)
{
	for (int v = 0; v < world->vantage_count; v++)
		if (!spans_at(&world->vantages[v].cut[block], t)) {
			const struct span *ramp =
				spans_at(&world->providers[world->provider_of[block]].ramp, t);
			return ramp && ramp->from >= 0.97 && ramp->to >= 0.97;
		}
	return true;
}

static bool lost_at(struct world *world, int machine, int64_t t)
{
	if (spans_at(&world->machines[machine].down, t))
		return true;
	for (int i = 0; i < world->endpoint_count; i++) {
		const struct endpoint *endpoint = &world->endpoints[i];
		if (endpoint->machine != machine)
			continue;
		bool filtered =
			!endpoint->port && spans_at(&world->icmp_filtered[endpoint->block], t);
		if (!filtered && !path_lost(world, endpoint->block, t))
			return false;
	}
	return true;
}

static void add_edges(struct instants *edges, const struct spans *spans)
{
	for (size_t i = 0; i < spans->count; i++) {
		instants_add(edges, spans->items[i].start);
		instants_add(edges, spans->items[i].end);
	}
}

static void add_loss(struct losses *losses, struct loss loss)
{
	losses->items = mem_grow(losses->items, &losses->capacity, losses->count + 1, sizeof(loss));
	losses->items[losses->count++] = loss;
}

static void losses_of_machine(struct world *world, int machine, struct losses *ret)
{
	struct instants edges = {0};
	bool seen[WORLD_BLOCKS] = {false};
	bool open = false;

	add_edges(&edges, &world->machines[machine].down);
	for (int i = 0; i < world->endpoint_count; i++) {
		int block = world->endpoints[i].block;
		if (world->endpoints[i].machine != machine || seen[block])
			continue;
		seen[block] = true;
		for (int v = 0; v < world->vantage_count; v++)
			add_edges(&edges, &world->vantages[v].cut[block]);
		add_edges(&edges, &world->providers[world->provider_of[block]].ramp);
		add_edges(&edges, &world->icmp_filtered[block]);
	}
	instants_settle(&edges);
	for (size_t i = 0; i < edges.count; i++) {
		bool lost = lost_at(world, machine, edges.items[i]);
		if (lost && !open)
			add_loss(ret, (struct loss){machine, edges.items[i], world->end});
		else if (!lost && open)
			ret->items[ret->count - 1].end = edges.items[i];
		open = lost;
	}
	free(edges.items);
}

void losses_of_world(struct world *world, struct losses *ret)
{
	*ret = (struct losses){0};
	for (int m = 0; m < world->machine_count; m++)
		if (machine_counted(world, m))
			losses_of_machine(world, m, ret);
}

void losses_free(struct losses *losses)
{
	free(losses->items);
}

int block_machines(const struct world *world, int block)
{
	int count = 0;

	for (int m = 0; m < world->machine_count; m++)
		count += machine_counted(world, m) && machine_block(world, m) == block;
	return count;
}

/* A change in the number of machines gone. */
struct change {
	int64_t at;
	int by, machine;
};

static int change_order(const void *a, const void *b)
{
	const struct change *x = a;
	const struct change *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return y->by - x->by;
}

static int time_order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Fewest instants that pierce all brackets of that length ending at these times. */
static int stabbing_points(const int64_t *sorted, int count, int64_t bracket)
{
	int points = 0;
	int64_t last = INT64_MIN;

	for (int i = 0; i < count; i++)
		if (points == 0 || sorted[i] - bracket > last) {
			last = sorted[i];
			points++;
		}
	return points;
}

/* First going and last coming back of each machine, block by block; the first `inside`
 * changes are of this outage, of the later ones only the returns of what it took. */
static void shape(const struct world *world, const struct change *changes, size_t inside,
	size_t count, struct outage_truth *outage)
{
	int64_t bracket = at_least_intervals(world, SECONDS(60), 1);

	outage->steps = true;
	for (int b = 0; b < world->block_count; b++) {
		int64_t gone[WORLD_MACHINES], back[WORLD_MACHINES];
		int goes = 0, comes = 0;
		for (int m = 0; m < world->machine_count; m++) {
			int64_t first = -1, last = -1;
			bool away = false;
			if (!outage->gone[m] || machine_block(world, m) != b)
				continue;
			for (size_t i = 0; i < count; i++) {
				if (i >= inside && !away)
					break;
				if (changes[i].machine != m)
					continue;
				away = changes[i].by > 0;
				if (away && first < 0)
					first = changes[i].at;
				if (!away && first >= 0)
					last = changes[i].at;
			}
			if (first >= 0)
				gone[goes++] = first;
			if (last >= 0)
				back[comes++] = last;
			outage->first[m] = first >= 0 && first - outage->start <= SECONDS(1);
			outage->last[m] = last >= 0 && llabs(last - outage->end) <= SECONDS(1);
			outage->at_onset += outage->first[m];
			outage->at_end += outage->last[m];
		}
		qsort(gone, (size_t)goes, sizeof(*gone), time_order);
		qsort(back, (size_t)comes, sizeof(*back), time_order);
		int on = stabbing_points(gone, goes, bracket),
		    off = stabbing_points(back, comes, bracket);
		if (on > outage->onset_points)
			outage->onset_points = on;
		if (comes >= 4 && off > outage->end_points)
			outage->end_points = off;
		if ((goes && gone[goes - 1] - gone[0] > SECONDS(1)) ||
			(comes && back[comes - 1] - back[0] > SECONDS(1)))
			outage->steps = false;
	}
}

/* From the first change on until another machine goes. */
static int64_t until_second(const struct change *changes, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (changes[i].by > 0 && changes[i].machine != changes[0].machine)
			return changes[i].at - changes[0].at;
	return 0;
}

static void weigh(const struct world *world, struct outage_truth *outage, const int *peak)
{
	for (int b = 0; b < world->block_count; b++) {
		int all = block_machines(world, b);
		double share = all ? (double)peak[b] / all : 0;
		outage->in_block[b] = share >= 0.25;
		if (peak[b] >= 2 && share > outage->worst_share)
			outage->worst_share = share;
	}
}

/* Nothing more is lost within 180 s, or an interval and a half, of change i. */
static bool stays(const struct world *world, const struct change *changes, size_t count, size_t i)
{
	int64_t up = at_least_intervals(world, SECONDS(180), 1.5);
	int64_t at = changes[i].at;

	while (++i < count)
		if (changes[i].by > 0)
			return changes[i].at - at >= up;
	return true;
}

/*
 * From change i on, until nine in ten are back to stay. Returns the number of
 * the first change after it; late[] are the machines still gone then.
 */
static size_t follow(const struct world *world, const struct change *changes, size_t count,
	size_t i, bool late[WORLD_MACHINES], struct outage_truth *outage)
{
	int now = 0, in_block[WORLD_BLOCKS] = {0}, peak[WORLD_BLOCKS] = {0};
	bool lost[WORLD_MACHINES] = {false};
	int64_t pair_since = changes[i].at;

	*outage = (struct outage_truth){
		.start = changes[i].at, .end = changes[i].at, .pair_start = -1};
	for (; i < count; i++) {
		const struct change *change = &changes[i];
		int block = machine_block(world, change->machine);
		if (change->by < 0 && late[change->machine]) {
			late[change->machine] = false;
			continue;
		}
		lost[change->machine] = change->by > 0;
		outage->gone[change->machine] = outage->gone[change->machine] || change->by > 0;
		now += change->by;
		in_block[block] += change->by;
		if (in_block[block] > peak[block])
			peak[block] = in_block[block];
		if (now > outage->lost)
			outage->lost = now;
		if (now >= 2 && outage->pair_start < 0)
			outage->pair_start = change->at;
		if (change->by < 0 && now >= 1)
			outage->pair_end = change->at;
		if (change->by > 0 && now == 2)
			pair_since = change->at;
		if (change->by < 0 && now == 1 && change->at - pair_since > outage->longest_pair)
			outage->longest_pair = change->at - pair_since;
		if (change->by < 0 && now * 10 <= outage->lost && stays(world, changes, count, i)) {
			outage->end = change->at;
			if (now >= 2 && change->at - pair_since > outage->longest_pair)
				outage->longest_pair = change->at - pair_since;
			i++;
			break;
		}
	}
	for (int m = 0; m < WORLD_MACHINES; m++)
		late[m] = late[m] || lost[m];
	weigh(world, outage, peak);
	return i;
}

int outages_of_event(const struct world *world, const struct losses *losses,
	const struct event *event, struct outage_truth ret[OUTAGES_PER_EVENT])
{
	struct change *changes = mem_zeroed(2 * losses->count + 1, sizeof(*changes));
	bool late[WORLD_MACHINES] = {false};
	size_t count = 0, i = 0;
	int found = 0;

	for (size_t k = 0; k < losses->count; k++) {
		const struct loss *loss = &losses->items[k];
		if (loss->start < event->start || loss->start > event->stop)
			continue;
		changes[count++] = (struct change){loss->start, 1, loss->machine};
		changes[count++] = (struct change){loss->end, -1, loss->machine};
	}
	qsort(changes, count, sizeof(*changes), change_order);
	while (i < count && found < OUTAGES_PER_EVENT) {
		if (changes[i].by < 0) { /* a straggler's return */
			late[changes[i++].machine] = false;
			continue;
		}
		size_t first = i;
		i = follow(world, changes, count, i, late, &ret[found]);
		shape(world, changes + first, i - first, count - first, &ret[found]);
		ret[found].second = until_second(changes + first, i - first);
		found++;
	}
	free(changes);
	return found;
}
