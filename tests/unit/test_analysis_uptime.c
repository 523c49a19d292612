#include "tests/unit/unit.h"

#include "analysis/clock/reboot_list.h"
#include "analysis/clock/uptime.h"

#define T0 (INT64_C(1600000000) * NS_PER_S)
#define MINUTE (60 * NS_PER_S)

static struct ip4 host(uint8_t last)
{
	return (struct ip4){0xc6120000u | last};
}

/* A reading of a clock that began at `boot` and counts from `from`. */
static void read_at(struct uptimes *u, uint8_t last, int64_t at_ns, int64_t boot_ns, unsigned hz,
	uint32_t from, uint8_t source)
{
	struct reading r = {.address = host(last),
		.source = host(source),
		.has_source = source != 0,
		.port = 80,
		.at_ns = at_ns,
		.tcp_ts = from + (uint32_t)((at_ns - boot_ns) / (NS_PER_S / hz))};

	uptimes_read(u, &r);
}

static void a_restart_is_dated_by_a_global_clock(void **state)
{
	static const unsigned rates[] = {10, 100, 250, 1000};
	(void)state;

	for (size_t k = 0; k < 4; k++) {
		struct uptimes u;
		int64_t boot = T0 + 100 * MINUTE + 20 * NS_PER_S;
		uptimes_init(&u);
		for (int m = 0; m < 200; m++)
			if (m < 100 || m > 103)
				read_at(&u, 1, T0 + m * MINUTE, m < 102 ? T0 - 5000 * MINUTE : boot,
					rates[k], 0, 9);
		uptimes_settle(&u);
		assert_int_equal(u.reboot_count, 1);
		assert_true(u.reboots[0].dated);
		assert_true(llabs(u.reboots[0].boot_ns - boot) < 2 * NS_PER_S);
		const struct reboot *r;
		assert_int_equal(
			uptimes_between(&u, host(1), T0 + 99 * MINUTE, T0 + 105 * MINUTE, &r),
			UPTIME_REBOOTED);
		assert_int_equal(
			uptimes_between(&u, host(1), T0 + 20 * MINUTE, T0 + 50 * MINUTE, &r),
			UPTIME_RAN_THROUGH);
		uptimes_finish(&u);
	}
}

static void the_wrap_after_50_days_is_no_restart(void **state)
{
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 600; m++) /* wraps in the middle of it */
		read_at(&u, 1, T0 + m * MINUTE, T0, 1000, UINT32_MAX - 300 * 60000u, 9);
	uptimes_settle(&u);
	assert_int_equal(u.reboot_count, 0);
	uptimes_finish(&u);
}

static void an_offset_per_pair_says_only_that(void **state)
{
	struct uptimes u;
	(void)state;

	for (uint8_t source = 0; source <= 9; source += 9) {
		uptimes_init(&u);
		for (int m = 0; m < 100; m++)
			read_at(&u, 1, T0 + m * MINUTE, T0, 1000, m < 50 ? 7u : 2000000007u,
				source);
		uptimes_settle(&u);
		/* With no source address known it may as well be another pair. */
		assert_int_equal(u.reboot_count, source ? 1 : 0);
		if (source)
			assert_false(u.reboots[0].dated);
		uptimes_finish(&u);
	}
}

static void another_source_that_ran_through_contradicts(void **state)
{
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 100; m++) {
		read_at(&u, 1, T0 + m * MINUTE, T0, 1000, m < 50 ? 7u : 2000000007u, 9);
		read_at(&u, 1, T0 + m * MINUTE + NS_PER_S, T0, 1000, 77777u, 8);
	}
	uptimes_settle(&u);
	assert_int_equal(u.reboot_count, 0);
	uptimes_finish(&u);
}

static void two_hosts_behind_one_address_do_not_restart(void **state)
{
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 300; m++)
		read_at(&u, 1, T0 + m * MINUTE, m / 3 % 2 ? T0 - 999 * MINUTE : T0 - 77777 * MINUTE,
			1000, 0, 9);
	uptimes_settle(&u);
	assert_int_equal(u.reboot_count, 0);
	uptimes_finish(&u);
}

