#include "commands/stop.h"

#include <signal.h>
#include <stddef.h>

#include "store/store.h"

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

void stop_on_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], NULL, &before);
		if (before.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
	store_stop_by(&stopped);
}

bool stop_asked(void)
{
	return stopped != 0;
}
