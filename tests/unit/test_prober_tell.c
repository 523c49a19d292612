/* Why probes do not count: told when a reason begins and when it is over, once each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/log.h"
#include "prober/tell.h"

static char said[4096];

static void take(const char *text)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s", text);
}

/* What one more sweep, of which `count` probes are unsent for that reason, adds to the log. */
static const char *after(
	struct tell *tell, enum tier tier, enum unsent why, uint64_t count, uint64_t sweep)
{
	struct sweep_info info = {.sweep = sweep, .tier = tier};
	struct sweep_counts counts = {.unsent = count};

	counts.unsent_by[why] = count;
	said[0] = '\0';
	log_divert(take);
	tell_unsent(tell, &info, &counts);
	log_divert(NULL);
	return said;
}

static void a_reason_is_told_once(void **state)
{
	struct tell tell = {0};
	(void)state;

	log_set_level(LOG_LEVEL_INFO);
	assert_non_null(strstr(after(&tell, TIER_FULL, UNSENT_FIREWALL, 256, 1),
		"unsent: sweep=1 firewall=256: our own firewall drops them"));
	assert_string_equal(after(&tell, TIER_FULL, UNSENT_FIREWALL, 255, 2), "");
	assert_string_equal(after(&tell, TIER_WATCH, UNSENT_FIREWALL, 3, 3), "");
	/* The other tier still has it. */
	assert_string_equal(after(&tell, TIER_FULL, UNSENT_FIREWALL, 0, 4), "");
	assert_non_null(strstr(after(&tell, TIER_WATCH, UNSENT_FIREWALL, 0, 5),
		"unsent: sweep=5 firewall=0"));
	assert_string_equal(after(&tell, TIER_WATCH, UNSENT_FIREWALL, 0, 6), "");
	assert_non_null(strstr(after(&tell, TIER_WATCH, UNSENT_FIREWALL, 1, 7), "firewall=1: "));
}

static void each_reason_has_words_and_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++) {
		assert_true(*unsent_words((enum unsent)i));
		for (int k = i + 1; k < UNSENT_COUNT; k++) {
			assert_string_not_equal(
				unsent_name((enum unsent)i), unsent_name((enum unsent)k));
			assert_string_not_equal(
				unsent_words((enum unsent)i), unsent_words((enum unsent)k));
		}
	}
}

static void what_flags_tell_is_not_told_twice(void **state)
{
	struct tell tell = {0};
	(void)state;

	assert_string_equal(after(&tell, TIER_FULL, UNSENT_UNPROVEN, 9, 1), "");
	assert_string_equal(after(&tell, TIER_FULL, UNSENT_DROPPED, 9, 2), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reason_is_told_once),
		cmocka_unit_test(each_reason_has_words_and_a_name_of_its_own),
		cmocka_unit_test(what_flags_tell_is_not_told_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
