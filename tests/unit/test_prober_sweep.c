/*
 * Sweeps under random scripts: whatever the network, the kernel and the capture
 * do, what a sweep says must follow from what was seen. The test keeps its own
 * book of every probe, and compares.
 */
#include "prober/sweep/sweep.h"

#include "prober/sweep/order.h"
#include "tests/unit/unit.h"

enum {
	SCRIPTS = 2000,
	TASKS_MOST = 24,
	PROBES_MOST = TASKS_MOST * SWEEP_ATTEMPTS,
	DROPS_MOST = 64
};

struct booked {
	struct probe probe;
	struct mono sent_at;
	bool left, own_error, answered, errored;
};

struct script {
	uint64_t chance;
	struct sweep_plan plan;
	struct sweep_task tasks[TASKS_MOST];
	struct sweep_run *run;
	struct mono now;
	struct booked book[PROBES_MOST];
	size_t booked;
	size_t given[TASKS_MOST]; /* probes given out, sent or not */
	struct {
		struct mono since, now;
	} drops[DROPS_MOST];
	size_t drop_count;
};

static uint64_t roll(struct script *s, uint64_t below)
{
	return order_mix(s->chance++) % below;
}

static struct wall wall_at(struct mono t)
{
	return (struct wall){t.ns + 1700000000 * NS_PER_S};
}

static size_t task_of(const struct script *s, const struct probe *probe)
{
	for (size_t i = 0; i < s->plan.task_count; i++)
		if (ip4_equal(s->tasks[i].target, probe->target) &&
			s->tasks[i].method == probe->method && s->tasks[i].port == probe->port)
			return i;
	fail_msg("a probe for a task that nobody planned");
	return 0;
}

static void make_script(struct script *s, uint64_t seed)
{
	*s = (struct script){.chance = seed << 32, .now = {5 * NS_PER_S}};
	s->plan = (struct sweep_plan){
		.sweep = 1 + roll(s, 100),
		.tier = TIER_WATCH, /* every task has a row */
		.start = s->now,
		.start_wall = wall_at(s->now),
		.tasks = s->tasks,
		.task_count = roll(s, TASKS_MOST + 1),
		.wait_ns = (int64_t)(1 + roll(s, 2000)) * NS_PER_MS,
		.retry_count = roll(s, SWEEP_ATTEMPTS),
		.source_port = 61013,
	};
	int64_t retry = 0;
	for (size_t i = 0; i < s->plan.retry_count; i++)
		s->plan.retries_ns[i] = retry += (int64_t)(1 + roll(s, 1500)) * NS_PER_MS;
	for (size_t i = 0; i < s->plan.task_count; i++)
		s->tasks[i] = (struct sweep_task){
			.target = {0xc6120000 + (uint32_t)i / 2},
			.method = i % 2 ? METHOD_TCP : METHOD_ICMP,
			.port = i % 2 ? 80 : 0,
			.listed = true,
			.retried = roll(s, 5) > 0,
			.way = {.source = {0xc612ff01}},
			.slot_ns = (int64_t)roll(s, 3000) * NS_PER_MS,
		};
	s->run = sweep_create(&s->plan);
}

/* What a packet about a probe would say. */
static struct sighting about(const struct booked *b, enum sighting_kind kind)
{
	struct sighting s = {
		.kind = kind,
		.method = b->probe.method,
		.from = b->probe.target,
		.to = b->probe.source,
		.outcome = b->probe.method == METHOD_ICMP ? OUTCOME_ECHO_REPLY : OUTCOME_SYN_ACK,
		.has_identity = true,
		.identity = b->probe.identity,
		.our_port = b->probe.source_port,
		.their_port = b->probe.port,
		.quoted_from = b->probe.source,
		.quoted_to = b->probe.target,
	};

	if (kind == SIGHTING_PROBE) {
		s.from = b->probe.source;
		s.to = b->probe.target;
	}
	if (kind == SIGHTING_ERROR) {
		s.from.host = 0xcb007109;
		s.outcome = OUTCOME_UNREACHABLE;
	}
	return s;
}

/* Something happens to a probe of the past. */
static void happen(struct script *s)
{
	if (s->booked == 0)
		return;
	struct booked *b = &s->book[roll(s, s->booked)];
	struct sighting seen = about(b, SIGHTING_REPLY);

	switch (roll(s, 12)) {
	case 0: /* at last, or once more */
		seen = about(b, SIGHTING_PROBE);
		b->left = true;
		break;
	case 1:
		b->answered = true;
		break;
	case 2:
		seen = about(b, SIGHTING_ERROR);
		b->errored = true;
		break;
	case 3:
		seen = about(b, SIGHTING_ERROR);
		seen.from = b->probe.source;
		b->own_error = true;
		break;
	case 4:
		seen.identity ^= 0x10001; /* forged */
		break;
	case 5:
		seen.from.host += 77; /* wrong source */
		break;
	case 6:
		seen = about(b, SIGHTING_ERROR);
		seen.identity ^= 0x10001;
		break;
	default:
		return;
	}
	sweep_sighting(s->run, s->now, wall_at(s->now), &seen, false);
}

