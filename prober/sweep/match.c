/* What a captured packet means to a running sweep. */
#include <stdlib.h>

#include "core/mem.h"
#include "prober/sweep/order.h"
#include "prober/sweep/recent.h"
#include "prober/sweep/state.h"

/* How much longer than our own clock says a round trip may seem. */
#define RTT_SLACK_NS (10 * NS_PER_MS)

void match_init(struct sweep_run *run)
{
	size_t attempts = run->plan.task_count * run->attempts_per_task;
	size_t size = 64;

	while (size < 2 * run->plan.task_count)
		size *= 2;
	run->asked = mem_zeroed(size, sizeof(*run->asked));
	run->asked_mask = size - 1;
	while (size < 2 * attempts)
		size *= 2;
	run->buckets = mem_zeroed(size, sizeof(*run->buckets));
	run->bucket_mask = size - 1;
}

void match_finish(struct sweep_run *run)
{
	free(run->buckets);
	free(run->asked);
}

/* Where in `asked` the task of this question is, or would be. */
static uint32_t *asked_at(const struct sweep_run *run, const struct sweep_task *question)
{
	uint64_t hash =
		order_mix((uint64_t)question->target.host << 32 | (uint64_t)question->port << 16 |
			  (uint64_t)question->ttl << 1 | (question->method == METHOD_TCP));

	for (size_t i = hash & run->asked_mask;; i = (i + 1) & run->asked_mask) {
		if (!run->asked[i])
			return &run->asked[i];
		const struct sweep_task *plan = &run->tasks[run->asked[i] - 1].plan;
		if (ip4_equal(plan->target, question->target) && plan->port == question->port &&
			plan->ttl == question->ttl && plan->method == question->method)
			return &run->asked[i];
	}
}

struct task *match_add_task(struct sweep_run *run, struct task *task)
{
	uint32_t *place = asked_at(run, &task->plan);

	if (!*place)
		*place = (uint32_t)(task - run->tasks) + 1;
	return &run->tasks[*place - 1];
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
		/* What our own kernel answers to an answer names our SYN too. */
		if (method == METHOD_TCP && s->kind != SIGHTING_PROBE &&
			s->our_port != run->plan.source_port)
			continue;
		bool ports = method == METHOD_ICMP || s->their_port == task->plan.port;
		bool here = s->kind != SIGHTING_REPLY || ip4_equal(s->to, task->plan.way.source);
		if (ip4_equal(task->plan.target, target) && ports && here)
			return (struct found){
				task, attempt, index % run->attempts_per_task + 1, false};
		found.misdirected = true;
	}
	return found;
}

static struct found find_answered(struct sweep_run *run, const struct sighting *s)
{
	struct found found = {0};

	if (s->has_identity)
		found = find(run, s->identity, s->method, s->from, s);
	if (found.task || !s->loose)
		return found;
	struct found other = find(run, s->identity + 1, s->method, s->from, s);
	other.misdirected |= found.misdirected;
	return other;
}

/* The task that asks this address what the packet is about, or NULL. */
static struct task *task_asking(
	const struct sweep_run *run, struct ip4 target, const struct sighting *s)
{
	bool tcp = s->method == METHOD_TCP;
	struct sweep_task question = {
		.target = target,
		.method = s->method,
		.port = tcp ? s->their_port : 0,
		.ttl = PROBE_TTL,
	};
	uint32_t place = *asked_at(run, &question);

	if (place == 0 || (tcp && s->our_port != run->plan.source_port))
		return NULL;
	return &run->tasks[place - 1];
}

/*
 * Both stamps are the kernel's wall clock, which may be stepped between them.
 * By the monotonic clock no reply is older than its probe: what says so is
 * discarded, as is what took less than nothing.
 */
static int64_t rtt_of(
	struct sweep_run *run, const struct attempt *attempt, struct mono now, struct wall at)
{
	if (!attempt->left)
		return -1;
	int64_t rtt = wall_since(at, attempt->left_at);
	int64_t most = mono_since(now, attempt->sent_at);
	if (rtt >= 0 && rtt <= most + RTT_SLACK_NS + most / 1000)
		return rtt;
	run->counts.rtt_absurd++;
	return -1;
}

