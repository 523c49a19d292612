#include "prober/active/pace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* The loop wakes about once a millisecond; a few late wake-ups are made up for. */
#define PACE_BURST_NS (5 * NS_PER_MS)
/* Slots closer than this, above 5,000/s, share their wake-ups in tens and more. */
#define PACE_CLOSE_NS (200 * NS_PER_US)

void pace_init(struct pace *pace, double rate, struct mono now)
{
	pace_set_rate(pace, rate);
	pace->burst_ns = PACE_BURST_NS;
	pace->next = now;
}

void pace_set_rate(struct pace *pace, double rate)
{
	pace->gap_ns = (int64_t)ceil((double)NS_PER_S / rate);
}

struct mono pace_next(const struct pace *pace)
{
	return pace->next;
}

void pace_take(struct pace *pace, struct mono now)
{
	int64_t floor = now.ns - pace->burst_ns;

	if (pace->next.ns < floor)
		pace->next.ns = floor;
	pace->next.ns += pace->gap_ns;
}

int64_t pace_breath_ns(const struct pace *pace)
{
	return pace->gap_ns < PACE_CLOSE_NS ? 2 * NS_PER_MS : NS_PER_MS;
}

struct ceiling_cell {
	uint64_t key;
	int64_t slice; /* number of the slice that head counts */
	uint32_t counts[CEILING_SLICES];
};

void ceiling_init(struct ceiling *ceiling, double rate, int64_t interval_ns)
{
	double limit = rate * (double)interval_ns / (double)NS_PER_S;

	/* One slice more than the interval holds is summed: strict for any window. */
	*ceiling = (struct ceiling){.slice_ns = interval_ns / (CEILING_SLICES - 1) + 1};
	if (rate > 0)
		ceiling->limit = limit < 1 ? 1 : limit > 4e9 ? 0 : (uint32_t)limit;
}

void ceiling_finish(struct ceiling *ceiling)
{
	free(ceiling->cells);
	*ceiling = (struct ceiling){0};
}

/* Forget slices that have left the window. */
static void cell_turn(struct ceiling_cell *cell, int64_t slice)
{
	if (cell->slice == INT64_MIN || slice - cell->slice >= CEILING_SLICES)
		memset(cell->counts, 0, sizeof(cell->counts));
	else
		for (int64_t s = cell->slice + 1; s <= slice; s++)
			cell->counts[s % CEILING_SLICES] = 0;
	cell->slice = slice;
}

static uint32_t cell_used(const struct ceiling_cell *cell)
{
	uint32_t used = 0;

	for (int i = 0; i < CEILING_SLICES; i++)
		used += cell->counts[i];
	return used;
}

void ceiling_change(struct ceiling *ceiling, double rate, int64_t interval_ns, struct mono now)
{
	struct ceiling fresh;

	ceiling_init(&fresh, rate, interval_ns);
	fresh.cells = ceiling->cells;
	fresh.count = ceiling->count;
	fresh.capacity = ceiling->capacity;
	for (size_t i = 0; i < fresh.count && fresh.slice_ns != ceiling->slice_ns; i++) {
		struct ceiling_cell *cell = &fresh.cells[i];
		cell_turn(cell, now.ns / ceiling->slice_ns);
		uint32_t used = cell_used(cell);
		memset(cell->counts, 0, sizeof(cell->counts));
		cell->slice = now.ns / fresh.slice_ns;
		cell->counts[cell->slice % CEILING_SLICES] = used;
	}
	*ceiling = fresh;
}

static struct ceiling_cell *cell_of(
	struct ceiling *c, struct ip4 target, enum method method, uint16_t port)
{
	uint64_t kind = (uint64_t)port << 1 | (method == METHOD_TCP);
	uint64_t key = (uint64_t)block_of(target).base.host << 17 | kind;
	size_t low = 0;
	size_t high = c->count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c->cells[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == c->count || c->cells[low].key != key) {
		c->cells = mem_grow(c->cells, &c->capacity, c->count + 1, sizeof(*c->cells));
		memmove(c->cells + low + 1, c->cells + low, (c->count - low) * sizeof(*c->cells));
		c->cells[low] = (struct ceiling_cell){.key = key, .slice = INT64_MIN};
		c->count++;
	}
	return &c->cells[low];
}

static uint32_t cell_left(struct ceiling *c, struct ceiling_cell *cell, struct mono now)
{
	cell_turn(cell, now.ns / c->slice_ns);
	uint32_t used = cell_used(cell);
	return used < c->limit ? c->limit - used : 0;
}

uint32_t ceiling_left(
	struct ceiling *c, struct ip4 target, enum method method, uint16_t port, struct mono now)
{
	if (c->limit == 0)
		return UINT32_MAX;
	return cell_left(c, cell_of(c, target, method, port), now);
}

bool ceiling_take(
	struct ceiling *c, struct ip4 target, enum method method, uint16_t port, struct mono now)
{
	if (c->limit == 0)
		return true;
	struct ceiling_cell *cell = cell_of(c, target, method, port);
	if (cell_left(c, cell, now) == 0)
		return false;
	cell->counts[cell->slice % CEILING_SLICES]++;
	return true;
}
