#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/judge.h"

/*
 * --scale divides every duration: a history played twenty times faster than life is judged
 * as it was in life, all its times divided. Two blocks, three days: habits, flaps, an outage
 * whose hosts go and return one after the other, a short one, one that lasts, lost packets.
 */
enum { HOSTS = 12, BLOCKS = 2, MINUTES = 4320 };
#define DAY (86400 * NS_PER_S)
#define START (18519 * DAY) /* midnight: hours of the day are the same at any scale */
#define SECOND NS_PER_S

static const struct target_row targets[] = {
	{{{0xc6120000}, 23}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

/* Of one host: the seconds in which it is away, the last its own. */
struct away {
	int64_t from_s, to_s;
};
enum { AWAYS = 5 };

static void away_of(uint32_t host, struct away ret[AWAYS])
{
	uint32_t i = host % HOSTS;
	bool second = host >= HOSTS;

	ret[0] = (struct away){90000 + 7 * i, 97000 + 40 * i};
	ret[1] = second ? (struct away){0, 0} : (struct away){150000 + 75 * i, 152000};
	ret[2] = (struct away){190000, 190000 + (second ? 250 : 170)};
	ret[3] = second ? (struct away){240000, INT64_MAX} : (struct away){0, 0};
	ret[4] = (struct away){10000 * (host + 1), 10000 * (host + 1) + 500};
}

static bool is_away(uint32_t host, int64_t at_s)
{
	struct away aways[AWAYS];

	away_of(host, aways);
	for (size_t i = 0; i < AWAYS; i++)
		if (at_s >= aways[i].from_s && at_s < aways[i].to_s)
			return true;
	/* Now and then a packet is lost. */
	return (uint64_t)at_s * UINT64_C(2654435761) % 1009 < 5;
}

static int64_t at(int64_t seconds, int64_t scale)
{
	return (START + seconds * SECOND) / scale;
}

static void sweep_at(struct judge *judge, int64_t minute, int64_t scale)
{
	struct observation rows[HOSTS * BLOCKS + 1];
	int64_t start_s = 60 * minute;
	struct sweep sweep = {.info = {.sweep = (uint64_t)minute + 1,
				      .epoch = "e",
				      .vantage = "vp1",
				      .tier = TIER_WATCH,
				      .start = {at(start_s, scale)},
				      .end = {at(start_s + 60, scale)},
				      .interval_ns = 60 * SECOND / scale,
				      .sent = 1,
				      .capture_dropped = -1,
				      .anchors_probed = 1,
				      .anchors_up = 1},
		.observations = rows};

	for (uint32_t i = 0; i <= HOSTS * BLOCKS; i++) {
		struct observation *o = &rows[sweep.observation_count++];
		bool anchor = i == HOSTS * BLOCKS;
		int64_t at_s = start_s + 2 * i;
		bool silent = !anchor && is_away(i, at_s);
		*o = observation_blank();
		o->address.host = anchor ? 0xc6336401 : 0xc6120001 + (i / HOSTS) * 256 + i % HOSTS;
		o->probed_at.ns = at(at_s, scale);
		o->method = METHOD_ICMP;
		o->outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		o->rtt_ns = silent ? -1 : 200000000;
	}
	assert_int_equal(judge_sweep(judge, &sweep), 0);
}

static struct judge *play(int64_t scale, struct judgement *ret)
{
	struct parameters parameters = parameters_of((double)scale);
	struct judge *judge = judge_create(targets, 2, &parameters);

	for (int64_t m = 0; m < MINUTES; m++)
		sweep_at(judge, m, scale);
	judge_end(judge, ret);
	return judge;
}

/* As near as whole nanoseconds, divided, come. */
static void assert_scaled(int64_t life_ns, int64_t fast_ns, int64_t scale)
{
	assert_true(llabs(life_ns - fast_ns * scale) <= 1000 * scale);
}

static void assert_same_outage(const struct outage *x, const struct outage *y, int64_t scale)
{
	assert_scaled(x->start_low_ns, y->start_low_ns, scale);
	assert_scaled(x->start_high_ns, y->start_high_ns, scale);
	assert_scaled(x->end_low_ns, y->end_low_ns, scale);
	assert_scaled(x->end_high_ns, y->end_high_ns, scale);
	assert_int_equal(x->verdict.cause, y->verdict.cause);
	for (size_t c = 0; c < CAUSE_COUNT; c++)
		assert_true(llabs((int64_t)(1e6 * (x->verdict.p[c] - y->verdict.p[c]))) <= 1000);
}

static void a_faster_history_is_judged_as_it_was_in_life(void **state)
{
	static const int64_t scales[] = {20, 60, 220};
	struct judgement life;
	struct judge *judge = play(1, &life);
	(void)state;

	assert_true(life.outages.count >= 4);
	assert_true(life.rows.count >= 8);
	for (size_t s = 0; s < sizeof(scales) / sizeof(scales[0]); s++) {
		struct judgement fast;
		struct judge *other = play(scales[s], &fast);
		assert_int_equal(fast.outages.count, life.outages.count);
		for (size_t i = 0; i < life.outages.count; i++)
			assert_same_outage(
				&life.outages.items[i], &fast.outages.items[i], scales[s]);
		assert_int_equal(fast.rows.count, life.rows.count);
		for (size_t i = 0; i < life.rows.count; i++) {
			const struct timeline_row *x = &life.rows.items[i];
			const struct timeline_row *y = &fast.rows.items[i];
			assert_int_equal(x->state, y->state);
			assert_int_equal(x->reason, y->reason);
			assert_scaled(x->start.ns, y->start.ns, scales[s]);
			assert_scaled(x->end.ns, y->end.ns, scales[s]);
		}
		judgement_finish(&fast);
		judge_destroy(other);
	}
	judgement_finish(&life);
	judge_destroy(judge);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_faster_history_is_judged_as_it_was_in_life),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
