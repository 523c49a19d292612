#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/settings_kinds.h"

/* Those of who scans; the rest of the table is of lightsout serve. */
static size_t row_count(void)
{
	size_t count = 0;

	while (settings_rows()[count].name && !setting_is_serving(&settings_rows()[count]))
		count++;
	return count;
}

/* "full_interval" as an option: "full-interval". Lives as long as the options. */
static char *long_name(const char *name)
{
	char *text = mem_text(name);

	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = '-';
	return text;
}

void settings_options_init(
	struct settings_options *options, const char *own_shorts, const struct option *own)
{
	size_t count = row_count();
	size_t own_count = 0;
	size_t len = (size_t)snprintf(options->shorts, sizeof(options->shorts), "%s", own_shorts);

	while (own && own[own_count].name)
		own_count++;
	options->longs = mem_zeroed(count + own_count + 1, sizeof(*options->longs));
	for (size_t i = 0; i < count; i++) {
		const struct setting_row *row = &settings_rows()[i];
		options->longs[i] = (struct option){
			long_name(row->name), required_argument, NULL, SETTINGS_OPTION + (int)i};
		if (row->short_option && len + 2 < sizeof(options->shorts))
			len += (size_t)snprintf(options->shorts + len,
				sizeof(options->shorts) - len, "%c:", row->short_option);
	}
	if (own_count)
		memcpy(options->longs + count, own, own_count * sizeof(*own));
}

void settings_options_finish(struct settings_options *options)
{
	for (size_t i = 0; i < row_count(); i++)
		free((char *)(uintptr_t)options->longs[i].name); /* ours, by long_name() */
	free(options->longs);
	options->longs = NULL;
}

int settings_option(struct settings *settings, int code, const char *value, struct diag *why)
{
	for (size_t i = 0; i < row_count(); i++) {
		const struct setting_row *row = &settings_rows()[i];
		if (code != SETTINGS_OPTION + (int)i &&
			(!row->short_option || code != row->short_option))
			continue;
		int r = 0;
		if (!*value && row->offset == offsetof(struct settings, blocklist))
			return diag_set(why, "blocklist: the option has no value, expected a file; "
					     "without it nobody is blocked");
		if (settings->by_option >> i & 1 &&
			row->offset == offsetof(struct settings, blocklist))
			r = settings_one_blocklist(settings->blocklist, value, why);
		if (r == 0)
			r = settings_set(settings, row->name, value, why);
		if (r < 0)
			return r;
		settings->by_option |= UINT64_C(1) << i;
		return 1;
	}
	return 0;
}

int settings_one_blocklist(const char *one, const char *other, struct diag *why)
{
	if (strcmp(one, other) == 0)
		return 0;
	return diag_set(why,
		"blocklist: both \"%.100s\" and \"%.100s\" are named, expected one list that "
		"holds all",
		one, other);
}

bool settings_given(const struct settings *settings, const char *name)
{
	for (size_t i = 0; settings_rows()[i].name; i++)
		if (strcmp(settings_rows()[i].name, name) == 0)
			return ((settings->by_option | settings->by_file) >> i & 1) != 0;
	return false;
}

enum { HELP_COLUMN = 33, HELP_WIDTH = 79 };

/* Words behind what stands in the line already, broken before the edge of a terminal. */
static void put_words(FILE *out, const char *words)
{
	size_t at = HELP_COLUMN;

	while (*words) {
		size_t len = strcspn(words, " ");
		if (at > HELP_COLUMN && at + 1 + len > HELP_WIDTH) {
			fprintf(out, "\n%*s", HELP_COLUMN, "");
			at = HELP_COLUMN;
		}
		at += (size_t)fprintf(out, "%s%.*s", at > HELP_COLUMN ? " " : "", (int)len, words);
		words += len + (words[len] == ' ');
	}
	putc('\n', out);
}

static const char *standard_of(const struct setting_row *row, const struct setting_standard *own)
{
	for (; own && own->name; own++)
		if (strcmp(own->name, row->name) == 0)
			return own->standard;
	return row->standard;
}

char *settings_help(const struct setting_standard *own)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (const struct setting_row *row = settings_rows(); row->name && !setting_is_serving(row);
		row++) {
		const char *standard = standard_of(row, own);
		char left[64];
		char right[256];
		char *name = long_name(row->name);
		if (row->short_option)
			snprintf(left, sizeof(left), "-%c, --%s %s", row->short_option, name,
				row->value);
		else
			snprintf(left, sizeof(left), "    --%s %s", name, row->value);
		snprintf(right, sizeof(right), *standard ? "%s [%s]" : "%s", row->help, standard);
		fprintf(out, "  %-*s ", HELP_COLUMN - 3, left);
		put_words(out, right);
		free(name);
	}
	if (fclose(out) != 0)
		abort();
	return text;
}
