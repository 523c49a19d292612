#include "analysis/clock/reboot_list.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/method/parameters.h"
#include "analysis/method/sorted.h"
#include "core/mem.h"

/* The short way round, where both count alike. */
static int64_t apart_ns(const struct reboot *a, const struct reboot *b)
{
	int64_t d = llabs(a->before_ns - b->before_ns);
	int64_t period = a->period_ns;

	if (!period || period != b->period_ns)
		return d;
	d %= period;
	return d < period - d ? d : period - d;
}

/* It is the counters' zeros that are compared: their dates depend on how they begin. */
bool reboot_is_alias(const struct reboot *a, const struct reboot *b)
{
	bool reckoned = a->reckoned || b->reckoned;
	int64_t room_ns = reckoned ? UPTIME_RECKONED_NS : HOST_SAME_CLOCK_NS;
	/* The time before was read last at different times, by a clock that is a little off. */
	int64_t drift_ns =
		reckoned ? 0 : llabs(a->earliest_ns - b->earliest_ns) / 1000000 * UPTIME_SKEW_PPM;

	return a->dated && b->dated && llabs(a->zero_ns - b->zero_ns) <= room_ns &&
	       apart_ns(a, b) <= room_ns + drift_ns;
}

void reboot_bracket(int64_t *earliest_ns, int64_t *latest_ns, const struct reboot *more)
{
	bool share = more->earliest_ns <= *latest_ns && *earliest_ns <= more->latest_ns;

	if ((more->earliest_ns > *earliest_ns) == share)
		*earliest_ns = more->earliest_ns;
	if ((more->latest_ns < *latest_ns) == share)
		*latest_ns = more->latest_ns;
}

static int by_time(const void *a, const void *b)
{
	const struct host_reboot *x = a;
	const struct host_reboot *y = b;
	int64_t p = x->dated ? x->boot_ns : x->latest_ns;
	int64_t q = y->dated ? y->boot_ns : y->latest_ns;

	if (p != q)
		return p < q ? -1 : 1;
	return ip4_order(&x->address, &y->address);
}

/* One host's reboots have nearly the same zero: only those beside each other are compared. */
struct zero {
	int64_t ns;
	size_t reboot; /* index */
};

static int by_zero(const void *a, const void *b)
{
	const struct zero *x = a;
	const struct zero *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (x->reboot > y->reboot) - (x->reboot < y->reboot);
}

static int by_index(const void *a, const void *b)
{
	const size_t *x = a;
	const size_t *y = b;

	return (*x > *y) - (*x < *y);
}

struct listing {
	const struct uptimes *uptimes;
	bool *told;
	struct zero *zeros; /* of those that are dated, by time */
	size_t zero_count;
	size_t *same; /* of one host, that was just looked for */
	size_t same_count, same_capacity;
};

static void begin(struct listing *listing, const struct uptimes *uptimes)
{
	size_t count = uptimes->reboot_count;

	*listing = (struct listing){.uptimes = uptimes,
		.told = mem_zeroed(count + 1, sizeof(*listing->told)),
		.zeros = mem_zeroed(count + 1, sizeof(*listing->zeros))};
	for (size_t i = 0; i < count; i++)
		if (uptimes->reboots[i].dated)
			listing->zeros[listing->zero_count++] =
				(struct zero){uptimes->reboots[i].zero_ns, i};
	if (listing->zero_count)
		qsort(listing->zeros, listing->zero_count, sizeof(*listing->zeros), by_zero);
}

static void finish(struct listing *listing)
{
	mem_free(listing->told);
	mem_free(listing->zeros);
	mem_free(listing->same);
}

static void put_same(struct listing *listing, size_t reboot)
{
	listing->told[reboot] = true;
	listing->same = mem_grow(listing->same, &listing->same_capacity, listing->same_count + 1,
		sizeof(*listing->same));
	listing->same[listing->same_count++] = reboot;
}

/* This one, and those behind it that are the same host's, in their order. */
static void find_same(struct listing *listing, size_t i)
{
	const struct reboot *reboots = listing->uptimes->reboots;
	const int64_t room_ns = UPTIME_RECKONED_NS; /* the wider of the two */

	listing->same_count = 0;
	put_same(listing, i);
	if (!reboots[i].dated)
		return;
	for (size_t z = sorted_before(listing->zeros, listing->zero_count, sizeof(*listing->zeros),
		     offsetof(struct zero, ns), reboots[i].zero_ns - room_ns);
		z < listing->zero_count && listing->zeros[z].ns <= reboots[i].zero_ns + room_ns;
		z++) {
		size_t k = listing->zeros[z].reboot;
		if (k > i && !listing->told[k] && reboot_is_alias(&reboots[i], &reboots[k]))
			put_same(listing, k);
	}
	qsort(listing->same, listing->same_count, sizeof(*listing->same), by_index);
}

static struct host_reboot join_same(const struct listing *listing)
{
	const struct reboot *first = &listing->uptimes->reboots[listing->same[0]];
	bool is_open = first->start == START_OPEN;
	size_t len = 0;
	struct host_reboot one = {.address = first->address,
		.addresses = mem_zeroed(listing->same_count, ADDRESS_TEXT_SIZE + 1),
		.vantage = first->vantage,
		.earliest_ns = first->earliest_ns,
		.latest_ns = first->latest_ns,
		.dated = first->dated,
		.boot_ns = first->boot_ns};

	for (size_t i = 0; i < listing->same_count; i++) {
		const struct reboot *r = &listing->uptimes->reboots[listing->same[i]];
		if (len)
			one.addresses[len++] = ';';
		len += ip4_format(r->address, one.addresses + len);
		reboot_bracket(&one.earliest_ns, &one.latest_ns, r);
		if (is_open && r->start != START_OPEN) {
			one.boot_ns = r->boot_ns;
			is_open = false;
		}
	}
	return one;
}

void host_reboots_of(const struct uptimes *uptimes, struct host_reboots *ret)
{
	struct listing listing;

	begin(&listing, uptimes);
	*ret = (struct host_reboots){
		.items = mem_zeroed(uptimes->reboot_count + 1, sizeof(*ret->items))};
	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		if (listing.told[i])
			continue;
		find_same(&listing, i);
		ret->items[ret->count++] = join_same(&listing);
	}
	finish(&listing);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_time);
}

void host_reboots_finish(struct host_reboots *list)
{
	for (size_t i = 0; i < list->count; i++)
		mem_free(list->items[i].addresses);
	mem_free(list->items);
}
