#include "targets/delegated.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { FIELDS_MAX = 12, FIELDS_RECORD = 7 };

struct fields {
	char *at[FIELDS_MAX]; /* further ones stay part of the last */
	size_t count;
};

enum { REGISTRY, COUNTRY, TYPE, START, VALUE, DATE, STATUS };

static struct fields split(char *line)
{
	struct fields fields = {.count = 0};

	while (line && fields.count < FIELDS_MAX)
		fields.at[fields.count++] = strsep(&line, "|");
	return fields;
}

static bool all_of(const char *text, const char *set)
{
	return *text && text[strspn(text, set)] == '\0';
}

static bool is_country(const char *text)
{
	return strlen(text) == 2 && all_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

static int read_ipv4(const struct fields *f, struct range *ret, struct diag *why)
{
	struct ip4 first;
	uint64_t count;

	if (!ip4_parse(f->at[START], &first))
		return diag_set(why, "start \"%.40s\" is no IPv4 address", f->at[START]);
	if (!text_u64(f->at[VALUE], UINT32_MAX, &count) || count == 0)
		return diag_set(why, "value \"%.40s\" is no count of addresses, expected 1 or more",
			f->at[VALUE]);
	if (count - 1 > UINT32_MAX - first.host)
		return diag_set(why, "%s addresses from %s on go past 255.255.255.255",
			f->at[VALUE], f->at[START]);
	*ret = (struct range){first, {(uint32_t)(first.host + (count - 1))}};
	return 0;
}

/* What all records have in common, of whatever type. */
static int check_record(const struct fields *f, struct diag *why)
{
	if (f->count < FIELDS_RECORD)
		return diag_set(why,
			"%zu fields, expected registry|cc|type|start|value|date|status", f->count);
	if (!all_of(f->at[REGISTRY], "abcdefghijklmnopqrstuvwxyz") ||
		strlen(f->at[REGISTRY]) >= sizeof(((struct delegated_record *)0)->registry))
		return diag_set(
			why, "registry \"%.40s\", expected a name like apnic", f->at[REGISTRY]);
	if (*f->at[COUNTRY] && !is_country(f->at[COUNTRY]))
		return diag_set(why, "country \"%.40s\", expected two capital letters or nothing",
			f->at[COUNTRY]);
	if (strcmp(f->at[TYPE], "ipv4") != 0 && strcmp(f->at[TYPE], "ipv6") != 0 &&
		strcmp(f->at[TYPE], "asn") != 0)
		return diag_set(why, "type \"%.40s\", expected ipv4, ipv6 or asn", f->at[TYPE]);
	if (*f->at[DATE] && (strlen(f->at[DATE]) != 8 || !all_of(f->at[DATE], "0123456789")))
		return diag_set(why, "date \"%.40s\", expected YYYYMMDD or nothing", f->at[DATE]);
	if (!*f->at[STATUS])
		return diag_set(why, "no status, expected allocated, assigned, available or "
				     "reserved");
	return 0;
}

static bool is_delegation(const char *status)
{
	return strcmp(status, "allocated") == 0 || strcmp(status, "assigned") == 0;
}

static bool is_summary(const struct fields *f)
{
	return f->count == 6 && strcmp(f->at[COUNTRY], "*") == 0 &&
	       strcmp(f->at[5], "summary") == 0;
}

/* "2|apnic|20261123|..." or "2.3|..." */
static bool is_version(const struct fields *f)
{
	return f->count >= 3 && all_of(f->at[0], "0123456789.");
}

struct reader {
	const char *cc;
	char serial[24];
	struct delegated_record *records;
	size_t count, capacity;
};

static int read_line(struct reader *r, char *line, struct diag *why)
{
	if (line[strspn(line, " \t")] == '\0' || *line == '#')
		return 0;
	struct fields f = split(line);
	struct range range;

	if (is_version(&f)) {
		snprintf(r->serial, sizeof(r->serial), "%.23s", f.at[2]);
		return 0;
	}
	if (is_summary(&f))
		return 0;
	int result = check_record(&f, why);
	if (result < 0 || strcmp(f.at[TYPE], "ipv4") != 0)
		return result;
	result = read_ipv4(&f, &range, why);
	if (result < 0 || strcmp(f.at[COUNTRY], r->cc) != 0 || !is_delegation(f.at[STATUS]))
		return result;

	r->records = mem_grow(r->records, &r->capacity, r->count + 1, sizeof(*r->records));
	struct delegated_record *record = &r->records[r->count++];
	*record = (struct delegated_record){.range = range, .line = why->line};
	strcpy(record->registry, f.at[REGISTRY]);
	strcpy(record->date, f.at[DATE]);
	strcpy(record->status, f.at[STATUS]);
	strcpy(record->serial, r->serial);
	return 0;
}

int delegated_parse(const char *file, const char *bytes, size_t len, const char *cc,
	struct delegated_record **ret, size_t *ret_count, struct diag *why)
{
	struct lines lines = lines_over(bytes, len);
	struct reader reader = {.cc = cc};
	char line[LINE_SIZE];
	int r;

	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file);
	while ((r = lines_next(&lines, line, why)) > 0) {
		r = read_line(&reader, line, why);
		if (r < 0)
			break;
	}
	if (r < 0) {
		free(reader.records);
		return r;
	}
	*ret = reader.records;
	*ret_count = reader.count;
	return 0;
}
