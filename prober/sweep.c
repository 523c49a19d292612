#include "prober/sweep.h"

#include <assert.h>
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep_state.h"

/* How soon a send that would have blocked is tried again. */
#define BLOCKED_RETRY_NS NS_PER_MS
/* The least wait by default, and how many times the largest RTT. */
#define WAIT_LEAST_NS (2 * NS_PER_S)
#define WAIT_RTTS 3

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
	run->owed = plan->task_count;
	run->over = mem_zeroed(plan->task_count, sizeof(*run->over));
	run->rtt_max_ns = plan->rtt_max_ns;
	run->proven_at = (struct mono){plan->start.ns - 1};
	agenda_init(&run->agenda, plan->task_count);
	for (size_t i = 0; i < plan->task_count; i++) {
		struct task *task = &run->tasks[i];
		task->plan = plan->tasks[i];
		if (task->plan.ttl == 0)
			task->plan.ttl = PROBE_TTL;
		if (task->plan.ttl == PROBE_TTL)
			run->counts.planned++;
		else
			run->counts.path++;
		task->due = mono_after(plan->start, task->plan.slot_ns);
		agenda_add(&run->agenda, task->due, (uint32_t)i);
	}
	match_init(run);
	return run;
}

void sweep_destroy(struct sweep_run *run)
{
	if (!run)
		return;
	match_finish(run);
	agenda_finish(&run->agenda);
	free(run->over);
	free(run->attempts);
	free(run->tasks);
	free(run);
}

int64_t sweep_wait_ns(const struct sweep_run *run)
{
	int64_t wait = WAIT_RTTS * run->rtt_max_ns;

	if (run->plan.wait_ns > 0)
		return run->plan.wait_ns;
	return wait > WAIT_LEAST_NS ? wait : WAIT_LEAST_NS;
}

void task_over(struct sweep_run *run, struct task *task, struct mono now)
{
	assert(task->state != TASK_OVER);
	task->state = TASK_OVER;
	task->over_at = now;
	run->over[run->plan.task_count - run->owed--] = (uint32_t)(task - run->tasks);
}

static bool may_retry(const struct sweep_run *run, const struct task *task)
{
	return task->plan.retried && task->attempts < run->attempts_per_task;
}

static struct mono first_due(const struct sweep_run *run, const struct task *task)
{
	return mono_after(run->plan.start, task->plan.slot_ns);
}

/* The attempt at hand is done with (sent or given up): when is the task due next? */
static struct mono due_next(const struct sweep_run *run, const struct task *task)
{
	const struct attempt *first = attempt_of(run, task, 1);
	const struct attempt *last = attempt_of(run, task, task->attempts);
	struct mono base = first->sent ? first->sent_at : first_due(run, task);
	struct mono next = mono_after(last->sent ? last->sent_at : task->due, sweep_wait_ns(run));

	if (may_retry(run, task))
		next = mono_after(base, run->plan.retries_ns[task->attempts - 1]);
	return next;
}

/* Where the agenda has a task that is open: retry, or the end of its wait. */
static bool wait_is_over(struct sweep_run *run, struct task *task, struct mono now)
{
	struct mono end = due_next(run, task);

	if (may_retry(run, task))
		return false;
	if (end.ns > now.ns) { /* a larger RTT was met meanwhile */
		agenda_add(&run->agenda, end, (uint32_t)(task - run->tasks));
		return true;
	}
	task_over(run, task, now);
	return true;
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
		.source = task->plan.source,
		.target = task->plan.target,
		.ttl = task->plan.ttl,
		.ip_id = (uint16_t)(identity ^ identity >> 16),
		.identity = identity,
		.source_port = run->plan.source_port,
		.port = task->plan.port,
		.tcp_ts = (uint32_t)(now.ns / NS_PER_MS),
	};
}

struct sweep_action sweep_next(struct sweep_run *run, struct mono now, bool may_send)
{
	const struct agenda_entry *first;

	while (run->owed > 0 && (first = agenda_first(&run->agenda))) {
		struct task *task = &run->tasks[first->task];
		bool sends = task->state == TASK_WAITING || may_retry(run, task);
		if (task->state != TASK_OVER && (first->at.ns > now.ns || (sends && !may_send)))
			return (struct sweep_action){.step = SWEEP_WAIT, .until = first->at};
		run->current = first->task;
		agenda_drop_first(&run->agenda);
		if (task->state == TASK_OVER)
			continue;
		if (task->state == TASK_OPEN && wait_is_over(run, task, now))
			continue;
		return (struct sweep_action){
			.step = SWEEP_SEND, .probe = probe_for(run, task, now)};
	}
	return (struct sweep_action){.step = SWEEP_DONE};
}

/* The attempt at hand reached the kernel, or never will. */
static void attempt_made(struct sweep_run *run, struct task *task, struct mono now, bool sent)
{
	struct attempt *attempt = attempt_of(run, task, ++task->attempts);

	attempt->sent = sent;
	attempt->sent_at = now;
	if (sent) {
		run->counts.sent++;
		run->counts.retried += task->attempts > 1;
		match_add(run, task, task->attempts);
	} else {
		task->given_up++;
	}
	task->state = TASK_OPEN;
	if (task->given_up == task->attempts && !may_retry(run, task)) {
		task_over(run, task, now); /* nothing is out, nothing can come */
		return;
	}
	task->due = due_next(run, task);
	if (task->due.ns < now.ns)
		task->due = now;
	agenda_add(&run->agenda, task->due, run->current);
}

void sweep_sent(struct sweep_run *run, struct mono now, enum sweep_send result)
{
	struct task *task = &run->tasks[run->current];

	switch (result) {
	case SWEEP_SENT:
		attempt_made(run, task, now, true);
		return;
	case SWEEP_BLOCKED:
		run->counts.blocked++;
		if (mono_since(now, task->due) < sweep_wait_ns(run)) {
			agenda_add(&run->agenda, mono_after(now, BLOCKED_RETRY_NS), run->current);
			return;
		}
		break;
	case SWEEP_REFUSED:
		run->counts.refused++;
		break;
	case SWEEP_FAILED:
		run->counts.send_errors++;
		break;
	}
	attempt_made(run, task, now, false);
}

struct mono sweep_deadline(const struct sweep_run *run)
{
	struct mono latest = run->plan.start;
	int64_t tail = 2 * sweep_wait_ns(run); /* blocked for one wait, then waited for */

	if (run->plan.retry_count > 0)
		tail += run->plan.retries_ns[run->plan.retry_count - 1];
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct mono due = first_due(run, &run->tasks[i]);
		latest = due.ns > latest.ns ? due : latest;
	}
	return mono_after(latest, tail);
}

void sweep_abandon(struct sweep_run *run)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state == TASK_OVER)
			continue;
		for (size_t number = 1; number <= task->attempts; number++)
			attempt_of(run, task, number)->tainted = true;
		task_over(run, task, task->due);
	}
}

struct sweep_counts *sweep_counts(struct sweep_run *run)
{
	return &run->counts;
}

int64_t sweep_rtt_max(const struct sweep_run *run)
{
	return run->rtt_max_ns;
}

size_t sweep_owed(const struct sweep_run *run)
{
	return run->owed;
}

size_t sweep_over_count(const struct sweep_run *run)
{
	return run->plan.task_count - run->owed;
}
