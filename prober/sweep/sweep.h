#ifndef PROBER_SWEEP_SWEEP_H
#define PROBER_SWEEP_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "prober/packet/probe.h"
#include "prober/sweep/identity.h"
#include "prober/sweep/timer_queue.h"
#include "prober/sweep/way.h"
#include "store/observation.h"
#include "store/unsent.h"

/*
 * One sweep as it runs: which probe is due, what came of each, and when nothing
 * is owed any more. Pure: it is told the time, what was sent, what the capture
 * saw and what it lost, and it answers what to do next. The loop, the player of
 * tests/scenario/ and unit tests drive the same functions.
 *
 * A task is one target and one kind of probe. It is probed at its slot, again
 * after each retry delay while it stays silent, and it is over when a reply or
 * an error has come, or when the last probe's wait has passed.
 *
 * Silence is earned by a probe that was seen leaving, whose whole window passed
 * without a capture drop, on a line that was proven. Everything else that did
 * not answer is unsent.
 */
struct sweep_task {
	struct ip4 target;
	enum method method;
	uint16_t port;
	uint8_t ttl; /* 0: PROBE_TTL; less makes it a path probe, told as a hop */
	enum role role;
	bool listed;       /* write a row even when it is silent */
	bool retried;      /* may be asked again when silent */
	bool unasked;      /* may not be asked: never given out, told as unsent */
	struct way way;    /* from where and by which interface; its error says why there is none */
	int64_t slot_ns;   /* when to probe it first, after the sweep's start */
};

enum { SWEEP_ATTEMPTS = 9 }; /* the first and eight retries */

struct sweep_plan {
	uint64_t sweep;
	enum tier tier;
	struct mono start;
	struct wall start_wall;
	int64_t interval_ns;
	const struct sweep_task *tasks; /* copied; one that repeats another is left out */
	size_t task_count;
	int64_t wait_ns;    /* 0: max(2 s, 3 x the largest RTT seen), 10 s at most */
	int64_t rtt_max_ns; /* largest seen so far, by sweeps before */
	int64_t retries_ns[SWEEP_ATTEMPTS - 1]; /* after the first probe left; ascending */
	size_t retry_count;
	uint16_t source_port;
	struct identity_key key;
};

struct sweep_counts {
	uint64_t planned;     /* tasks */
	uint64_t sent;        /* probes handed to the kernel */
	uint64_t left;        /* probes seen leaving */
	uint64_t retried;     /* of the sent: second and later attempts */
	uint64_t answered;    /* tasks with a reply, or an error from the address asked itself */
	uint64_t errors;      /* tasks with an ICMP error from the path and no reply */
	uint64_t silent;      /* tasks with earned silence */
	uint64_t unsent;      /* tasks that say nothing */
	uint64_t blocked;     /* sends that would have blocked */
	uint64_t refused;     /* probes that the target list or the blocklist keeps back */
	uint64_t held_back;   /* first probes, and those of paths, that a ceiling held back */
	uint64_t retries_held; /* second and later probes that a ceiling held back */
	uint64_t send_errors; /* probes that the kernel refused */
	uint64_t dropped;     /* frames the capture lost */
	uint64_t duplicate;
	uint64_t late;
	uint64_t wrong_source;
	uint64_t wrong_identity;
	uint64_t bad_checksum;
	uint64_t truncated;
	uint64_t half_open;  /* tasks alive by the acknowledgement of an older identity */
	uint64_t doubtful;   /* of the unsent: their address spoke, but of no probe of ours */
	uint64_t own_errors; /* ICMP errors from our own kernel */
	uint64_t rtt_absurd; /* stamps that a clock step made useless */
	uint64_t path;       /* TTL-limited probes planned; none of the above but sent and left */
	uint64_t boxed;      /* of the answered: by a box that answers for a whole block */
	uint64_t missed;     /* scheduled sweeps before this one that never began */
	uint64_t unsent_by[UNSENT_COUNT]; /* of `unsent`, each by its reason */
};

struct sweep_run;

struct sweep_run *sweep_create(const struct sweep_plan *plan);
void sweep_destroy(struct sweep_run *run); /* NULL is fine */

