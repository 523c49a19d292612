#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/settings_kinds.h"

/* Where the comments of printed settings begin. */
enum { HELP_COLUMN = 30 };

/* Does YAML read it as itself without quotes? Narrower than YAML allows. */
static bool is_plain(const char *text)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/.";
	static const char *const null[] = {"null", "Null", "NULL"};

	for (size_t i = 0; i < sizeof(null) / sizeof(null[0]); i++)
		if (strcmp(text, null[i]) == 0)
			return false;
	return *text && strspn(text, first) > 0 &&
	       !text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/.")];
}

/* What a YAML reader would not take raw (byte order marks, non-characters), or
 * would fold between quotes as the line breaks that they are. */
static const struct {
	const char *utf8, *escape;
} escapes[] = {
	{"\"", "\\\""},
	{"\\", "\\\\"},
	{"\xe2\x80\xa8", "\\L"},
	{"\xe2\x80\xa9", "\\P"},
	{"\xef\xbb\xbf", "\\ufeff"},
	{"\xef\xbf\xbe", "\\ufffe"},
	{"\xef\xbf\xbf", "\\uffff"},
};

/* Settings take printable UTF-8 only: little needs an escape. */
static void print_text(const char *text, FILE *out)
{
	if (is_plain(text)) {
		fputs(text, out);
		return;
	}
	putc('"', out);
	while (*text) {
		size_t i = 0;
		size_t count = sizeof(escapes) / sizeof(escapes[0]);
		while (i < count && strncmp(text, escapes[i].utf8, strlen(escapes[i].utf8)) != 0)
			i++;
		if (i == count) {
			putc(*text++, out);
		} else {
			fputs(escapes[i].escape, out);
			text += strlen(escapes[i].utf8);
		}
	}
	putc('"', out);
}

static void print_duration(int64_t ns, FILE *out)
{
	char text[TEXT_DURATION_SIZE];

	text_format_duration(ns, text);
	fputs(text, out);
}

/* The shortest that reads back as the same. */
static void print_number(double value, FILE *out)
{
	char text[32];
	double back = 0;

	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (text_double(text, &back) && !(back < value || back > value))
			break;
	}
	fputs(text, out);
}

static void print_list(const struct settings_list *list, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < list->count; i++) {
		fputs(i ? ", " : "", out);
		print_text(list->items[i], out);
	}
	putc(']', out);
}

static void print_tell(unsigned tell, FILE *out)
{
	const char *between = "";

	putc('[', out);
	for (unsigned t = 0; t < CHANGE_COUNT; t++)
		if (tell >> t & 1) {
			fprintf(out, "%s%s", between, change_name((enum change_kind)t));
			between = ", ";
		}
	putc(']', out);
}

static void print_ports(const struct settings *settings, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < settings->tcp_port_count; i++)
		fprintf(out, "%s%u", i ? ", " : "", settings->tcp_ports[i]);
	putc(']', out);
}

static void print_retries(const struct settings *settings, FILE *out)
{
	putc('[', out);
	for (size_t i = 0; i < settings->retry_count; i++) {
		fputs(i ? ", " : "", out);
		print_duration(settings->retries_ns[i], out);
	}
	putc(']', out);
}

void setting_print(const struct setting_row *row, const struct settings *settings, FILE *out)
{
	const void *field = (const char *)settings + row->offset;

	switch (row->kind) {
	case SETTING_NAMES:
	case SETTING_ADDRESSES:
		print_list(field, out);
		break;
	case SETTING_METHODS:
		fprintf(out, "[%s%s%s]", settings->icmp ? "icmp" : "",
			settings->icmp && settings->tcp ? ", " : "", settings->tcp ? "tcp" : "");
		break;
	case SETTING_PORTS:
		print_ports(settings, out);
		break;
	case SETTING_RETRIES:
		print_retries(settings, out);
		break;
	case SETTING_TEXT:
	case SETTING_ADDRESS:
		print_text(field, out);
		break;
	case SETTING_DURATION:
		print_duration(*(const int64_t *)field, out);
		break;
	case SETTING_NUMBER:
		print_number(*(const double *)field, out);
		break;
	case SETTING_COUNT:
		fprintf(out, "%" PRIu64, *(const uint64_t *)field);
		break;
	case SETTING_PORT:
		fprintf(out, "%u", *(const uint16_t *)field);
		break;
	case SETTING_TELL:
		print_tell(settings->tell, out);
		break;
	case SETTING_MARK:
		fprintf(out, "%" PRIu32, *(const uint32_t *)field);
		break;
	}
}

char *settings_print(const struct settings *settings)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (const struct setting_row *row = settings_rows(); row->name; row++) {
		long start = ftell(out);
		fprintf(out, "%s: ", row->name);
		setting_print(row, settings, out);
		int pad = HELP_COLUMN - (int)(ftell(out) - start);
		fprintf(out, "%*s # %s\n", pad > 0 ? pad : 0, "", row->help);
	}
	if (fclose(out) != 0)
		abort();
	return text;
}
