#include "core/log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/text.h"

static enum log_level log_max = LOG_LEVEL_WARN;
static bool log_json, log_times;
static void (*log_sink)(const char *text);

/* Standard error as it was; NULL: as it is. */
static FILE *plain;

/* A character is cut only where a line is longer than the buffer. */
enum { SHIELD_SIZE = 1 << 16 };

static ssize_t shield_write(void *cookie, const char *bytes, size_t len)
{
	static char clean[SHIELD_SIZE + 1];
	size_t count = len < SHIELD_SIZE ? len : SHIELD_SIZE;

	memcpy(clean, bytes, count);
	clean[count] = '\0';
	for (size_t i = 0; i < count;) {
		size_t one = text_printable_one(clean + i);
		if (one == 0 && clean[i] != '\n' && clean[i] != '\t')
			clean[i] = '?';
		i += one ? one : 1;
	}
	fwrite(clean, 1, count, cookie);
	return (ssize_t)count;
}

void log_shield(void)
{
	const cookie_io_functions_t io = {.write = shield_write};
	FILE *shield = plain ? NULL : fopencookie(stderr, "w", io);

	if (!shield)
		return;
	setvbuf(shield, NULL, _IOLBF, SHIELD_SIZE);
	plain = stderr;
	stderr = shield;
}

void log_divert(void (*sink)(const char *text))
{
	log_sink = sink;
}

void log_write(const char *text)
{
	if (log_sink)
		log_sink(text);
	else
		fputs(text, plain ? plain : stderr);
}

void log_set_json(bool json)
{
	log_json = json;
}

/* Without control characters, as text_clean leaves it. */
static void put_json(enum log_level level, const char *text)
{
	static const char *const names[] = {"error", "warn", "info", "debug"};
	char line[2048];
	char whole[2176];
	size_t len = 0;

	for (; *text && len < sizeof(line) - 2; text++) {
		if (*text == '"' || *text == '\\')
			line[len++] = '\\';
		line[len++] = *text;
	}
	line[len] = '\0';
	snprintf(whole, sizeof(whole),
		"{\"v\":1,\"type\":\"log\",\"level\":\"%s\",\"text\":\"%s\"}\n", names[level],
		line);
	log_write(whole);
}

void log_set_times(bool times)
{
	log_times = times;
}

bool log_in_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	struct stat status;
	char own[64];

	if (!stream || fstat(STDERR_FILENO, &status) != 0)
		return false;
	snprintf(own, sizeof(own), "%ju:%ju", (uintmax_t)status.st_dev, (uintmax_t)status.st_ino);
	return strcmp(stream, own) == 0;
}

/* "2014-12-22T16:15:00Z ": whole seconds are fine enough for people. */
static void format_now(char text[CLOCK_TEXT_SIZE])
{
	struct wall now = clock_wall();

	now.ns -= now.ns % NS_PER_S;
	wall_format(now, text);
	char *end = text + strcspn(text, ".Z");
	snprintf(end, CLOCK_TEXT_SIZE - (size_t)(end - text), "Z ");
}

void log_set_level(enum log_level level)
{
	log_max = level;
}

void log_line(enum log_level level, const char *format, ...)
{
	static const char *const priority[] = {"<3>", "<4>", "<6>", "<7>"};
	char before[CLOCK_TEXT_SIZE] = "";
	char line[1024];
	char whole[sizeof(line) + sizeof(before) + 2];
	va_list args;

	if (level > log_max)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	text_clean(line);
	if (log_json) {
		put_json(level, line);
		return;
	}
	/* One write, so that lines of two processes do not mix. */
	if (log_in_journal())
		snprintf(before, sizeof(before), "%s", priority[level]);
	else if (log_times)
		format_now(before);
	snprintf(whole, sizeof(whole), "%s%s\n", before, line);
	log_write(whole);
}
