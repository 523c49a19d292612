#include "live/health.h"

#include <inttypes.h>
#include <string.h>

#include "core/text.h"
#include "report/words.h"

static bool vantage_fails(const struct scene *scene, struct wall now)
{
	for (size_t i = 0; i < scene->facts.vantage_count; i++)
		if (strcmp(vantage_does(&scene->facts.vantages[i], now), "sees") != 0)
			return true;
	return false;
}

static bool block_fails(const struct scene *scene, const struct scene_block *block)
{
	struct timeline_row row = scene_now(scene, block);

	return row.state != BLOCK_UP && row.reason != REASON_NEVER_ANSWERED;
}

enum health health_of(const struct scene *scene, struct wall now)
{
	struct country_now country = scene_country(scene);

	if (country.state == BLOCK_UNKNOWN)
		return HEALTH_UNKNOWN;
	if (country.state == BLOCK_DOWN)
		return HEALTH_CRITICAL;
	if (country.state == BLOCK_DEGRADED || vantage_fails(scene, now))
		return HEALTH_WARNING;
	for (size_t i = 0; i < scene->block_count; i++)
		if (block_fails(scene, &scene->blocks[i]))
			return HEALTH_WARNING;
	return HEALTH_OK;
}

enum health health_worse(enum health a, enum health b)
{
	static const int weights[] = {
		[HEALTH_OK] = 0, [HEALTH_UNKNOWN] = 1, [HEALTH_WARNING] = 2, [HEALTH_CRITICAL] = 3};

	return weights[a] >= weights[b] ? a : b;
}

const char *health_name(enum health health)
{
	static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

	return names[health];
}

const char *vantage_does(const struct vantage_facts *vantage, struct wall now)
{
	if (vantage->blind != REASON_NONE)
		return "blind";
	return facts_is_late(vantage, now) ? "late" : "sees";
}

/* What would end the words of a plugin or the name of a number in it. */
static void write_plain(FILE *out, const char *text)
{
	char clean[256];

	snprintf(clean, sizeof(clean), "%s", text);
	text_clean(clean);
	for (const char *c = clean; *c; c++)
		putc(strchr("|'=", *c) ? '?' : *c, out);
}

/* Blocks that fail otherwise than the country: the first few by name. */
static void write_failing(FILE *out, const struct scene *scene, enum block_state country)
{
	enum { NAMED_MOST = 4 };
	char text[ADDRESS_TEXT_SIZE];
	size_t failing = 0;

	for (size_t i = 0; i < scene->block_count; i++) {
		struct timeline_row row = scene_now(scene, &scene->blocks[i]);
		if (!block_fails(scene, &scene->blocks[i]) || row.state == country ||
			++failing > NAMED_MOST)
			continue;
		prefix_format(scene->blocks[i].prefix, text);
		fprintf(out, "; %s %s", text, block_state_name(row.state));
	}
	if (failing > NAMED_MOST)
		fprintf(out, " and %zu more", failing - NAMED_MOST);
}

static void write_vantages(FILE *out, const struct scene *scene, struct wall now)
{
	for (size_t i = 0; i < scene->facts.vantage_count; i++) {
		const struct vantage_facts *v = &scene->facts.vantages[i];
		const char *does = vantage_does(v, now);
		if (strcmp(does, "sees") == 0)
			continue;
		fputs("; ", out);
		write_plain(out, v->name);
		fprintf(out, " %s", does);
	}
}

static void write_words(FILE *out, const struct scene *scene, struct wall now)
{
	struct country_now country = scene_country(scene);
	char text[WORDS_SIZE];
	size_t up, known;

	write_plain(out, scene->name);
	if (scene->facts.sweeps == 0) {
		fputs(" has no sweep", out);
		return;
	}
	fprintf(out, " %s", block_state_name(country.state));
	if (country.learning)
		fputs(" (learning)", out);
	else if (country.reason != REASON_NONE)
		fprintf(out, " (%s)", reason_name(country.reason));
	scene_hosts(scene, &up, &known);
	fprintf(out, " since %s; %zu of %zu hosts up", words_iso(country.since_high, text), up,
		known);
	write_failing(out, scene, country.state);
	write_vantages(out, scene, now);
	fprintf(out, "; last sweep %s ago, %s prober",
		words_duration(wall_since(now, scene->facts.end), text),
		scene->facts.written ? "a" : "no");
}

/* 'label'=value;warn;crit;min;max, without bounds that nobody set. */
static void write_numbers(FILE *out, const struct scene *scene, const char *before,
	const char *between, struct wall now)
{
	size_t states[BLOCK_UNKNOWN + 1] = {0};
	size_t up, known;

	scene_hosts(scene, &up, &known);
	for (size_t i = 0; i < scene->block_count; i++)
		states[scene_now(scene, &scene->blocks[i]).state]++;
	fprintf(out, " %s%shosts_up=%zu;;;0;%zu", before, between, up, known);
	for (int k = BLOCK_UP; k <= BLOCK_UNKNOWN; k++)
		fprintf(out, " %s%sblocks_%s=%zu;;;0;%zu", before, between,
			block_state_name((enum block_state)k), states[k], scene->block_count);
	if (scene->facts.sweeps)
		fprintf(out, " %s%slast_sweep_age=%" PRId64 "s", before, between,
			wall_since(now, scene->facts.end) / NS_PER_S);
	fprintf(out, " %s%ssweeps=%" PRIu64 "c", before, between, scene->facts.sweeps);
}

enum health health_write(
	FILE *out, const struct scene *const *scenes, size_t count, struct wall now)
{
	enum health health = HEALTH_OK;

	for (size_t i = 0; i < count; i++)
		health = health_worse(health, health_of(scenes[i], now));
	fprintf(out, "LIGHTSOUT %s: ", health_name(health));
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", out);
		write_words(out, scenes[i], now);
	}
	fputs(" |", out);
	for (size_t i = 0; i < count; i++)
		write_numbers(out, scenes[i], count > 1 ? scenes[i]->name : "",
			count > 1 ? "_" : "", now);
	putc('\n', out);
	return health;
}
