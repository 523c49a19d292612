#ifndef ANALYSIS_METHOD_SORTED_H
#define ANALYSIS_METHOD_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* Of items in order of a time, how many have theirs before ns. size: of an item; at: where in
 * it the time is. Pure. */
static inline size_t sorted_before(
	const void *items, size_t count, size_t size, size_t at, int64_t ns)
{
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;
		const void *time = (const char *)items + middle * size + at;
		if (*(const int64_t *)time < ns)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

#endif
