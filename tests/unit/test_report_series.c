#include "tests/unit/unit.h"

#include <string.h>

#include "report/series.h"

/*
 * What pictures show of sweeps: two blocks, three hosts, asked each minute by a watch and now and
 * then by a full sweep.
 */
#define START (INT64_C(1700000040) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 23}, ROLE_TARGET, "test"},
	{{{0xc6120001}, 32}, ROLE_BORDER, "router"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};
static const uint32_t hosts[] = {0xc6120007, 0xc6120009, 0xc6120103};

/* 'a' answered, '.' silent, 'u' unsent, ' ' no row; of hosts, in order. */
struct told {
	int minute;
	const char *vantage, *words;
	enum tier tier;
	bool blind;
};

static void add(struct sweep *sweep, uint32_t address, enum outcome outcome)
{
	struct observation *o = &sweep->observations[sweep->observation_count++];

	*o = observation_blank();
	o->address.host = address;
	o->probed_at = wall_after(sweep->info.start, NS_PER_S);
	o->outcome = outcome;
}

static void tell(struct series *series, const struct told *told)
{
	struct observation rows[8];
	struct sweep sweep = {.info = {.tier = told->tier,
				      .start = {START + told->minute * MINUTE},
				      .interval_ns = told->tier == TIER_WATCH ? MINUTE : 5 * MINUTE,
				      .sent = 1,
				      .capture_dropped = -1,
				      .anchors_probed = 2,
				      .anchors_up = told->blind ? 0 : 2},
		.observations = rows};

	strcpy(sweep.info.vantage, told->vantage);
	sweep.info.end = wall_after(sweep.info.start, MINUTE / 2);
	add(&sweep, 0xc6120001, OUTCOME_ECHO_REPLY); /* a router */
	for (size_t i = 0; i < 3; i++)
		if (told->words[i] != ' ')
			add(&sweep, hosts[i],
				told->words[i] == 'a'   ? OUTCOME_ECHO_REPLY
				: told->words[i] == '.' ? OUTCOME_SILENT
							: OUTCOME_UNSENT);
	add(&sweep, 0xc6336401, OUTCOME_ECHO_REPLY); /* an anchor */
	series_sweep(series, &sweep, NULL);
}

static struct series *begin(int minutes)
{
	return series_create(&(struct series_config){.from = {START},
		.to = {START + minutes * MINUTE},
		.bin_ns = MINUTE,
		.targets = targets,
		.target_count = 3,
		.hosts = true});
}

static void watch(struct series *series, int minute, const char *words)
{
	tell(series, &(struct told){minute, "vp1", words, TIER_WATCH, false});
}

static void hosts_are_known_after_five_answers_and_routers_are_none(void **state)
{
	struct series *series = begin(10);

	(void)state;
	for (int minute = 0; minute < 6; minute++)
		watch(series, minute, minute < 5 ? "aa " : "a.a");
	assert_int_equal(series->host_count, 3);
	assert_int_equal(series->hosts[0].address.host, hosts[0]);
	assert_int_equal(series->bins[3].known, 0);
	assert_int_equal(series->bins[4].known, 2);
	assert_int_equal(series->bins[4].up_last, 2);
	assert_int_equal(series->bins[5].up_last, 1);
	assert_false(series->hosts[2].known);
	assert_int_equal(series->hosts[1].cells[5].silent, 1);
	assert_int_equal(series->hosts[1].cells[4].answered, 1);
	series_destroy(series);
}

static void a_host_may_be_known_beforehand(void **state)
{
	struct series *series = begin(3);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		series_know(series, (struct ip4){hosts[2 - i]});
	watch(series, 0, "a..");
	assert_int_equal(series->bins[0].known, 3);
	assert_int_equal(series->bins[0].up_last, 1);
	assert_int_equal(series->hosts[2].address.host, hosts[2]);
	series_destroy(series);
}

