#include "analysis/clock/reboot_list.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/method/parameters.h"
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

void host_reboots_of(const struct uptimes *uptimes, struct host_reboots *ret)
{
	bool *told = mem_zeroed(uptimes->reboot_count + 1, sizeof(*told));

	*ret = (struct host_reboots){
		.items = mem_zeroed(uptimes->reboot_count + 1, sizeof(*ret->items))};
	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		const struct reboot *first = &uptimes->reboots[i];
		struct host_reboot *one = &ret->items[ret->count];
		bool is_open = first->start == START_OPEN;
		size_t len = 0;
		if (told[i])
			continue;
		*one = (struct host_reboot){.address = first->address,
			.addresses = mem_zeroed(uptimes->reboot_count - i, ADDRESS_TEXT_SIZE + 1),
			.vantage = first->vantage,
			.earliest_ns = first->earliest_ns,
			.latest_ns = first->latest_ns,
			.dated = first->dated,
			.boot_ns = first->boot_ns};
		ret->count++;
		for (size_t k = i; k < uptimes->reboot_count; k++) {
			const struct reboot *r = &uptimes->reboots[k];
			if (told[k] || (k != i && !reboot_is_alias(first, r)))
				continue;
			told[k] = true;
			if (len)
				one->addresses[len++] = ';';
			len += ip4_format(r->address, one->addresses + len);
			reboot_bracket(&one->earliest_ns, &one->latest_ns, r);
			if (is_open && r->start != START_OPEN) {
				one->boot_ns = r->boot_ns;
				is_open = false;
			}
		}
	}
	mem_free(told);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), by_time);
}

void host_reboots_finish(struct host_reboots *list)
{
	for (size_t i = 0; i < list->count; i++)
		mem_free(list->items[i].addresses);
	mem_free(list->items);
}
