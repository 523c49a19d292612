/* What a sweep is not to ask any more. */
#include "prober/sweep/state.h"

void sweep_abandon(struct sweep_run *run)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state == TASK_OVER)
			continue;
		for (size_t number = 1; number <= task->attempts; number++)
			attempt_taint(attempt_of(run, task, number), UNSENT_STOPPED);
		task_over(run, task, task->due);
	}
}

/* It is asked no more. What is out already may still be answered. */
static bool withdraw(struct sweep_run *run, struct task *task, struct mono now)
{
	if (task->attempts > task->given_up) {
		run->senders -= task_sends(run, task);
		task->plan.retried = false;
		task_wait(run, task);
		return false;
	}
	task->plan.unasked = true;
	run->counts.refused++;
	task_over(run, task, now);
	return true;
}

size_t sweep_withdraw(struct sweep_run *run, bool (*allowed)(const void *ctx, struct ip4 target),
	const void *ctx, struct mono now)
{
	size_t count = 0;

	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state != TASK_OVER && !allowed(ctx, task->plan.target))
			count += withdraw(run, task, now);
	}
	return count;
}
