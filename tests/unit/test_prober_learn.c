#include "tests/unit/unit.h"

#include <stdio.h>

#include "core/clock.h"
#include "prober/schedule/learn.h"
#include "prober/schedule/plan.h"

enum { COUNT = 4 };

struct world {
	struct settings settings;
	struct ip4 addresses[COUNT];
	struct learn learn;
	struct observation rows[8];
	struct sweep sweep;
};

static int begin(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	settings_init(&w->settings);
	w->settings.tcp_port_count = 2;
	w->settings.tcp_ports[0] = 25;
	w->settings.tcp_ports[1] = 80;
	for (uint32_t i = 0; i < COUNT; i++)
		w->addresses[i].host = 0xc6120001 + i;
	learn_init(&w->learn, &w->settings, w->addresses, COUNT);
	w->sweep.observations = w->rows;
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	learn_finish(&w->learn);
	settings_finish(&w->settings);
	free(w);
	return 0;
}

static void sees(
	struct world *w, size_t index, enum method method, uint16_t port, enum outcome outcome)
{
	struct observation o = observation_blank();

	o.address = w->addresses[index];
	o.method = method;
	o.port = port;
	o.outcome = outcome;
	w->rows[w->sweep.observation_count++] = o;
}

static void sweep(struct world *w, enum tier tier, const char *methods)
{
	w->sweep.info.tier = tier;
	snprintf(w->sweep.info.methods, METHODS_SIZE, "%s", methods);
	learn_sweep(&w->learn, &w->sweep);
	w->sweep.observation_count = 0;
}

static void two_replies_make_an_address_worth_watching(void **state)
{
	struct world *w = *state;

	sees(w, 1, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
	sweep(w, TIER_FULL, "icmp");
	assert_false(w->learn.entries[1].watched[METHOD_ICMP]);
	sees(w, 1, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
	sweep(w, TIER_FULL, "icmp");
	assert_true(w->learn.entries[1].watched[METHOD_ICMP]);
	assert_false(w->learn.entries[1].watched[METHOD_TCP]);
	assert_int_equal(learn_watched(&w->learn), 1);
}

static void an_error_from_the_path_is_no_reason_to_watch(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 5; i++) {
		sees(w, 0, METHOD_ICMP, 0, OUTCOME_UNREACHABLE);
		sweep(w, TIER_FULL, "icmp");
	}
	assert_int_equal(learn_watched(&w->learn), 0);
}

static void an_error_from_the_very_address_is_one(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 2; i++) {
		sees(w, 0, METHOD_ICMP, 0, OUTCOME_UNREACHABLE);
		w->rows[0].has_responder = true;
		w->rows[0].responder = w->rows[0].address;
		sweep(w, TIER_FULL, "icmp");
	}
	assert_int_equal(learn_watched(&w->learn), 1);
}

static void an_open_port_is_kept_and_a_closed_one_only_when_none_opens(void **state)
{
	struct world *w = *state;

	sees(w, 0, METHOD_TCP, 25, OUTCOME_RST);
	sees(w, 1, METHOD_TCP, 25, OUTCOME_RST);
	sweep(w, TIER_FULL, "tcp:25");
	assert_false(learn_port_settled(&w->learn, 0));
	sees(w, 0, METHOD_TCP, 80, OUTCOME_SYN_ACK);
	sweep(w, TIER_FULL, "tcp:80");
	assert_true(learn_port_settled(&w->learn, 0));
	assert_int_equal(w->learn.entries[0].port, 80);
	assert_true(learn_port_settled(&w->learn, 1));
	assert_int_equal(w->learn.entries[1].port, 25);
	sees(w, 0, METHOD_TCP, 25, OUTCOME_SYN_ACK);
	sweep(w, TIER_FULL, "tcp:25");
	assert_int_equal(w->learn.entries[0].port, 80);
}

