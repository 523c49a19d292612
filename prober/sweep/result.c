/* What a sweep amounts to, once nothing is owed. */
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep/counters.h"
#include "prober/sweep/doubts.h"
#include "prober/sweep/state.h"
#include "store/box.h"

/* When fewer than this share of the anchors answers, we were blind. */
#define ANCHORS_LEAST 0.5

void sweep_dropped(struct sweep_run *run, struct mono since, struct mono now, uint64_t count)
{
	run->counts.dropped += count;
	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		for (size_t number = 1; number <= task->attempts; number++) {
			struct attempt *attempt = attempt_of(run, task, number);
			struct mono end = mono_after(attempt->sent_at, sweep_wait_ns(run));
			if (attempt->sent_at.ns <= now.ns && end.ns > since.ns)
				attempt_taint(attempt, count ? UNSENT_DROPPED : UNSENT_LINE);
		}
	}
}

/*
 * The line is proven up to the last word from beyond our host. A silence that
 * began well after it is not earned: our own line may have gone by then. How
 * long no word is nothing unusual, the sweep itself tells: twice the longest
 * pause between two, at most a quarter of the sweep, and no less than two waits.
 */
static struct mono proven_until(const struct sweep_run *run)
{
	int64_t slack = mono_since(run->seen_at, run->plan.start) / 4;

	if (slack > 2 * run->proven_gap_ns)
		slack = 2 * run->proven_gap_ns;
	if (slack < 2 * sweep_wait_ns(run))
		slack = 2 * sweep_wait_ns(run);
	return mono_after(run->proven_at, slack);
}

/* Is there an attempt whose silence counts: seen leaving, nothing lost while it was
 * waited for, on a line that was proven? */
static bool silence_earned(const struct sweep_run *run, const struct task *task, struct mono until)
{
	for (size_t number = 1; number <= task->attempts; number++) {
		const struct attempt *attempt = attempt_of(run, task, number);
		if (attempt->left && !attempt->tainted && attempt->sent_at.ns <= until.ns)
			return true;
	}
	return false;
}

/* It did not answer, and is one of those who may live without our knowing. */
static bool is_doubtful(const struct sweep_run *run, const struct task *task)
{
	if (!run->doubts || task_is_alive(task))
		return false;
	for (size_t number = 1; number <= task->attempts; number++) {
		const struct attempt *attempt = attempt_of(run, task, number);
		if (attempt->sent)
			return doubts_hold(run->doubts, &task->plan, attempt->sent_at);
	}
	return false;
}

void sweep_mind_doubts(struct sweep_run *run, const struct doubts *doubts)
{
	run->doubts = doubts;
}

static enum unsent why_attempt(const struct attempt *attempt)
{
	if (attempt->why != UNSENT_NONE)
		return (enum unsent)attempt->why;
	if (attempt->left)
		return UNSENT_UNPROVEN;
	if (attempt->translated)
		return UNSENT_TRANSLATED;
	return attempt->elsewhere ? UNSENT_ELSEWHERE : UNSENT_NOT_SEEN;
}

/* Why its silence is not earned: the attempt that came furthest tells. */
static enum unsent why_unsent(const struct sweep_run *run, const struct task *task)
{
	enum unsent why = task->plan.unasked ? UNSENT_NOT_ALLOWED : UNSENT_STOPPED;

	if (is_doubtful(run, task))
		return UNSENT_DOUBTFUL;
	for (size_t number = 1; number <= task->attempts; number++) {
		enum unsent own = why_attempt(attempt_of(run, task, number));
		if (number == 1 || why < own)
			why = own;
	}
	return why;
}

/* The first attempt that left; else the first, by our own clock. */
static struct wall probed_at(const struct sweep_run *run, const struct task *task)
{
	for (size_t number = 1; number <= task->attempts; number++)
		if (attempt_of(run, task, number)->left)
			return attempt_of(run, task, number)->left_at;
	struct mono at = task->attempts ? attempt_of(run, task, 1)->sent_at : task->due;
	return wall_after(run->plan.start_wall, mono_since(at, run->plan.start));
}

/* Of the attempts up to `last`, those that left; the answered one did, seen or not. */
static int attempts_left(const struct sweep_run *run, const struct task *task, size_t last)
{
	int count = 0;

	for (size_t number = 1; number <= last; number++)
		count += attempt_of(run, task, number)->left || number == task->answered;
	return count;
}

static void describe_answer(
	const struct sweep_run *run, const struct task *task, struct observation *o)
{
	const struct sighting *s = &task->answer;

	o->has_responder = true;
	o->responder = s->from;
	if (s->kind == SIGHTING_ERROR) {
		o->icmp_type = s->icmp_type;
		o->icmp_code = s->icmp_code;
	}
	o->reply_ttl = s->ttl;
	o->ip_id = s->ip_id;
	o->has_tcp_ts = s->has_tcp_ts;
	o->tcp_ts = s->tcp_ts;
	if (task->answered == 0)
		return;
	const struct attempt *attempt = attempt_of(run, task, task->answered);
	o->attempt = attempts_left(run, task, task->answered);
	o->rtt_ns = task->rtt_ns;
	if (attempt->left)
		o->probed_at = attempt->left_at;
}

