/* What a running sweep has sent, and from which of our addresses it sends. */
#include "prober/sweep_state.h"

void sweep_each_syn(const struct sweep_run *run,
	void (*each)(void *ctx, uint32_t identity, struct mono sent_at), void *ctx)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		for (size_t n = 1; n <= task->attempts && task->plan.method == METHOD_TCP; n++) {
			const struct attempt *attempt = attempt_of(run, task, n);
			if (attempt->sent)
				each(ctx, attempt->identity, attempt->sent_at);
		}
	}
}

static bool any_sent(const struct sweep_run *run, const struct task *task)
{
	for (size_t n = 1; n <= task->attempts; n++)
		if (attempt_of(run, task, n)->sent)
			return true;
	return false;
}

bool sweep_find_sources(struct sweep_run *run,
	bool (*source)(void *ctx, struct ip4 target, struct ip4 *ret), void *ctx,
	struct ip4 *ret_first)
{
	bool found = false;

	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->plan.source.host || task->state == TASK_OVER || any_sent(run, task))
			continue;
		if (!source(ctx, task->plan.target, &task->plan.source)) {
			if (!found)
				return false; /* nor will there be a way to the others */
			continue;
		}
		if (!found)
			*ret_first = task->plan.source;
		found = true;
	}
	return found;
}
