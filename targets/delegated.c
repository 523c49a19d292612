#include "targets/delegated.h"

#include <errno.h>
#include <stdbool.h>
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

static bool is_delegation(const char *status)
{
	return strcmp(status, "allocated") == 0 || strcmp(status, "assigned") == 0;
}

/* "alloc", where the file ends. */
static bool is_cut(const char *status)
{
	size_t len = strlen(status);

	return !is_delegation(status) &&
	       (strncmp("allocated", status, len) == 0 || strncmp("assigned", status, len) == 0);
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
	if (is_cut(f->at[STATUS]))
		return diag_set(why, "status \"%s\" is cut short, expected allocated or assigned",
			f->at[STATUS]);
	return 0;
}

/* Of a row of the country that is none of its allocations: it is not passed over by a word that
 * nobody knows. */
static int check_other_status(const char *status, struct diag *why)
{
	if (strcmp(status, "available") == 0 || strcmp(status, "reserved") == 0)
		return 0;
	return diag_set(why,
		"status \"%.40s\", expected allocated, assigned, available or reserved", status);
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

enum { NAME_SIZE = sizeof(((struct delegated_record *)0)->registry), REGISTRIES_MAX = 16 };

/* What a file says of itself from one version line to the next, and what is there. */
struct section {
	char registry[NAME_SIZE]; /* of the version line, or "" */
	unsigned long line;       /* of the version line */
	uint64_t records;         /* which it says follow */
	uint64_t rows, ipv4;      /* which did */
	struct registry_count {
		char name[NAME_SIZE];
		bool summed;
		unsigned long line; /* of its summary */
		uint64_t says;      /* rows of IPv4 */
		uint64_t ipv4;
	} of[REGISTRIES_MAX];
	size_t of_count;
};

struct reader {
	const char *cc;
	char serial[24];
	struct section section;
	struct delegated_record *records;
	size_t count, capacity;
};

/* NULL: more registries than there are. */
static struct registry_count *count_of(struct section *section, const char *name)
{
	for (size_t i = 0; i < section->of_count; i++)
		if (strcmp(section->of[i].name, name) == 0)
			return &section->of[i];
	if (section->of_count == REGISTRIES_MAX || strlen(name) >= NAME_SIZE)
		return NULL;
	struct registry_count *count = &section->of[section->of_count++];
	strcpy(count->name, name);
	return count;
}

static int wrong_count(uint64_t rows, const char *what, uint64_t says, const char *where,
	unsigned long line, struct diag *why)
{
	why->line = line;
	return diag_set(why, "%s says %llu %s and %llu follow: %s, expected the whole file", where,
		(unsigned long long)says, what, (unsigned long long)rows,
		rows < says ? "it was cut short" : "there is more in it than it says");
}

/*
 * Is all there that the section says? Its own registry's summary counts the rows
 * of all, as the five registries' common file has one for "nro". Rows of other
 * types are not ours to count: not every registry's summary fits them.
 */
static int check_section(const struct section *section, struct diag *why)
{
	bool summed = false;

	for (size_t i = 0; i < section->of_count; i++) {
		const struct registry_count *of = &section->of[i];
		bool all = strcmp(of->name, section->registry) == 0;
		uint64_t rows = all ? section->ipv4 : of->ipv4;
		summed |= of->summed;
		if (of->summed && rows != of->says)
			return wrong_count(rows, "rows of IPv4", of->says, "the summary", of->line,
				why);
	}
	if (!summed && *section->registry && section->rows != section->records)
		return wrong_count(section->rows, "records", section->records, "the first line",
			section->line, why);
	return 0;
}

/* A version line: what came before it is complete. */
static int begin_section(struct reader *r, const struct fields *f, struct diag *why)
{
	unsigned long line = why->line;
	int result = check_section(&r->section, why);

	if (result < 0)
		return result;
	r->section = (struct section){.line = line};
	snprintf(r->serial, sizeof(r->serial), "%.23s", f->at[2]);
	/* Without a count there is nothing to compare. */
	if (f->count > 3 && text_u64(f->at[3], UINT32_MAX, &r->section.records))
		snprintf(r->section.registry, NAME_SIZE, "%s", f->at[1]);
	return 0;
}

static int read_summary(struct reader *r, const struct fields *f, struct diag *why)
{
	struct registry_count *of = count_of(&r->section, f->at[REGISTRY]);
	uint64_t says;

	if (!text_u64(f->at[VALUE], UINT32_MAX, &says))
		return diag_set(why, "summary \"%.40s\" is no count", f->at[VALUE]);
	if (!of)
		return diag_set(why, "summary of \"%.40s\", expected a name like apnic",
			f->at[REGISTRY]);
	if (strcmp(f->at[TYPE], "ipv4") != 0)
		return 0;
	of->summed = true;
	of->says = says;
	of->line = why->line;
	return 0;
}

static int count_row(struct reader *r, const struct fields *f, struct diag *why)
{
	struct registry_count *of = count_of(&r->section, f->at[REGISTRY]);

	if (!of)
		return diag_set(why, "registry \"%.40s\" is one too many", f->at[REGISTRY]);
	r->section.rows++;
	r->section.ipv4 += strcmp(f->at[TYPE], "ipv4") == 0;
	of->ipv4 += strcmp(f->at[TYPE], "ipv4") == 0;
	return 0;
}

static int read_line(struct reader *r, char *line, struct diag *why)
{
	if (line[strspn(line, " \t")] == '\0' || *line == '#')
		return 0;
	struct fields f = split(line);
	struct range range;

	if (is_version(&f))
		return begin_section(r, &f, why);
	if (is_summary(&f))
		return read_summary(r, &f, why);
	int result = check_record(&f, why);
	if (result == 0)
		result = count_row(r, &f, why);
	if (result < 0 || strcmp(f.at[TYPE], "ipv4") != 0)
		return result;
	result = read_ipv4(&f, &range, why);
	if (result < 0 || strcmp(f.at[COUNTRY], r->cc) != 0)
		return result;
	if (!is_delegation(f.at[STATUS]))
		return check_other_status(f.at[STATUS], why);

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
	if (r == 0)
		r = check_section(&reader.section, why);
	if (r < 0) {
		free(reader.records);
		return r;
	}
	*ret = reader.records;
	*ret_count = reader.count;
	return 0;
}
