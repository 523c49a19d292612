#include "tests/unit/unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/told/delivery.h"
#include "live/told/journal.h"
#include "live/told/webhook.h"

/* What is told of a store, in virtual time: scenes of a history told row by row. */
enum { MINUTE = 60, BLOCKS = 2, ROWS_MOST = 32 };

static struct diag why;
static const struct told_rule all = {
	.tell = 0x3f, .channels = 1, .hold_ns = 180 * NS_PER_S, .lateness = true};

/* A scene as of a minute: states by letter, one each minute, of two blocks. */
struct play {
	struct scene scene;
	struct timeline_row rows[BLOCKS * ROWS_MOST];
	size_t row_outage[BLOCKS * ROWS_MOST];
	struct scene_block blocks[BLOCKS];
	struct outage outage;
};

static enum block_state state_of(char letter)
{
	return letter == 'U'   ? BLOCK_UP
	       : letter == 'P' ? BLOCK_DEGRADED
	       : letter == 'D' ? BLOCK_DOWN
			       : BLOCK_UNKNOWN;
}

static struct wall at(int64_t minute)
{
	return (struct wall){(1000000 + minute * MINUTE) * NS_PER_S};
}

static void play(struct play *p, const char *const letters[BLOCKS], size_t minutes)
{
	*p = (struct play){
		.scene = {.rows = p->rows, .row_outage = p->row_outage, .blocks = p->blocks}};
	struct scene *s = &p->scene;
	strcpy(s->name, "kp");
	strcpy(s->title, "North \"Korea\"");
	strcpy(s->facts.epoch, "e1");
	s->end = at((int64_t)minutes);
	s->facts.sweeps = minutes;
	s->facts.vantage_count = 1;
	strcpy(s->facts.vantages[0].name, "vp one");
	s->facts.vantages[0].end = s->end;
	s->facts.vantages[0].interval_ns = MINUTE * NS_PER_S;
	for (size_t b = 0; b < BLOCKS && letters[b]; b++) {
		struct scene_block *block = &s->blocks[s->block_count++];
		*block = (struct scene_block){
			.prefix = {{0xc6120000U + ((uint32_t)b << 8)}, 24}, .first = s->row_count};
		for (size_t m = 0; m < minutes; m++) {
			struct timeline_row *last =
				block->count ? &s->rows[s->row_count - 1] : NULL;
			if (!last || last->state != state_of(letters[b][m])) {
				last = &s->rows[s->row_count++];
				*last = (struct timeline_row){.block = block->prefix,
					.start = at((int64_t)m),
					.state = state_of(letters[b][m])};
				block->count++;
			}
			last->end = at((int64_t)m + 1);
		}
	}
}

/* Every event so far as "down 2;recovered 1": its kind and how many blocks; then all are
 * acknowledged. */
static void heard(struct told *told, char *text)
{
	const struct told_event *event;

	while ((event = told_owed(told, TOLD_COMMAND))) {
		const char *kind = strstr(event->json, "\"event\":\"") + 9;
		size_t blocks = 0;
		for (const char *c = event->json; (c = strstr(c, "\"block\":")); c++)
			blocks++;
		sprintf(text + strlen(text), "%s%.*s %zu", *text ? ";" : "",
			(int)strcspn(kind, "\""), kind, blocks);
		told_acknowledge(told, TOLD_COMMAND, event->number);
	}
}

/* Look at each minute; restart: what is kept is printed and read back in between. */
static void followed(const char *one, const char *two, bool restart, char text[512])
{
	const char *letters[BLOCKS] = {one, two};
	struct told told;
	struct play p;

	text[0] = '\0';
	told_init(&told, 7);
	for (size_t m = 5; m <= strlen(one); m++) {
		play(&p, letters, m);
		told_look(&told, &p.scene, &all, p.scene.end);
		heard(&told, text);
		if (restart) {
			size_t len;
			char *kept = journal_print(&told, &len);
			told_finish(&told);
			assert_int_equal(journal_read(kept, len, &told, &why), 0);
			free(kept);
		}
	}
	told_finish(&told);
}

