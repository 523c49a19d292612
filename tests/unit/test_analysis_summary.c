#include "tests/unit/unit.h"

#include "analysis/summary.h"
#include "core/mem.h"

static struct wall at(const char *text)
{
	struct wall t = {0};

	assert_true(wall_parse(text, &t));
	return t;
}

static void periods_are_those_of_the_calendar(void **state)
{
	static const struct {
		enum period period;
		const char *at, *begin, *next, *name;
	} cases[] = {
		{PERIOD_DAY, "2026-11-30T23:59:59.999Z", "2026-11-30", "2026-12-01", "2026-11-30"},
		{PERIOD_DAY, "2028-02-29", "2028-02-29", "2028-03-01", "2028-02-29"},
		{PERIOD_MONTH, "2028-02-29T12:00:00Z", "2028-02-01", "2028-03-01", "2028-02"},
		{PERIOD_MONTH, "2026-12-31", "2026-12-01", "2027-01-01", "2026-12"},
		{PERIOD_YEAR, "2028-12-31", "2028-01-01", "2029-01-01", "2028"},
		/* A Monday; a Sunday; weeks of the year before and behind. */
		{PERIOD_WEEK, "2026-11-30", "2026-11-30", "2026-12-07", "2026-W49"},
		{PERIOD_WEEK, "2026-12-06T23:00:00Z", "2026-11-30", "2026-12-07", "2026-W49"},
		{PERIOD_WEEK, "2027-01-01", "2026-12-28", "2027-01-04", "2026-W53"},
		{PERIOD_WEEK, "2024-12-31", "2024-12-30", "2025-01-06", "2025-W01"},
	};
	(void)state;

	setenv("TZ", "Asia/Pyongyang", 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char name[PERIOD_NAME_SIZE];
		struct wall begin = period_begin(cases[i].period, at(cases[i].at));
		assert_int_equal(begin.ns, at(cases[i].begin).ns);
		assert_int_equal(period_next(cases[i].period, begin).ns, at(cases[i].next).ns);
		period_name(cases[i].period, begin, name);
		assert_string_equal(name, cases[i].name);
	}
	unsetenv("TZ");
}

struct taken {
	struct summary_row rows[64];
	size_t count;
};

static void take(void *ctx, const struct summary_row *row)
{
	struct taken *taken = ctx;

	assert_true(taken->count < 64);
	taken->rows[taken->count++] = *row;
}

/* Whatever the states, their hours are those of the period, and outages are counted once. */
static void a_summary_tiles_what_was_asked_for(void **state)
{
	enum { ROWS = 200, OUTAGES = 40 };
	struct timeline_row rows[ROWS];
	struct outage *outages = mem_zeroed(OUTAGES, sizeof(*outages));
	const struct outage *list[OUTAGES];
	uint64_t seed = 7;
	struct wall t = at("2026-12-20T05:00:00Z");
	(void)state;

	for (size_t i = 0; i < ROWS; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		rows[i] = (struct timeline_row){.start = t,
			.end = wall_after(t, (int64_t)(seed >> 33) % (86400 * NS_PER_S) + 1),
			.state = (enum block_state)(seed >> 62)};
		t = rows[i].end;
	}
	for (size_t i = 0; i < OUTAGES; i++) {
		outages[i].start_low_ns = outages[i].start_high_ns = rows[5 * i].start.ns;
		outages[i].end_low_ns = outages[i].end_high_ns = rows[5 * i].end.ns;
		outages[i].verdict.cause = (int)(i % CAUSE_UNDETERMINED);
		list[i] = &outages[i];
	}
	for (enum period period = PERIOD_WEEK; period <= PERIOD_YEAR; period++) {
		struct summary_source source = {.rows = rows,
			.row_count = ROWS,
			.outages = list,
			.outage_count = OUTAGES,
			.from = rows[2].start,
			.to = wall_after(rows[ROWS - 3].start, 1),
			.data_end = t};
		struct taken taken = {.count = 0};
		size_t began = 0, causes = 0;
		summary_rows(&source, period, take, &taken);
		assert_int_equal(taken.rows[0].start.ns, source.from.ns);
		assert_int_equal(taken.rows[taken.count - 1].end.ns, source.to.ns);
		for (size_t i = 0; i < taken.count; i++) {
			const struct summary_row *row = &taken.rows[i];
			int64_t sum_ns = 0;
			if (i)
				assert_int_equal(row->start.ns, taken.rows[i - 1].end.ns);
			for (int s = BLOCK_UP; s <= BLOCK_UNKNOWN; s++)
				sum_ns += row->state_ns[s];
			assert_int_equal(sum_ns, row->end.ns - row->start.ns);
			began += row->outages;
			for (int c = 0; c <= CAUSE_UNDETERMINED; c++)
				causes += row->causes[c];
		}
		assert_int_equal(began, OUTAGES - 1); /* the first began before */
		assert_int_equal(causes, began);
	}
	mem_free(outages);
}

static void what_lasts_ends_with_the_data(void **state)
{
	struct outage lasting = {.start_low_ns = at("2026-11-30T10:00:00Z").ns,
		.start_high_ns = at("2026-11-30T10:01:00Z").ns};
	const struct outage *list[] = {&lasting};
	struct timeline_row row = {.start = at("2026-11-30"), .end = at("2026-12-02")};
	struct summary_source source = {.rows = &row,
		.row_count = 1,
		.outages = list,
		.outage_count = 1,
		.from = row.start,
		.to = at("2026-12-01"),
		.data_end = row.end};
	struct taken taken = {.count = 0};
	(void)state;

	summary_rows(&source, PERIOD_DAY, take, &taken);
	assert_int_equal(taken.count, 1);
	assert_int_equal(taken.rows[0].longest_ns, row.end.ns - at("2026-11-30T10:00:30Z").ns);
	source.to = source.from;
	summary_rows(&source, PERIOD_DAY, take, &taken);
	assert_int_equal(taken.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periods_are_those_of_the_calendar),
		cmocka_unit_test(a_summary_tiles_what_was_asked_for),
		cmocka_unit_test(what_lasts_ends_with_the_data),
	};
	return cmocka_run_group_tests_name("analysis_summary", tests, NULL, NULL);
}
