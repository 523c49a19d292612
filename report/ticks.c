#include "report/ticks.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "report/words.h"

enum unit { SECONDS, MONTHS };

/* From one labelled tick to the next, and how many parts the small ones make of it. */
struct step {
	enum unit unit;
	int64_t size;
	int parts;
};
static const struct step steps[] = {
	{SECONDS, 1, 2},
	{SECONDS, 2, 2},
	{SECONDS, 5, 5},
	{SECONDS, 10, 2},
	{SECONDS, 15, 3},
	{SECONDS, 30, 3},
	{SECONDS, 60, 4},
	{SECONDS, 120, 2},
	{SECONDS, 300, 5},
	{SECONDS, 600, 2},
	{SECONDS, 900, 3},
	{SECONDS, 1800, 3},
	{SECONDS, 3600, 4},
	{SECONDS, 2 * 3600, 2},
	{SECONDS, 3 * 3600, 3},
	{SECONDS, 6 * 3600, 6},
	{SECONDS, 12 * 3600, 4},
	{SECONDS, 86400, 4},
	{SECONDS, 2 * 86400, 2},
	{SECONDS, 7 * 86400, 7},
	{SECONDS, 14 * 86400, 2},
	{MONTHS, 1, 1},
	{MONTHS, 2, 2},
	{MONTHS, 3, 3},
	{MONTHS, 6, 2},
	{MONTHS, 12, 4},
	{MONTHS, 24, 2},
	{MONTHS, 60, 5},
	{MONTHS, 120, 2},
	{MONTHS, 240, 2},
	{MONTHS, 600, 5},
	{MONTHS, 1200, 2},
};
enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

/* Weeks begin on Monday; the epoch was a Thursday. */
#define MONDAY_S (4 * INT64_C(86400))

static int64_t floored(int64_t value, int64_t size)
{
	return (value / size - (value % size < 0)) * size;
}

static struct tm civil(struct wall at)
{
	time_t second = (time_t)(floored(at.ns, NS_PER_S) / NS_PER_S);
	struct tm tm;

	gmtime_r(&second, &tm);
	return tm;
}

/* The tick number k of a step: number 0 is at or before `from`. */
static struct wall tick_at(const struct step *step, struct wall from, int64_t k)
{
	if (step->unit == SECONDS) {
		int64_t origin_s = step->size % (7 * 86400) == 0 ? MONDAY_S : 0;
		int64_t second = floored(from.ns, NS_PER_S) / NS_PER_S - origin_s;
		return (struct wall){
			(floored(second, step->size) + k * step->size + origin_s) * NS_PER_S};
	}
	struct tm c = civil(from);
	int64_t now = (c.tm_year + INT64_C(1900)) * 12 + c.tm_mon;
	int64_t month = floored(now, step->size) + k * step->size;
	struct tm then = {.tm_year = (int)(floored(month, 12) / 12 - 1900),
		.tm_mon = (int)(month - floored(month, 12)),
		.tm_mday = 1};
	return (struct wall){timegm(&then) * NS_PER_S};
}

static size_t count_ticks(const struct step *step, struct wall from, struct wall to, size_t most)
{
	size_t count = 0;

	for (int64_t k = 0; count <= most; k++) {
		struct wall at = tick_at(step, from, k);
		if (at.ns > to.ns)
			break;
		count += at.ns >= from.ns;
	}
	return count;
}

/* "22 Dec" of any step of days; two days of a month must not be mistaken for each other. */
static void label(const struct step *step, struct tick *tick, char context[TICK_TEXT_SIZE])
{
	struct tm c = civil(tick->at);
	char clock[WORDS_SIZE];
	char date[WORDS_SIZE];
	char day[WORDS_SIZE];

	words_clock(tick->at, clock);
	words_date(tick->at, date);
	words_day(tick->at, day);
	if (step->unit == SECONDS && step->size < 86400) {
		snprintf(tick->text, TICK_TEXT_SIZE, "%.*s", step->size < 60 ? 8 : 5, clock);
		snprintf(context, TICK_TEXT_SIZE, "%.20s", date);
	} else if (step->unit == SECONDS) {
		snprintf(tick->text, TICK_TEXT_SIZE, "%.20s", day);
		snprintf(context, TICK_TEXT_SIZE, "%d", c.tm_year + 1900);
	} else if (step->size < 12) {
		snprintf(tick->text, TICK_TEXT_SIZE, "%.20s", strchr(day, ' ') + 1);
		snprintf(context, TICK_TEXT_SIZE, "%d", c.tm_year + 1900);
	} else {
		snprintf(tick->text, TICK_TEXT_SIZE, "%d", c.tm_year + 1900);
		context[0] = '\0';
	}
}

/* The small ticks after a labelled one, before the next. */
static void add_small(const struct step *step, struct wall at, struct wall next, struct wall from,
	struct wall to, struct ticks *ret)
{
	for (int i = 1; i < step->parts && ret->count < TICKS_MOST; i++) {
		struct wall small = {at.ns + (next.ns - at.ns) / step->parts * i};
		if (step->unit == MONTHS) {
			struct step part = {MONTHS, step->size / step->parts, 1};
			small = tick_at(&part, at, i);
		}
		if (small.ns >= from.ns && small.ns <= to.ns)
			ret->items[ret->count++] = (struct tick){.at = small};
	}
}

void ticks_time(struct wall from, struct wall to, size_t most, struct ticks *ret)
{
	char last[TICK_TEXT_SIZE] = "";
	size_t chosen = 0;

	/* Of the last step one tick is enough, or none at all. */
	while (chosen + 1 < STEP_COUNT && count_ticks(&steps[chosen], from, to, most) > most)
		chosen++;
	/* A step that has no tick inside says nothing. */
	while (chosen > 0 && count_ticks(&steps[chosen], from, to, most) == 0)
		chosen--;
	const struct step *step = &steps[chosen];
	ret->count = 0;
	for (int64_t k = 0; ret->count < TICKS_MOST; k++) {
		struct tick tick = {.at = tick_at(step, from, k), .labelled = true};
		if (tick.at.ns > to.ns)
			break;
		if (tick.at.ns >= from.ns) {
			char context[TICK_TEXT_SIZE];
			label(step, &tick, context);
			if (strcmp(context, last) != 0)
				memcpy(tick.below, context, sizeof(context));
			memcpy(last, context, sizeof(last));
			ret->items[ret->count++] = tick;
		}
		add_small(step, tick.at, tick_at(step, from, k + 1), from, to, ret);
	}
}

long ticks_count_step(long top, int most)
{
	for (long power = 1;; power *= 10)
		for (int i = 0; i < 3; i++) {
			long step = power * (i == 0 ? 1 : i == 1 ? 2 : 5);
			if (top / step <= most)
				return step;
		}
}