static void what_lasts_is_told_once_with_and_without_restarts(void **state)
{
	static const struct {
		const char *one, *two, *told;
	} cases[] = {
		{"UUUUUUUUUUUU", NULL, ""}, {"UUUUUUDDDDDDUUUUUU", NULL, "down 1;recovered 1"},
		{"UUUUUUDDUUUUUU", NULL, ""},    /* a flap */
		{"UUUUUUDUDUDDUDUUU", NULL, ""}, /* flaps */
		{"UUUUUUDDDDDUDDDUUDDDUUUU", NULL,
			"down 1;recovered 1"}, /* up for a moment is not over */
		{"UUUUUUPPPPDDDDPPPPUUUU", NULL, "degraded 1;down 1;degraded 1;recovered 1"},
		{"UUUUUUDDDDDDUUUUUU", "UUUUUUDDDDDDUUUUUU",
			"down 2;recovered 2"}, /* what goes together */
		{"UUUUUUDDDDDDUUUUUU", "UUUUUUUUUDDDDUUUUU", "down 1;down 1;recovered 1;recovered 1"},
		{"UUUUUU???????UUUUU", NULL, ""}, /* what is not measured is no outage */
		{"UUUUUUDDDD????DDDDUUUU", NULL, "down 1;recovered 1"},
		{"??????UUUUUUUU", NULL, ""},
		{"DDDDDDDDUUUUU", NULL, "recovered 1"}, /* so it was at first */
	};
	char text[512];
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int restart = 0; restart < 2; restart++) {
			followed(cases[i].one, cases[i].two, restart, text);
			assert_string_equal(text, cases[i].told);
		}
}

static void what_came_while_nobody_looked_is_told_in_order(void **state)
{
	const char *letters[BLOCKS] = {"UUUUUUDDDDDDUUUUUUDDDDUUUUUUU", NULL};
	char text[512] = "";
	struct told told;
	struct play p;
	(void)state;

	told_init(&told, 7);
	play(&p, letters, 5);
	assert_true(told_look(&told, &p.scene, &all, p.scene.end));
	play(&p, letters, 29);
	assert_true(told_look(&told, &p.scene, &all, p.scene.end));
	assert_false(told_look(&told, &p.scene, &all, p.scene.end));
	heard(&told, text);
	assert_string_equal(text, "down 1;recovered 1;down 1;recovered 1");
	told_finish(&told);
}

static void only_what_is_wanted_is_told(void **state)
{
	const char *letters[BLOCKS] = {"UUUUUPPPPPUUUUUDDDDDUUUUU", NULL};
	struct told_rule rule = all;
	char text[512] = "";
	struct told told;
	struct play p;
	(void)state;

	rule.tell = 1U << CHANGE_DOWN | 1U << CHANGE_RECOVERED;
	told_init(&told, 7);
	for (size_t m = 4; m <= 25; m++) {
		play(&p, letters, m);
		told_look(&told, &p.scene, &rule, p.scene.end);
	}
	heard(&told, text);
	assert_string_equal(text, "down 1;recovered 1"); /* of what was told only */
	told_finish(&told);
}

/* The vantage point is blind, or late, from a minute on, and then not. */
static void sights(enum reason blind, int64_t late_min, char text[512])
{
	const char *letters[BLOCKS] = {"UUUUUUUUUUUUUUUUUUUUUUUUUUUUUU", NULL};
	struct told told;
	struct play p;

	text[0] = '\0';
	told_init(&told, 7);
	for (size_t m = 5; m <= 30; m++) {
		bool bad = m >= 10 && m < 20;
		play(&p, letters, bad && late_min ? 10 : m);
		p.scene.facts.vantages[0].blind = bad ? blind : REASON_NONE;
		told_look(&told, &p.scene, &all, at((int64_t)m));
		heard(&told, text);
	}
	told_finish(&told);
}

static void who_cannot_see_is_told_as_such(void **state)
{
	char text[512];
	(void)state;

	sights(REASON_ANCHORS_DOWN, 0, text);
	assert_string_equal(text, "blind 0;recovered 0");
	sights(REASON_NONE, 1, text);
	assert_string_equal(text, "no_sweep 0;recovered 0");
}

static void a_cause_that_changed_for_long_enough_is_told(void **state)
{
	const char *letters[BLOCKS] = {"UUUUUDDDDDDDDDDDDDDDDDDDDDD", NULL};
	static const int causes[] = {
		CAUSE_UNDETERMINED, CAUSE_POWER, CAUSE_UNDETERMINED, CAUSE_POWER};
	char text[512] = "";
	struct told told;
	struct play p;
	(void)state;

	told_init(&told, 7);
	for (size_t m = 5; m <= 27; m++) {
		play(&p, letters, m);
		p.outage = (struct outage){.verdict = {.cause = causes[m < 10   ? 0
								       : m < 12 ? 1
								       : m < 14 ? 2
										: 3]}};
		strcpy(p.outage.id, "20270305T0232Z");
		p.scene.outages = &p.outage;
		p.scene.outage_count = m > 5;
		p.row_outage[1] = m > 5;
		told_look(&told, &p.scene, &all, p.scene.end);
		heard(&told, text);
	}
	assert_string_equal(text, "down 1;cause 0"); /* not for the two minutes before */
	told_finish(&told);
}

