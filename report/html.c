#include "report/html.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

/* How many bytes the character takes; 0: it is none, or one that steers. */
static size_t character(const unsigned char *c)
{
	if (c[0] < 0x80)
		return c[0] >= 0x20 && c[0] != 0x7f ? 1 : 0;
	size_t len = c[0] >= 0xf0 ? 4 : c[0] >= 0xe0 ? 3 : 2;
	if (c[0] < 0xc2 || c[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = (c[0] == 0xe0 && c[1] < 0xa0) || (c[0] == 0xf0 && c[1] < 0x90);
	bool surrogate = c[0] == 0xed && c[1] > 0x9f;
	bool beyond = c[0] == 0xf4 && c[1] > 0x8f;
	bool steers = c[0] == 0xc2 && c[1] < 0xa0;
	return overlong || surrogate || beyond || steers ? 0 : len;
}

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
		size_t len = character((const unsigned char *)text);
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
