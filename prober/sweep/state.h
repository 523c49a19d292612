#ifndef PROBER_SWEEP_STATE_H
#define PROBER_SWEEP_STATE_H

#include "prober/sweep/sweep.h"

/*
 * The inside of a running sweep, shared by the files that make it up:
 * due.c (what is due), sent.c (what was sent), give_up.c (what is not asked any more), match.c
 * (what came), result.c (what it amounts to), task.c (what they all do to a task). Nobody else
 * includes this.
 */
struct attempt {
	uint32_t identity;
	bool sent;    /* handed to the kernel */
	bool left;    /* seen leaving */
	bool heard;   /* a word that proves the line was about it */
	bool elsewhere; /* seen leaving, but by another interface than its way */
	bool translated; /* seen leaving, but with another source or port */
	bool tainted; /* the capture lost frames in its window, or our kernel sent an error */
	uint8_t why;  /* enum unsent: why it is no word about its target, if that is known */
	struct mono sent_at;
	struct wall left_at;
};

enum task_state { TASK_WAITING, TASK_OPEN, TASK_OVER };

struct task {
	struct sweep_task plan;
	enum task_state state;
	uint8_t attempts;       /* made so far, in sweep_run.attempts */
	uint8_t given_up;       /* attempts that never reached the kernel */
	struct mono due;        /* of the attempt at hand */
	struct mono blocked_at; /* the attempt at hand was tried and blocked; MONO_NEVER */
	struct mono over_at;    /* when it became TASK_OVER */

	enum outcome outcome; /* of a reply or an error; OUTCOME_SILENT until then */
	uint8_t answered;     /* attempt, from 1; 0 where it cannot be known */
	int64_t rtt_ns;       /* -1 */
	bool half_open;
	bool strayed;   /* a probe of it was seen leaving elsewhere */
	bool by_itself; /* and its way was looked up again, by itself */
	struct sighting answer;
};

struct sweep_run {
	struct sweep_plan plan;
	struct task *tasks;       /* owned */
	struct attempt *attempts; /* owned; attempts_per_task for each task */
	size_t attempts_per_task;
	struct timer_queue timers;
	uint32_t *over;   /* owned; tasks in the order they were over */
	size_t owed;      /* tasks not over */
	size_t alive;     /* tasks that have an answer */
	size_t strays;    /* tasks that strayed and are not by themselves yet */
	size_t senders;   /* of those, the ones with an attempt to come */
	uint32_t current; /* task of the probe given out, between next and sent */
	int64_t rtt_max_ns;
	struct mono proven_at;     /* last word from beyond our host; start - 1 if none */
	int64_t proven_gap_ns;     /* the longest without one, between two */
	struct mono seen_at;       /* the latest `now` it was told */
	struct mono latest;        /* the last slot */
	struct mono last_wait;     /* the latest end of a wait, be it over or not */
	struct mono blocked_since; /* the line lets nothing through; MONO_NEVER */
	struct sweep_counts counts;
	const struct doubts *doubts; /* borrowed; NULL: none */

	uint32_t *buckets; /* owned; hash of identities: attempt index + 1, or 0 */
	size_t bucket_mask;
	uint32_t *asked; /* owned; hash of what is asked: task index + 1, or 0 */
	size_t asked_mask;
};

static inline struct attempt *attempt_of(
	const struct sweep_run *run, const struct task *task, size_t number)
{
	size_t index = (size_t)(task - run->tasks);

	return &run->attempts[index * run->attempts_per_task + number - 1];
}

/* An error from the very address asked is its own word, whatever its code. */
static inline bool task_is_own_word(const struct task *task, const struct sighting *s)
{
	return s->kind == SIGHTING_ERROR && ip4_equal(s->from, task->plan.target);
}

static inline bool task_is_alive(const struct task *task)
{
	return outcome_is_life(task->outcome) ||
	       (task->outcome != OUTCOME_SILENT && task_is_own_word(task, &task->answer));
}

/* Its silence is not earned. The first reason tells. */
static inline void attempt_taint(struct attempt *attempt, enum unsent why)
{
	attempt->tainted = true;
	if (attempt->why == UNSENT_NONE)
		attempt->why = (uint8_t)why;
}

/* How long a probe is waited for. */
int64_t sweep_wait_ns(const struct sweep_run *run);

/* Room for the plan's tasks and attempts. */
void match_init(struct sweep_run *run);
/* Make a task findable by what it asks: itself, or the one that asks the same already. */
struct task *match_add_task(struct sweep_run *run, struct task *task);
/* Make an attempt findable by its identity. */
void match_add(struct sweep_run *run, const struct task *task, size_t number);
void match_finish(struct sweep_run *run);

/* task.c. May another attempt be made of it? */
bool task_may_retry(const struct sweep_run *run, const struct task *task);

/* Open or not, it will send once more unless it is answered. */
bool task_sends(const struct sweep_run *run, const struct task *task);

/* Asked no more: it is over when the last probe's wait is. */
void task_wait(struct sweep_run *run, struct task *task);

/* A task that is open and is asked no more: over, or waited for a little longer. */
void task_end_wait(struct sweep_run *run, struct task *task, struct mono now);

void task_over(struct sweep_run *run, struct task *task, struct mono now);

#endif