enum sweep_step { SWEEP_SEND, SWEEP_WAIT, SWEEP_DONE };

struct sweep_action {
	enum sweep_step step;
	struct mono until;  /* SWEEP_WAIT: nothing to do before then */
	struct probe probe; /* SWEEP_SEND: send this, then call sweep_sent */
	int no_way;         /* ... and where it has no source: why, a negative errno */
	uint8_t attempt;    /* SWEEP_SEND: which it is, from 1 */
};

/*
 * What to do at `now`. The caller has handed in every frame that the capture
 * held at `now`; otherwise a reply in the queue would come too late. Without
 * may_send a due probe is SWEEP_WAIT until a time that is past. After SWEEP_SEND
 * the next call must be sweep_sent.
 */
struct sweep_action sweep_next(struct sweep_run *run, struct mono now, bool may_send);

/*
 * Since when the line lets nothing through; MONO_NEVER: it does. Said before
 * sweep_next: probes whose whole wait was blocked are given up without a try.
 */
void sweep_blocked(struct sweep_run *run, struct mono since);

/* What became of the probe that sweep_next gave. */
enum sweep_send {
	SWEEP_SENT,    /* with the kernel */
	SWEEP_BLOCKED, /* would block: it is given out again, until its wait is over */
	SWEEP_REFUSED, /* a ceiling or the target list held it back */
	SWEEP_FAILED,  /* the kernel would not have it */
};
/* `why` is told of what was refused or failed. */
void sweep_sent(
	struct sweep_run *run, struct mono now, enum sweep_send result, enum unsent why);

/* What a captured packet was to this sweep. */
enum sweep_verdict {
	SWEEP_NOT_OURS,
	SWEEP_LEFT,      /* our own probe on its way out */
	SWEEP_ANSWERED,  /* a valid reply, the first for its task */
	SWEEP_HALF_OPEN, /* alive by an older identity */
	SWEEP_ERRORED,   /* a valid error, from the path or from the address asked itself */
	SWEEP_OWN_ERROR, /* our own kernel could not deliver it */
	SWEEP_REPEATED,  /* the first word on another attempt of a task that has an answer */
	SWEEP_DUPLICATE, /* said before, be it by the answer to another attempt */
	SWEEP_SEEN_TWICE, /* another sight of one packet: prober/active/twins.h */
	SWEEP_WRONG_SOURCE,
	SWEEP_WRONG_IDENTITY, /* from one of our targets, but no answer to our probes */
};

/* Not a word about our probes: another sweep may know better. */
static inline bool sweep_verdict_is_stray(enum sweep_verdict verdict)
{
	return verdict == SWEEP_NOT_OURS || verdict == SWEEP_WRONG_SOURCE ||
	       verdict == SWEEP_WRONG_IDENTITY;
}

/*
 * A packet that the capture saw. `older` says that it is a bare ACK and that the
 * caller knows its identity from another probe sent in the last 120 s: for TCP
 * that is life (prober/active/dispatch.h). A stray verdict changes nothing and counts nothing: several
 * sweeps may be open, so the caller asks them all first and counts once.
 */
enum sweep_verdict sweep_sighting(struct sweep_run *run, struct mono now, struct wall at,
	const struct sighting *sighting, bool older);

/*
 * Is this a word that proves the line? What changes nothing proves nothing: who has
 * recorded one genuine answer can play it again when the line is dead. So only the
 * first word on an attempt does, and life by an older identity where it was
 * not known yet.
 */
static inline bool sweep_verdict_is_news(enum sweep_verdict verdict)
{
	return verdict == SWEEP_ANSWERED || verdict == SWEEP_HALF_OPEN ||
	       verdict == SWEEP_ERRORED || verdict == SWEEP_REPEATED;
}

/*
 * Does this come from an address that the sweep asks, about a probe nobody here knows:
 * a bare ACK or a RST that acknowledges another SYN, an error about another probe? An
 * earlier run may have sent that; then it is life. It is no answer, but what it
 * comes from is not silent. What was asked, or NULL.
 */
