/*
 * lightsout-prober: the half with CAP_NET_RAW. Opens its sockets, gives up
 * everything else, and only then reads what the user gave it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/prctl.h>

#include "core/log.h"
#include "core/process_limits.h"
#include "core/settings.h"
#include "prober/dryrun.h"
#include "prober/io/confine.h"
#include "prober/io/confine_calls.h"
#include "prober/loop.h"
#include "prober/request.h"
#include "prober/schedule/schedule.h"
#include "prober/schedule/series.h"
#include "prober/speaker.h"
#include "prober/step_down.h"

/* Sockets, store, loop, lists: 20 at most. */
enum { DESCRIPTORS = 32 };

enum { EXIT_DONE = 0, EXIT_STOPPED = 0, EXIT_BROKEN = 2 };

#define SPEAKER_PATIENCE_NS (2 * NS_PER_S)

/* Standard error takes nothing any more: who says something there waits for ever. */
static bool mute;

/* What main opened before it knew what it was for. */
struct descriptors {
	struct transmit *transmit;
	struct capture *capture;
	uint32_t fwmark; /* that what we send has */
	struct diag why; /* of what could not be opened */
	int result;
};

static int complain(const struct request *request, const struct diag *why)
{
	char text[640];

	diag_format(why, text, sizeof(text));
	if (mute)
		return EXIT_BROKEN;
	if (request->style == REPORT_JSON)
		log_error("lightsout: %s", text);
	else
		fprintf(stderr, "lightsout: %s\n", text);
	return EXIT_BROKEN;
}

/* A socket takes it only while we have the capability. */
static int mark(struct descriptors *descriptors)
{
	int r = descriptors->fwmark ? transmit_set_mark(descriptors->transmit, descriptors->fwmark)
				    : 0;

	if (r == -EPERM)
		diag_set(&descriptors->why,
			"fwmark: before Linux 5.17 this needs CAP_NET_ADMIN as well: setcap "
			"cap_net_raw,cap_net_admin=ep lightsout-prober");
	else if (r < 0)
		diag_set(&descriptors->why, "fwmark: %s", strerror(-r));
	return r;
}

static void open_descriptors(struct descriptors *descriptors, int argc, char **argv)
{
	struct settings defaults;
	struct diag why = {0};

	settings_init(&defaults);
	descriptors->fwmark = request_fwmark(argc, argv);
	descriptors->result = confine_check(&descriptors->why);
	if (descriptors->result == 0)
		descriptors->result = transmit_open(&descriptors->why, &descriptors->transmit);
	if (descriptors->result == 0)
		descriptors->result = mark(descriptors);
	if (descriptors->result == 0)
		descriptors->result = capture_open(
			defaults.source_port, &descriptors->why, &descriptors->capture);
	settings_finish(&defaults);
	int r = confine_drop(&why);
	if (r < 0 && descriptors->result == 0) {
		descriptors->result = r;
		descriptors->why = why;
	}
}

static int open_store(struct request *request, struct store **ret, struct diag *why)
{
	const struct settings *settings = &request->settings;

	struct store *store;
	int r = store_open(settings->store, STORE_WRITE, why, &store);

	if (r < 0)
		return r;
	r = series_join(store, &request->targets, request->once, &request->partial, why);
	if (r < 0)
		store_close(store);
	else
		*ret = store;
	return r;
}

/* A watch is silent until its first sweep has ended: say when that begins. */
static void say_beginning(const struct request *request)
{
	const struct settings *settings = &request->settings;
	char first[CLOCK_TEXT_SIZE];
	char every[TEXT_DURATION_SIZE];

	struct told told[TOLD_MOST];
	size_t told_count = target_set_tell(&request->targets, told);

	for (size_t i = 0; i < told_count; i++)
		log_line(told[i].warning ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "%s", told[i].text);
	wall_format(schedule_align(clock_wall(), settings->full_interval_ns), first);
	text_format_duration(settings->full_interval_ns, every);
	log_info("watch: %zu address%s, the first full sweep at %s and one each %s",
		request->targets.address_count, request->targets.address_count == 1 ? "" : "es",
		first, every);
}

/* What will limit a watch, said before it begins. */
static void warn_beforehand(const struct request *request)
{
	double ceiling = request->settings.per_block_rate;
	double needs = summary_needs(&request->settings, &request->targets);

	if (request->targets.control_count == 0)
		log_warn("anchors: none are set; silence counts only while something answers");
	if (ceiling > 0 && needs > ceiling)
		log_warn("ceiling: per_block_rate %g is below the %.3g/s of the largest block; the "
			 "rest of each sweep is unsent",
			ceiling, needs);
}

/* The store is open, for writing and for what is learned from it, and we are nobody in
 * particular: who may not be let in to open it again. */
static int step_down(struct request *request, struct store **ret,
	struct store_reader **ret_history, struct diag *why)
{
	struct store_reader *history = NULL;
	struct store *store = NULL;
	struct step_down step;
	int r = step_down_begin(request, &step, why);

	if (r == 0)
		r = open_store(request, &store, why);
	if (r == 0 && !request->once)
		r = store_read(store, (struct wall){INT64_MAX}, why, &history);
	if (r == 0)
		r = step_down_end(request, &step, why);
	step_down_finish(&step);
	if (r < 0) {
		store_reader_close(history);
		store_close(store);
		return r;
	}
	*ret = store;
	*ret_history = history;
	return 0;
}

