/* Records as sweeps: how many, cut where, and what a row says of many probes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "exchange/foreign/seen.h"
#include "exchange/foreign/sweeps.h"
#include "core/mem.h"

enum { BEGIN = 1767225600 };

/* What came out, a line a sweep and row. */
struct told {
	char text[8192];
	size_t sweeps, rows;
};

static int tell(void *ctx, const struct sweep *sweep, struct diag *why)
{
	struct told *t = ctx;
	size_t len = strlen(t->text);
	(void)why;

	t->sweeps++;
	t->rows += sweep->observation_count;
	if (len + 128 * (sweep->observation_count + 1) > sizeof(t->text))
		return 0;
	len += (size_t)snprintf(t->text + len, sizeof(t->text) - len, "%.1f-%.1f sent=%d got=%d",
		(double)sweep->info.start.ns / 1e9 - BEGIN, (double)sweep->info.end.ns / 1e9 - BEGIN,
		(int)sweep->info.sent, (int)sweep->info.received);
	if (sweep->info.anchors_probed >= 0)
		len += (size_t)snprintf(t->text + len, sizeof(t->text) - len, " anchors=%d/%d",
			(int)sweep->info.anchors_up, (int)sweep->info.anchors_probed);
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		len += (size_t)snprintf(t->text + len, sizeof(t->text) - len, " .%d@%.1f:%s:%d/%d",
			(int)(o->address.host & 255), (double)o->probed_at.ns / 1e9 - BEGIN,
			outcome_name(o->outcome), o->attempt, o->attempts);
	}
	snprintf(t->text + len, sizeof(t->text) - len, "\n");
	return 0;
}

static const struct ip4 anchor = {0xc0000209}; /* 192.0.2.9 */

static struct foreign_sweeps *begin(struct told *told, int64_t interval_s, bool scan)
{
	struct foreign_series series = {.interval_ns = interval_s * NS_PER_S,
		.scan = scan,
		.anchors = &anchor,
		.anchor_count = 1};

	*told = (struct told){.sweeps = 0};
	return foreign_sweeps_create(&series, (struct foreign_sink){.sweep = tell, .ctx = told});
}

static void put(struct foreign_sweeps *sweeps, double at_s, uint32_t address, enum outcome outcome)
{
	struct foreign_list list = {.count = 0};
	struct diag why;
	struct wall at = {(int64_t)((BEGIN + at_s) * 1000) * NS_PER_MS};
	struct foreign_record *r = foreign_list_add_echo(&list, 1, at, (struct ip4){address});

	r->observation.outcome = outcome;
	r->observation.attempts = 1;
	if (outcome == OUTCOME_ECHO_REPLY)
		r->observation.rtt_ns = NS_PER_MS;
	assert_int_equal(foreign_sweeps_add(sweeps, r, &why), 0);
	mem_free(list.records);
}

static void end(struct foreign_sweeps *sweeps)
{
	struct diag why;

	assert_int_equal(foreign_sweeps_cut(sweeps, &why), 0);
	foreign_sweeps_destroy(sweeps);
}

enum { HOST = 0xc6120001 }; /* 198.18.0.1 */

static void a_day_of_seconds_is_a_row_a_minute(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	for (int i = 0; i < 86400; i++)
		put(s, i, HOST, OUTCOME_ECHO_REPLY);
	end(s);
	assert_int_equal(told.sweeps, 1440);
	assert_int_equal(told.rows, 1440);
}

static void a_change_is_bracketed_to_the_second(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	for (int i = 0; i < 300; i++)
		put(s, i, HOST, i >= 90 && i < 215 ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY);
	end(s);
	assert_string_equal(told.text,
		"0.0-59.0 sent=60 got=60 .1@0.0:echo_reply:-1/60\n"
		"60.0-89.0 sent=30 got=30 .1@89.0:echo_reply:-1/30\n"
		"90.0-149.0 sent=60 got=0 .1@90.0:silent:-1/60\n"
		"150.0-209.0 sent=60 got=0 .1@209.0:silent:-1/60\n"
		"210.0-214.0 sent=5 got=0 .1@214.0:silent:-1/5\n"
		"215.0-274.0 sent=60 got=60 .1@215.0:echo_reply:-1/60\n"
		"275.0-299.0 sent=25 got=25 .1@299.0:echo_reply:-1/25\n");
}

static void an_answer_behind_silences_says_how_many(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	for (int i = 0; i < 24; i++)
		put(s, i, HOST, i == 3 || i == 13 || i == 15 ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY);
	end(s);
	assert_string_equal(told.text,
		"0.0-2.0 sent=3 got=3 .1@0.0:echo_reply:-1/3\n"
		"3.0-12.0 sent=10 got=9 .1@4.0:echo_reply:2/10\n"
		"13.0-22.0 sent=10 got=8 .1@14.0:echo_reply:2/10\n"
		"23.0-23.0 sent=1 got=1 .1@23.0:echo_reply:-1/1\n");
}

static void loss_costs_no_sweep_a_packet(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	for (int i = 0; i < 3600; i++)
		for (uint32_t host = 0; host < 20; host++)
			put(s, i, HOST + host, ((uint32_t)i * 7 + host) % 5 ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT);
	end(s);
	assert_true(told.sweeps <= 421); /* six a minute, and one that hurries */
}

static void a_pass_of_a_slow_schedule_stays_whole(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 660, false);
	(void)state;

	for (int pass = 0; pass < 3; pass++)
		for (uint32_t host = 0; host < 200; host++)
			put(s, 660.0 * pass + host, HOST + host, host % 2 ? OUTCOME_ECHO_REPLY : OUTCOME_SILENT);
	end(s);
	assert_int_equal(told.sweeps, 3);
	assert_int_equal(told.rows, 600);
}

