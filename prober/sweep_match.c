/* What a captured packet means to a running sweep. */
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep_state.h"

/* Stamps further apart than this are a clock step, not a round trip. */
#define RTT_ABSURD_NS (120 * NS_PER_S)

void match_init(struct sweep_run *run)
{
	size_t attempts = run->plan.task_count * run->attempts_per_task;
	size_t size = 64;

	while (size < 2 * attempts)
		size *= 2;
	run->buckets = mem_zeroed(size, sizeof(*run->buckets));
	run->bucket_mask = size - 1;
}

void match_finish(struct sweep_run *run)
{
	free(run->buckets);
}

/* Identities are SipHash already: their bits serve as they are. */
void match_add(struct sweep_run *run, const struct task *task, size_t number)
{
	const struct attempt *attempt = attempt_of(run, task, number);
	size_t i = attempt->identity & run->bucket_mask;

	while (run->buckets[i])
		i = (i + 1) & run->bucket_mask;
	run->buckets[i] = (uint32_t)(attempt - run->attempts) + 1;
}

struct found {
	struct task *task; /* NULL: no such identity */
	struct attempt *attempt;
	size_t number;
	bool misdirected; /* the identity is there, for another target or port */
};

/* The attempt of this identity at this target; two attempts may share an
 * identity by chance, so the target decides. */
static struct found find(struct sweep_run *run, uint32_t identity, enum method method,
	struct ip4 target, const struct sighting *s)
{
	struct found found = {0};

	for (size_t i = identity & run->bucket_mask; run->buckets[i];
		i = (i + 1) & run->bucket_mask) {
		size_t index = run->buckets[i] - 1;
		struct attempt *attempt = &run->attempts[index];
		struct task *task = &run->tasks[index / run->attempts_per_task];
		if (attempt->identity != identity || task->plan.method != method)
			continue;
		bool ports = method == METHOD_ICMP || (s->our_port == run->plan.source_port &&
							      s->their_port == task->plan.port);
		if (ip4_equal(task->plan.target, target) && ports)
			return (struct found){
				task, attempt, index % run->attempts_per_task + 1, false};
		found.misdirected = true;
	}
	return found;
}

/* The task that asks this address this way, or NULL. */
static struct task *task_asking(struct sweep_run *run, const struct sighting *s)
{
	for (size_t i = 0; i < run->plan.task_count; i++) {
		struct task *task = &run->tasks[i];
		if (ip4_equal(task->plan.target, s->from) && task->plan.method == s->method &&
			(s->method == METHOD_ICMP || task->plan.port == s->their_port))
			return task;
	}
	return NULL;
}

static void take_answer(struct sweep_run *run, struct task *task, struct mono now, struct wall at,
	const struct sighting *s)
{
	task->outcome = s->outcome;
	task->answered_at = at;
	task->answer = *s;
	if (task->state != TASK_OVER)
		task_over(run, task, now);
}

static int64_t rtt_of(struct sweep_run *run, const struct attempt *attempt, struct wall at)
{
	int64_t rtt = attempt->left ? wall_since(at, attempt->left_at) : -1;

	if (attempt->left && (rtt < 0 || rtt > RTT_ABSURD_NS)) {
		run->counts.rtt_absurd++;
		return -1;
	}
	return rtt;
}

static enum sweep_verdict on_probe(struct sweep_run *run, struct wall at, const struct sighting *s)
{
	struct found f = find(run, s->identity, s->method, s->to, s);

	if (!f.task || !ip4_equal(s->from, f.task->plan.source))
		return SWEEP_NOT_OURS;
	if (!f.attempt->left) { /* a bridge or loopback shows it more than once */
		f.attempt->left = true;
		f.attempt->left_at = at;
		run->counts.left++;
	}
	return SWEEP_LEFT;
}

static enum sweep_verdict on_half_open(
	struct sweep_run *run, struct mono now, struct wall at, const struct sighting *s)
{
	struct task *task = task_asking(run, s);

	if (!task || task->attempts == 0)
		return SWEEP_NOT_OURS;
	if (outcome_is_life(task->outcome))
		return SWEEP_DUPLICATE;
	task->half_open = true;
	task->answered = 0;
	run->proven_at = now;
	run->counts.half_open++;
	take_answer(run, task, now, at, s);
	return SWEEP_HALF_OPEN;
}

static enum sweep_verdict on_reply(struct sweep_run *run, struct mono now, struct wall at,
	const struct sighting *s, bool older)
{
	struct found f = {0};

	if (s->has_identity)
		f = find(run, s->identity, s->method, s->from, s);
	if (!f.task) {
		if (older)
			return s->method == METHOD_TCP ? on_half_open(run, now, at, s)
						       : SWEEP_NOT_OURS;
		if (f.misdirected)
			return SWEEP_WRONG_SOURCE;
		return task_asking(run, s) ? SWEEP_WRONG_IDENTITY : SWEEP_NOT_OURS;
	}
	if (!ip4_equal(s->from, f.task->plan.source))
		run->proven_at = now;
	if (outcome_is_life(f.task->outcome)) {
		run->counts.duplicate++;
		return SWEEP_DUPLICATE;
	}
	f.task->answered = (uint8_t)f.number;
	int64_t rtt = rtt_of(run, f.attempt, at);
	if (rtt > run->rtt_max_ns)
		run->rtt_max_ns = rtt;
	take_answer(run, f.task, now, at, s);
	return SWEEP_ANSWERED;
}

static enum sweep_verdict on_error(
	struct sweep_run *run, struct mono now, struct wall at, const struct sighting *s)
{
	struct found f = find(run, s->identity, s->method, s->quoted_to, s);

	if (!f.task || !ip4_equal(s->quoted_from, f.task->plan.source))
		return SWEEP_NOT_OURS;
	if (ip4_equal(s->from, f.task->plan.source)) {
		f.attempt->tainted = true;
		run->counts.own_errors++;
		return SWEEP_OWN_ERROR;
	}
	run->proven_at = now;
	if (f.task->outcome != OUTCOME_SILENT) {
		run->counts.duplicate++;
		return SWEEP_DUPLICATE;
	}
	f.task->answered = (uint8_t)f.number;
	take_answer(run, f.task, now, at, s);
	return SWEEP_ERRORED;
}

enum sweep_verdict sweep_sighting(struct sweep_run *run, struct mono now, struct wall at,
	const struct sighting *s, bool older)
{
	switch (s->kind) {
	case SIGHTING_PROBE:
		return on_probe(run, at, s);
	case SIGHTING_REPLY:
		return on_reply(run, now, at, s, older);
	case SIGHTING_ERROR:
		return on_error(run, now, at, s);
	case SIGHTING_NONE:
		break;
	}
	return SWEEP_NOT_OURS;
}