static void lose_frames(struct script *s)
{
	struct mono since = {s->now.ns - (int64_t)roll(s, 100) * NS_PER_MS};

	if (s->drop_count == DROPS_MOST)
		return;
	sweep_dropped(s->run, since, s->now, 1 + roll(s, 5));
	s->drops[s->drop_count].since = since;
	s->drops[s->drop_count++].now = s->now;
}

static void send(struct script *s, const struct probe *probe)
{
	static const enum sweep_send results[] = {
		SWEEP_SENT, SWEEP_SENT, SWEEP_SENT, SWEEP_BLOCKED, SWEEP_REFUSED, SWEEP_FAILED};
	enum sweep_send result = results[roll(s, 6)];
	size_t task = task_of(s, probe);

	if (result != SWEEP_BLOCKED)
		s->given[task]++;
	assert_true(s->given[task] <= (s->tasks[task].retried ? 1 + s->plan.retry_count : 1));
	if (result == SWEEP_SENT)
		s->book[s->booked++] = (struct booked){.probe = *probe, .sent_at = s->now};
	sweep_sent(s->run, s->now, result, UNSENT_KERNEL);
	if (result == SWEEP_SENT && roll(s, 8)) { /* most are seen leaving at once */
		struct sighting leaving = about(&s->book[s->booked - 1], SIGHTING_PROBE);
		s->book[s->booked - 1].left = true;
		sweep_sighting(s->run, s->now, wall_at(s->now), &leaving, false);
	}
}

/* Until it is done, and it must be done by its deadline. */
static void play(struct script *s)
{
	struct mono last = mono_after(sweep_deadline(s->run), NS_PER_S);

	for (;;) {
		struct sweep_action action = sweep_next(s->run, s->now, roll(s, 10) > 0);
		if (action.step == SWEEP_DONE)
			break;
		assert_true(s->now.ns <= last.ns);
		if (action.step == SWEEP_SEND) {
			send(s, &action.probe);
			continue;
		}
		happen(s);
		if (roll(s, 200) == 0)
			lose_frames(s);
		s->now = mono_after(s->now, (int64_t)(1 + roll(s, 20)) * NS_PER_MS);
	}
	assert_int_equal(sweep_owed(s->run), 0);
	assert_int_equal(sweep_over_count(s->run), s->plan.task_count);
}

static bool clean(const struct script *s, const struct booked *b)
{
	struct mono end = mono_after(b->sent_at, s->plan.wait_ns);

	if (!b->left || b->own_error)
		return false;
	for (size_t i = 0; i < s->drop_count; i++)
		if (b->sent_at.ns <= s->drops[i].now.ns && end.ns > s->drops[i].since.ns)
			return false;
	return true;
}

static void check_row(const struct script *s, const struct observation *o)
{
	bool earned = false;
	bool answered = false;
	bool errored = false;
	int left = 0;

	for (size_t i = 0; i < s->booked; i++) {
		const struct booked *b = &s->book[i];
		if (!ip4_equal(b->probe.target, o->address) || b->probe.method != o->method)
			continue;
		earned |= clean(s, b);
		answered |= b->answered;
		errored |= b->errored;
		left += b->left;
	}
	assert_true(o->attempts >= o->attempt);
	assert_true(o->attempts >= left);
	switch (o->outcome) {
	case OUTCOME_SILENT:
		assert_true(earned && !answered && !errored);
		assert_int_equal(o->attempt, -1);
		break;
	case OUTCOME_UNSENT:
		assert_true(!answered && !errored);
		break;
	case OUTCOME_UNREACHABLE:
	case OUTCOME_TTL_EXCEEDED:
		assert_true(errored && !answered);
		break;
	case OUTCOME_ECHO_REPLY:
	case OUTCOME_SYN_ACK:
	case OUTCOME_RST:
		assert_true(answered);
		assert_true(o->attempt >= 1);
		break;
	}
	assert_true(o->rtt_ns >= -1);
}

/* Each unsent probe has one. */
static uint64_t reasons(const struct sweep_counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < UNSENT_COUNT; i++)
		sum += counts->unsent_by[i];
	return sum;
}

static void what_a_sweep_says_follows_from_what_was_seen(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SCRIPTS; seed++) {
		static struct script s;
		struct sweep_info known = {.clock_error_us = -1};
		struct sweep sweep;

		make_script(&s, seed);
		play(&s);
		sweep_result(s.run, &known, wall_at(s.now), &sweep);
		const struct sweep_counts *counts = sweep_counts(s.run);
		assert_int_equal(counts->planned, s.plan.task_count);
		assert_int_equal(
			counts->answered + counts->errors + counts->silent + counts->unsent,
			counts->planned);
		assert_int_equal(reasons(counts), counts->unsent);
		assert_int_equal(counts->unsent_by[UNSENT_NONE], 0);
		assert_int_equal(counts->sent, s.booked);
		assert_true(counts->left <= counts->sent);
		assert_int_equal(sweep.observation_count, s.plan.task_count);
		for (size_t i = 0; i < sweep.observation_count; i++)
			check_row(&s, &sweep.observations[i]);
		free(sweep.observations);
		free(sweep.hops);
		sweep_destroy(s.run);
	}
}

