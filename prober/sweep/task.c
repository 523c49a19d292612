#include "prober/sweep/state.h"

#include <assert.h>

/* The least wait by default, how many times the largest RTT, and the most: one
 * host that answers after a minute must not hold up every sweep to come. */
#define WAIT_LEAST_NS (2 * NS_PER_S)
#define WAIT_RTTS 3
#define WAIT_MOST_NS (10 * NS_PER_S)

int64_t sweep_wait_ns(const struct sweep_run *run)
{
	int64_t wait = WAIT_RTTS * run->rtt_max_ns;

	if (run->plan.wait_ns > 0)
		return run->plan.wait_ns;
	if (wait < WAIT_LEAST_NS)
		return WAIT_LEAST_NS;
	return wait < WAIT_MOST_NS ? wait : WAIT_MOST_NS;
}

bool task_may_retry(const struct sweep_run *run, const struct task *task)
{
	return task->plan.retried && task->attempts < run->attempts_per_task;
}

bool task_sends(const struct sweep_run *run, const struct task *task)
{
	return task->state == TASK_WAITING || task_may_retry(run, task);
}

void task_over(struct sweep_run *run, struct task *task, struct mono now)
{
	assert(task->state != TASK_OVER);
	run->senders -= task_sends(run, task);
	task->state = TASK_OVER;
	task->over_at = now;
	run->over[run->plan.task_count - run->owed--] = (uint32_t)(task - run->tasks);
}

/* The end of the last probe's wait; a probe that never reached the kernel has none. */
static struct mono wait_end(const struct sweep_run *run, const struct task *task)
{
	struct mono last = run->plan.start;

	for (size_t number = 1; number <= task->attempts; number++)
		if (attempt_of(run, task, number)->sent)
			last = attempt_of(run, task, number)->sent_at;
	return mono_after(last, sweep_wait_ns(run));
}

static void add_wait(struct sweep_run *run, struct task *task, struct mono end)
{
	if (run->last_wait.ns < end.ns)
		run->last_wait = end;
	timer_queue_add(&run->timers, end, (uint32_t)(task - run->tasks));
}

void task_wait(struct sweep_run *run, struct task *task)
{
	task->due = wait_end(run, task);
	add_wait(run, task, task->due);
}

void task_end_wait(struct sweep_run *run, struct task *task, struct mono now)
{
	struct mono end = wait_end(run, task);

	if (end.ns > now.ns) /* a larger RTT was met meanwhile */
		add_wait(run, task, end);
	else
		task_over(run, task, now);
}

void sweep_proven(struct sweep_run *run, struct mono now)
{
	if (run->proven_at.ns >= now.ns)
		return;
	int64_t gap = mono_since(now, run->proven_at);
	if (run->proven_gap_ns < gap)
		run->proven_gap_ns = gap;
	run->proven_at = now;
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

size_t sweep_alive(const struct sweep_run *run)
{
	return run->alive;
}

size_t sweep_over_count(const struct sweep_run *run)
{
	return run->plan.task_count - run->owed;
}

size_t sweep_attempts_most(const struct sweep_run *run)
{
	return run->plan.task_count * run->attempts_per_task;
}
