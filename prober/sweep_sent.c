/* What a running sweep has sent, and from which of our addresses it sends. */
#include "prober/recent.h"
#include "prober/sweep_state.h"

void sweep_each_syn(const struct sweep_run *run,
	void (*each)(void *ctx, const struct recent_syn *syn), void *ctx)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		for (size_t n = 1; n <= task->attempts && task->plan.method == METHOD_TCP; n++) {
			const struct attempt *attempt = attempt_of(run, task, n);
			const struct recent_syn syn = {
				.identity = attempt->identity,
				.source = task->plan.source,
				.sent_at = attempt->sent_at,
			};
			if (attempt->sent)
				each(ctx, &syn);
		}
	}
}

/* Who tells for all where we send from: the first still to be sent or answered that has a
 * source. There may be no way to those before it, now or ever. Where none has one, the
 * first; NULL: all are over. */
static struct task *first_open(const struct sweep_run *run)
{
	struct task *first = NULL;

	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state == TASK_OVER)
			continue;
		if (task->plan.source.host != 0)
			return task;
		if (!first)
			first = task;
	}
	return first;
}

bool sweep_follow_source(struct sweep_run *run,
	bool (*source)(void *ctx, struct ip4 target, struct ip4 *ret), void *ctx, struct ip4 *ret)
{
	const struct task *first = first_open(run);
	struct ip4 now_from;

	if (!first || !source(ctx, first->plan.target, &now_from) ||
		ip4_equal(now_from, first->plan.source))
		return false;
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state != TASK_OVER)
			source(ctx, task->plan.target, &task->plan.source);
	}
	*ret = now_from;
	return true;
}
