#include "prober/sweep/sweep.h"

#include <assert.h>
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep/state.h"

/* How soon a send that would have blocked is tried again. */
#define BLOCKED_RETRY_NS NS_PER_MS
/* Waits that end within this are ended together, when nothing else is due. */
#define WAIT_TOGETHER_NS (5 * NS_PER_MS)

/* Two tasks that ask the same are one: it is listed, retried or a control if either is. */
static void merge(struct task *task, const struct sweep_task *other)
{
	task->plan.listed |= other->listed;
	task->plan.retried |= other->retried;
	if (task->plan.role == ROLE_TARGET)
		task->plan.role = other->role;
}

static void add_task(struct sweep_run *run, const struct sweep_task *plan)
{
	struct task *task = &run->tasks[run->plan.task_count];

	*task = (struct task){.plan = *plan, .rtt_ns = -1, .blocked_at = MONO_NEVER};
	if (task->plan.ttl == 0)
		task->plan.ttl = PROBE_TTL;
	struct task *same = match_add_task(run, task);
	if (same != task) {
		merge(same, plan);
		return;
	}
	if (task->plan.ttl == PROBE_TTL)
		run->counts.planned++;
	else
		run->counts.path++;
	task->due = mono_after(run->plan.start, plan->slot_ns);
	uint32_t index = (uint32_t)run->plan.task_count++;
	if (plan->unasked)
		return;
	if (task->due.ns > run->latest.ns)
		run->latest = task->due;
	timer_queue_add(&run->timers, task->due, index);
}

/* Who may not be asked is over before it begins. */
static void leave_out_unasked(struct sweep_run *run)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		if (!run->tasks[i].plan.unasked)
			continue;
		run->counts.refused++;
		task_over(run, &run->tasks[i], run->plan.start);
	}
}

struct sweep_run *sweep_create(const struct sweep_plan *plan)
{
	struct sweep_run *run = mem_zeroed(1, sizeof(*run));

	assert(plan->retry_count < SWEEP_ATTEMPTS);
	run->plan = *plan;
	run->plan.tasks = NULL;
	run->attempts_per_task = 1 + plan->retry_count;
	run->tasks = mem_zeroed(plan->task_count, sizeof(*run->tasks));
	run->attempts =
		mem_zeroed(plan->task_count * run->attempts_per_task, sizeof(*run->attempts));
	run->over = mem_zeroed(plan->task_count, sizeof(*run->over));
	run->rtt_max_ns = plan->rtt_max_ns;
	run->proven_at = (struct mono){plan->start.ns - 1};
	run->seen_at = run->latest = plan->start;
	run->blocked_since = MONO_NEVER;
	timer_queue_init(&run->timers, plan->task_count);
	match_init(run);
	run->plan.task_count = 0;
	for (size_t i = 0; i < plan->task_count; i++)
		add_task(run, &plan->tasks[i]);
	run->owed = run->senders = run->plan.task_count;
	leave_out_unasked(run);
	return run;
}

void sweep_destroy(struct sweep_run *run)
{
	if (!run)
		return;
	match_finish(run);
	timer_queue_finish(&run->timers);
	free(run->over);
	free(run->attempts);
	free(run->tasks);
	free(run);
}

/* When the next attempt's turn is: counted from the first probe, or its slot. */
static struct mono retry_due(const struct sweep_run *run, const struct task *task)
{
	const struct attempt *first = attempt_of(run, task, 1);
	struct mono base = mono_after(run->plan.start, task->plan.slot_ns);

	if (first->sent)
		base = first->sent_at;
	return mono_after(base, run->plan.retries_ns[task->attempts - 1]);
}

static struct probe probe_for(struct sweep_run *run, const struct task *task, struct mono now)
{
	size_t number = (size_t)task->attempts + 1;
	struct identity_subject subject = {
		.sweep = run->plan.sweep,
		.target = task->plan.target,
		.method = task->plan.method,
		.port = task->plan.port,
		.ttl = task->plan.ttl,
		.attempt = (uint8_t)number,
	};
	uint32_t identity = identity_of(&run->plan.key, &subject);

	attempt_of(run, task, number)->identity = identity;
	return (struct probe){
		.method = task->plan.method,
		.source = task->plan.way.source,
		.target = task->plan.target,
		.interface = task->plan.way.pinned ? task->plan.way.interface : 0,
		.ttl = task->plan.ttl,
		.ip_id = (uint16_t)(identity ^ identity >> 16),
		.identity = identity,
		.source_port = run->plan.source_port,
		.port = task->plan.port,
		.tcp_ts = (uint32_t)(now.ns / NS_PER_MS),
	};
}

