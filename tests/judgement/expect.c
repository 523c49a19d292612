#include "tests/judgement/expect.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

bool expect_failed(const struct cursor *c, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%lu:", c->line->file, c->line->number);
	for (size_t i = 0; i < c->line->count; i++)
		fprintf(stderr, strcmp(c->line->words[i], ",") == 0 ? "%s" : " %s",
			c->line->words[i]);
	fputs(": got ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return false;
}

const char *expect_time(int64_t ns, char text[TIME_TEXT_SIZE])
{
	int64_t s = (ns < 0 ? -ns : ns) / NS_PER_S;
	double rest = (double)((ns < 0 ? -ns : ns) % (60 * NS_PER_S)) / 1e9;

	snprintf(text, TIME_TEXT_SIZE, "%s%" PRId64 "d%02" PRId64 "h%02" PRId64 "m%04.1fs",
		ns < 0 ? "-" : "", s / 86400, s / 3600 % 24, s / 60 % 60, rest);
	return text;
}

/* "30h" or "30h-31h". */
static void take_stretch(struct cursor *c, struct edge *edge)
{
	char *word = cursor_end(c) ? NULL : c->line->words[c->at];
	char *dash = word ? strchr(word, '-') : NULL;

	edge->from_ns = edge->to_ns = 0;
	if (!dash) {
		edge->from_ns = edge->to_ns = words_time(c);
		return;
	}
	struct line halves = *c->line;
	struct cursor at = {&halves, 0};
	halves.words[0] = word;
	halves.words[1] = dash + 1;
	halves.count = 2;
	*dash = '\0';
	edge->from_ns = words_time(&at);
	edge->to_ns = words_time(&at);
	*dash = '-';
	c->at++;
}

struct edge expect_edge(struct cursor *c)
{
	struct edge edge = {.about = cursor_is(c, "about")};

	take_stretch(c, &edge);
	if (cursor_is(c, "within"))
		edge.width_ns = words_time(c);
	return edge;
}

/* The longest pause of the schedule that asks most often. */
static int64_t pause_ns(const struct world *world)
{
	int64_t least_ns = NEVER_NS;

	for (size_t i = 0; i < world->schedule_count; i++)
		if (world->schedules[i].until_most_ns < least_ns)
			least_ns = world->schedules[i].until_most_ns;
	return least_ns;
}

bool edge_met(const struct world *world, struct edge edge, int64_t low_ns, int64_t high_ns)
{
	int64_t room_ns = 3 * pause_ns(world);

	if (edge.about)
		return low_ns <= edge.to_ns + room_ns && high_ns >= edge.from_ns - room_ns;
	int64_t most_ns = edge.width_ns ? edge.width_ns : room_ns + 2 * (edge.to_ns - edge.from_ns);
	return low_ns <= edge.to_ns && high_ns >= edge.from_ns && high_ns - low_ns <= most_ns;
}

bool expect_compare(struct cursor *c, double got)
{
	const char *op = cursor_word(c);
	const char *word = cursor_word(c);
	double wanted;

	if (!text_double(word, &wanted))
		script_wrong(c->line, "'%s', expected a number", word);
	if (strcmp(op, ">=") == 0)
		return got >= wanted;
	if (strcmp(op, "<=") == 0)
		return got <= wanted;
	if (strcmp(op, ">") == 0)
		return got > wanted;
	if (strcmp(op, "<") == 0)
		return got < wanted;
	if (strcmp(op, "=") == 0)
		return got == wanted;
	script_wrong(c->line, "'%s', expected =, <, >, <= or >=", op);
}

/* N reboots [of ADDRESS] */
static bool expect_reboots(const struct judged *judged, struct cursor *c, uint64_t wanted)
{
	bool any = !cursor_is(c, "of");
	struct ip4 address = any ? (struct ip4){0} : cursor_address(c);
	uint64_t got = 0;

	for (size_t i = 0; i < judged->reboot_count; i++)
		got += any || ip4_equal(judged->reboots[i].address, address);
	return got == wanted || expect_failed(c, "%" PRIu64, got);
}

/* reboot of ADDRESS at TIME: dated so, to two seconds */
static bool expect_reboot(const struct judged *judged, struct cursor *c)
{
	char text[TIME_TEXT_SIZE] = "none";

	if (!cursor_is(c, "of"))
		script_wrong(c->line, "expected: reboot of ADDRESS at TIME");
	struct ip4 address = cursor_address(c);
	if (!cursor_is(c, "at"))
		script_wrong(c->line, "expected: reboot of ADDRESS at TIME");
	int64_t at_ns = words_time(c);
	for (size_t i = 0; i < judged->reboot_count; i++) {
		const struct judged_reboot *r = &judged->reboots[i];
		if (!ip4_equal(r->address, address))
			continue;
		if (r->dated && llabs(r->boot_ns - at_ns) <= 2 * NS_PER_S)
			return true;
		expect_time(r->dated ? r->boot_ns : r->latest_ns, text);
	}
	return expect_failed(c, "%s", text);
}

/* N outages, N reboots, N episodes; no is 0 */
static bool expect_count(const struct judged *judged, struct cursor *c, uint64_t wanted)
{
	uint64_t got = 0;

	if (cursor_is(c, "reboots") || cursor_is(c, "reboot"))
		return expect_reboots(judged, c, wanted);
	if (cursor_is(c, "episodes") || cursor_is(c, "episode")) {
		for (size_t i = 0; i < judged->outage_count; i++) {
			bool met = false;
			for (size_t k = 0; k < i && !met; k++)
				met = strcmp(judged->outages[i].episode,
					      judged->outages[k].episode) == 0;
			got += !met;
		}
		return got == wanted || expect_failed(c, "%" PRIu64, got);
	}
	if (!cursor_is(c, "outages") && !cursor_is(c, "outage"))
		script_wrong(c->line, "expected outages, episodes or reboots");
	int64_t after_ns = cursor_is(c, "after") ? words_time(c) : INT64_MIN;
	int64_t before_ns = cursor_is(c, "before") ? words_time(c) : NEVER_NS;
	for (size_t i = 0; i < judged->outage_count; i++)
		got += judged->outages[i].start_high_ns >= after_ns &&
		       judged->outages[i].start_low_ns < before_ns;
	if (got == wanted)
		return true;
	expect_failed(c, "%" PRIu64, got);
	expect_tell_outages(judged);
	return false;
}

bool expect_check(const struct world *world, const struct judged *judged, struct cursor *c)
{
	uint64_t count;
	bool kept;

	if (cursor_is(c, "no"))
		kept = expect_count(judged, c, 0);
	else if (cursor_is(c, "outage"))
		kept = expect_outage(world, judged, c);
	else if (cursor_is(c, "power"))
		kept = expect_power_sign(judged, c);
	else if (cursor_is(c, "reboot"))
		kept = expect_reboot(judged, c);
	else if (!cursor_end(c) && text_u64(c->line->words[c->at], UINT32_MAX, &count)) {
		c->at++;
		kept = expect_count(judged, c, count);
	} else {
		kept = expect_block(world, judged, c);
	}
	if (kept && !cursor_end(c))
		script_wrong(c->line, "'%s' is too much", cursor_word(c));
	return kept;
}
