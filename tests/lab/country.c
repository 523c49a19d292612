/*
 * A country on a tun device: country [-i DEVICE] [-t TRUTH_DIRECTORY] SCENARIO
 *
 * Takes what the kernel routes into the device, answers as the scenario says,
 * and writes the truth it played. Prints "ready" once it answers. Ends at the
 * scenario's end, or on SIGTERM or SIGINT.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/mem.h"
#include "tests/lab/plan.h"
#include "tests/lab/scenario.h"
#include "tests/lab/truth.h"
#include "tests/lab/world.h"

/* Packets taken at one go, so that due answers are not kept waiting. */
enum { BATCH = 32, SCENARIO_MOST = 1 << 20 };

struct country {
	int tun, timer, signals;
	struct mono start;
	struct world world;
};

static int tun_open(const char *device)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &request) < 0) {
		int saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static int signals_open(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static char *file_read(const char *name)
{
	FILE *file = fopen(name, "re");
	char *text = mem_zeroed(1, SCENARIO_MOST);

	if (!file || (fread(text, 1, SCENARIO_MOST - 1, file), ferror(file))) {
		fprintf(stderr, "country: %s: %s\n", name, strerror(errno));
		exit(2);
	}
	fclose(file);
	return text;
}

static int64_t now_of(const struct country *c)
{
	return mono_since(clock_mono(), c->start);
}

static void take(struct country *c)
{
	uint8_t bytes[PACKET_SIZE];

	for (int i = 0; i < BATCH; i++) {
		ssize_t len = read(c->tun, bytes, sizeof(bytes));
		if (len <= 0)
			return;
		world_receive(&c->world, now_of(c), bytes, (size_t)len);
	}
}

static void give(struct country *c)
{
	while (pending_next(&c->world.pending) <= now_of(c)) {
		struct parcel parcel = pending_pop(&c->world.pending);
		if (write(c->tun, parcel.bytes, parcel.len) != (ssize_t)parcel.len)
			c->world.counters.not_written++;
		free(parcel.bytes);
	}
}

static void timer_set(const struct country *c, int64_t at)
{
	struct itimerspec spec = {0}; /* never */

	if (at != INT64_MAX) {
		int64_t ns = c->start.ns + at;
		spec.it_value = (struct timespec){ns / NS_PER_S, ns % NS_PER_S};
	}
	timerfd_settime(c->timer, TFD_TIMER_ABSTIME, &spec, NULL);
}

static void play(struct country *c)
{
	struct pollfd fds[] = {{c->tun, POLLIN, 0}, {c->timer, POLLIN, 0}, {c->signals, POLLIN, 0}};
	int64_t armed = -1;
	uint64_t ticks;

	for (;;) {
		world_turn(&c->world, now_of(c));
		give(c);
		if (c->world.over)
			return;
		int64_t next = world_next(&c->world);
		if (pending_next(&c->world.pending) < next)
			next = pending_next(&c->world.pending);
		if (next != armed)
			timer_set(c, next);
		armed = next;
		if (poll(fds, 3, -1) < 0 && errno != EINTR)
			return;
		if (fds[2].revents || fds[0].revents & (POLLERR | POLLNVAL))
			return; /* asked to end, or the device is gone */
		if (fds[1].revents && read(c->timer, &ticks, sizeof(ticks)) > 0)
			armed = -1;
		if (fds[0].revents)
			take(c);
	}
}

/* The far side is another machine in truth: it does not wait for what runs here,
 * where it is allowed not to. */
static void stand_apart(void)
{
	prctl(PR_SET_TIMERSLACK, 1UL);
	if (sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1}) < 0)
		(void)setpriority(PRIO_PROCESS, 0, -10);
}

static int run(const char *device, const char *truth, const struct scenario *s)
{
	struct plan plan;
	struct country c = {.tun = tun_open(device),
		.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
		.signals = signals_open()};

	if (c.tun < 0 || c.timer < 0 || c.signals < 0) {
		fprintf(stderr, "country: %s: %s\n", device, strerror(errno));
		return 2;
	}
	stand_apart();
	plan_make(s, &plan);
	world_init(&c.world, s, &plan);
	c.start = clock_mono();
	struct wall start = clock_wall();
	int r = truth ? truth_write(truth, s, &plan, start) : 0;
	if (r == 0) {
		puts("ready");
		fflush(stdout);
		play(&c);
		r = truth ? truth_write_counters(truth, &c.world.counters) : 0;
	}
	if (r < 0)
		fprintf(stderr, "country: %s: %s\n", truth, strerror(-r));
	world_finish(&c.world);
	plan_finish(&plan);
	close(c.tun);
	close(c.timer);
	close(c.signals);
	return r < 0 ? 2 : 0;
}

int main(int argc, char *argv[])
{
	const char *device = "tun0";
	const char *truth = NULL;
	struct scenario scenario;
	struct diag why;
	char line[600];
	int option;

	while ((option = getopt(argc, argv, "i:t:")) != -1) {
		if (option == 'i')
			device = optarg;
		else if (option == 't')
			truth = optarg;
		else
			return 2;
	}
	if (optind + 1 != argc) {
		fputs("usage: country [-i DEVICE] [-t TRUTH_DIRECTORY] SCENARIO\n", stderr);
		return 2;
	}
	char *text = file_read(argv[optind]);
	int r = scenario_read(argv[optind], text, &scenario, &why);
	free(text);
	if (r < 0) {
		fprintf(stderr, "country: %s\n", diag_format(&why, line, sizeof(line)));
		return 2;
	}
	r = run(device, truth, &scenario);
	scenario_finish(&scenario);
	return r;
}