/* The attempt at hand reached the kernel, or never will. */
static void attempt_made(
	struct sweep_run *run, struct task *task, struct mono now, bool sent, enum unsent why)
{
	struct attempt *attempt = attempt_of(run, task, ++task->attempts);

	attempt->sent = sent;
	attempt->why = (uint8_t)why;
	attempt->sent_at = now;
	if (sent) {
		run->counts.sent++;
		run->counts.retried += task->attempts > 1;
		match_add(run, task, task->attempts);
	} else {
		task->given_up++;
	}
	task->state = TASK_OPEN;
	task->blocked_at = MONO_NEVER;
	if (task_may_retry(run, task)) {
		task->due = retry_due(run, task); /* may be past: it has its own wait */
		timer_queue_add(&run->timers, task->due, run->current);
		return;
	}
	run->senders--;
	if (task->given_up == task->attempts)
		return task_over(run, task, now); /* nothing is out, nothing can come */
	task_wait(run, task);
}

/* Has the line been blocked for as long as this probe may wait for it? */
static bool blocked_out(const struct sweep_run *run, const struct task *task, struct mono now)
{
	struct mono since = mono_min(run->blocked_since, task->blocked_at);

	if (since.ns > now.ns)
		return false;
	if (since.ns < task->due.ns)
		since = task->due;
	return mono_since(now, since) >= sweep_wait_ns(run);
}

/* The caller need not come back for each wait that ends. */
static struct mono wait_until(const struct sweep_run *run, struct mono first)
{
	return run->senders > 0 ? first
				: mono_min(run->last_wait, mono_after(first, WAIT_TOGETHER_NS));
}

struct sweep_action sweep_next(struct sweep_run *run, struct mono now, bool may_send)
{
	const struct timer_queue_entry *first;

	if (run->seen_at.ns < now.ns)
		run->seen_at = now;
	while (run->owed > 0 && (first = timer_queue_first(&run->timers))) {
		struct task *task = &run->tasks[first->task];
		bool over = task->state == TASK_OVER;
		bool asks = task_sends(run, task);
		bool lost = !over && asks && first->at.ns <= now.ns && blocked_out(run, task, now);
		if (!over && !lost && (first->at.ns > now.ns || (asks && !may_send)))
			return (struct sweep_action){
				.step = SWEEP_WAIT, .until = wait_until(run, first->at)};
		run->current = first->task;
		timer_queue_drop_first(&run->timers);
		if (over)
			continue;
		if (lost)
			attempt_made(run, task, now, false, UNSENT_QUEUE_FULL);
		else if (!asks)
			task_end_wait(run, task, now);
		else
			return (struct sweep_action){.step = SWEEP_SEND,
				.probe = probe_for(run, task, now),
				.no_way = task->plan.way.error,
				.attempt = (uint8_t)(task->attempts + 1)};
	}
	return (struct sweep_action){.step = SWEEP_DONE};
}

void sweep_blocked(struct sweep_run *run, struct mono since)
{
	run->blocked_since = since;
}

/* A probe that a rule of ours kept back. */
static void count_refused(struct sweep_run *run, const struct task *task, enum unsent why)
{
	if (why != UNSENT_CEILING)
		run->counts.refused++;
	else if (task->attempts > 0)
		run->counts.retries_held++;
	else
		run->counts.held_back++;
}

void sweep_sent(struct sweep_run *run, struct mono now, enum sweep_send result, enum unsent why)
{
	struct task *task = &run->tasks[run->current];

	switch (result) {
	case SWEEP_SENT:
		attempt_made(run, task, now, true, UNSENT_NONE);
		return;
	case SWEEP_BLOCKED:
		run->counts.blocked++;
		if (task->blocked_at.ns > now.ns)
			task->blocked_at = now;
		if (!blocked_out(run, task, now)) {
			timer_queue_add(
				&run->timers, mono_after(now, BLOCKED_RETRY_NS), run->current);
			return;
		}
		why = UNSENT_QUEUE_FULL;
		break;
	case SWEEP_REFUSED:
		count_refused(run, task, why);
		break;
	case SWEEP_FAILED:
		run->counts.send_errors++;
		break;
	}
	attempt_made(run, task, now, false, why);
}

struct mono sweep_deadline(const struct sweep_run *run)
{
	int64_t tail = 2 * sweep_wait_ns(run); /* blocked for one wait, then waited for */

	if (run->plan.retry_count > 0)
		tail += run->plan.retries_ns[run->plan.retry_count - 1];
	return mono_after(run->latest, tail);
}
