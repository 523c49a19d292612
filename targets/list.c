#include "targets/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "targets/entry.h"

/* A list longer than this is not for a small country. */
enum { ENTRIES_MAX = 65536 };

#define FIELD(name)                                                                                \
	{                                                                                          \
#name, offsetof(struct provenance, name), sizeof(((struct provenance *)0)->name)   \
	}

static const struct field {
	const char *name;
	size_t offset, size;
} fields[] = {
	FIELD(cc),
	FIELD(registry),
	FIELD(status),
	FIELD(date),
	FIELD(serial),
	FIELD(source),
	FIELD(sha256),
};

enum { FIELD_COUNT = sizeof(fields) / sizeof(fields[0]) };

static const char blanks[] = " \t";

/* "name=value" of a name we know: its field, and *ret at the value. */
static const struct field *field_find(const char *word, const char **ret)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		size_t len = strlen(fields[i].name);
		if (strncmp(word, fields[i].name, len) == 0 && word[len] == '=') {
			*ret = word + len + 1;
			return &fields[i];
		}
	}
	return NULL;
}

/* The next word of a line, cut off in place; NULL at the end. */
static char *word_take(char **at)
{
	*at += strspn(*at, blanks);
	if (!**at)
		return NULL;
	char *word = *at;
	*at += strcspn(*at, blanks);
	if (**at)
		*(*at)++ = '\0';
	return word;
}

/* `#` at the start of a line or behind a blank begins a comment. */
static void comment_cut(char *line)
{
	for (char *c = line; *c; c++)
		if (*c == '#' && (c == line || strchr(blanks, c[-1]))) {
			*c = '\0';
			return;
		}
}

/* What is left is the label: blanks around it go, one between words stays. */
static int read_label(char *at, char label[LIST_LABEL_SIZE], struct diag *why)
{
	size_t len = 0;

	for (char *raw; (raw = word_take(&at)) != NULL;) {
		char word[2 * LIST_LABEL_SIZE]; /* cut there, it is too long anyway */
		if (!text_adopt(raw, word, sizeof(word)))
			return diag_set(why, "the label has a control character, expected text");
		size_t more = strlen(word);
		if (len + more + 2 > LIST_LABEL_SIZE)
			return diag_set(why, "the label is too long, expected at most %d bytes",
				LIST_LABEL_SIZE - 1);
		if (len > 0)
			label[len++] = ' ';
		memcpy(label + len, word, more + 1);
		len += more;
	}
	return 0;
}

static bool is_made_of(const char *value, size_t len, const char *set)
{
	return strlen(value) == len && strspn(value, set) == len;
}

/* What of a value can be told to be wrong. */
static int check_value(const char *name, const char *value, struct diag *why)
{
	if (!text_printable(value))
		return diag_set(why, "%s: a control character, or no UTF-8, expected text", name);
	if (strcmp(name, "cc") == 0 && !is_made_of(value, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		return diag_set(why, "cc: \"%.40s\", expected two capital letters", value);
	if (strcmp(name, "date") == 0 && !is_made_of(value, 8, "0123456789"))
		return diag_set(why, "date: \"%.40s\", expected YYYYMMDD", value);
	if (strcmp(name, "sha256") == 0 && !is_made_of(value, 64, "0123456789abcdef"))
		return diag_set(why, "sha256: \"%.20s\", expected 64 hexadecimal digits", value);
	return 0;
}

/* Words behind the address: provenance first, *at ends at the rest. */
static int read_provenance(char **at, struct provenance *ret, struct diag *why)
{
	const struct field *field;
	const char *value;

	while (*at += strspn(*at, blanks), (field = field_find(*at, &value)) != NULL) {
		word_take(at);
		if (!*value || strlen(value) >= field->size)
			return diag_set(
				why, "%s: expected 1 to %zu bytes", field->name, field->size - 1);
		if (*((char *)ret + field->offset))
			return diag_set(why, "%s is there twice", field->name);
		if (check_value(field->name, value, why) < 0)
			return -EINVAL;
		strcpy((char *)ret + field->offset, value);
	}
	return 0;
}

/* A line, its entry to the list if it has one. */
static int read_line(char *line, struct target_list *list, struct diag *why)
{
	struct list_entry entry = {.line = why->line};
	struct entry read;

	comment_cut(line);
	int r = entry_read(line, &read, why);
	if (r < 0 || read.kind != ENTRY_RANGE) {
		list->ipv6 += r == 0 && read.kind == ENTRY_IPV6;
		return r;
	}
	if (list->count == ENTRIES_MAX)
		return diag_set(why, "more than %d entries", ENTRIES_MAX);
	entry.range = read.range;
	if (!read.comment) {
		char *at = line + (read.text - line);
		r = read_provenance(&at, &entry.from, why);
		if (r == 0)
			r = entry_check_words(&read, at, why);
		if (r == 0)
			r = read_label(at, entry.label, why);
	}
	if (r == 0)
		list_append(list, &entry);
	return r;
}

int list_parse(
	const char *file, const char *bytes, size_t len, struct target_list *ret, struct diag *why)
{
	struct lines lines = lines_over(bytes, len);
	struct target_list list = {.count = 0};
	char line[LINE_SIZE];
	int r;

	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file);
	while ((r = lines_next(&lines, line, why)) > 0) {
		r = read_line(line, &list, why);
		if (r < 0)
			break;
	}
	if (r < 0) {
		list_finish(&list);
		return r;
	}
	*ret = list;
	return 0;
}

void list_finish(struct target_list *list)
{
	free(list->entries);
	*list = (struct target_list){.count = 0};
}

void list_append(struct target_list *list, const struct list_entry *entry)
{
	list->entries =
		mem_grow(list->entries, &list->capacity, list->count + 1, sizeof(*list->entries));
	list->entries[list->count++] = *entry;
}

/* By provenance, then label. */
static int origin_order(const struct list_entry *a, const struct list_entry *b)
{
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		int by_field = strcmp((const char *)&a->from + fields[i].offset,
			(const char *)&b->from + fields[i].offset);
		if (by_field)
			return by_field;
	}
	return strcmp(a->label, b->label);
}

