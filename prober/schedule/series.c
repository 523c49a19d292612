#include "prober/schedule/series.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* A list that says more than this is none of ours. */
enum { SERIES_MOST = 1 << 20 };

/* A row by its place in the series' list as it was, then in what is added. */
struct place {
	const struct target_row *row;
	size_t at;
};

static int by_prefix(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;
	int by = (int)x->row->role - (int)y->row->role;

	if (by == 0)
		by = prefix_order(&x->row->prefix, &y->row->prefix);
	return by ? by : (x->at > y->at) - (x->at < y->at);
}

/* The rows of `places` that an earlier one holds. Sorted, whoever holds a row stands before it
 * and is still open: there are at most 33 of them, one in the other. */
static void find_covered(struct place *places, size_t count, bool *covered)
{
	const struct place *open[33];
	size_t depth = 0;

	if (count > 0)
		qsort(places, count, sizeof(*places), by_prefix);
	for (size_t i = 0; i < count; i++) {
		const struct target_row *row = places[i].row;
		while (depth > 0 && (open[depth - 1]->row->role != row->role ||
					    !prefix_holds(open[depth - 1]->row->prefix,
						    row->prefix.base)))
			depth--;
		for (size_t k = 0; k < depth && !covered[places[i].at]; k++)
			covered[places[i].at] = open[k]->at < places[i].at;
		if (depth == 0 || open[depth - 1]->row->prefix.len < row->prefix.len)
			open[depth++] = &places[i];
	}
}

/* Somebody names a router or anchor that was learned, or named otherwise before: it is what he
 * says now. */
static void name_anew(struct target_row *rows, size_t count, const struct target_row *row)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].role != ROLE_TARGET &&
			(rows[i].role != row->role || target_row_is_learned(&rows[i])) &&
			prefix_order(&rows[i].prefix, &row->prefix) == 0)
			rows[i] = *row;
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
	size_t before = count;
	size_t all = before + set->row_count;
	struct place *places = mem_zeroed(all, sizeof(*places));
	bool *covered = mem_zeroed(all, sizeof(*covered));

	for (size_t i = 0; i < set->row_count; i++)
		if (set->rows[i].role != ROLE_TARGET)
			name_anew(rows, before, &set->rows[i]);
	for (size_t i = 0; i < all; i++)
		places[i] = (struct place){i < before ? &rows[i] : &set->rows[i - before], i};
	find_covered(places, all, covered);
	rows = mem_checked(reallocarray(rows, all + 1, sizeof(*rows)));
	for (size_t i = 0; i < set->row_count; i++)
		if (!covered[before + i])
			rows[count++] = set->rows[i];
	free(places);
	free(covered);
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
	int r = store_targets(store, why, &rows, &count);

	if (r < 0)
		return r;
	*ret_partial = once && count > 0;
	series_add(set, once, rows, count);
	return store_put_targets(store, set->rows, set->row_count, why);
}
