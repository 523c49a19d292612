#include "targets/blocklist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "targets/entry.h"

struct reader {
	struct blocklist list;
	size_t capacity;
	bool header;       /* the names of columns were met, in front of all entries */
	size_t reason_len; /* room for all of them is there: they are part of the bytes */
};

static uint32_t keep_reason(struct reader *r, const char *text, size_t len)
{
	size_t at = r->reason_len;

	if (len == 0)
		return 0;
	for (size_t i = 0; i < len; i++) /* columns behind the address read as words */
		r->list.reasons[at + i] = text[i] == '\t' ? ' ' : text[i];
	r->list.reasons[at + len] = '\0';
	r->reason_len += len + 1;
	return (uint32_t)at;
}

static void append(struct reader *r, struct range range, unsigned long line, uint32_t reason)
{
	struct blocklist *list = &r->list;

	list->rows = mem_grow(list->rows, &r->capacity, list->count + 1, sizeof(*list->rows));
	list->rows[list->count++] =
		(struct blocked){.range = range, .line = (uint32_t)line, .reason = reason};
}

/* NAME:FIRST-LAST. The name may hold anything; one that is an address is another format. */
static bool read_named(const char *line, struct range *ret, size_t *ret_name)
{
	const char *colon = strrchr(line, ':');
	char text[RANGE_TEXT_SIZE];
	struct range other;
	size_t len = colon ? strlen(colon + 1) : 0;

	while (len > 0 && strchr(" \t", colon[len]))
		len--;
	if (len == 0 || len >= sizeof(text) || colon == line)
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)len, colon + 1);
	if (!strchr(text, '-') || !range_parse(text, ret))
		return false;
	*ret_name = (size_t)(colon - line);
	if (entry_holds_address(line, *ret_name)) /* two ranges: which of them? */
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)*ret_name, line);
	return *ret_name >= sizeof(text) || !range_parse(text, &other);
}

static int read_line(struct reader *r, const char *line, struct diag *why)
{
	struct entry entry;
	struct range range;
	size_t name;

	/* Names of such lists begin with anything, and what is blocked would be a comment. */
	if (strchr("#;", *line) && *line && read_named(line, &range, &name))
		return diag_set(why,
			"\"%.60s\" could be a comment or a name that begins with %c, expected a "
			"comment that does not end in :FIRST-LAST",
			line, *line);
	int result = entry_read(line, &entry, why);
	if (result < 0 && r->list.count == 0 && !r->header && entry_is_header(line)) {
		r->header = true;
		return 0;
	}
	if (result < 0 && read_named(line, &range, &name)) {
		append(r, range, why->line, keep_reason(r, line, name));
		return 0;
	}
	if (result < 0)
		return result;
	r->list.ipv6 += entry.kind == ENTRY_IPV6;
	if (entry.kind != ENTRY_RANGE)
		return 0;
	result = entry_check_words(&entry, entry.text, why);
	if (result == 0)
		append(r, entry.range, why->line,
			keep_reason(r, entry.text, strlen(entry.text)));
	return result;
}

static int by_range(const void *a, const void *b)
{
	const struct blocked *x = a;
	const struct blocked *y = b;
	int by = range_order(&x->range, &y->range);

	return by ? by : (x->line > y->line) - (x->line < y->line);
}

/* Ascending, and of each what those before do not hold. */
static void set_apart(struct blocklist *list)
{
	uint64_t from = 0; /* all below is dealt with */
	size_t kept = 0;

	list->entries = list->count;
	if (list->count > 0)
		qsort(list->rows, list->count, sizeof(*list->rows), by_range);
	for (size_t i = 0; i < list->count; i++) {
		struct blocked row = list->rows[i];
		if (row.range.last.host < from)
			continue;
		if (row.range.first.host < from)
			row.range.first.host = (uint32_t)from;
		list->rows[kept++] = row;
		list->addresses += range_count(row.range);
		from = (uint64_t)row.range.last.host + 1;
	}
	list->count = kept;
}