static void take_answer(struct sweep_run *run, struct task *task, struct mono now, int64_t rtt_ns,
	const struct sighting *s)
{
	run->alive -= task_is_alive(task);
	task->outcome = s->outcome;
	run->alive += task_is_alive(task);
	task->rtt_ns = rtt_ns;
	task->answer = *s;
	if (task->state != TASK_OVER)
		task_over(run, task, now);
}

/* Seen on another interface than the one its source belongs to, and not yet on that: where
 * one interface sits on another, the upper comes first. The provider there drops it. */
static bool left_elsewhere(const struct task *task, const struct sighting *s)
{
	return s->interface != 0 && task->plan.way.interface != 0 &&
	       s->interface != task->plan.way.interface;
}

static enum sweep_verdict on_probe(struct sweep_run *run, struct wall at, const struct sighting *s)
{
	struct found f = find(run, s->identity, s->method, s->to, s);

	if (!f.task)
		return SWEEP_NOT_OURS;
	if (!ip4_equal(s->from, f.task->plan.way.source) ||
		(s->method == METHOD_TCP && s->our_port != run->plan.source_port)) {
		f.attempt->translated = true; /* our identity under another name: NAT */
		return SWEEP_NOT_OURS;
	}
	if (!f.attempt->left && left_elsewhere(f.task, s)) {
		if (!f.task->by_itself && !f.task->strayed)
			run->strays++;
		f.task->strayed = f.attempt->elsewhere = true;
		return SWEEP_LEFT;
	}
	if (!f.attempt->left) { /* a bridge or loopback shows it more than once */
		f.attempt->left = true;
		f.attempt->left_at = at;
		run->counts.left++;
	}
	return SWEEP_LEFT;
}

struct mono sweep_sent_at(struct sweep_run *run, const struct sighting *s)
{
	struct found f = {0};

	if (s->kind == SIGHTING_REPLY && s->has_identity)
		f = find(run, s->identity, s->method, s->from, s);
	return f.task && f.attempt->sent ? f.attempt->sent_at : MONO_NEVER;
}

/* Was its address asked not long ago? Nothing answers what was asked before that. */
static bool asked_of_late(const struct sweep_run *run, const struct task *task, struct mono now)
{
	for (size_t number = 1; number <= task->attempts; number++) {
		const struct attempt *attempt = attempt_of(run, task, number);
		if (attempt->sent && mono_since(now, attempt->sent_at) <= RECENT_NS)
			return true;
	}
	return false;
}

static enum sweep_verdict on_half_open(
	struct sweep_run *run, struct mono now, const struct sighting *s)
{
	struct task *task = task_asking(run, s->from, s);

	if (!task || !ip4_equal(s->to, task->plan.way.source) || !asked_of_late(run, task, now))
		return SWEEP_NOT_OURS;
	if (task_is_alive(task))
		return SWEEP_DUPLICATE;
	if (!ip4_equal(s->from, task->plan.way.source))
		sweep_proven(run, now);
	task->half_open = true;
	task->answered = 0;
	run->counts.half_open++;
	take_answer(run, task, now, -1, s);
	return SWEEP_HALF_OPEN;
}

const struct sweep_task *sweep_in_doubt(const struct sweep_run *run, const struct sighting *s)
{
	bool error = s->kind == SIGHTING_ERROR && ip4_equal(s->from, s->quoted_to);
	bool reply = s->kind == SIGHTING_REPLY && s->method == METHOD_TCP && s->has_identity &&
		     (s->bare_ack || s->outcome == OUTCOME_RST);
	const struct task *task = error || reply ? task_asking(run, s->from, s) : NULL;
	struct ip4 us = error ? s->quoted_from : s->to;

	if (!task || !ip4_equal(us, task->plan.way.source) || ip4_equal(s->from, us))
		return NULL;
	for (size_t number = 1; number <= task->attempts; number++)
		if (attempt_of(run, task, number)->sent)
			return &task->plan;
	return NULL;
}