static void a_sweep_of_nothing_is_done_and_says_nothing(void **state)
{
	const struct sweep_plan plan = {.sweep = 1, .start = {NS_PER_S}};
	struct sweep_run *run = sweep_create(&plan);
	struct sweep_info known = {0};
	struct sweep sweep;
	(void)state;

	assert_int_equal(sweep_next(run, plan.start, true).step, SWEEP_DONE);
	sweep_result(run, &known, (struct wall){0}, &sweep);
	assert_int_equal(sweep.observation_count, 0);
	assert_true(sweep.info.flags & SWEEP_UNPROVEN);
	free(sweep.observations);
	free(sweep.hops);
	sweep_destroy(run);
}

static void what_is_abandoned_is_unsent(void **state)
{
	struct script s;
	struct sweep_info known = {0};
	struct sweep sweep;
	(void)state;

	make_script(&s, 7);
	for (int i = 0; i < 10; i++) {
		struct sweep_action action = sweep_next(s.run, s.now, true);
		if (action.step == SWEEP_SEND)
			send(&s, &action.probe);
		s.now = mono_after(s.now, NS_PER_MS);
	}
	sweep_abandon(s.run);
	assert_int_equal(sweep_next(s.run, s.now, true).step, SWEEP_DONE);
	sweep_result(s.run, &known, wall_at(s.now), &sweep);
	assert_int_equal(sweep_counts(s.run)->unsent, s.plan.task_count);
	assert_int_equal(reasons(sweep_counts(s.run)), s.plan.task_count);
	free(sweep.observations);
	free(sweep.hops);
	sweep_destroy(s.run);
}

/* Three slots 1 ms apart, one 1 s behind; waits of 100 ms. */
static void waits_that_end_close_together_are_ended_together(void **state)
{
	static struct sweep_task tasks[4];
	struct sweep_plan plan = {.sweep = 1,
		.start = {NS_PER_S},
		.tasks = tasks,
		.task_count = 4,
		.wait_ns = 100 * NS_PER_MS};
	(void)state;

	for (uint32_t i = 0; i < 4; i++)
		tasks[i] = (struct sweep_task){.target = {0xc6120000 + i},
			.way = {.source = {0xcb00710a}},
			.slot_ns = i < 3 ? i * NS_PER_MS : NS_PER_S};
	struct sweep_run *run = sweep_create(&plan);
	for (uint32_t i = 0; i < 4; i++) {
		struct mono slot = mono_after(plan.start, tasks[i].slot_ns);
		struct sweep_action action = sweep_next(run, slot, true);
		assert_int_equal(action.step, SWEEP_SEND);
		sweep_sent(run, slot, SWEEP_SENT, UNSENT_NONE);
		if (i < 2)
			continue;
		/* While one is to be sent, each wait by itself; then none but the last. */
		action = sweep_next(run, slot, true);
		assert_int_equal(action.step, SWEEP_WAIT);
		assert_int_equal(mono_since(action.until, plan.start),
			i == 2 ? 100 * NS_PER_MS : NS_PER_S + 100 * NS_PER_MS);
	}
	struct mono end = mono_after(plan.start, NS_PER_S + 100 * NS_PER_MS);
	assert_int_equal(sweep_next(run, mono_after(end, -1), true).step, SWEEP_WAIT);
	assert_int_equal(sweep_next(run, end, true).step, SWEEP_DONE);
	sweep_destroy(run);

	plan.task_count = 3;
	run = sweep_create(&plan);
	for (uint32_t i = 0; i < 3; i++) {
		struct mono slot = mono_after(plan.start, tasks[i].slot_ns);
		sweep_next(run, slot, true);
		sweep_sent(run, slot, SWEEP_SENT, UNSENT_NONE);
	}
	struct sweep_action action = sweep_next(run, mono_after(plan.start, 3 * NS_PER_MS), true);
	assert_int_equal(mono_since(action.until, plan.start), 102 * NS_PER_MS);
	assert_int_equal(sweep_next(run, action.until, true).step, SWEEP_DONE);
	sweep_destroy(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_sweep_says_follows_from_what_was_seen),
		cmocka_unit_test(a_sweep_of_nothing_is_done_and_says_nothing),
		cmocka_unit_test(what_is_abandoned_is_unsent),
		cmocka_unit_test(waits_that_end_close_together_are_ended_together),
	};
	return cmocka_run_group_tests_name("prober_sweep", tests, NULL, NULL);
}
