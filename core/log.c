#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"

static enum log_level log_max = LOG_LEVEL_WARN;

void log_set_level(enum log_level level)
{
	log_max = level;
}

void log_line(enum log_level level, const char *format, ...)
{
	static const char *const priority[] = {"<3>", "<4>", "<6>", "<7>"};
	char line[1024];
	va_list args;

	if (level > log_max)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	text_clean(line);
	/* One write, so that lines of two processes do not mix. */
	fprintf(stderr, "%s%s\n", getenv("JOURNAL_STREAM") ? priority[level] : "", line);
}
