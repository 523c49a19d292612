#include "tests/lab/scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/mem.h"

/* Packets of a lab stay in the space kept for benchmarks (RFC 2544). */
static const struct prefix lab_space = {{UINT32_C(0xc6120000)}, 15};
enum { SHORTEST_PREFIX = 16, LONGEST_PREFIX = 30 };

static int country_read(struct words *w, struct scenario *s)
{
	struct prefix country;

	if (!prefix_parse(words_peek(w), &country) || country.len < SHORTEST_PREFIX ||
		country.len > LONGEST_PREFIX || !prefix_holds(lab_space, country.base))
		return diag_set(w->why, "\"%s\", expected a prefix of 198.18.0.0/15, /%d to /%d",
			words_peek(w), SHORTEST_PREFIX, LONGEST_PREFIX);
	w->next++;
	s->country = country;
	return 0;
}

static int router_read(struct words *w, struct ip4 *address, int64_t *rtt_ns)
{
	if (words_left(w) && strcmp(words_peek(w), "rtt") != 0 && words_address(w, address) < 0)
		return -EINVAL;
	return words_take(w, "rtt") ? words_duration(w, rtt_ns) : 0;
}

static int scale_read(struct words *w, struct scenario *s)
{
	const char *word = words_peek(w);
	size_t len = strlen(word);
	char number[24];

	if (len < 2 || len > sizeof(number) || word[len - 1] != 'x')
		goto wrong;
	memcpy(number, word, len - 1);
	number[len - 1] = '\0';
	if (!text_double(number, &s->scale) || s->scale < 0.001 || s->scale > 1e6)
		goto wrong;
	w->next++;
	return 0;
wrong:
	return diag_set(w->why, "\"%s\", expected a scale as 60x", word);
}

/* What stands before the first host; anything that hosts and events rest on. */
static int head_read(struct words *w, struct scenario *s)
{
	int64_t seed;
	int which;

	if (words_take(w, "scale"))
		return scale_read(w, s);
	if (words_take(w, "country"))
		return country_read(w, s);
	if (words_take(w, "upstream"))
		return router_read(w, &s->upstream, &s->upstream_rtt_ns);
	if (words_take(w, "border"))
		return router_read(w, &s->border, &s->border_rtt_ns);
	if (words_take(w, "seed")) {
		if (words_number(w, "a number", 0, INT64_MAX, &seed) < 0)
			return -EINVAL;
		s->seed = (uint64_t)seed;
		return 0;
	}
	if (words_take(w, "nobody")) {
		static const char *const names[] = {"silent", "unreachable", NULL};
		if (words_choice(w, names, &which) < 0)
			return -EINVAL;
		s->absent_unreachable = which == 1;
		return 0;
	}
	return diag_set(w->why,
		"\"%s\", expected scale, seed, country, upstream, border, nobody, hosts or at",
		words_peek(w));
}

static void event_add(struct scenario *s, const struct event *event)
{
	size_t at = s->event_count;

	s->events = mem_grow(s->events, &s->event_capacity, at + 1, sizeof(*event));
	while (at > 0 && s->events[at - 1].at_ns > event->at_ns)
		at--;
	memmove(s->events + at + 1, s->events + at, (s->event_count - at) * sizeof(*event));
	s->events[at] = *event;
	s->event_count++;
}

static int line_read(struct words *w, struct scenario *s)
{
	struct event event;
	bool hosts = words_take(w, "hosts");
	bool at = !hosts && words_take(w, "at");

	if (!hosts && !at) {
		if (s->hosts)
			return diag_set(
				w->why, "\"%s\" must stand before hosts and events", words_peek(w));
		return head_read(w, s) < 0 ? -EINVAL : words_end(w);
	}
	if (!s->hosts) {
		s->host_count = prefix_count(s->country);
		s->hosts = mem_zeroed(s->host_count, sizeof(*s->hosts));
	}
	if (hosts)
		return traits_read(w, s);
	if (event_read(w, s, &event) < 0)
		return -EINVAL;
	event_add(s, &event);
	return 0;
}

int scenario_read(const char *file, const char *text, struct scenario *ret, struct diag *why)
{
	struct scenario s = {
		.country = {{UINT32_C(0xc6120000)}, 22},
		.seed = 1,
		.scale = 1,
		.upstream = {UINT32_C(0xcb007101)}, /* 203.0.113.1 */
		.border = {UINT32_C(0xc6336401)},   /* 198.51.100.1 */
		.upstream_rtt_ns = 10 * NS_PER_MS,
		.border_rtt_ns = 30 * NS_PER_MS,
	};
	char *copy = mem_text(text);
	char *rest = copy;
	char *line;
	unsigned long number = 0;
	int r = 0;

	memset(why, 0, sizeof(*why));
	while (r == 0 && (line = strsep(&rest, "\n"))) {
		struct words words;
		number++;
		r = words_split(line, why, &words);
		if (r == 0 && words.count > 0)
			r = line_read(&words, &s);
	}
	free(copy);
	if (r == 0 && !s.hosts)
		r = diag_set(why, "no hosts, expected at least one line of them");
	if (r < 0) {
		snprintf(why->file, sizeof(why->file), "%s", file);
		why->line = number;
		scenario_finish(&s);
		return r;
	}
	*ret = s;
	return 0;
}

void scenario_finish(struct scenario *s)
{
	free(s->hosts);
	free(s->events);
	s->hosts = NULL;
	s->events = NULL;
}
