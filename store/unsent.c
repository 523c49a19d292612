#include "store/unsent.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
	const char *name, *words;
} reasons[UNSENT_COUNT] = {
	[UNSENT_NONE] = {"", ""},
#define X(constant, name, words) [UNSENT_##constant] = {#name, words},
	UNSENT_REASONS(X)
#undef X
};

const char *unsent_name(enum unsent why)
{
	return reasons[why].name;
}

const char *unsent_words(enum unsent why)
{
	return reasons[why].words;
}

void unsent_format(const int64_t counts[UNSENT_COUNT], char text[UNSENT_TEXT_SIZE])
{
	size_t len = 0;

	text[0] = '\0';
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++)
		if (counts[i] > 0)
			len += (size_t)snprintf(text + len, UNSENT_TEXT_SIZE - len,
				"%s%s=%" PRId64, len ? ";" : "", unsent_name((enum unsent)i),
				counts[i]);
}
