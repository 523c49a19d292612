/* What a running sweep has sent, and from which of our addresses it sends. */
#include "prober/sweep/recent.h"
#include "prober/sweep/state.h"

void sweep_each_syn(const struct sweep_run *run,
	void (*each)(void *ctx, const struct recent_syn *syn), void *ctx)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		for (size_t n = 1; n <= task->attempts && task->plan.method == METHOD_TCP; n++) {
			const struct attempt *attempt = attempt_of(run, task, n);
			const struct recent_syn syn = {
				.identity = attempt->identity,
				.source = task->plan.way.source,
				.sent_at = attempt->sent_at,
			};
			if (attempt->sent)
				each(ctx, &syn);
		}
	}
}

/* The ways in use: few, but for the errors of those to whom there is none. */
enum { WAYS_MOST = 16 };

struct way_in_use {
	struct way way;
	const struct task *first, *last; /* of those that are not over */
};

static size_t ways_in_use(const struct sweep_run *run, struct way_in_use used[WAYS_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < run->plan.task_count; i++) {
		const struct task *task = &run->tasks[i];
		size_t k = 0;
		if (task->state == TASK_OVER)
			continue;
		while (k < count && !way_equal(&used[k].way, &task->plan.way))
			k++;
		if (k < count)
			used[k].last = task;
		else if (count < WAYS_MOST)
			used[count++] = (struct way_in_use){task->plan.way, task, task};
	}
	return count;
}

/*
 * Is there a way in use that is not the kernel's any more? Of all that share it the first
 * and the last tell: one alone may be an exception within its block. There may be no way to
 * some, now or ever: that is no change.
 */
static bool ways_changed(
	const struct sweep_run *run, struct way (*way)(void *ctx, struct ip4 target), void *ctx)
{
	struct way_in_use used[WAYS_MOST];
	size_t count = ways_in_use(run, used);

	for (size_t k = 0; k < count; k++) {
		struct way now = way(ctx, used[k].first->plan.target);
		if (now.source.host == 0 || way_equal(&now, &used[k].way))
			continue;
		now = way(ctx, used[k].last->plan.target);
		if (now.source.host != 0 && !way_equal(&now, &used[k].way))
			return true;
	}
	return false;
}

bool sweep_follow_ways(struct sweep_run *run, struct way (*way)(void *ctx, struct ip4 target),
	void *ctx, struct ip4 *ret)
{
	bool moved = false;

	if (!ways_changed(run, way, ctx))
		return false;
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (task->state == TASK_OVER)
			continue;
		struct way now = way(ctx, task->plan.target);
		if (now.source.host == 0)
			continue;
		if (!moved && !ip4_equal(now.source, task->plan.way.source)) {
			*ret = now.source;
			moved = true;
		}
		task->plan.way = now;
	}
	return moved;
}

size_t sweep_strays(struct sweep_run *run, struct way (*way)(void *ctx, struct ip4 target),
	void *ctx, struct ip4 *ret, size_t room)
{
	size_t count = 0;

	for (size_t i = 0; i < run->plan.task_count && run->strays > 0 && count < room; i++) {
		struct task *task = &run->tasks[i];
		if (task->by_itself || !task->strayed)
			continue;
		struct way now = way(ctx, task->plan.target);
		task->by_itself = true;
		run->strays--;
		if (now.source.host == 0 || way_equal(&now, &task->plan.way))
			continue;
		if (task->state != TASK_OVER)
			task->plan.way = now;
		ret[count++] = task->plan.target;
	}
	return count;
}
