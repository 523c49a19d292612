#include "tests/unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "analysis/judge.h"

/*
 * Vantage points whose sweeps begin at one instant are read in the order of their names. Whatever
 * they are called, the judgement is the same; and it is that of those who see.
 */
enum { HOSTS = 8, MINUTES = 480, DOWN = 300, UP = 330, MOST = 6 };
#define START (INT64_C(1600000000) * NS_PER_S)

static const struct target_row targets[] = {
	{{{0xc6120000}, 24}, ROLE_TARGET, "test"},
	{{{0xc6336401}, 32}, ROLE_ANCHOR, "anchor"},
};

enum blindness { SEES, NO_ANCHOR, NO_ANCHOR_COUNTED, NO_INTERFACE, NO_PROOF, BLINDNESS_COUNT };

struct world {
	size_t count;
	enum blindness blindness[MOST];
	int64_t ahead_ns[MOST]; /* of the common beginning */
	int64_t late_ns[MINUTES];
};

static struct world draw_world(unsigned *seed)
{
	static const int64_t lateness[] = {1, 1000000, 50000000, 2000000000};
	int64_t most_late = lateness[rand_r(seed) % 4];
	struct world world = {.count = 2 + (size_t)rand_r(seed) % (MOST - 1)};

	for (size_t i = 1; i < world.count; i++) {
		world.blindness[i] = (enum blindness)(1 + rand_r(seed) % (BLINDNESS_COUNT - 1));
		world.ahead_ns[i] = rand_r(seed) % 3 ? 0 : 1000000;
	}
	for (int m = 0; m < MINUTES; m++)
		world.late_ns[m] = rand_r(seed) % most_late;
	return world;
}

static void see(struct sweep *sweep, enum blindness blindness)
{
	struct sweep_info *info = &sweep->info;
	bool sees = blindness == SEES;

	info->sent = HOSTS + 1;
	info->capture_dropped = -1;
	info->anchors_probed = blindness == NO_PROOF ? 0 : 1;
	info->anchors_up = sees;
	info->flags = blindness == NO_ANCHOR      ? SWEEP_ANCHORS_DOWN
		      : blindness == NO_INTERFACE ? SWEEP_INTERFACE_DOWN
		      : blindness == NO_PROOF     ? SWEEP_UNPROVEN
						  : 0;
	sweep->observation_count = sees ? HOSTS + 1 : 0;
}

static void sweep_of(const struct world *world, size_t vantage, int minute, char name,
	struct judge *judge)
{
	struct observation rows[HOSTS + 1];
	int64_t start_ns = START + minute * 60 * NS_PER_S + world->late_ns[minute];
	struct sweep sweep = {.observations = rows,
		.info = {.sweep = (uint64_t)minute + 1,
			.epoch = "e",
			.tier = TIER_WATCH,
			.start = {start_ns - world->ahead_ns[vantage]},
			.end = {start_ns + 50 * NS_PER_S},
			.interval_ns = 60 * NS_PER_S}};

	see(&sweep, world->blindness[vantage]);
	snprintf(sweep.info.vantage, sizeof(sweep.info.vantage), "%c", name);
	for (uint32_t i = 0; i <= HOSTS; i++) {
		bool silent = i < HOSTS && minute >= DOWN && minute < UP;
		rows[i] = observation_blank();
		rows[i].address.host = i < HOSTS ? 0xc6120001 + i : 0xc6336401;
		rows[i].probed_at.ns = start_ns + i * 5 * NS_PER_S;
		rows[i].method = METHOD_ICMP;
		rows[i].outcome = silent ? OUTCOME_SILENT : OUTCOME_ECHO_REPLY;
		rows[i].rtt_ns = silent ? -1 : 200000000;
	}
	assert_int_equal(judge_sweep(judge, &sweep), 0);
}

/* By name: place[i] says whose is the i-th. Those that are ahead come before. */
static struct judge *judge_world(
	const struct world *world, const size_t place[MOST], struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct judge *judge = judge_create(targets, 2, &parameters);

	for (int m = 0; m < MINUTES; m++)
		for (int ahead = 1; ahead >= 0; ahead--)
			for (size_t i = 0; i < world->count; i++)
				if ((world->ahead_ns[place[i]] > 0) == ahead)
					sweep_of(world, place[i], m, (char)('a' + (int)i), judge);
	judge_end(judge, ret);
	return judge;
}

/* No gap that nobody's blindness makes, and one outage that is where it was. */
static void assert_seen(const struct judgement *j)
{
	size_t down = 0;

	for (size_t i = 0; i < j->rows.count; i++) {
		const struct timeline_row *row = &j->rows.items[i];
		down += row->state == BLOCK_DOWN;
		if (row->state == BLOCK_UNKNOWN)
			assert_int_equal(row->reason, REASON_NEVER_ANSWERED);
	}
	assert_int_equal(down, 1);
	assert_int_equal(j->outages.count, 1);
}

static void assert_same(const struct judgement *a, const struct judgement *b)
{
	assert_int_equal(a->rows.count, b->rows.count);
	for (size_t i = 0; i < a->rows.count; i++) {
		assert_int_equal(a->rows.items[i].start.ns, b->rows.items[i].start.ns);
		assert_int_equal(a->rows.items[i].end.ns, b->rows.items[i].end.ns);
		assert_int_equal(a->rows.items[i].state, b->rows.items[i].state);
		assert_int_equal(a->rows.items[i].reason, b->rows.items[i].reason);
	}
	assert_int_equal(a->outages.count, b->outages.count);
	for (size_t i = 0; i < a->outages.count; i++) {
		assert_int_equal(a->outages.items[i].start_low_ns, b->outages.items[i].start_low_ns);
		assert_int_equal(a->outages.items[i].end_high_ns, b->outages.items[i].end_high_ns);
		assert_int_equal(
			a->outages.items[i].verdict.cause, b->outages.items[i].verdict.cause);
	}
}

static void names_are_no_evidence(void **state)
{
	unsigned seed = 8;
	(void)state;

	for (int round = 0; round < 40; round++) {
		struct world world = draw_world(&seed);
		size_t place[MOST] = {0, 1, 2, 3, 4, 5};
		struct judgement first;
		struct judge *judge = judge_world(&world, place, &first);
		assert_seen(&first);
		for (int turn = 1; turn < (int)world.count; turn++) {
			struct judgement j;
			for (size_t i = 0; i < world.count; i++)
				place[i] = (i + (size_t)turn) % world.count;
			struct judge *other = judge_world(&world, place, &j);
			assert_same(&first, &j);
			judgement_finish(&j);
			judge_destroy(other);
		}
		judgement_finish(&first);
		judge_destroy(judge);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_no_evidence),
	};
	return cmocka_run_group_tests_name("ties", tests, NULL, NULL);
}
