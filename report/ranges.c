#include "report/ranges.h"

#include <stdlib.h>

#include "core/mem.h"

static int range_order(const void *a, const void *b)
{
	const struct range *x = a;
	const struct range *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

struct range *ranges_of(
	const struct target_row *rows, size_t count, bool targets, size_t *ret_count)
{
	struct range *ranges = mem_zeroed(count, sizeof(*ranges));
	size_t kept = 0;
	size_t merged = 0;

	for (size_t i = 0; i < count; i++)
		if ((rows[i].role == ROLE_TARGET) == targets)
			ranges[kept++] = (struct range){
				rows[i].prefix.base.host, prefix_last(rows[i].prefix).host};
	qsort(ranges, kept, sizeof(*ranges), range_order);
	for (size_t i = 0; i < kept; i++) {
		struct range *last = merged ? &ranges[merged - 1] : NULL;
		if (!last || ranges[i].first > last->last)
			ranges[merged++] = ranges[i];
		else if (ranges[i].last > last->last)
			last->last = ranges[i].last;
	}
	*ret_count = merged;
	return ranges;
}

bool ranges_hold(const struct range *ranges, size_t count, struct ip4 address)
{
	size_t low = 0;

	for (size_t left = count; left > 1; left -= left / 2)
		low += ranges[low + left / 2].first <= address.host ? left / 2 : 0;
	return count && ranges[low].first <= address.host && address.host <= ranges[low].last;
}