/* Sockets as the user wants them. */
static int set_descriptors(
	const struct settings *settings, const struct descriptors *descriptors, struct diag *why)
{
	int r = 0;

	transmit_set_contact(descriptors->transmit, settings->contact);
	if (settings->interface[0]) {
		r = transmit_bind_interface(descriptors->transmit, settings->interface);
		if (r < 0)
			diag_set(why, "interface %s: %s", settings->interface, strerror(-r));
	}
	if (r == 0) {
		r = capture_set_port(descriptors->capture, settings->source_port);
		if (r < 0)
			diag_set(why, "the capture takes no other port: %s", strerror(-r));
	}
	return r;
}

static int measure(struct request *request, const struct descriptors *descriptors,
	struct store *store, struct store_reader **history, struct storing *storing,
	struct diag *why)
{
	struct notify notify;
	const struct loop_config config = {
		.request = request,
		.settings = &request->settings,
		.targets = &request->targets,
		.transmit = descriptors->transmit,
		.capture = descriptors->capture,
		.store = store,
		.history = history,
		.storing = storing,
		.notify = &notify,
		.once = request->once,
		.partial = request->partial,
		.style = request->style,
	};

	if (!request->once) {
		log_set_times(true);
		warn_beforehand(request);
		say_beginning(request);
	}
	notify_open(&notify);
	int r = loop_run(&config, why);
	notify_close(&notify);
	return r;
}

static int probe(struct request *request, const struct descriptors *descriptors, struct diag *why)
{
	struct storing *storing = NULL;
	struct store_reader *history;
	struct store *store;
	int r = step_down(request, &store, &history, why);

	if (r < 0)
		return r;
	if (request->once)
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* a check that is killed takes us along */
	r = set_descriptors(&request->settings, descriptors, why);
	/* Threads first: none can be made behind the filter, which binds them too. */
	if (r == 0)
		r = storing_begin(store, &STORING_BOUNDS, why, &storing);
	if (r == 0)
		r = speaker_begin(why);
	if (r == 0)
		r = confine_calls(why);
	if (r == 0)
		r = measure(request, descriptors, store, &history, storing, why);
	store_reader_close(history);
	/* What a stuck disk still holds is let go by the end of the process. */
	if (!storing || storing_end(storing, 0)) {
		storing_destroy(storing);
		store_close(store);
	}
	if (!speaker_end(SPEAKER_PATIENCE_NS))
		mute = true;
	return r;
}

/* SIGHUP means to read again, and before the loop can do so it must not end us. For a single
 * sweep, or none, it is what it always was. */
static void hold_hangup(int how)
{
	sigset_t hangup;

	sigemptyset(&hangup);
	sigaddset(&hangup, SIGHUP);
	sigprocmask(how, &hangup, NULL);
}

static int serve(struct request *request, const struct descriptors *descriptors, int argc,
	char **argv, struct diag *why)
{
	int r = request_read(request, argc, argv, why);

	if (r <= 0)
		return r;
	if (request->once || request->dry_run || request->check_config || request->print_config)
		hold_hangup(SIG_UNBLOCK);
	if (request->print_config) {
		r = request_adopt(request, why);
		if (r < 0)
			return r;
		char *text = settings_print(&request->settings);
		fputs(text, stdout);
		free(text);
		if (fflush(stdout) != 0)
			return diag_set(why, "cannot print: %s", strerror(errno));
		return 0;
	}
	r = request_targets(request, why);
	if (r == 0)
		r = request_check(request, why);
	if (r == 0 && request->settings.fwmark != descriptors->fwmark)
		r = diag_set(why,
			"fwmark: %" PRIu32 " stands in the file only, expected the option --fwmark "
			"%" PRIu32 " as well: sockets take a mark only before a file is read",
			request->settings.fwmark, request->settings.fwmark);
	if (r < 0)
		return r;
	if (request->check_config || request->dry_run) {
		r = request->check_config
			    ? summary(&request->settings, &request->targets, stdout)
			    : dryrun(&request->settings, &request->targets, request->once, stdout);
		if (r < 0)
			diag_set(why, "cannot print: %s", strerror(-r));
		return r == -EPIPE ? 0 : r; /* who reads had enough */
	}
	if (descriptors->result < 0) {
		*why = descriptors->why;
		return descriptors->result;
	}
	return probe(request, descriptors, why);
}

/* Closed ones would become our sockets, and log lines go there. */
static void hold_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	struct descriptors descriptors = {0};
	struct request request;
	struct diag why = {0};

	hold_standard_streams();
	log_shield();
	mallopt(M_ARENA_MAX, 1); /* a thread that stores is no reason for a heap of its own */
	hold_hangup(SIG_BLOCK);
	int r = limits_begin(DESCRIPTORS, &why);
	if (r == 0)
		open_descriptors(&descriptors, argc, argv);
	signal(SIGPIPE, SIG_IGN); /* a reader that left is an errno like others */
	log_set_level(LOG_LEVEL_INFO);
	request_init(&request);
	if (r == 0)
		r = serve(&request, &descriptors, argc, argv, &why);
	int status = EXIT_DONE;
	if (r < 0)
		status = complain(&request, &why);
	else if (r > 0) /* a signal: expected of a watch, not of a single sweep */
		status = request.once ? EXIT_BROKEN : EXIT_STOPPED;
	request_finish(&request);
	/* All is told and stored. The kernel takes some 30 ms to close a capture:
	 * whoever waits for our output need not wait for that. */
	if (fclose(stdout) != 0 && errno != EPIPE && status == EXIT_DONE) {
		diag_set(&why, "cannot print: %s", strerror(errno));
		status = complain(&request, &why);
	}
	capture_close(descriptors.capture);
	transmit_close(descriptors.transmit);
	return status;
}
