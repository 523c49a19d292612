#include "prober/series.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* A list that says more than this is none of ours. */
enum { SERIES_MOST = 1 << 20 };

static bool covers(const struct target_row *rows, size_t count, const struct target_row *row)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].role == row->role && rows[i].prefix.len <= row->prefix.len &&
			prefix_holds(rows[i].prefix, row->prefix.base))
			return true;
	return false;
}

static bool asked(const struct target_set *set, struct ip4 address)
{
	return ip4_find(set->addresses, set->address_count, address) != SIZE_MAX;
}

/* Addresses of the list that this run may not ask. */
static void find_unasked(struct target_set *set, const struct target_row *rows, size_t count)
{
	size_t capacity = 0;

	for (size_t i = 0; i < count; i++) {
		if (rows[i].role != ROLE_TARGET)
			continue;
		uint64_t last = prefix_last(rows[i].prefix).host;
		for (uint64_t host = rows[i].prefix.base.host;
			host <= last && set->unasked_count < SERIES_MOST; host++) {
			struct ip4 address = {(uint32_t)host};
			if (asked(set, address))
				continue;
			set->unasked = mem_grow(set->unasked, &capacity, set->unasked_count + 1,
				sizeof(*set->unasked));
			set->unasked[set->unasked_count++] = address;
		}
	}
}

void series_add(struct target_set *set, bool once, struct target_row *rows, size_t count)
{
	size_t capacity = count;

	for (size_t i = 0; i < set->row_count; i++) {
		if (covers(rows, count, &set->rows[i]))
			continue;
		rows = mem_grow(rows, &capacity, count + 1, sizeof(*rows));
		rows[count++] = set->rows[i];
	}
	if (!once)
		find_unasked(set, rows, count);
	free(set->rows);
	set->rows = rows; /* what is learned later is put beside all of it */
	set->row_count = count;
}

int series_join(
	struct store *store, struct target_set *set, bool once, bool *ret_partial, struct diag *why)
{
	struct target_row *rows = NULL;
	size_t count = 0;
	int r = store_targets(store, &rows, &count);

	if (r < 0) {
		diag_set(why, "the store's targets cannot be read: %s", strerror(-r));
		return r;
	}
	*ret_partial = once && count > 0;
	series_add(set, once, rows, count);
	return store_put_targets(store, set->rows, set->row_count, why);
}
