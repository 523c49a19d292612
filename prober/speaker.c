#include "prober/speaker.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "prober/thread.h"

static struct {
	pthread_t thread;
	bool begun;

	pthread_mutex_t mutex; /* for all below */
	pthread_cond_t work, news;
	size_t first, len; /* of the ring: what waits to be written */
	uint64_t dropped;
	bool stop, gone;
	char ring[SPEAKER_ROOM];
} speaker = {.mutex = PTHREAD_MUTEX_INITIALIZER, .work = PTHREAD_COND_INITIALIZER};

/* --- the thread --- */

/* A descriptor that others made non-blocking is waited for here. */
static void write_all(const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, bytes, len);
		if (n < 0 && errno == EAGAIN) {
			struct pollfd ready = {STDERR_FILENO, POLLOUT, 0};
			poll(&ready, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return; /* nobody is there any more */
		} else if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
}

/* One stretch of the ring. Its bytes stay ours until first and len say otherwise. */
static void write_some(void)
{
	size_t len = speaker.len;

	if (len > SPEAKER_ROOM - speaker.first)
		len = SPEAKER_ROOM - speaker.first;
	const char *bytes = speaker.ring + speaker.first;
	pthread_mutex_unlock(&speaker.mutex);
	write_all(bytes, len);
	pthread_mutex_lock(&speaker.mutex);
	speaker.first = (speaker.first + len) % SPEAKER_ROOM;
	speaker.len -= len;
}

static void *work(void *ctx)
{
	(void)ctx;
	pthread_mutex_lock(&speaker.mutex);
	while (speaker.len > 0 || !speaker.stop) {
		if (speaker.len > 0)
			write_some();
		else
			pthread_cond_wait(&speaker.work, &speaker.mutex);
	}
	speaker.gone = true;
	pthread_cond_signal(&speaker.news);
	pthread_mutex_unlock(&speaker.mutex);
	return NULL;
}

/* --- who speaks --- */

static void put(const char *text)
{
	size_t len = strlen(text);

	pthread_mutex_lock(&speaker.mutex);
	if (len > SPEAKER_ROOM - speaker.len) {
		speaker.dropped++;
		pthread_mutex_unlock(&speaker.mutex);
		return;
	}
	size_t at = (speaker.first + speaker.len) % SPEAKER_ROOM;
	size_t part = len < SPEAKER_ROOM - at ? len : SPEAKER_ROOM - at;
	memcpy(speaker.ring + at, text, part);
	memcpy(speaker.ring, text + part, len - part);
	speaker.len += len;
	pthread_cond_signal(&speaker.work);
	pthread_mutex_unlock(&speaker.mutex);
}

static void put_nowhere(const char *text)
{
	(void)text;
}

int speaker_begin(struct diag *why)
{
	thread_cond_init(&speaker.news);
	int r = thread_start(&speaker.thread, work, NULL);
	if (r < 0) {
		diag_set(why, "cannot start the thread that writes the log: %s", strerror(-r));
		return r;
	}
	speaker.begun = true;
	log_divert(put);
	return 0;
}

uint64_t speaker_dropped(void)
{
	uint64_t dropped = 0;

	pthread_mutex_lock(&speaker.mutex);
	if (speaker.len < SPEAKER_ROOM / 2) {
		dropped = speaker.dropped;
		speaker.dropped = 0;
	}
	pthread_mutex_unlock(&speaker.mutex);
	return dropped;
}

bool speaker_end(int64_t patience_ns)
{
	struct timespec until = thread_later(patience_ns);
	int r = 0;

	if (!speaker.begun)
		return true;
	pthread_mutex_lock(&speaker.mutex);
	speaker.stop = true;
	pthread_cond_signal(&speaker.work);
	while (!speaker.gone && r == 0)
		r = pthread_cond_timedwait(&speaker.news, &speaker.mutex, &until);
	bool gone = speaker.gone;
	pthread_mutex_unlock(&speaker.mutex);
	log_divert(gone ? NULL : put_nowhere);
	if (gone)
		pthread_join(speaker.thread, NULL);
	speaker.begun = !gone;
	return gone;
}
