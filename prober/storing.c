#include "prober/storing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/mem.h"
#include "prober/thread.h"

/* A lock is waited for in the thread, briefly: an end must not wait for it long. */
enum { LOCK_PATIENCE_MS = 100 };
#define LAST_AGAIN_NS (50 * NS_PER_MS) /* between tries at the end */

struct queue {
	struct storing_parcel *first, *last;
	size_t count, bytes;
};

struct storing {
	struct store *store;
	struct storing_bounds bounds;
	pthread_t thread;
	struct mono held_at; /* when it was seen that the store takes none; the loop's */
	bool seen_held, ended;

	pthread_mutex_t mutex; /* for all below */
	pthread_cond_t work, news;
	struct queue waiting, done;
	struct target_row *targets; /* that wait; NULL: none do */
	size_t target_count;
	bool busy;    /* the thread is in the store, with the first that waits */
	bool held;    /* the last try failed: wait for a word */
	bool closing; /* the last chance: go on at once */
	bool stop;    /* leave */
	bool gone;    /* the thread has left */
	int err;
	int64_t log_bytes;
	struct diag why;
};

static size_t parcel_size(const struct storing_parcel *parcel)
{
	const struct sweep *s = &parcel->sweep;

	return sizeof(*parcel) + s->observation_count * sizeof(*s->observations) +
	       s->hop_count * sizeof(*s->hops) + s->boot_count * sizeof(*s->boots);
}

static void push(struct queue *queue, struct storing_parcel *parcel)
{
	parcel->next = NULL;
	if (queue->last)
		queue->last->next = parcel;
	else
		queue->first = parcel;
	queue->last = parcel;
	queue->count++;
	queue->bytes += parcel_size(parcel);
}

/* Take out the one after `before`; NULL: the first. */
static struct storing_parcel *take_after(struct queue *queue, struct storing_parcel *before)
{
	struct storing_parcel *parcel = before ? before->next : queue->first;

	if (!parcel)
		return NULL;
	if (before)
		before->next = parcel->next;
	else
		queue->first = parcel->next;
	if (queue->last == parcel)
		queue->last = before;
	queue->count--;
	queue->bytes -= parcel_size(parcel);
	return parcel;
}

void storing_parcel_free(struct storing_parcel *parcel)
{
	if (!parcel)
		return;
	free(parcel->sweep.observations);
	free(parcel->sweep.hops);
	free(parcel->sweep.boots);
	free(parcel->why);
	free(parcel);
}

/* --- the thread --- */

/* The store has nothing against more sweeps; it is this one. */
static bool refused_alone(int r)
{
	return r == -EINVAL || r == -E2BIG || r == -EEXIST;
}

static void note(struct storing *s, int r, const struct diag *why)
{
	s->err = r < 0 ? r : 0;
	s->held = r < 0;
	if (r < 0)
		s->why = *why;
}

/* Called with the mutex held, which it gives away while it is in the store. */
static void store_targets_that_wait(struct storing *s)
{
	struct target_row *rows = s->targets;
	size_t count = s->target_count;
	struct diag why = {0};

	s->targets = NULL;
	s->busy = true;
	pthread_mutex_unlock(&s->mutex);
	int r = store_put_targets(s->store, rows, count, &why);
	pthread_mutex_lock(&s->mutex);
	s->busy = false;
	note(s, r, &why);
	if (r < 0 && !s->targets) { /* no later list has come */
		s->targets = rows;
		s->target_count = count;
		return;
	}
	free(rows);
}

static void store_the_first(struct storing *s)
{
	struct storing_parcel *parcel = s->waiting.first;
	struct diag why = {0};

	s->busy = true;
	pthread_mutex_unlock(&s->mutex);
	int r = store_append(s->store, &parcel->sweep, &why);
	int64_t log_bytes = store_log_bytes(s->store);
	pthread_mutex_lock(&s->mutex);
	s->log_bytes = log_bytes;
	s->busy = false;
	bool alone = refused_alone(r);
	note(s, alone ? 0 : r, &why);
	if (r < 0 && !alone)
		return;
	parcel->result = r < 0 ? r : 0;
	if (alone)
		parcel->why = mem_text(why.text);
	push(&s->done, take_after(&s->waiting, NULL));
}

static void *work(void *ctx)
{
	struct storing *s = ctx;

	pthread_mutex_lock(&s->mutex);
	while (!s->stop) {
		bool some = s->targets || s->waiting.first;
		if (s->held || !some) {
			pthread_cond_signal(&s->news);
			pthread_cond_wait(&s->work, &s->mutex);
		} else if (s->targets) {
			store_targets_that_wait(s);
		} else {
			store_the_first(s);
		}
	}
	s->gone = true;
	pthread_cond_signal(&s->news);
	pthread_mutex_unlock(&s->mutex);
	return NULL;
}

/* --- the loop's side --- */

int storing_begin(struct store *store, const struct storing_bounds *bounds, struct diag *why,
	struct storing **ret)
{
	struct storing *s = mem_zeroed(1, sizeof(*s));

