/*
 * Settings out of YAML: one flat mapping, read as libyaml's events. Anchors,
 * aliases, tags and nesting have no use here and are refused, so that what a
 * person reads in the file is what is set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "core/mem.h"
#include "core/settings_kinds.h"

/* More than any list of targets needs; a file this long is another file. */
enum { TEXT_MAX = 1 << 20, ITEMS_MAX = 65536 };

struct reader {
	yaml_parser_t parser;
	yaml_event_t event;      /* the current one; owned */
	struct settings after;   /* what will be taken over */
	struct settings ignored; /* takes what an option has set already */
	struct settings *into;   /* one of the two, for the current row */
	uint64_t seen;           /* rows, bit by bit: a key may come once */
	struct diag *why;
};

/* The next event; the former is given back. */
static int next(struct reader *r)
{
	yaml_event_delete(&r->event);
	if (yaml_parser_parse(&r->parser, &r->event)) {
		r->why->line = r->event.start_mark.line + 1;
		return 0;
	}
	r->why->line =
		(r->parser.problem_mark.line ? r->parser.problem_mark.line : r->parser.mark.line) +
		1;
	return diag_set(
		r->why, "not YAML: %s", r->parser.problem ? r->parser.problem : "cannot be read");
}

/* A scalar without anchor, tag or NUL: its text lives until the next event. */
static int scalar(struct reader *r, const char *what, const char **ret)
{
	const yaml_event_t *e = &r->event;

	if (e->type == YAML_ALIAS_EVENT)
		return diag_set(r->why, "%s: an alias (*) is not taken, expected the value", what);
	if (e->type != YAML_SCALAR_EVENT)
		return diag_set(r->why, "%s: a %s is not taken here, expected a single value", what,
			e->type == YAML_MAPPING_START_EVENT ? "mapping" : "list");
	if (e->data.scalar.anchor || e->data.scalar.tag)
		return diag_set(r->why, "%s: anchors (&) and tags (!) are not taken", what);
	const char *text = (const char *)e->data.scalar.value;
	if (strlen(text) != e->data.scalar.length)
		return diag_set(r->why, "%s: the value has a NUL in it", what);
	*ret = text;
	return 0;
}

static bool is_null(const yaml_event_t *e)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	if (e->type != YAML_SCALAR_EVENT || e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE ||
		e->data.scalar.tag || e->data.scalar.anchor)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp((const char *)e->data.scalar.value, words[i]) == 0)
			return true;
	return false;
}

/* The event is the start of a list: read to its end, then set the row. */
static int read_list(struct reader *r, const struct setting_row *row)
{
	char **items = NULL;
	size_t count = 0;
	size_t capacity = 0;
	unsigned long line = r->why->line;
	int result;

	if (r->event.data.sequence_start.anchor || r->event.data.sequence_start.tag)
		return diag_set(r->why, "%s: anchors (&) and tags (!) are not taken", row->name);
	for (;;) {
		const char *text = "";
		result = next(r);
		if (result < 0 || r->event.type == YAML_SEQUENCE_END_EVENT)
			break;
		result = is_null(&r->event) ? diag_set(r->why, "%s: an item is empty", row->name)
					    : scalar(r, row->name, &text);
		if (result == 0 && count == ITEMS_MAX)
			result = diag_set(r->why, "%s: more than %d items", row->name, ITEMS_MAX);
		if (result < 0)
			break;
		items = mem_grow(items, &capacity, count + 1, sizeof(*items));
		items[count++] = mem_text(text);
	}
	if (result == 0) {
		r->why->line = line;
		result = setting_set_items(row, r->into, (const char *const *)items, count, r->why);
	}
	for (size_t i = 0; i < count; i++)
		free(items[i]);
	free(items);
	return result;
}

static int read_value(struct reader *r, const struct setting_row *row)
{
	const char *text = "";

	/* Whoever wrote the name meant to block somebody. */
	if (is_null(&r->event) && row->offset == offsetof(struct settings, blocklist))
		return diag_set(r->why,
			"%s has no value, expected a file name, or \"\" to block nobody", row->name);
	if (is_null(&r->event))
		return settings_set(r->into, row->name, row->standard, r->why);
	if (r->event.type == YAML_SEQUENCE_START_EVENT && setting_is_list(row->kind))
		return read_list(r, row);
	int result = scalar(r, row->name, &text);
	if (result < 0)
		return result;
	if (setting_is_list(row->kind))
		return diag_set(r->why, "%s: \"%.60s\" is no list, expected one like [%.60s]",
			row->name, text, text);
	return setting_set_items(row, r->into, &text, 1, r->why);
}

/* The event is a key. */
static int read_pair(struct reader *r)
{
	const char *name = "";
	int result = scalar(r, "a name", &name);

	if (result < 0)
		return result;
	const struct setting_row *row = setting_find(name);
	if (!row || strchr(name, '-'))
		return diag_set(r->why,
			"no setting is named \"%.60s\", expected one that --print-config shows",
			name);
	uint64_t bit = UINT64_C(1) << (row - settings_rows());
	if (r->seen & bit)
		return diag_set(r->why, "%s is there twice", row->name);
	r->seen |= bit;
	r->after.by_file |= bit;
	r->into = r->after.by_option & bit ? &r->ignored : &r->after;
	result = next(r);
	if (result == 0)
		result = read_value(r, row);
	if (result == 0 && r->into == &r->ignored &&
		row->offset == offsetof(struct settings, blocklist))
		result = settings_one_blocklist(r->after.blocklist, r->ignored.blocklist, r->why);
	return result;
}

static int read_document(struct reader *r)
{
	int result = next(r); /* what the document holds */

	if (result < 0)
		return result;
	if (is_null(&r->event))
		return next(r); /* nothing but comments after "---" */
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return diag_set(r->why, "expected settings, one \"name: value\" a line");
	if (r->event.data.mapping_start.anchor || r->event.data.mapping_start.tag)
		return diag_set(r->why, "anchors (&) and tags (!) are not taken");
	for (;;) {
		result = next(r);
		if (result < 0)
			return result;
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return next(r);
		result = read_pair(r);
		if (result < 0)
			return result;
	}
}

static int read_stream(struct reader *r)
{
	int result = next(r);

	if (result == 0)
		result = next(r);
	if (result < 0 || r->event.type == YAML_STREAM_END_EVENT)
		return result;
	result = read_document(r);
	if (result == 0)
		result = next(r);
	if (result == 0 && r->event.type != YAML_STREAM_END_EVENT)
		return diag_set(r->why, "a second document begins, expected one");
	return result;
}

int settings_read(struct settings *settings, const char *file, const char *bytes, size_t len,
	struct diag *why)
{
	struct reader r = {.why = why};

	snprintf(why->file, sizeof(why->file), "%s", file);
	why->line = 0;
	if (len > TEXT_MAX)
		return diag_set(why, "%zu bytes long, expected at most %d", len, TEXT_MAX);
	if (!yaml_parser_initialize(&r.parser))
		abort();
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes, len);
	settings_copy(settings, &r.after);
	settings_init(&r.ignored);
	int result = read_stream(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	settings_finish(&r.ignored);
	if (result < 0) {
		settings_finish(&r.after);
		return result;
	}
	settings_finish(settings);
	*settings = r.after;
	*why = (struct diag){.line = 0};
	return 0;
}
