#include "prober/sweep/counters.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

static const struct counter {
	const char *name;
	size_t offset;
	bool always;
} counters[] = {
#define COUNTER(field, always)                                                                     \
	{                                                                                          \
#field, offsetof(struct sweep_counts, field), always                               \
	}
	COUNTER(planned, true),
	COUNTER(sent, true),
	COUNTER(left, true),
	COUNTER(retried, true),
	COUNTER(answered, true),
	COUNTER(errors, true),
	COUNTER(silent, true),
	COUNTER(unsent, true),
	COUNTER(dropped, true),
	COUNTER(blocked, false),
	COUNTER(refused, false),
	COUNTER(held_back, false),
	COUNTER(retries_held, false),
	COUNTER(send_errors, false),
	COUNTER(duplicate, false),
	COUNTER(late, false),
	COUNTER(wrong_source, false),
	COUNTER(wrong_identity, false),
	COUNTER(bad_checksum, false),
	COUNTER(truncated, false),
	COUNTER(half_open, false),
	COUNTER(doubtful, false),
	COUNTER(own_errors, false),
	COUNTER(rtt_absurd, false),
	COUNTER(path, false),
	COUNTER(boxed, false),
	COUNTER(missed, false),
#undef COUNTER
#define X(constant, name, words)                                                                   \
	{"unsent_" #name, offsetof(struct sweep_counts, unsent_by[UNSENT_##constant]), false},
	UNSENT_REASONS(X)
#undef X
};

static_assert(COUNTER_COUNT == sizeof(counters) / sizeof(counters[0]), "every counter has a name");
static_assert(sizeof(struct sweep_counts) == (COUNTER_COUNT + 1) * sizeof(uint64_t),
	"none is left out but UNSENT_NONE");

const char *counter_name(size_t i)
{
	return counters[i].name;
}

uint64_t counter_value(const struct sweep_counts *counts, size_t i)
{
	return *(const uint64_t *)(const void *)((const char *)counts + counters[i].offset);
}

/* The longest name, the longest number, and what stands around them. */
enum { COUNTER_SIZE = 48 };

size_t counters_format(const struct sweep_counts *counts, char separator, char text[COUNTS_SIZE])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < COUNTER_COUNT && len < COUNTS_SIZE - COUNTER_SIZE; i++) {
		uint64_t value = counter_value(counts, i);
		if (value == 0 && !counters[i].always)
			continue;
		if (len)
			text[len++] = separator;
		len += (size_t)snprintf(
			text + len, COUNTS_SIZE - len, "%s=%" PRIu64, counters[i].name, value);
	}
	return len;
}