int blocklist_parse(
	const char *file, const char *bytes, size_t len, struct blocklist *ret, struct diag *why)
{
	struct lines lines = lines_over(bytes, len);
	struct reader reader = {.reason_len = 1};
	char line[LINE_SIZE];
	int r;

	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file);
	reader.list.reasons = mem_zeroed(len + 2, 1);
	while ((r = lines_next(&lines, line, why)) > 0) {
		r = read_line(&reader, line, why);
		if (r < 0)
			break;
	}
	if (r < 0) {
		blocklist_finish(&reader.list);
		return r;
	}
	set_apart(&reader.list);
	reader.list.open_end = len > 0 && bytes[len - 1] != '\n';
	*ret = reader.list;
	return 0;
}

void blocklist_finish(struct blocklist *list)
{
	free(list->rows);
	free(list->reasons);
	*list = (struct blocklist){.count = 0};
}

/* 1234567 as "1,234,567". */
static const char *grouped(uint64_t value, char text[32])
{
	char plain[24];
	int len = snprintf(plain, sizeof(plain), "%llu", (unsigned long long)value);
	char *to = text;

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			*to++ = ',';
		*to++ = plain[i];
	}
	*to = '\0';
	return text;
}

uint64_t blocklist_lost(const struct blocklist *before, const struct blocklist *now)
{
	uint64_t kept = 0;
	size_t i = 0;
	size_t k = 0;

	while (i < before->count && k < now->count) {
		struct range a = before->rows[i].range;
		struct range b = now->rows[k].range;
		uint32_t first = a.first.host > b.first.host ? a.first.host : b.first.host;
		uint32_t last = a.last.host < b.last.host ? a.last.host : b.last.host;
		if (first <= last)
			kept += (uint64_t)last - first + 1;
		if (a.last.host < b.last.host)
			i++;
		else
			k++;
	}
	return before->addresses - kept;
}

int blocklist_follows(const char *file, const struct blocklist *before,
	const struct blocklist *now, struct diag *why)
{
	uint64_t lost = blocklist_lost(before, now);
	char number[32];

	if (lost == 0 || (now->addresses > 0 && !now->open_end))
		return 0;
	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file);
	if (now->addresses == 0)
		return diag_set(why,
			"the blocklist is empty now and had %s address%s, expected some, or "
			"settings that name no blocklist",
			grouped(lost, number), lost == 1 ? "" : "es");
	return diag_set(why,
		"the blocklist lacks %s address%s that it had, and its last line has no end: cut "
		"short? expected a whole list",
		grouped(lost, number), lost == 1 ? "" : "es");
}

static int by_place(const void *key, const void *element)
{
	const struct ip4 *address = key;
	const struct blocked *row = element;

	return (address->host > row->range.last.host) - (address->host < row->range.first.host);
}

const struct blocked *blocklist_find(const struct blocklist *list, struct ip4 address)
{
	if (list->count == 0)
		return NULL;
	return bsearch(&address, list->rows, list->count, sizeof(*list->rows), by_place);
}

void blocklist_tell(const struct blocklist *list, char text[BLOCKLIST_TELL_SIZE])
{
	char entries[32];
	char addresses[32];
	char ipv6[32];
	size_t len;

	if (list->entries == 0)
		len = (size_t)snprintf(text, BLOCKLIST_TELL_SIZE,
			"blocklist: it is empty, nothing is blocked");
	else
		len = (size_t)snprintf(text, BLOCKLIST_TELL_SIZE,
			"blocklist: %s entr%s, %s address%s", grouped(list->entries, entries),
			list->entries == 1 ? "y" : "ies", grouped(list->addresses, addresses),
			list->addresses == 1 ? "" : "es");
	if (list->ipv6)
		snprintf(text + len, BLOCKLIST_TELL_SIZE - len, "; %s IPv6 line%s skipped",
			grouped(list->ipv6, ipv6), list->ipv6 == 1 ? "" : "s");
}
