#include "tests/unit/unit.h"

#include <stdbool.h>
#include <stdio.h>

#include "core/text.h"
#include "live/serve/events.h"
#include "live/serve/state.h"

static char *all_from(const struct events *events, uint64_t at)
{
	char *text = calloc(1, EVENTS_BYTES + 1);
	size_t len = 0;
	ptrdiff_t n;

	assert_non_null(text);
	while ((n = events_read(events, &at, text + len, 7)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0);
	return text;
}

static void who_comes_back_gets_what_he_missed(void **state)
{
	struct events *events = events_create(7);
	char id[EVENT_ID_SIZE];
	uint64_t at = 99;
	(void)state;

	events_add(events, "change", "{\"n\":1}");
	events_last_id(events, id);
	events_add(events, "change", "{\"n\":2}");
	events_beat(events);
	events_add(events, "sweep", "{\"n\":3}");
	assert_true(events_find(events, id, &at));
	char *text = all_from(events, at);
	assert_string_equal(text, "id: 0000000000000007-2\nevent: change\ndata: "
				  "{\"n\":2}\n\nevent: beat\ndata: {}\n\n"
				  "id: 0000000000000007-3\nevent: sweep\ndata: {\"n\":3}\n\n");
	free(text);
	events_last_id(events, id);
	assert_true(events_find(events, id, &at));
	assert_int_equal(at, events_end(events));
	events_destroy(events);
}

static void an_id_that_is_not_ours_begins_anew(void **state)
{
	static const char *const bad[] = {"", "7-1", "0000000000000008-1", "0000000000000007-9",
		"0000000000000007-", "0000000000000007-x", "0000000000000007-1 ",
		"0000000000000007-99999999999999999999999"};
	struct events *events = events_create(7);
	uint64_t at = 99;
	(void)state;

	events_add(events, "change", "{}");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(events_find(events, bad[i], &at));
	assert_false(events_find(events, NULL, &at));
	assert_int_equal(at, 99);
	events_destroy(events);
}

static void who_is_too_far_behind_is_told_so(void **state)
{
	struct events *events = events_create(7);
	char data[1001];
	char room[64];
	uint64_t at = 0;
	(void)state;

	memset(data, 'x', 1000);
	data[1000] = '\0';
	events_add(events, "change", "{}");
	for (int i = 0; i < 300; i++)
		events_add(events, "change", data);
	assert_int_equal(events_read(events, &at, room, sizeof(room)), -1);
	assert_false(events_find(events, "0000000000000007-1", &at));
	assert_true(events_find(events, "0000000000000007-300", &at));
	assert_int_equal(events_read(events, &at, room, sizeof(room)), sizeof(room));
	events_destroy(events);
}

/* A scene of two blocks. */
struct small {
	struct scene scene;
	struct timeline_row rows[2];
	struct scene_block blocks[2];
	size_t row_outage[2];
};

static void make(struct small *s, enum block_state a, enum block_state b)
{
	*s = (struct small){.scene = {.name = "kp", .title = "KP", .end = {50 * NS_PER_S}}};
	for (int i = 0; i < 2; i++) {
		struct prefix prefix = {{0xc6120000u + 256 * (uint32_t)i}, 24};
		s->rows[i] = (struct timeline_row){.block = prefix,
			.start = {20 * NS_PER_S},
			.end = {50 * NS_PER_S},
			.uncertainty_s = 5,
			.state = i ? b : a};
		s->blocks[i] =
			(struct scene_block){.prefix = prefix, .first = (size_t)i, .count = 1};
	}
	s->scene.rows = s->rows;
	s->scene.row_count = 2;
	s->scene.blocks = s->blocks;
	s->scene.block_count = 2;
	s->scene.row_outage = s->row_outage;
	s->scene.facts.sweeps = 1;
}

static void a_change_of_state_is_told_once(void **state)
{
	struct events *events = events_create(1);
	struct small before, after;
	(void)state;

	make(&before, BLOCK_UP, BLOCK_UP);
	make(&after, BLOCK_UP, BLOCK_DOWN);
	assert_int_equal(events_compare(events, &before.scene, &before.scene), 0);
	assert_int_equal(events_end(events), 0);
	assert_int_equal(events_compare(events, &before.scene, &after.scene), 1);
	char *text = all_from(events, 0);
	assert_non_null(strstr(text, "event: change"));
	assert_non_null(
		strstr(text, "\"block\":\"198.18.1.0/24\",\"from\":\"up\",\"state\":\"down\""));
	assert_non_null(strstr(text, "\"start_earliest\":\"1970-01-01T00:00:15.000Z\""));
	free(text);
	assert_int_equal(events_compare(events, &after.scene, &after.scene), 0);
	events_destroy(events);
}

static void a_vantage_point_that_goes_blind_is_no_change_of_the_country(void **state)
{
	struct events *events = events_create(1);
	struct small before, after;
	(void)state;

	make(&before, BLOCK_UP, BLOCK_UP);
	before.scene.facts.vantage_count = 1;
	snprintf(before.scene.facts.vantages[0].name, VANTAGE_SIZE, "vp1");
	after = before;
	after.scene.facts.vantages[0].blind = REASON_ANCHORS_DOWN;
	assert_int_equal(events_compare(events, &before.scene, &after.scene), 1);
	char *text = all_from(events, 0);
	assert_non_null(strstr(text, "event: vantage"));
	assert_non_null(strstr(text, "\"vantage\":\"vp1\",\"sees\":false"));
	assert_null(strstr(text, "event: change"));
	free(text);
	events_destroy(events);
}

static char *metrics_of(const struct scene *scene)
{
	const struct scene *const scenes[] = {scene};
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	state_write_metrics(out, scenes, 1, (struct wall){0});
	fclose(out);
	return text;
}

/* Whatever a vantage point is called: a line stays a line, a label a label. */
static void no_name_makes_a_line_of_its_own(void **state)
{
	struct small s;
	uint64_t seed = 3;
	size_t lines = 0;
	(void)state;

	for (int round = 0; round < 500; round++) {
		make(&s, BLOCK_UP, BLOCK_DOWN);
		s.scene.facts.vantage_count = 1;
		char *name = s.scene.facts.vantages[0].name;
		for (size_t i = 0; i < VANTAGE_SIZE - 1; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1;
			name[i] = i % 3 ? (char)(seed >> 56) : "\"\\\n}{"[(seed >> 56) % 5];
			if (!name[i])
				name[i] = 'a';
		}
		char *text = metrics_of(&s.scene);
		size_t count = 0;
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
			count++;
			assert_true(strncmp(line, "# ", 2) == 0 ||
				    strncmp(line, "lightsout_", 10) == 0);
			assert_true(text_printable(line));
		}
		if (lines == 0)
			lines = count;
		assert_int_equal(count, lines);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_back_gets_what_he_missed),
		cmocka_unit_test(an_id_that_is_not_ours_begins_anew),
		cmocka_unit_test(who_is_too_far_behind_is_told_so),
		cmocka_unit_test(a_change_of_state_is_told_once),
		cmocka_unit_test(a_vantage_point_that_goes_blind_is_no_change_of_the_country),
		cmocka_unit_test(no_name_makes_a_line_of_its_own),
	};
	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