static void another_store_is_begun_anew(void **state)
{
	const char *up[BLOCKS] = {"UUUUUUUUUU", NULL}, *down[BLOCKS] = {"UUUUDDDDDD", NULL};
	struct told told;
	struct play p;
	(void)state;

	told_init(&told, 7);
	play(&p, up, 10);
	told_look(&told, &p.scene, &all, p.scene.end);
	play(&p, down, 10);
	strcpy(p.scene.facts.epoch, "e2");
	told_look(&told, &p.scene, &all, p.scene.end);
	assert_null(told_owed(&told, TOLD_COMMAND));
	told_finish(&told);
}

static void what_is_owed_is_kept_and_none_has_the_id_of_another(void **state)
{
	struct told told, back;
	size_t len, len2;
	(void)state;

	told_init(&told, 7);
	strcpy(told.epoch, "e1");
	for (int i = 0; i < TOLD_EVENTS_MOST + 2; i++)
		told_owe(&told, 3, strdup("{\"x\":\"a b\"}"));
	assert_int_equal(told.lost, 2);
	assert_int_equal(told.events[0].number, 3);
	told_acknowledge(&told, TOLD_COMMAND, 3);
	assert_int_equal(told_owed(&told, TOLD_COMMAND)->number, 4);
	assert_int_equal(told_owed(&told, TOLD_WEBHOOK)->number, 3);
	strcpy(told_vantage_of(&told, "vp one <b>")->name, "vp one <b>");
	char *text = journal_print(&told, &len);
	assert_int_equal(journal_read(text, len, &back, &why), 0);
	char *again = journal_print(&back, &len2);
	assert_string_equal(text, again);
	assert_int_equal(back.next, TOLD_EVENTS_MOST + 3);
	told_drop_channels(&back, 1U << TOLD_COMMAND);
	assert_int_equal(back.events[0].number, 4);
	told_finish(&back);
	/* Cut anywhere, it is not taken. */
	for (size_t cut = 0; cut < len; cut += cut < 200 ? 1 : 97)
		assert_int_equal(journal_read(text, cut, &back, &why), -EBADMSG);
	free(text);
	free(again);
	told_finish(&told);
}

static void what_fails_is_tried_again_later_and_later(void **state)
{
	struct delivery d = {.busy = false};
	int64_t waits[12];
	struct mono now = {0};
	(void)state;

	for (size_t i = 0; i < 12; i++) {
		assert_true(delivery_is_due(&d, now));
		delivery_begin(&d);
		assert_false(delivery_is_due(&d, now));
		delivery_end(&d, false, now);
		assert_false(delivery_is_due(&d, now));
		waits[i] = mono_since(d.next, now) / NS_PER_S;
		now = d.next;
	}
	assert_int_equal(waits[0], 1);
	assert_int_equal(waits[3], 8);
	assert_int_equal(waits[11], 300);
	delivery_begin(&d);
	delivery_end(&d, true, now);
	assert_true(delivery_is_due(&d, now));
}

static void only_web_addresses_are_posted_to(void **state)
{
	(void)state;

	assert_true(webhook_is_url("https://example.org/x?y=1"));
	assert_true(webhook_is_url("http://127.0.0.1:1/"));
	assert_false(webhook_is_url("file:///etc/passwd"));
	assert_false(webhook_is_url("https://"));
	assert_false(webhook_is_url("example.org"));
	assert_false(webhook_is_url("http://a b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_lasts_is_told_once_with_and_without_restarts),
		cmocka_unit_test(what_came_while_nobody_looked_is_told_in_order),
		cmocka_unit_test(only_what_is_wanted_is_told),
		cmocka_unit_test(who_cannot_see_is_told_as_such),
		cmocka_unit_test(a_cause_that_changed_for_long_enough_is_told),
		cmocka_unit_test(another_store_is_begun_anew),
		cmocka_unit_test(what_is_owed_is_kept_and_none_has_the_id_of_another),
		cmocka_unit_test(what_fails_is_tried_again_later_and_later),
		cmocka_unit_test(only_web_addresses_are_posted_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