static void anchors_are_counted_where_they_were_asked(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	put(s, 0, anchor.host, OUTCOME_ECHO_REPLY);
	put(s, 1, HOST, OUTCOME_SILENT);
	put(s, 61, anchor.host, OUTCOME_SILENT);
	put(s, 122, HOST, OUTCOME_SILENT);
	end(s);
	assert_string_equal(told.text,
		"0.0-1.0 sent=2 got=1 anchors=1/1 .9@0.0:echo_reply:-1/1 .1@1.0:silent:-1/1\n"
		"61.0-61.0 sent=1 got=0 anchors=0/1 .9@61.0:silent:-1/1\n"
		"122.0-122.0 sent=1 got=0 .1@122.0:silent:-1/1\n");
}

static void what_was_not_sent_is_no_silence_and_no_probe(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	put(s, 0, HOST, OUTCOME_UNSENT);
	put(s, 1, HOST, OUTCOME_SILENT);
	put(s, 2, HOST + 1, OUTCOME_UNSENT);
	put(s, 3, HOST, OUTCOME_UNSENT);
	end(s);
	assert_string_equal(told.text,
		"0.0-3.0 sent=1 got=0 .1@1.0:silent:-1/1 .2@2.0:unsent:-1/1\n");
}

static void where_time_goes_back_a_sweep_begins(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	put(s, 1000, HOST, OUTCOME_ECHO_REPLY);
	put(s, 995, HOST, OUTCOME_ECHO_REPLY);
	put(s, 0, HOST + 1, OUTCOME_ECHO_REPLY);
	end(s);
	assert_string_equal(told.text,
		"995.0-1000.0 sent=2 got=2 .1@1000.0:echo_reply:-1/2\n"
		"0.0-0.0 sent=1 got=1 .2@0.0:echo_reply:-1/1\n");
}

static void a_file_may_have_the_newest_first(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, false);
	(void)state;

	for (int i = 3600; i-- > 0;)
		put(s, i, HOST, OUTCOME_ECHO_REPLY);
	end(s);
	assert_int_equal(told.sweeps, 60);
}

static void no_scan_lasts_a_year(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, true);
	(void)state;

	put(s, 0, HOST, OUTCOME_ECHO_REPLY);
	put(s, 190.0 * 86400, HOST + 1, OUTCOME_ECHO_REPLY);
	end(s);
	assert_int_equal(told.sweeps, 2);
}

static void who_was_asked_and_is_not_in_a_scan_was_silent(void **state)
{
	struct told told;
	struct foreign_sweeps *s = begin(&told, 0, true);
	(void)state;

	put(s, 0, HOST, OUTCOME_ECHO_REPLY);
	put(s, 7200, HOST + 1, OUTCOME_ECHO_REPLY);
	for (uint32_t host = 0; host < 3; host++)
		foreign_sweeps_asked(s, (struct ip4){HOST + host}, FOREIGN_KIND_ALL);
	end(s);
	assert_string_equal(told.text,
		"0.0-7200.0 sent=-1 got=-1 .1@0.0:echo_reply:-1/1 .2@7200.0:echo_reply:-1/1 "
		".3@0.0:silent:-1/-1\n");
}

static void targets_are_what_no_row_has_yet(void **state)
{
	struct seen seen = {.count = 0};
	struct target_row *rows = NULL;
	size_t count = 0;
	size_t capacity = 0;
	char text[ADDRESS_TEXT_SIZE];
	char all[256] = "";
	(void)state;

	rows = mem_grow(rows, &capacity, 2, sizeof(*rows));
	rows[count++] = (struct target_row){.prefix = {{HOST + 7}, 32}, .role = ROLE_ANCHOR};
	rows[count++] = (struct target_row){.prefix = {{0xc6130000}, 24}, .role = ROLE_TARGET};
	for (uint32_t host = 8; host-- > 3;)
		seen_add(&seen, (struct ip4){HOST - 1 + host});
	seen_add(&seen, (struct ip4){HOST + 7});
	seen_add(&seen, (struct ip4){0xc6130009});
	seen_add(&seen, (struct ip4){0xc6130100});
	seen_to_targets(&seen, &rows, &count, &capacity);
	for (size_t i = 2; i < count; i++) {
		prefix_format(rows[i].prefix, text);
		strcat(strcat(all, text), " ");
	}
	assert_string_equal(all, "198.18.0.3/32 198.18.0.4/30 198.19.1.0/32 ");
	mem_free(rows);
	seen_finish(&seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_of_seconds_is_a_row_a_minute),
		cmocka_unit_test(a_change_is_bracketed_to_the_second),
		cmocka_unit_test(an_answer_behind_silences_says_how_many),
		cmocka_unit_test(loss_costs_no_sweep_a_packet),
		cmocka_unit_test(a_pass_of_a_slow_schedule_stays_whole),
		cmocka_unit_test(anchors_are_counted_where_they_were_asked),
		cmocka_unit_test(what_was_not_sent_is_no_silence_and_no_probe),
		cmocka_unit_test(where_time_goes_back_a_sweep_begins),
		cmocka_unit_test(a_file_may_have_the_newest_first),
		cmocka_unit_test(no_scan_lasts_a_year),
		cmocka_unit_test(who_was_asked_and_is_not_in_a_scan_was_silent),
		cmocka_unit_test(targets_are_what_no_row_has_yet),
	};
	return cmocka_run_group_tests_name("foreign_sweeps", tests, NULL, NULL);
}