const struct sweep_task *sweep_in_doubt(
	const struct sweep_run *run, const struct sighting *sighting);

/* Who is known to speak so: what they do not answer is unsent. Borrowed. */
struct doubts;
void sweep_mind_doubts(struct sweep_run *run, const struct doubts *doubts);

/*
 * Does this error prove the line? From the very address asked it does; else only from
 * a router that was named or learned: when our own provider's line goes, its
 * routers send unreachables too, and the silence behind them is ours.
 */
bool sweep_error_proves(const struct sweep_run *run, const struct sighting *sighting);

/* The capture lost `count` frames at some time in (since, now], or our own line
 * would not carry then (count 0): silence whose window this touches is not earned. */
void sweep_dropped(struct sweep_run *run, struct mono since, struct mono now, uint64_t count);

/* When the probe whose identity this reply carries was sent by this sweep; MONO_NEVER:
 * it was not. */
struct mono sweep_sent_at(struct sweep_run *run, const struct sighting *sighting);

/* Every SYN that went to the kernel, in no order. */
struct recent_syn;
void sweep_each_syn(const struct sweep_run *run,
	void (*each)(void *ctx, const struct recent_syn *syn), void *ctx);

/*
 * Are there other ways to those who are not over than this sweep thinks (none, when it
 * began)? Then they are sent by those from now on. True if our address is another one for
 * any of them, and *ret: replies to the old one reach nobody, and the caller says so by
 * sweep_dropped.
 */
bool sweep_follow_ways(struct sweep_run *run, struct way (*way)(void *ctx, struct ip4 target),
	void *ctx, struct ip4 *ret);

/*
 * Targets whose probe was seen leaving by another interface than its block's: a longer route,
 * or a rule, makes them an exception. Each is looked up by itself, once; those with a way of
 * their own are sent by it from now on and told, `room` at most. Returns how many.
 */
size_t sweep_strays(struct sweep_run *run, struct way (*way)(void *ctx, struct ip4 target),
	void *ctx, struct ip4 *ret, size_t room);

/* Counters the caller knows better: late, wrong_*, bad_checksum, truncated. */
struct sweep_counts *sweep_counts(struct sweep_run *run);

/*
 * Tasks in the order in which they were over, as far as that is known by now:
 * for those who must act before the sweep ends (burst). Silence told here may
 * still turn out not to be earned. Path probes are told too; ttl says so.
 */
size_t sweep_over_count(const struct sweep_run *run);
struct observation sweep_over(const struct sweep_run *run, size_t i, uint8_t *ret_ttl);

/* Another sweep heard from beyond our host: the line is proven for this one too. */
void sweep_proven(struct sweep_run *run, struct mono now);

/* Tasks that are not over. */
size_t sweep_owed(const struct sweep_run *run);

/* Tasks that have an answer so far. */
size_t sweep_alive(const struct sweep_run *run);

/* The most probes it may send, retries and all. */
size_t sweep_attempts_most(const struct sweep_run *run);

/* Largest RTT met, for the next sweep's wait. */
int64_t sweep_rtt_max(const struct sweep_run *run);

/* When it ends at the latest, if pace and ceilings do not hold it up. */
struct mono sweep_deadline(const struct sweep_run *run);

/*
 * Who is not allowed any more is asked no more, retries included. Who was not asked yet is
 * unsent; what is out may still be answered, and its silence may be earned. Not between
 * sweep_next and sweep_sent. Returns how many tasks are unsent for it.
 */
size_t sweep_withdraw(struct sweep_run *run, bool (*allowed)(const void *ctx, struct ip4 target),
	const void *ctx, struct mono now);

/* Give up what is still open: it becomes unsent. */
void sweep_abandon(struct sweep_run *run);

/*
 * The whole sweep as it goes into the store; call once, after SWEEP_DONE. The
 * caller has put into *info what it knows (vantage, epoch, methods, source,
 * clock, flags); the rest is filled in. ret->observations and ret->hops are owned by
 * the caller.
 */
void sweep_result(
	struct sweep_run *run, const struct sweep_info *info, struct wall end, struct sweep *ret);

#endif
