#include "prober/thread.h"

#include <signal.h>

#include "core/clock.h"

enum { STACK_SIZE = 1 << 20 }; /* of addresses; little of it is touched */

int thread_start(pthread_t *ret, void *(*work)(void *ctx), void *ctx)
{
	pthread_attr_t attr;
	sigset_t all;
	sigset_t before;

	sigfillset(&all);
	sigdelset(&all, SIGSYS);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int r = pthread_create(ret, &attr, work, ctx);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return -r;
}

void thread_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct timespec thread_later(int64_t ns)
{
	struct mono at = mono_after(clock_mono(), ns);

	return (struct timespec){at.ns / NS_PER_S, at.ns % NS_PER_S};
}