	s->store = store;
	s->bounds = *bounds;
	store_set_patience(store, LOCK_PATIENCE_MS);
	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->work, NULL);
	thread_cond_init(&s->news);
	int r = thread_start(&s->thread, work, s);
	if (r < 0) {
		diag_set(why, "cannot start the thread that stores: %s", strerror(-r));
		s->ended = s->gone = true;
		storing_destroy(s);
		return r;
	}
	*ret = s;
	return 0;
}

static void *shrunk(void *array, size_t count, size_t size)
{
	void *smaller = array && count ? reallocarray(array, count, size) : NULL;

	return smaller ? smaller : array;
}

void storing_put(struct storing *s, const struct sweep *sweep, const struct sweep_counts *counts)
{
	struct storing_parcel *parcel = mem_zeroed(1, sizeof(*parcel));
	struct sweep *own = &parcel->sweep;

	*own = *sweep;
	own->observations =
		shrunk(own->observations, own->observation_count, sizeof(*own->observations));
	own->hops = shrunk(own->hops, own->hop_count, sizeof(*own->hops));
	parcel->counts = *counts;
	pthread_mutex_lock(&s->mutex);
	push(&s->waiting, parcel);
	/* The first may be in the thread's hands, the last has just come. */
	while (s->waiting.count > (s->busy ? 2 : 1) &&
		(s->waiting.count > s->bounds.sweeps || s->waiting.bytes > s->bounds.bytes)) {
		struct storing_parcel *lost =
			take_after(&s->waiting, s->busy ? s->waiting.first : NULL);
		lost->result = -ENOBUFS;
		push(&s->done, lost);
	}
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->mutex);
}

void storing_put_targets(struct storing *s, const struct target_row *rows, size_t count)
{
	struct target_row *copy = mem_copy(rows, count * sizeof(*rows));

	pthread_mutex_lock(&s->mutex);
	free(s->targets);
	s->targets = copy;
	s->target_count = count;
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->mutex);
}

struct storing_state storing_look(struct storing *s, struct mono now)
{
	pthread_mutex_lock(&s->mutex);
	struct storing_state state = {
		.err = s->err,
		.sweep = s->waiting.first ? s->waiting.first->sweep.info.sweep : 0,
		.waiting = s->waiting.count,
		.bytes = s->waiting.bytes,
		.log_bytes = s->log_bytes,
	};
	if (s->err)
		state.why = s->why;
	if (s->held && !s->seen_held) {
		s->held_at = now;
	} else if (s->held && mono_since(now, s->held_at) >= STORING_AGAIN_NS) {
		s->held = false;
		pthread_cond_signal(&s->work);
	}
	s->seen_held = s->held;
	pthread_mutex_unlock(&s->mutex);
	return state;
}

struct storing_parcel *storing_take(struct storing *s)
{
	pthread_mutex_lock(&s->mutex);
	struct storing_parcel *parcel = take_after(&s->done, NULL);
	pthread_mutex_unlock(&s->mutex);
	return parcel;
}

/* --- the end --- */

static void pause_unlocked(struct storing *s)
{
	const struct timespec pause = {0, LAST_AGAIN_NS};

	pthread_mutex_unlock(&s->mutex);
	nanosleep(&pause, NULL);
	pthread_mutex_lock(&s->mutex);
}

/* Until all is stored or nothing more will be. With the mutex held. */
static void try_to_the_end(struct storing *s, struct mono deadline)
{
	bool first = true;

	while (s->busy || s->targets || s->waiting.first) {
		int64_t left = mono_since(deadline, clock_mono());
		if (left <= 0 || (s->held && !first && s->err != -EBUSY))
			return;
		if (s->held) {
			if (!first)
				pause_unlocked(s);
			first = false;
			s->held = false;
			pthread_cond_signal(&s->work);
		}
		struct timespec until = thread_later(left);
		pthread_cond_timedwait(&s->news, &s->mutex, &until);
	}
}

bool storing_end(struct storing *s, int64_t patience_ns)
{
	if (s->ended)
		return true;
	struct mono deadline = mono_after(clock_mono(), patience_ns);
	struct timespec grace = thread_later(patience_ns + NS_PER_S / 2);
	int r = 0;

	pthread_mutex_lock(&s->mutex);
	try_to_the_end(s, deadline);
	s->stop = true;
	pthread_cond_signal(&s->work);
	while (!s->gone && r == 0)
		r = pthread_cond_timedwait(&s->news, &s->mutex, &grace);
	bool gone = s->gone;
	struct storing_parcel *kept = gone ? NULL : s->waiting.first; /* the thread's */
	while (s->waiting.count > (kept ? 1 : 0)) {
		struct storing_parcel *lost = take_after(&s->waiting, kept);
		lost->result = s->err ? s->err : -ETIMEDOUT;
		push(&s->done, lost);
	}
	pthread_mutex_unlock(&s->mutex);
	if (gone)
		pthread_join(s->thread, NULL);
	s->ended = gone;
	return gone;
}

void storing_destroy(struct storing *s)
{
	struct storing_parcel *parcel;

	if (!s || !s->ended) /* what a thread may still look at stays */
		return;
	while ((parcel = storing_take(s)))
		storing_parcel_free(parcel);
	pthread_cond_destroy(&s->news);
	pthread_cond_destroy(&s->work);
	pthread_mutex_destroy(&s->mutex);
	free(s->targets);
	free(s);
}
