#include "report/html.h"

#include <stdarg.h>
#include <stdlib.h>

#include "core/text.h"

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(FILE *out, const char *text)
{
	while (*text) {
		size_t len = text_printable_one(text);
		const char *word = entity(*text);
		if (word)
			fputs(word, out);
		else if (len)
			fwrite(text, 1, len, out);
		else
			fputs("\xef\xbf\xbd", out);
		text += len ? len : 1;
	}
}

void html_format(FILE *out, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	int len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0)
		abort();
	html_text(out, text);
	free(text);
}
