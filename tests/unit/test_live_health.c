#include "tests/unit/unit.h"

#include <math.h>
#include <stdio.h>

#include "live/health.h"

/* Two blocks and a vantage point with a name that would end a plugin's words. */
struct country {
	struct scene scene;
	struct timeline_row rows[2], word[1];
	struct scene_block blocks[2];
};

static struct wall minute(int64_t n)
{
	return (struct wall){(1767225600 + n * 60) * NS_PER_S};
}

static void make(struct country *c, enum block_state a, enum block_state b, enum block_state all)
{
	const enum block_state states[] = {a, b};

	*c = (struct country){.scene = {.name = "kp"}};
	struct scene *s = &c->scene;
	for (size_t i = 0; i < 2; i++) {
		c->rows[i] = (struct timeline_row){
			.block = {{0xc6120000u + ((uint32_t)i << 8)}, 24},
			.start = minute(10),
			.end = minute(60),
			.state = states[i],
			.reason = states[i] == BLOCK_UNKNOWN ? REASON_UNPROVEN : REASON_NONE};
		c->blocks[i] = (struct scene_block){
			.prefix = c->rows[i].block, .first = i, .count = 1, .known = 5, .up = 4};
	}
	c->word[0] = (struct timeline_row){.start = minute(10), .end = minute(60), .state = all};
	s->rows = c->rows;
	s->row_count = 2;
	s->blocks = c->blocks;
	s->block_count = 2;
	s->country = c->word;
	s->country_count = 1;
	s->end = s->facts.end = minute(60);
	s->facts.sweeps = 7;
	s->facts.vantage_count = 1;
	s->facts.vantages[0] = (struct vantage_facts){
		.name = "a|b=c", .end = minute(60), .interval_ns = 600 * NS_PER_S};
}

static void the_worst_of_what_is_there(void **state)
{
	static const struct {
		enum block_state a, b, country;
		enum health expected;
	} cases[] = {
		{BLOCK_UP, BLOCK_UP, BLOCK_UP, HEALTH_OK},
		{BLOCK_UP, BLOCK_DEGRADED, BLOCK_UP, HEALTH_WARNING},
		{BLOCK_UP, BLOCK_DOWN, BLOCK_UP, HEALTH_WARNING},
		{BLOCK_UP, BLOCK_UNKNOWN, BLOCK_UP, HEALTH_WARNING},
		{BLOCK_UP, BLOCK_DOWN, BLOCK_DEGRADED, HEALTH_WARNING},
		{BLOCK_DOWN, BLOCK_DOWN, BLOCK_DOWN, HEALTH_CRITICAL},
		{BLOCK_UNKNOWN, BLOCK_DOWN, BLOCK_UNKNOWN, HEALTH_UNKNOWN},
	};
	struct country c;
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make(&c, cases[i].a, cases[i].b, cases[i].country);
		assert_int_equal(health_of(&c.scene, minute(61)), cases[i].expected);
	}
	/* A block that never answered says nothing. */
	make(&c, BLOCK_UP, BLOCK_UNKNOWN, BLOCK_UP);
	c.rows[1].reason = REASON_NEVER_ANSWERED;
	assert_int_equal(health_of(&c.scene, minute(61)), HEALTH_OK);
}

static void who_does_not_measure_is_no_country_that_is_down(void **state)
{
	struct country c;
	(void)state;

	make(&c, BLOCK_UP, BLOCK_UP, BLOCK_UP);
	c.scene.facts.vantages[0].blind = REASON_ANCHORS_DOWN;
	assert_int_equal(health_of(&c.scene, minute(61)), HEALTH_WARNING);
	assert_string_equal(vantage_does(&c.scene.facts.vantages[0], minute(61)), "blind");

	/* Twice its interval of ten minutes is late, no earlier. */
	make(&c, BLOCK_DOWN, BLOCK_DOWN, BLOCK_DOWN);
	assert_false(scene_look(&c.scene, minute(80)));
	assert_int_equal(health_of(&c.scene, minute(80)), HEALTH_CRITICAL);
	assert_true(scene_look(&c.scene, minute(81)));
	assert_int_equal(health_of(&c.scene, minute(81)), HEALTH_UNKNOWN);
	assert_string_equal(vantage_does(&c.scene.facts.vantages[0], minute(81)), "late");
}

static void a_monitor_is_told_the_worst_first(void **state)
{
	static const enum health order[] = {
		HEALTH_OK, HEALTH_UNKNOWN, HEALTH_WARNING, HEALTH_CRITICAL};
	(void)state;

	for (size_t i = 0; i < 4; i++)
		for (size_t k = 0; k < 4; k++)
			assert_int_equal(health_worse(order[i], order[k]), order[i > k ? i : k]);
}

static void the_line_of_a_plugin(void **state)
{
	struct country c;
	const struct scene *scenes[] = {&c.scene};
	char *text = NULL;
	size_t len;
	(void)state;

	make(&c, BLOCK_UP, BLOCK_DOWN, BLOCK_DEGRADED);
	c.scene.facts.vantages[0].blind = REASON_ANCHORS_DOWN;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(health_write(out, scenes, 1, minute(62)), HEALTH_WARNING);
	fclose(out);
	assert_string_equal(text,
		"LIGHTSOUT WARNING: kp degraded since 2026-01-01T00:10:00Z; 8 of 10 hosts up; "
		"198.18.1.0/24 down; a?b?c blind; last sweep 2 min ago, no prober | "
		"hosts_up=8;;;0;10 blocks_up=1;;;0;2 blocks_degraded=0;;;0;2 blocks_down=1;;;0;2 "
		"blocks_unknown=0;;;0;2 last_sweep_age=120s sweeps=7c\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_of_what_is_there),
		cmocka_unit_test(who_does_not_measure_is_no_country_that_is_down),
		cmocka_unit_test(a_monitor_is_told_the_worst_first),
		cmocka_unit_test(the_line_of_a_plugin),
	};
	return cmocka_run_group_tests_name("live_health", tests, NULL, NULL);
}
