#ifndef PROBER_THREAD_H
#define PROBER_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* What the threads beside the loop have in common. */

/*
 * Start a thread with a small stack. Signals are the loop's; only a refused
 * system call is told by the thread that made it. 0 or a negative errno.
 */
int thread_start(pthread_t *ret, void *(*work)(void *ctx), void *ctx);

/* A condition whose waits end by monotonic time, and such a time from now. */
void thread_cond_init(pthread_cond_t *cond);
struct timespec thread_later(int64_t ns);

#endif
