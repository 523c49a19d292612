#include "store/target_rows.h"

#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"

/* A row and whence: its place among all, its line. */
struct placed {
	struct target_row row;
	size_t at;
	unsigned long line;
	bool dropped; /* another says it */
};

/* Somebody's word outranks what was learned; of two that were learned the first stays. */
static bool gives_way(struct target_row *old, const struct target_row *new)
{
	bool was_learned = target_row_is_learned(old);

	if (was_learned && !target_row_is_learned(new))
		*old = *new;
	return was_learned || target_row_is_learned(new);
}

void target_rows_add(
	struct target_rows *rows, const struct target_row *row, unsigned long line)
{
	rows->items =
		mem_grow(rows->items, &rows->capacity, rows->count + 1, sizeof(*rows->items));
	rows->items[rows->count] = (struct placed){.row = *row, .at = rows->count, .line = line};
	rows->count++;
}

static int placed_by_prefix(const void *a, const void *b)
{
	const struct placed *x = a;
	const struct placed *y = b;
	int by = prefix_order(&x->row.prefix, &y->row.prefix);

	return by ? by : (x->at > y->at) - (x->at < y->at);
}

static int placed_by_place(const void *a, const void *b)
{
	const struct placed *x = a;
	const struct placed *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The rows of one prefix, as they came: it is a target, something else, or both. The first that
 * contradicts one before it, or NULL. */
static const struct placed *merge_prefix(
	struct placed *items, size_t count, const struct placed **ret_before)
{
	struct placed *kept[2] = {NULL, NULL};

	for (size_t i = 0; i < count; i++) {
		struct placed *new = &items[i];
		struct placed **old = &kept[new->row.role != ROLE_TARGET];
		if (!*old) {
			*old = new;
			continue;
		}
		new->dropped = true;
		if (gives_way(&(*old)->row, &new->row) || (*old)->row.role == new->row.role)
			continue;
		*ret_before = *old;
		return new;
	}
	return NULL;
}

/* The first line that cannot be, of all prefixes. */
static const struct placed *first_wrong(struct target_rows *rows, const struct placed **ret_before)
{
	const struct placed *worst = NULL;

	for (size_t i = 0, end; i < rows->count; i = end) {
		const struct placed *before = NULL;
		for (end = i + 1; end < rows->count; end++)
			if (prefix_order(&rows->items[i].row.prefix,
				    &rows->items[end].row.prefix) != 0)
				break;
		const struct placed *wrong = merge_prefix(rows->items + i, end - i, &before);
		if (!wrong || (worst && worst->line <= wrong->line))
			continue;
		worst = wrong;
		*ret_before = before;
	}
	return worst;
}

int target_rows_merge(struct target_rows *rows, struct target_row **ret, size_t *ret_count,
	struct diag *why, unsigned long *ret_line)
{
	const struct placed *before = NULL;

	if (rows->count > 0)
		qsort(rows->items, rows->count, sizeof(*rows->items), placed_by_prefix);
	const struct placed *wrong = first_wrong(rows, &before);
	if (wrong) {
		diag_set(why, "role %s, expected %s as in %s", role_name(wrong->row.role),
			role_name(before->row.role), before->line ? "a row before" : "the store");
		*ret_line = wrong->line;
		return -EEXIST;
	}
	if (rows->count > 0)
		qsort(rows->items, rows->count, sizeof(*rows->items), placed_by_place);
	*ret = mem_zeroed(rows->count, sizeof(**ret));
	*ret_count = 0;
	for (size_t i = 0; i < rows->count; i++)
		if (!rows->items[i].dropped)
			(*ret)[(*ret_count)++] = rows->items[i].row;
	return 0;
}

void target_rows_finish(struct target_rows *rows)
{
	free(rows->items);
}
