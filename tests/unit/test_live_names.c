#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "live/page/page.h"
#include "live/serve/state.h"
#include "live/told/event.h"

/*
 * Names come from stores, that is from anybody. Whatever they are, what we write has the same
 * bones as with a plain name: the same tags and attributes, the same JSON, the same metric lines,
 * and no byte that a terminal would obey.
 */
static uint64_t seed = 20141222;

static unsigned draw(unsigned below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static void draw_name(char *name, size_t size)
{
	static const char *const parts[] = {"<", ">", "&", "\"", "'", "\\", "\n", "\r", "{", "}",
		"</title>", "<script>", "-->", "\" onload=\"", "\\\"", "\\n", "\x1b[31m", "\x7f",
		"\xc2\x9b", "\xe2\x80\xae", "\xff", "\xc0\xaf", "\xf0\x9f", "\",\"state\":\"",
		"\"} 1\nx{a=\"", "# TYPE x counter", "\n\nevent: state\ndata: ", "vp1", " ", "%s%n",
		"\xc3\xa9"};
	size_t len = 0;

	name[0] = 'n';
	name[1] = '\0';
	for (unsigned n = draw(12); n-- > 0;) {
		const char *part = parts[draw(sizeof(parts) / sizeof(parts[0]))];
		len = strlen(name);
		if (len + strlen(part) < size)
			memcpy(name + len, part, strlen(part) + 1);
	}
}

/* One block that is down, one vantage point, one outage that only that one saw. */
struct small {
	struct scene scene;
	struct timeline_row row;
	size_t row_outage;
	struct scene_block block;
	struct outage outage;
	struct scene_outage lost;
};

static void set_stage(struct small *s, const char *name)
{
	struct prefix prefix = {.base = {0xc6120000}, .len = 24};

	*s = (struct small){.scene = {.name = "kp", .start = {NS_PER_S}, .end = {50 * NS_PER_S}}};
	s->row = (struct timeline_row){.block = prefix,
		.start = {10 * NS_PER_S},
		.end = {50 * NS_PER_S},
		.state = BLOCK_DOWN};
	s->block = (struct scene_block){.prefix = prefix, .count = 1, .known = 3};
	s->row_outage = 1;
	s->outage.start_high_ns = s->outage.start_low_ns = 10 * NS_PER_S;
	s->outage.hosts = s->outage.hosts_affected = 3;
	s->outage.whole_blocks = true;
	s->outage.blocks = &s->block.prefix;
	s->outage.block_count = 1;
	s->outage.verdict.cause = CAUSE_UNDETERMINED;
	snprintf(s->outage.id, sizeof(s->outage.id), "20141222T1615Z/%.*s",
		(int)sizeof(s->outage.id) - 17, name);
	snprintf(s->scene.title, sizeof(s->scene.title), "%s", name);
	struct scene *scene = &s->scene;
	scene->rows = &s->row;
	scene->row_count = 1;
	scene->row_outage = &s->row_outage;
	scene->blocks = &s->block;
	scene->block_count = 1;
	scene->outages = &s->outage;
	scene->lost = &s->lost;
	scene->outage_count = 1;
	scene->ranges = &s->block.prefix;
	scene->range_count = 1;
	scene->facts.sweeps = 1;
	scene->facts.vantage_count = 1;
	struct vantage_facts *vantage = &scene->facts.vantages[0];
	snprintf(vantage->name, VANTAGE_SIZE, "%s", name);
	vantage->anchors_probed = vantage->anchors_up = -1;
	snprintf(scene->facts.last.vantage, VANTAGE_SIZE, "%s", name);
}

/* What is inside quotes is left out; a backslash there speaks for the next byte. */
static void keep_unquoted(char *text)
{
	char *to = text;
	bool quoted = false;

	for (const char *c = text; *c; c++) {
		if (quoted && *c == '\\' && c[1])
			c++;
		else if (*c == '"')
			quoted = !quoted;
		if (!quoted)
			*to++ = *c;
	}
	*to = '\0';
	assert_false(quoted);
}

/* Tags alone, without what their attributes are set to. */
static void keep_tags(char *text)
{
	char *to = text;
	bool tag = false, quoted = false;

	for (const char *c = text; *c; c++) {
		if (!tag && *c == '<')
			tag = true;
		else if (tag && *c == '"')
			quoted = !quoted;
		if (tag && !quoted)
			*to++ = *c;
		if (tag && !quoted && *c == '>')
			tag = false;
	}
	*to = '\0';
	assert_false(tag);
}

static void is_tame(const char *text)
{
	for (const char *c = text; *c; c += *c == '\n' || *c == '\t' ? 1 : text_printable_one(c))
		if (*c != '\n' && *c != '\t' && text_printable_one(c) == 0)
			fail_msg("byte %02x in: %.60s", (unsigned char)*c, c);
}

enum form { PAGE_STORE, PAGE_REPORT, PAGE_OUTAGE, PAGE_INDEX, STATE, METRICS, SWEEP, EVENT, FORMS };

static void write_form(FILE *out, enum form form, const struct small *s)
{
	const struct scene *const scenes[] = {&s->scene};
	struct wall now = {60 * NS_PER_S};
	struct page page = {.scene = &s->scene,
		.window = {s->scene.start, s->scene.end, ZOOM_OTHER, false},
		.now = now,
		.scale = 1,
		.fixed = form == PAGE_REPORT};
	struct told told;
	char *event;

	switch (form) {
	case PAGE_STORE:
		page_store(out, &page);
		break;
	case PAGE_REPORT:
		page_report(out, &page);
		break;
	case PAGE_OUTAGE:
		page_outage(out, &page, &s->outage, (struct wall){INT64_MAX});
		break;
	case PAGE_INDEX:
		page_index(out, scenes, 1, now);
		break;
	case STATE:
		state_write_all(out, scenes, 1);
		break;
	case METRICS:
		state_write_metrics(out, scenes, 1, now);
		break;
	case SWEEP:
		state_write_sweep(out, &s->scene);
		break;
	case EVENT:
	case FORMS:
		told_init(&told, 1);
		event = event_of_vantage(
			&told, &s->scene, &s->scene.facts.vantages[0], CHANGE_BLIND);
		fputs(event, out);
		free(event);
		event = event_of_cause(&told, &s->scene, &s->outage, CAUSE_POWER);
		fputs(event, out);
		free(event);
		told_finish(&told);
	}
}

/* What is written, and its bones; both owned by the caller. */
static char *bones_of(enum form form, const char *name)
{
	struct small *stage = malloc(sizeof(*stage));
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(stage);
	assert_non_null(out);
	set_stage(stage, name);
	write_form(out, form, stage);
	fclose(out);
	assert_int_equal(strlen(text), len);
	is_tame(text);
	if (form <= PAGE_INDEX)
		keep_tags(text);
	else
		keep_unquoted(text);
	free(stage);
	return text;
}

static void names_stay_names(void **state)
{
	char name[VANTAGE_SIZE];
	(void)state;

	for (enum form form = PAGE_STORE; form < FORMS; form++) {
		char *plain = bones_of(form, "n");
		for (int i = 0; i < 2000; i++) {
			draw_name(name, sizeof(name));
			char *bones = bones_of(form, name);
			assert_string_equal(bones, plain);
			free(bones);
		}
		free(plain);
	}
}

/* Of a report, the page of an outage lies in its folder, and no two have one name. */
static void files_stay_in_the_folder(void **state)
{
	char name[VANTAGE_SIZE], file[PAGE_FILE_SIZE];
	struct small *stage = malloc(sizeof(*stage));
	(void)state;

	assert_non_null(stage);
	for (int i = 0; i < 2000; i++) {
		draw_name(name, sizeof(name));
		set_stage(stage, name);
		page_outage_file(&stage->scene, &stage->outage, file);
		assert_null(strpbrk(file, "/\\<>\"'& \n"));
		assert_memory_equal(file, "outage-20141222T1615Z-", 22);
		assert_string_equal(file + strlen(file) - 7, "-0.html");
	}
	free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stay_names),
		cmocka_unit_test(files_stay_in_the_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