static void two_hosts_behind_one_address_take_no_memory_for_ever(void **state)
{
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 20000; m++)
		read_at(&u, 1, T0 + m * MINUTE, m / 5 % 2 ? T0 : T0 - 5000 * MINUTE, 1000, 0, 9);
	assert_true(u.run_count < 50);
	assert_true(u.reboot_count < 50);
	uptimes_finish(&u);
}

static void one_odd_reading_is_no_restart(void **state)
{
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 100; m++)
		read_at(&u, 1, T0 + m * MINUTE, m == 50 ? T0 + 49 * MINUTE : T0, 250, 0, 9);
	uptimes_settle(&u);
	assert_int_equal(u.reboot_count, 0);
	uptimes_finish(&u);
}

static void addresses_that_restart_together_twice_are_one_host(void **state)
{
	struct host_reboots list;
	struct uptimes u;
	(void)state;

	uptimes_init(&u);
	for (int m = 0; m < 200; m++)
		for (uint8_t last = 1; last <= 3; last++) {
			/* .3 restarts with them, but ran since another day. */
			int64_t before = last == 3 ? T0 - 9999 * MINUTE : T0 - 500 * MINUTE;
			read_at(&u, last, T0 + m * MINUTE + last,
				m < 100 ? before : T0 + 99 * MINUTE, 100, 0, 9);
		}
	uptimes_settle(&u);
	host_reboots_of(&u, &list);
	assert_int_equal(list.count, 2);
	assert_string_equal(list.items[0].addresses, "198.18.0.1;198.18.0.2");
	assert_string_equal(list.items[1].addresses, "198.18.0.3");
	host_reboots_finish(&list);
	uptimes_finish(&u);
}

/* Each with each, as the header says it. */
static void list_each_with_each(const struct uptimes *u, char *text)
{
	bool told[64] = {false};

	for (size_t i = 0; i < u->reboot_count; i++) {
		if (told[i])
			continue;
		for (size_t k = i; k < u->reboot_count; k++) {
			if (told[k] || (k != i && !reboot_is_alias(&u->reboots[i], &u->reboots[k])))
				continue;
			told[k] = true;
			*text++ = (char)('0' + u->reboots[k].address.host % 64);
		}
		*text++ = '/';
	}
	*text = '\0';
}

static void list_as_told(const struct host_reboots *list, char *text)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *at = list->items[i].addresses;
		while (at) {
			*text++ = (char)('0' + atoi(at + strlen("198.18.0.")));
			at = strchr(at, ';');
			at = at ? at + 1 : NULL;
		}
		*text++ = '/';
	}
	*text = '\0';
}

static void the_list_is_as_if_each_was_compared_with_each(void **state)
{
	struct reboot reboots[60];
	char wanted[256], said[256];
	unsigned joined = 0;
	(void)state;

	srand(7);
	for (int round = 0; round < 300; round++) {
		struct uptimes u = {.reboots = reboots, .reboot_count = 60};
		struct host_reboots list;
		for (int i = 0; i < 60; i++)
			reboots[i] = (struct reboot){.address = {0xc6120000u + (unsigned)i},
				.dated = rand() % 8 != 0,
				.reckoned = rand() % 3 == 0,
				.latest_ns = T0 + i,
				.boot_ns = T0 + i, /* the list's order is theirs */
				.zero_ns = rand() % 40 * (NS_PER_S / 2),
				.before_ns = rand() % 2 * 100 * NS_PER_S};
		list_each_with_each(&u, wanted);
		host_reboots_of(&u, &list);
		list_as_told(&list, said);
		assert_string_equal(said, wanted);
		joined += list.count < 60;
		host_reboots_finish(&list);
	}
	assert_int_equal(joined, 300);
}

/* It would take 380 GB if each made room for all. */
static void a_long_list_takes_no_more_than_it_has(void **state)
{
	size_t count = 200000;
	struct uptimes u = {.reboots = calloc(count, sizeof(struct reboot)), .reboot_count = count};
	struct host_reboots list;
	(void)state;

	for (size_t i = 0; i < count; i++)
		u.reboots[i] = (struct reboot){.address = {(uint32_t)i},
			.dated = true,
			.zero_ns = (int64_t)i * 60 * NS_PER_S};
	host_reboots_of(&u, &list);
	assert_int_equal(list.count, count);
	host_reboots_finish(&list);
	free(u.reboots);
}

