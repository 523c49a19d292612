#include "tests/judgement/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"

int64_t words_time(struct cursor *c)
{
	const char *word = cursor_word(c);
	int64_t all_ns = 0;

	for (const char *at = word; *at;) {
		char part[32];
		int64_t ns;
		size_t digits = strspn(at, "0123456789.");
		size_t unit = strspn(at + digits, "dhmsu");
		int wrote = snprintf(part, sizeof(part), "%.*s", (int)(digits + unit), at);
		if (wrote >= (int)sizeof(part) || !text_duration(part, &ns))
			script_wrong(c->line, "'%s', expected a time, 30h or 2d6h30m say", word);
		all_ns += ns;
		at += digits + unit;
	}
	return all_ns;
}

double words_share(struct cursor *c)
{
	const char *word = cursor_word(c);
	size_t len = strlen(word);
	char number[32];
	double share;

	bool percent = len > 1 && len < sizeof(number) && word[len - 1] == '%';
	snprintf(number, sizeof(number), "%.*s", (int)(percent ? len - 1 : len), word);
	if (!text_double(number, &share))
		script_wrong(c->line, "'%s', expected a share, 30%% or .3 say", word);
	share = percent ? share / 100 : share;
	if (share < 0 || share > 1)
		script_wrong(c->line, "'%s', expected a share from 0 to 1", word);
	return share;
}

struct prefix words_prefix(struct cursor *c)
{
	const char *word = cursor_word(c);
	struct prefix prefix;

	if (!prefix_parse(word, &prefix))
		script_wrong(c->line, "'%s', expected a prefix", word);
	return prefix;
}

bool words_more(struct cursor *c)
{
	if (cursor_end(c))
		return false;
	if (!cursor_is(c, ","))
		script_wrong(c->line, "'%s', expected a comma before it", c->line->words[c->at]);
	return true;
}

/* ADDRESS-LAST as two addresses, or a prefix as its first and last. */
static void take_range(struct cursor *c, uint32_t *ret_low, uint32_t *ret_high)
{
	const char *word = cursor_word(c);
	const char *dash = strchr(word, '-');
	struct prefix prefix;
	struct ip4 low;
	char first[32];
	uint64_t last;

	if (!dash && prefix_parse(word, &prefix)) {
		*ret_low = prefix.base.host;
		*ret_high = prefix.base.host + (uint32_t)((UINT64_C(1) << (32 - prefix.len)) - 1);
		return;
	}
	if (!dash && ip4_parse(word, &low)) {
		*ret_low = *ret_high = low.host;
		return;
	}
	if (!dash || dash - word >= (int)sizeof(first))
		script_wrong(c->line, "'%s', expected all, anchors, or addresses", word);
	snprintf(first, sizeof(first), "%.*s", (int)(dash - word), word);
	if (!ip4_parse(first, &low) || !text_u64(dash + 1, 255, &last))
		script_wrong(c->line, "'%s', expected a range, 198.18.1.1-5 say", word);
	*ret_low = low.host;
	*ret_high = (low.host & ~255u) | (uint32_t)last;
}

static void choose(struct cursor *c, const struct world *world, bool value, bool *chosen)
{
	enum role role = ROLE_TARGET;
	uint32_t low = 0;
	uint32_t high = UINT32_MAX;
	bool by_role = true;
	size_t met = 0;

	if (cursor_is(c, "anchors"))
		role = ROLE_ANCHOR;
	else if (!cursor_is(c, "all")) {
		take_range(c, &low, &high);
		by_role = false;
	}
	for (size_t i = 0; i < world->host_count; i++) {
		const struct host *h = &world->hosts[i];
		if (h->address.host < low || h->address.host > high || (by_role && h->role != role))
			continue;
		chosen[i] = value;
		met++;
	}
	if (met == 0)
		script_wrong(c->line, "'%s': there is no such host", c->line->words[c->at - 1]);
}

struct who words_who(struct cursor *c, const struct world *world)
{
	struct who who = {.chosen = mem_zeroed(world->host_count + 1, sizeof(bool))};
	bool value = true;

	do {
		choose(c, world, value, who.chosen);
		value = true;
		if (cursor_is(c, "but"))
			value = false;
		else if (!cursor_is(c, "and"))
			break;
	} while (true);
	size_t last = SIZE_MAX;
	for (size_t i = 0; i < world->host_count; i++)
		if (who.chosen[i] && world->hosts[i].machine != last) {
			last = world->hosts[i].machine;
			who.machines++;
		}
	return who;
}
