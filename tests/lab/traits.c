#include <errno.h>
#include <string.h>

#include "core/clock.h"
#include "tests/lab/scenario.h"

enum key_type { KEY_DURATIONS, KEY_UPTO, KEY_HISTORY, KEY_NUMBERS, KEY_SHARE, KEY_CHOICE };

static const char *const no_yes[] = {"no", "yes", NULL};
static const char *const ipids[] = {"counter", "zero", "random", NULL};
static const char *const stamps[] = {"global", "pair", "connection", "none", NULL};
static const char *const others[] = {"closed", "filtered", NULL};

/* KEY_HISTORY goes through the scale. One KEY_UPTO duration is from nothing to it. */
static const struct key {
	const char *name;
	enum key_type type;
	size_t offset;
	int64_t least, most;
	const char *const *names;
} keys[] = {
	{"rtt", KEY_DURATIONS, offsetof(struct traits, rtt_ns), 0, 0, NULL},
	{"jitter", KEY_UPTO, offsetof(struct traits, jitter_ns), 0, 0, NULL},
	{"late-by", KEY_DURATIONS, offsetof(struct traits, late_by_ns), 0, 0, NULL},
	{"uptime", KEY_DURATIONS, offsetof(struct traits, uptime_ns), 0, 0, NULL},
	{"holdup", KEY_HISTORY, offsetof(struct traits, holdup_ns), 0, 0, NULL},
	{"boot", KEY_HISTORY, offsetof(struct traits, boot_ns), 0, 0, NULL},
	{"ttl", KEY_NUMBERS, offsetof(struct traits, ttl), 1, 255, NULL},
	{"hz", KEY_NUMBERS, offsetof(struct traits, hz), 1, 1000, NULL},
	{"skew", KEY_NUMBERS, offsetof(struct traits, skew_ppm), -1000, 1000, NULL},
	{"loss", KEY_SHARE, offsetof(struct traits, loss), 0, 0, NULL},
	{"duplicate", KEY_SHARE, offsetof(struct traits, duplicate), 0, 0, NULL},
	{"late", KEY_SHARE, offsetof(struct traits, late), 0, 0, NULL},
	{"wrong-source", KEY_SHARE, offsetof(struct traits, wrong_source), 0, 0, NULL},
	{"bad-checksum", KEY_SHARE, offsetof(struct traits, bad_checksum), 0, 0, NULL},
	{"icmp", KEY_CHOICE, offsetof(struct traits, icmp), 0, 0, no_yes},
	{"half-open", KEY_CHOICE, offsetof(struct traits, half_open), 0, 0, no_yes},
	{"ipid", KEY_CHOICE, offsetof(struct traits, ipid), 0, 0, ipids},
	{"timestamps", KEY_CHOICE, offsetof(struct traits, timestamps), 0, 0, stamps},
	{"other", KEY_CHOICE, offsetof(struct traits, other), 0, 0, others},
};

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static const struct traits traits_usual = {
	.present = true,
	.rtt_ns = {40 * NS_PER_MS, 40 * NS_PER_MS},
	.boot_ns = {60 * NS_PER_S, 180 * NS_PER_S},
	.uptime_ns = {86400 * NS_PER_S, 40 * 86400 * NS_PER_S},
	.late_by_ns = {5 * NS_PER_S, 5 * NS_PER_S},
	.ttl = {64, 64},
	.hz = {1000, 1000},
	.icmp = 1,
};

static void play_faster(struct span *span, double scale)
{
	span->least = (int64_t)((double)span->least / scale);
	span->most = (int64_t)((double)span->most / scale);
}

/* What a host is that nothing is said of, as fast as its country is played. */
static struct traits usual_at(double scale)
{
	struct traits usual = traits_usual;

	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].type == KEY_HISTORY)
			play_faster(
				(struct span *)(void *)((char *)&usual + keys[i].offset), scale);
	return usual;
}

static int value_read(struct words *w, const struct key *key, double scale, struct traits *t)
{
	void *field = (char *)t + key->offset;
	struct span *span = field;
	int r;

	switch (key->type) {
	case KEY_DURATIONS:
		return words_durations(w, span);
	case KEY_UPTO:
		r = words_durations(w, span);
		if (span->least == span->most)
			span->least = 0;
		return r;
	case KEY_HISTORY:
		r = words_durations(w, span);
		play_faster(span, scale);
		return r;
	case KEY_NUMBERS:
		return words_numbers(w, key->least, key->most, span);
	case KEY_SHARE:
		return words_share(w, field);
	case KEY_CHOICE:
		return words_choice(w, key->names, field);
	}
	return -EINVAL;
}

static int ports_read(struct words *w, uint16_t ports[SCENARIO_PORTS])
{
	uint16_t read[SCENARIO_PORTS] = {0};
	char list[64];
	char *rest = list;
	const char *word;
	size_t count = 0;
	uint64_t port;

	if (words_text(w, "ports as 80,443, or none", list, sizeof(list)) < 0)
		return -EINVAL;
	while (strcmp(list, "none") != 0 && (word = strsep(&rest, ","))) {
		if (!text_u64(word, 65535, &port) || port == 0 || count == SCENARIO_PORTS)
			return diag_set(w->why, "\"%s\", expected at most %d ports as 80,443", word,
				SCENARIO_PORTS);
		read[count++] = (uint16_t)port;
	}
	memcpy(ports, read, sizeof(read));
	return 0;
}

/* Set on every host of the range what the words from here on say. */
static int traits_set(struct words *w, double scale, struct traits *t)
{
	while (words_left(w)) {
		const struct key *key = keys;

		if (words_take(w, "open")) {
			if (ports_read(w, t->open) < 0)
				return -EINVAL;
			continue;
		}
		if (words_take(w, "site")) {
			if (words_text(w, "a short name of a site", t->site, sizeof(t->site)) < 0)
				return -EINVAL;
			continue;
		}
		while (key < keys + KEY_COUNT && !words_take(w, key->name))
			key++;
		if (key == keys + KEY_COUNT)
			return diag_set(w->why, "unknown trait \"%s\"", words_peek(w));
		if (value_read(w, key, scale, t) < 0)
			return -EINVAL;
	}
	return 0;
}

int traits_read(struct words *w, struct scenario *s)
{
	struct range range;
	double share = 1;
	struct range whole = {s->country.base, prefix_last(s->country)};

	if (words_range(w, &range) < 0)
		return -EINVAL;
	if (!range_holds(whole, range.first) || !range_holds(whole, range.last))
		return diag_set(w->why, "hosts outside the country");
	if (words_take(w, "absent")) {
		for (uint32_t a = range.first.host; a <= range.last.host; a++)
			s->hosts[a - whole.first.host].present = false;
		return words_end(w);
	}
	if (words_take(w, "share") && words_share(w, &share) < 0)
		return -EINVAL;

	size_t from = w->next;
	struct traits usual = usual_at(s->scale);
	struct traits checked = usual;
	if (traits_set(w, s->scale, &checked) < 0)
		return -EINVAL;
	for (uint32_t a = range.first.host; a <= range.last.host; a++) {
		struct traits *t = &s->hosts[a - whole.first.host];
		if (chance_share(s->seed, a, range.first.host) >= share)
			continue;
		if (!t->present)
			*t = usual;
		w->next = from;
		(void)traits_set(w, s->scale, t);
	}
	w->next = w->count;
	return 0;
}
