#include "targets/words.h"

#include <string.h>

static const char digits[] = "0123456789";

size_t word_copy(const char *text, char ret[WORD_SIZE])
{
	size_t len = strcspn(text, " \t,;#");
	size_t room = len < WORD_SIZE ? len : 0;

	memcpy(ret, text, room);
	ret[room] = '\0';
	return len;
}

const char *word_past_separators(const char *at)
{
	return at + strspn(at, " \t,;");
}

const char *word_past(const char *at)
{
	return word_past_separators(at + strcspn(at, " \t,;#"));
}

const char *word_find_address(const char *text, size_t *ret_len)
{
	while (*text) {
		const char *at = text;
		int groups = 0;
		while (strspn(at, digits) > 0) {
			at += strspn(at, digits);
			groups++;
			if (*at != '.' || strspn(at + 1, digits) == 0)
				break;
			at++;
		}
		if (groups >= 4) {
			*ret_len = (size_t)(at - text);
			return text;
		}
		text = at > text ? at : text + 1;
	}
	return NULL;
}