static int by_origin(const void *a, const void *b)
{
	const struct list_entry *x = a;
	const struct list_entry *y = b;
	int by = origin_order(x, y);

	return by ? by : range_order(&x->range, &y->range);
}

int list_entry_order(const void *a, const void *b)
{
	const struct list_entry *x = a;
	const struct list_entry *y = b;
	int by = range_order(&x->range, &y->range);

	return by ? by : origin_order(x, y);
}

/* Is y, which starts no earlier, part of x or right behind it? */
static bool touches(const struct range *x, const struct range *y)
{
	return x->last.host == UINT32_MAX || y->first.host <= x->last.host + 1;
}

void list_tidy(struct target_list *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	qsort(list->entries, list->count, sizeof(*list->entries), by_origin);
	for (size_t i = 1; i < list->count; i++) {
		struct list_entry *last = &list->entries[kept];
		const struct list_entry *next = &list->entries[i];
		if (origin_order(last, next) != 0 || !touches(&last->range, &next->range))
			list->entries[++kept] = *next;
		else if (next->range.last.host > last->range.last.host)
			last->range.last = next->range.last;
	}
	list->count = kept + 1;
	qsort(list->entries, list->count, sizeof(*list->entries), list_entry_order);
}

bool list_remove(struct target_list *list, struct range range)
{
	struct target_list kept = {.count = 0};
	bool found = false;

	for (size_t i = 0; i < list->count; i++) {
		struct list_entry part = list->entries[i];
		struct range whole = part.range;
		if (whole.last.host < range.first.host || range.last.host < whole.first.host) {
			list_append(&kept, &part);
			continue;
		}
		found = true;
		if (whole.first.host < range.first.host) {
			part.range.last.host = range.first.host - 1;
			list_append(&kept, &part);
		}
		if (range.last.host < whole.last.host) {
			part.range = (struct range){{range.last.host + 1}, whole.last};
			list_append(&kept, &part);
		}
	}
	list_finish(list);
	*list = kept;
	return found;
}

void list_value(char *ret, size_t size, const char *text)
{
	snprintf(ret, size, "%s", text);
	text_clean(ret);
	for (char *c = ret; *c; c++)
		if (strchr(" \t#=", *c) || (unsigned char)*c < 0x20)
			*c = '_';
}

void list_entry_print(const struct list_entry *entry, const char *lead, FILE *out)
{
	struct ip4 first = entry->range.first;

	for (;;) {
		struct prefix prefix = prefix_largest(first, entry->range.last);
		char text[ADDRESS_TEXT_SIZE];
		prefix_format(prefix, text);
		fprintf(out, "%s%s", lead, text);
		for (size_t i = 0; i < FIELD_COUNT; i++) {
			const char *value = (const char *)&entry->from + fields[i].offset;
			if (*value)
				fprintf(out, " %s=%s", fields[i].name, value);
		}
		fprintf(out, "%s%s\n", *entry->label ? " " : "", entry->label);
		if (prefix_last(prefix).host == entry->range.last.host)
			return;
		first.host = prefix_last(prefix).host + 1;
	}
}