static void an_outage_unlearns_nobody_and_a_week_alone_does(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 2; i++) {
		sees(w, 0, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
		sees(w, 1, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
		sweep(w, TIER_FULL, "icmp");
	}
	for (uint32_t i = 0; i < 2 * w->learn.leave_sweeps; i++)
		sweep(w, TIER_FULL, "icmp"); /* the block is dark */
	assert_int_equal(learn_watched(&w->learn), 2);
	for (uint32_t i = 0; i < w->learn.leave_sweeps; i++) {
		assert_int_equal(learn_watched(&w->learn), 2);
		sees(w, 0, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
		sweep(w, TIER_FULL, "icmp");
	}
	assert_int_equal(learn_watched(&w->learn), 1);
}

static void blind_sweeps_teach_nothing(void **state)
{
	struct world *w = *state;

	w->sweep.info.flags = SWEEP_SUSPENDED;
	for (int i = 0; i < 3; i++) {
		sees(w, 0, METHOD_ICMP, 0, OUTCOME_ECHO_REPLY);
		sweep(w, TIER_FULL, "icmp");
	}
	assert_int_equal(learn_watched(&w->learn), 0);
}

/* Phases of a watch sweep: no gap on the wire is much wider than the others. */
static void a_watch_sweep_is_even_over_its_interval(void **state)
{
	struct world *w = *state;
	struct way ways[COUNT] = {{.error = 0}};
	struct target_set set = {.addresses = w->addresses, .address_count = COUNT};
	const struct plan_input input = {
		.settings = &w->settings, .set = &set, .ways = ways, .learn = &w->learn};
	struct plan plan;

	for (size_t i = 0; i < COUNT; i++) {
		w->learn.entries[i].watched[METHOD_ICMP] = true;
		w->learn.entries[i].watched[METHOD_TCP] = true;
		w->learn.entries[i].port = 80;
	}
	plan_watch(&input, &plan);
	assert_int_equal(plan.count, 2 * COUNT);
	int64_t even = w->settings.watch_interval_ns / (2 * COUNT);
	for (size_t i = 1; i < plan.count; i++) {
		int64_t gap = plan.tasks[i].slot_ns - plan.tasks[i - 1].slot_ns;
		assert_true(gap > even / 2 && gap < 2 * even);
	}
	assert_true(plan.tasks[plan.count - 1].slot_ns < w->settings.watch_interval_ns);
	plan_finish(&plan);
}

static void a_scheduled_full_sweep_asks_the_settled_port_and_retries_the_watched(void **state)
{
	struct world *w = *state;
	struct way ways[COUNT] = {{.error = 0}};
	struct target_set set = {.addresses = w->addresses, .address_count = COUNT};
	const struct plan_input input = {.settings = &w->settings,
		.set = &set,
		.ways = ways,
		.learn = &w->learn,
		.round = 4};
	struct plan plan;

	w->learn.entries[2] =
		(struct learned){.port = 80, .port_open = true, .watched = {true, true}};
	plan_full(&input, &plan);
	assert_int_equal(plan.count, 2 * COUNT);
	assert_string_equal(plan.methods, "icmp;tcp:25");
	for (size_t i = 0; i < plan.count; i++) {
		const struct sweep_task *task = &plan.tasks[i];
		bool watched = ip4_equal(task->target, w->addresses[2]);
		assert_int_equal(task->retried, watched);
		assert_int_equal(task->listed, watched);
		if (task->method == METHOD_TCP)
			assert_int_equal(task->port, watched ? 80 : 25);
	}
	plan_finish(&plan);
}

/* A block of which port 80 is answered by a box, told in full sweeps beside a real host or two. */
struct block {
	struct settings settings;
	struct ip4 addresses[BLOCK_ADDRESSES];
	struct learn learn;
	struct observation rows[2 * BLOCK_ADDRESSES];
	struct sweep sweep;
};

static void sees_at(struct block *b, uint32_t last, uint16_t port, enum outcome outcome, int ttl)
{
	struct observation *o = &b->rows[b->sweep.observation_count++];

	*o = observation_blank();
	o->address = b->addresses[last];
	o->method = port ? METHOD_TCP : METHOD_ICMP;
	o->port = port;
	o->outcome = outcome;
	o->reply_ttl = ttl;
	o->icmp_code = outcome == OUTCOME_UNREACHABLE ? 1 : -1;
	o->has_responder = outcome == OUTCOME_UNREACHABLE;
	o->responder.host = 0xc6336401;
}

/* box: it answers; else only its hosts do, .1 and .2, by echo and on port 80. */
static void block_sweep(struct block *b, bool box, const char *methods)
{
	b->sweep.info.tier = TIER_FULL;
	snprintf(b->sweep.info.methods, METHODS_SIZE, "%s", methods);
	b->sweep.observation_count = 0;
	for (uint32_t i = 0; i < BLOCK_ADDRESSES; i++) {
		bool host = i == 1 || i == 2;
		if (host)
			sees_at(b, i, 0, OUTCOME_ECHO_REPLY, 60);
		else if (box)
			sees_at(b, i, 0, OUTCOME_UNREACHABLE, 62);
		if (box || host)
			sees_at(b, i, 80, OUTCOME_SYN_ACK, box ? 64 : 60);
	}
	learn_sweep(&b->learn, &b->sweep);
}

static void a_box_teaches_nobody_and_its_port_is_sought_anew(void **state)
{
	static struct block block; /* too large for a stack */
	struct block *b = &block;
	(void)state;

	settings_init(&b->settings);
	for (uint32_t i = 0; i < BLOCK_ADDRESSES; i++)
		b->addresses[i].host = 0xc6120200 + i;
	learn_init(&b->learn, &b->settings, b->addresses, BLOCK_ADDRESSES);
	b->sweep.observations = b->rows;

	block_sweep(b, false, "icmp;tcp:80");
	block_sweep(b, false, "icmp;tcp:80");
	assert_int_equal(b->learn.entries[1].port, 80);
	assert_true(b->learn.entries[1].watched[METHOD_TCP]);
	assert_int_equal(b->learn.changes.count, 0);
	block_sweep(b, true, "icmp;tcp:80");
	assert_int_equal(b->learn.changes.count, 1);
	assert_int_equal(b->learn.changes.items[0].why, BOX_UNREACHABLE);
	block_sweep(b, true, "icmp;tcp:80");
	assert_int_equal(b->learn.changes.count, 0);
	assert_int_equal(learn_watched(&b->learn), 2);
	assert_true(b->learn.entries[1].watched[METHOD_ICMP]);
	assert_false(b->learn.entries[1].watched[METHOD_TCP]);
	assert_int_equal(b->learn.entries[1].port, 0);
	assert_false(learn_port_settled(&b->learn, 77));
	/* Gone, three sweeps tell. */
	for (int i = 0; i < 5; i++)
		block_sweep(b, false, "icmp;tcp:80");
	assert_true(b->learn.entries[1].watched[METHOD_TCP]);
	learn_finish(&b->learn);
	settings_finish(&b->settings);
}

/* The hosts are gone and the box still answers: an outage, which unlearns nobody. */
static void a_box_alone_is_no_block_that_is_alive(void **state)
{
	static struct block block;
	struct block *b = &block;
	(void)state;

	settings_init(&b->settings);
	for (uint32_t i = 0; i < BLOCK_ADDRESSES; i++)
		b->addresses[i].host = 0xc6120200 + i;
	learn_init(&b->learn, &b->settings, b->addresses, BLOCK_ADDRESSES);
	b->sweep.observations = b->rows;
	for (int i = 0; i < 2; i++)
		block_sweep(b, true, "icmp;tcp:80");
	for (uint32_t i = 0; i < 2 * b->learn.leave_sweeps; i++) {
		b->sweep.observation_count = 0;
		for (uint32_t a = 0; a < BLOCK_ADDRESSES; a++)
			sees_at(b, a, 80, OUTCOME_SYN_ACK, 64);
		learn_sweep(&b->learn, &b->sweep);
	}
	assert_int_equal(learn_watched(&b->learn), 2);
	learn_finish(&b->learn);
	settings_finish(&b->settings);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(two_replies_make_an_address_worth_watching),
		cmocka_unit_test(a_box_teaches_nobody_and_its_port_is_sought_anew),
		cmocka_unit_test(a_box_alone_is_no_block_that_is_alive),
		WITH_WORLD(an_error_from_the_path_is_no_reason_to_watch),
		WITH_WORLD(an_error_from_the_very_address_is_one),
		WITH_WORLD(an_open_port_is_kept_and_a_closed_one_only_when_none_opens),
		WITH_WORLD(an_outage_unlearns_nobody_and_a_week_alone_does),
		WITH_WORLD(blind_sweeps_teach_nothing),
		WITH_WORLD(a_watch_sweep_is_even_over_its_interval),
		WITH_WORLD(a_scheduled_full_sweep_asks_the_settled_port_and_retries_the_watched),
	};
	return cmocka_run_group_tests_name("prober_learn", tests, NULL, NULL);
}