static struct observation observe(
	const struct sweep_run *run, const struct task *task, struct mono until)
{
	struct observation o = observation_blank();

	o.address = task->plan.target;
	o.method = task->plan.method;
	o.port = task->plan.port;
	o.probed_at = probed_at(run, task);
	o.attempts = attempts_left(run, task, task->attempts);
	o.outcome = task->outcome;
	if (is_doubtful(run, task))
		o.outcome = OUTCOME_UNSENT;
	else if (task->outcome != OUTCOME_SILENT)
		describe_answer(run, task, &o);
	else if (!silence_earned(run, task, until))
		o.outcome = OUTCOME_UNSENT;
	o.probed_at = wall_whole_us(o.probed_at);
	return o;
}

static struct hop hop_of(const struct task *task, const struct observation *o)
{
	return (struct hop){
		.address = o->address,
		.ttl = task->plan.ttl,
		.probed_at = o->probed_at,
		.outcome = o->outcome,
		.has_responder = o->has_responder,
		.responder = o->responder,
		.rtt_ns = o->rtt_ns,
	};
}

static int hop_order(const void *a, const void *b)
{
	const struct hop *x = a;
	const struct hop *y = b;
	int by_address = ip4_order(&x->address, &y->address);

	return by_address ? by_address : x->ttl - y->ttl;
}

struct observation sweep_over(const struct sweep_run *run, size_t i, uint8_t *ret_ttl)
{
	const struct task *task = &run->tasks[run->over[i]];

	*ret_ttl = task->plan.ttl;
	return observe(run, task, MONO_NEVER);
}

static void count(struct sweep_run *run, const struct task *task, const struct observation *o,
	struct sweep_info *info)
{
	bool life = observation_is_life(o);

	run->counts.answered += life;
	run->counts.silent += o->outcome == OUTCOME_SILENT;
	if (o->outcome == OUTCOME_UNSENT) {
		run->counts.unsent++;
		run->counts.unsent_by[why_unsent(run, task)]++;
	}
	run->counts.doubtful += is_doubtful(run, task);
	run->counts.errors += !life && (o->outcome == OUTCOME_UNREACHABLE ||
					       o->outcome == OUTCOME_TTL_EXCEEDED);
	if (task->plan.role == ROLE_ANCHOR && !task->plan.unasked) {
		info->anchors_probed++; /* one that is unsent tells nothing good either */
		/* Our own address is up while our line is dead. */
		info->anchors_up += life && !ip4_equal(o->address, task->plan.way.source);
	}
}

/* Answers that are no host's. */
static uint64_t count_boxed(const struct sweep *sweep)
{
	struct boxes boxes = {0};
	uint64_t count = 0;

	boxes_see(&boxes, sweep, NULL);
	for (size_t i = 0; boxes.count && i < sweep->observation_count; i++)
		count += boxes_gave(&boxes, &sweep->observations[i]);
	boxes_finish(&boxes);
	return count;
}

void sweep_result(
	struct sweep_run *run, const struct sweep_info *known, struct wall end, struct sweep *ret)
{
	struct sweep_info info = *known;
	bool silent_line = run->proven_at.ns < run->plan.start.ns;
	struct mono until = silent_line ? MONO_NEVER : proven_until(run);
	struct observation *rows = mem_zeroed(run->plan.task_count, sizeof(*rows));
	struct hop *hops = mem_zeroed(run->counts.path, sizeof(*hops));
	size_t row_count = 0;
	size_t hop_count = 0;

	info.sweep = run->plan.sweep;
	info.tier = run->plan.tier;
	info.start = run->plan.start_wall;
	info.end = end;
	/* A clock that was set back, be it by little, would end it before it began. */
	if (info.flags & SWEEP_CLOCK_STEP || end.ns < run->plan.start_wall.ns)
		info.end =
			wall_after(run->plan.start_wall, mono_since(run->seen_at, run->plan.start));
	info.start = wall_whole_us(info.start);
	info.end = wall_whole_us(info.end);
	info.interval_ns = run->plan.interval_ns;
	info.anchors_probed = info.anchors_up = 0;
	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		struct observation o = observe(run, task, until);
		if (task->plan.ttl != PROBE_TTL) {
			hops[hop_count++] = hop_of(task, &o);
			continue;
		}
		count(run, task, &o, &info);
		if (o.outcome != OUTCOME_SILENT || task->plan.listed ||
			run->plan.tier == TIER_WATCH)
			rows[row_count++] = o;
	}
	qsort(rows, row_count, sizeof(*rows), observation_order);
	qsort(hops, hop_count, sizeof(*hops), hop_order);

	info.probed = (int64_t)run->counts.planned;
	info.sent = (int64_t)run->counts.sent;
	info.received = (int64_t)(run->counts.answered + run->counts.errors);
	info.capture_dropped = (int64_t)run->counts.dropped;
	info.send_errors = (int64_t)(run->counts.send_errors + run->counts.own_errors);
	run->counts.boxed = count_boxed(
		&(struct sweep){info, .observations = rows, .observation_count = row_count});
	counters_format(&run->counts, ';', info.counts);
	if (run->counts.dropped > 0)
		info.flags |= SWEEP_CAPTURE_DROP | SWEEP_DROPS_MARKED;
	if (info.anchors_probed > 0 &&
		(double)info.anchors_up < ANCHORS_LEAST * (double)info.anchors_probed)
		info.flags |= SWEEP_ANCHORS_DOWN;
	if (silent_line && info.anchors_probed == 0 &&
		(run->counts.answered == 0 || run->counts.silent > 0))
		info.flags |= SWEEP_UNPROVEN;
	*ret = (struct sweep){
		.info = info,
		.observations = rows,
		.observation_count = row_count,
		.hops = hops,
		.hop_count = hop_count,
	};
}