/* The first word on this attempt? Anybody may have recorded it and say it again. */
static bool is_first(struct attempt *attempt)
{
	bool first = !attempt->heard;

	attempt->heard = true;
	return first;
}

static enum sweep_verdict on_reply(struct sweep_run *run, struct mono now, struct wall at,
	const struct sighting *s, bool older)
{
	struct found f = find_answered(run, s);

	if (!f.task) {
		if (older)
			return s->method == METHOD_TCP ? on_half_open(run, now, s) : SWEEP_NOT_OURS;
		if (f.misdirected)
			return SWEEP_WRONG_SOURCE;
		return task_asking(run, s->from, s) ? SWEEP_WRONG_IDENTITY : SWEEP_NOT_OURS;
	}
	bool known = outcome_is_life(f.task->outcome) && !f.task->half_open;
	bool news = is_first(f.attempt) || !known;
	if (news && !ip4_equal(s->from, f.task->plan.way.source))
		sweep_proven(run, now);
	if (known) {
		run->counts.duplicate++;
		return news ? SWEEP_REPEATED : SWEEP_DUPLICATE;
	}
	if (f.task->half_open) { /* its own answer after all */
		f.task->half_open = false;
		run->counts.half_open--;
	}
	f.task->answered = (uint8_t)f.number;
	int64_t rtt = rtt_of(run, f.attempt, now, at);
	if (rtt > run->rtt_max_ns)
		run->rtt_max_ns = rtt;
	take_answer(run, f.task, now, rtt, s);
	return SWEEP_ANSWERED;
}

bool sweep_error_proves(const struct sweep_run *run, const struct sighting *s)
{
	const struct sweep_task question = {
		.target = s->from, .method = METHOD_ICMP, .ttl = PROBE_TTL};
	uint32_t place = *asked_at(run, &question);

	if (ip4_equal(s->from, s->quoted_to) && !ip4_equal(s->from, s->to))
		return true;
	return s->outcome != OUTCOME_TTL_EXCEEDED && place != 0 &&
	       run->tasks[place - 1].plan.role != ROLE_TARGET;
}

/* What our own kernel says of a probe: a neighbour that does not answer is host unreachable
 * (RFC 1122, 3.3.2.2), a rule of ours that rejects it names itself. */
static enum unsent why_own(const struct sighting *s)
{
	if (s->icmp_type != 3)
		return UNSENT_OWN_ERROR;
	if (s->icmp_code == 1)
		return UNSENT_NEIGHBOUR;
	return s->icmp_code == 9 || s->icmp_code == 10 || s->icmp_code == 13 ? UNSENT_FIREWALL
									      : UNSENT_OWN_ERROR;
}

static enum sweep_verdict on_error(
	struct sweep_run *run, struct mono now, struct wall at, const struct sighting *s)
{
	struct found f = find(run, s->identity, s->method, s->quoted_to, s);

	if (!f.task)
		return task_asking(run, s->quoted_to, s) ? SWEEP_WRONG_IDENTITY : SWEEP_NOT_OURS;
	if (!ip4_equal(s->quoted_from, f.task->plan.way.source))
		return SWEEP_WRONG_IDENTITY;
	if (ip4_equal(s->from, f.task->plan.way.source) || ip4_equal(s->from, s->to)) {
		attempt_taint(f.attempt, why_own(s));
		run->counts.own_errors++;
		return SWEEP_OWN_ERROR;
	}
	bool news = sweep_error_proves(run, s) && is_first(f.attempt);
	if (news)
		sweep_proven(run, now);
	if (task_is_alive(f.task) ||
		(f.task->outcome != OUTCOME_SILENT && !task_is_own_word(f.task, s))) {
		run->counts.duplicate++;
		return news ? SWEEP_REPEATED : SWEEP_DUPLICATE;
	}
	f.task->answered = (uint8_t)f.number;
	take_answer(run, f.task, now, rtt_of(run, f.attempt, now, at), s);
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
