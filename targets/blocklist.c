#include "targets/blocklist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static const char blanks[] = " \t";

/* 1: a row, 0: a comment or nothing. */
static int read_line(char *line, struct blocked *ret, struct diag *why)
{
	char *at = line + strspn(line, blanks);
	struct blocked row = {.line = why->line};

	if (!*at || *at == '#')
		return 0;
	char *end = at + strcspn(at, blanks);
	char *reason = end + strspn(end, blanks);
	*end = '\0';
	if (!range_parse(at, &row.range))
		return range_complain(at, why);
	snprintf(row.reason, sizeof(row.reason), "%s", reason);
	*ret = row;
	return 1;
}

static void merge(struct blocklist *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	list->merged = mem_zeroed(list->count, sizeof(*list->merged));
	for (size_t i = 0; i < list->count; i++)
		list->merged[i] = list->rows[i].range;
	qsort(list->merged, list->count, sizeof(*list->merged), range_order);
	for (size_t i = 1; i < list->count; i++) {
		struct range *last = &list->merged[kept];
		const struct range *next = &list->merged[i];
		if (next->first.host > last->last.host)
			list->merged[++kept] = *next;
		else if (next->last.host > last->last.host)
			last->last = next->last;
	}
	list->merged_count = kept + 1;
}

int blocklist_parse(
	const char *file, const char *bytes, size_t len, struct blocklist *ret, struct diag *why)
{
	struct lines lines = lines_over(bytes, len);
	struct blocklist list = {.count = 0};
	size_t capacity = 0;
	char line[LINE_SIZE];
	int r;

	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file);
	while ((r = lines_next(&lines, line, why)) > 0) {
		struct blocked row;
		r = read_line(line, &row, why);
		if (r < 0)
			break;
		if (r == 0)
			continue;
		list.rows = mem_grow(list.rows, &capacity, list.count + 1, sizeof(*list.rows));
		list.rows[list.count++] = row;
	}
	if (r < 0) {
		blocklist_finish(&list);
		return r;
	}
	merge(&list);
	*ret = list;
	return 0;
}

void blocklist_finish(struct blocklist *list)
{
	free(list->rows);
	free(list->merged);
	*list = (struct blocklist){.count = 0};
}

static int by_place(const void *key, const void *element)
{
	const struct ip4 *address = key;
	const struct range *range = element;

	return (address->host > range->last.host) - (address->host < range->first.host);
}

bool blocklist_holds(const struct blocklist *list, struct ip4 address)
{
	return list->merged_count > 0 && bsearch(&address, list->merged, list->merged_count,
						 sizeof(*list->merged), by_place) != NULL;
}

const struct blocked *blocklist_find(const struct blocklist *list, struct ip4 address)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].range.first.host <= address.host &&
			address.host <= list->rows[i].range.last.host)
			return &list->rows[i];
	return NULL;
}