static void who_is_not_listed_was_asked_by_a_full_sweep_only(void **state)
{
	struct series *series = begin(10);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		series_know(series, (struct ip4){hosts[i]});
	watch(series, 0, "aaa");
	watch(series, 1, "a  ");
	tell(series, &(struct told){2, "vp1", "a u", TIER_FULL, false});
	assert_int_equal(series->bins[1].up_last, 3);
	assert_int_equal(series->bins[2].up_last, 2);
	assert_int_equal(series->hosts[1].cells[1].silent, 0);
	assert_int_equal(series->hosts[1].cells[2].silent, 1);
	assert_int_equal(series->hosts[2].cells[2].unsent, 1);
	series_destroy(series);
}

static void blind_sweeps_earn_no_silence_and_another_vantage_point_goes_on(void **state)
{
	struct series *series = begin(20);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		series_know(series, (struct ip4){hosts[i]});
	watch(series, 0, "aaa");
	tell(series, &(struct told){1, "vp1", "...", TIER_WATCH, true});
	assert_int_equal(series->hosts[0].cells[1].unsent, 1);
	assert_int_equal(series->bins[1].sweeps, 0);
	assert_int_equal(series->vantages[0].bins[1].blind, 1);
	assert_int_equal(series->vantages[0].bins[1].reason, REASON_ANCHORS_DOWN);
	tell(series, &(struct told){2, "vp2", "a.a", TIER_WATCH, false});
	assert_int_equal(series->bins[2].up_last, 2);
	/* Lost from one of two is not down. */
	watch(series, 3, "..a");
	assert_int_equal(series->bins[3].up_last, 2);
	series_destroy(series);
}

static void an_overdue_sweep_is_told(void **state)
{
	struct series *series = begin(20);

	(void)state;
	watch(series, 0, "aaa");
	watch(series, 10, "aaa");
	series_until(series, (struct wall){START + 15 * MINUTE});
	for (int minute = 0; minute < 20; minute++)
		assert_int_equal(series->vantages[0].bins[minute].away,
			(minute >= 2 && minute < 10) || (minute >= 12 && minute < 15));
	assert_int_equal(series->seeing, 0);
	series_destroy(series);
}

static void what_was_before_the_window_is_learned_and_has_no_cell(void **state)
{
	struct series *series = begin(2);

	(void)state;
	for (int minute = -6; minute < 0; minute++)
		watch(series, minute, "aaa");
	watch(series, 0, "a..");
	watch(series, 7, "aaa");
	assert_int_equal(series->bins[0].known, 3);
	assert_int_equal(series->bins[0].up_last, 1);
	assert_int_equal(series->bins[1].sweeps, 0);
	assert_int_equal(series->before.sweeps, 1);
	assert_int_equal(series->before.up_last, 3);
	assert_int_equal(series->hosts[0].cells[0].answered, 1);
	series_destroy(series);
}

static void what_an_overlapping_sweep_saw_earlier_is_no_news(void **state)
{
	struct series *series = begin(9);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		series_know(series, (struct ip4){hosts[i]});
	watch(series, 2, "aaa");
	tell(series, &(struct told){1, "vp1", "...", TIER_FULL, false});
	assert_int_equal(series->up, 3);
	series_destroy(series);
}

static void bins_are_usual_widths_and_no_more_than_asked(void **state)
{
	(void)state;
	for (int64_t span = NS_PER_S; span < INT64_C(200) * 366 * 86400 * NS_PER_S;
		span += span / 7 + 1) {
		int64_t bin = series_bin_ns((struct wall){0}, (struct wall){span}, 720);
		struct series *series =
			series_create(&(struct series_config){.to = {span}, .bin_ns = bin});
		assert_in_range(series->bin_count, 1, 720);
		series_destroy(series);
	}
	assert_int_equal(series_bin_ns((struct wall){0}, (struct wall){86400 * NS_PER_S}, 720),
		180 * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_known_after_five_answers_and_routers_are_none),
		cmocka_unit_test(a_host_may_be_known_beforehand),
		cmocka_unit_test(who_is_not_listed_was_asked_by_a_full_sweep_only),
		cmocka_unit_test(blind_sweeps_earn_no_silence_and_another_vantage_point_goes_on),
		cmocka_unit_test(an_overdue_sweep_is_told),
		cmocka_unit_test(what_was_before_the_window_is_learned_and_has_no_cell),
		cmocka_unit_test(what_an_overlapping_sweep_saw_earlier_is_no_news),
		cmocka_unit_test(bins_are_usual_widths_and_no_more_than_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
