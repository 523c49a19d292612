#include "targets/gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "targets/delegated.h"
#include "targets/digest.h"
#include "targets/file.h"
#include "targets/shipped.h"
#include "targets/words.h"

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The code in capitals, as registries have it; a file of such a name is ./kp. */
static bool is_country(const char *text, char ret[3])
{
	if (!is_letter(text[0]) || !is_letter(text[1]) || text[2] != '\0')
		return false;
	for (size_t i = 0; i < 3; i++)
		ret[i] = (char)(text[i] & ~0x20);
	return true;
}

static void append_record(struct target_list *list, const struct delegated_record *record,
	const char *cc, const char *file, const char *sha256)
{
	struct list_entry entry = {.range = record->range, .line = record->line};

	strcpy(entry.from.cc, cc);
	list_value(entry.from.registry, sizeof(entry.from.registry), record->registry);
	list_value(entry.from.status, sizeof(entry.from.status), record->status);
	list_value(entry.from.date, sizeof(entry.from.date), record->date);
	list_value(entry.from.serial, sizeof(entry.from.serial), record->serial);
	list_value(entry.from.source, sizeof(entry.from.source), file_base(file));
	list_value(entry.from.sha256, sizeof(entry.from.sha256), sha256);
	list_append(list, &entry);
}

static int gather_delegated(
	const char *cc, const char *file, struct target_list *ret, struct diag *why)
{
	char *bytes;
	size_t len;
	struct delegated_record *records;
	size_t count;
	char sha256[DIGEST_TEXT_SIZE];

	int r = file_read(file, &bytes, &len, why);
	if (r < 0)
		return r;
	r = delegated_parse(file_label(file), bytes, len, cc, &records, &count, why);
	digest_sha256(bytes, len, sha256);
	free(bytes);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		append_record(ret, &records[i], cc, file, sha256);
	free(records);
	if (count > 0)
		return 0;
	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", file_label(file));
	return diag_set(why, "no IPv4 space is allocated or assigned to %s in it", cc);
}

static int gather_shipped(const char *cc, struct target_list *ret, struct diag *why)
{
	const struct shipped *shipped = shipped_find(cc);

	if (!shipped)
		return diag_set(why,
			"no list for country %s is shipped, expected KP, or a registry's file with "
			"--delegated FILE",
			cc);
	return list_parse(shipped->file, shipped->bytes, shipped->len, ret, why);
}

/* Looks like an address gone wrong rather than like a file? */
static bool is_numeric(const char *text)
{
	return *text && text[strspn(text, "0123456789./-")] == '\0' && strchr(text, '.');
}

static int gather_file(const char *file, struct target_list *ret, struct diag *why)
{
	char *bytes;
	size_t len;

	int r = file_read(file, &bytes, &len, why);
	if (r < 0)
		return r;
	r = list_parse(file_label(file), bytes, len, ret, why);
	free(bytes);
	if (r == 0 && ret->count == 0) {
		*why = (struct diag){.line = 0};
		snprintf(why->file, sizeof(why->file), "%s", file_label(file));
		return diag_set(why, "no target in it, expected one a line");
	}
	return r;
}

int gather(const char *argument, const char *delegated, struct gathered *ret, struct diag *why)
{
	char country[3];
	struct gathered g = {.by_country = is_country(argument, country)};
	struct list_entry entry = {.line = 0};
	int r = 0;

	*why = (struct diag){.line = 0};
	if (range_parse(argument, &entry.range))
		list_append(&g.list, &entry);
	else if (g.by_country && delegated)
		r = gather_delegated(country, delegated, &g.list, why);
	else if (g.by_country)
		r = gather_shipped(country, &g.list, why);
	else if (*argument == '@')
		r = gather_file(argument + 1, &g.list, why);
	else if (is_numeric(argument))
		r = range_complain(argument, why);
	else if (word_is_ipv6(argument))
		r = diag_set(why, "\"%.80s\" is IPv6, which lightsout does not measure, expected IPv4",
			argument);
	else if ((r = gather_file(argument, &g.list, why)) == -ENOENT)
		diag_set(why,
			"\"%.80s\" is no address, prefix, range, country code (like KP) or file",
			argument);
	if (r < 0) {
		list_finish(&g.list);
		return r;
	}
	*ret = g;
	return 0;
}