/* A minute apart; asked in the minutes before `gone` and from `back` on. */
static void read_from_before_zero(
	struct uptimes *u, uint8_t last, int gone, int back, int64_t boot_ns)
{
	uint32_t from = (uint32_t)-300 * 250;

	for (int m = gone - 50; m < back + 50; m++)
		if (m < gone || m >= back)
			read_at(u, last, T0 + m * MINUTE + last,
				m < gone ? T0 - 9000 * MINUTE : boot_ns, 250, from, 9);
}

static void a_clock_that_starts_before_zero_dates_its_boot(void **state)
{
	static const int after_s[] = {5, 60, 200, 290, 310};
	(void)state;

	/* Back before its counter is at zero: the boot lies five minutes before that. */
	for (size_t k = 0; k < sizeof(after_s) / sizeof(after_s[0]); k++) {
		struct uptimes u;
		int64_t boot = T0 + 102 * MINUTE - after_s[k] * NS_PER_S;
		uptimes_init(&u);
		read_from_before_zero(&u, 1, 96, 102, boot);
		uptimes_settle(&u);
		assert_int_equal(u.reboot_count, 1);
		assert_true(u.reboots[0].dated);
		/* Ten seconds after zero only: it may as well have booted then. */
		boot += after_s[k] > 300 ? 300 * NS_PER_S : 0;
		assert_true(llabs(u.reboots[0].boot_ns - boot) < 2 * NS_PER_S);
		uptimes_finish(&u);
	}
}

static void how_a_clock_starts_is_known_from_its_other_restarts(void **state)
{
	struct uptimes u;
	int64_t first = T0 + 101 * MINUTE;
	int64_t second = T0 + 230 * MINUTE;
	(void)state;

	uptimes_init(&u);
	for (int m = 50; m < 350; m++) {
		int64_t boot = m < 100 ? T0 - 9000 * MINUTE : m < 200 ? first : second;
		/* Half an hour after the second restart nothing is heard of it. */
		if ((m < 100 || m > 102) && (m < 200 || m > 260))
			read_at(&u, 1, T0 + m * MINUTE, boot, 250, (uint32_t)-300 * 250, 9);
	}
	uptimes_settle(&u);
	assert_int_equal(u.reboot_count, 2);
	assert_true(llabs(u.reboots[0].boot_ns - first) < 2 * NS_PER_S);
	assert_true(llabs(u.reboots[1].boot_ns - second) < 2 * NS_PER_S);
	uptimes_finish(&u);
}

/* One address is heard before the counter is at zero, the other after, where it could have
 * begun: one host, one boot. */
static void addresses_heard_at_different_times_are_one_host(void **state)
{
	struct host_reboots list;
	struct uptimes u;
	int64_t boot = T0 + 101 * MINUTE;
	(void)state;

	uptimes_init(&u);
	read_from_before_zero(&u, 1, 90, 108, boot);
	read_from_before_zero(&u, 2, 90, 103, boot);
	uptimes_settle(&u);
	host_reboots_of(&u, &list);
	assert_int_equal(list.count, 1);
	assert_string_equal(list.items[0].addresses, "198.18.0.1;198.18.0.2");
	assert_true(llabs(list.items[0].boot_ns - boot) < 2 * NS_PER_S);
	host_reboots_finish(&list);
	uptimes_finish(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_restart_is_dated_by_a_global_clock),
		cmocka_unit_test(the_wrap_after_50_days_is_no_restart),
		cmocka_unit_test(an_offset_per_pair_says_only_that),
		cmocka_unit_test(another_source_that_ran_through_contradicts),
		cmocka_unit_test(two_hosts_behind_one_address_do_not_restart),
		cmocka_unit_test(two_hosts_behind_one_address_take_no_memory_for_ever),
		cmocka_unit_test(one_odd_reading_is_no_restart),
		cmocka_unit_test(addresses_that_restart_together_twice_are_one_host),
		cmocka_unit_test(the_list_is_as_if_each_was_compared_with_each),
		cmocka_unit_test(a_long_list_takes_no_more_than_it_has),
		cmocka_unit_test(a_clock_that_starts_before_zero_dates_its_boot),
		cmocka_unit_test(how_a_clock_starts_is_known_from_its_other_restarts),
		cmocka_unit_test(addresses_heard_at_different_times_are_one_host),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
