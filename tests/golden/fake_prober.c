/*
 * Stands in for lightsout-prober where there is no network: takes the same
 * arguments, and stores the sweep that the file named by FAKE_SWEEP describes.
 * Everything but the measuring is real.
 *
 *	methods icmp;tcp:80                  what was asked of each target
 *	flags capture_drop                   what the sweep says against itself
 *	counts left=3;duplicate=1            the prober's counters
 *	198.18.0.1 icmp echo_reply 50012     an observation, RTT in microseconds
 *	198.18.0.2 icmp unreachable - 3/1 203.0.113.1
 *	exit 2 cannot open a raw socket      say so and end, nothing is stored
 *	signal                               stop by SIGKILL
 *	nothing                              end well, but store nothing
 *	wait                                 until SIGTERM or SIGINT, then go on
 *
 * FAKE_ARGUMENTS names a file that gets the arguments, one a line.
 */
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/settings.h"
#include "store/store.h"

/* 2026-01-01T00:00:00Z */
static const struct wall start = {INT64_C(1767225600) * NS_PER_S};

static struct settings settings;
static struct sweep sweep;
static size_t capacity;
static bool store_nothing;

static void die(const char *what)
{
	fprintf(stderr, "fake_prober: %s\n", what);
	exit(9);
}

static void tell_arguments(int argc, char **argv)
{
	const char *name = getenv("FAKE_ARGUMENTS");
	FILE *out = name ? fopen(name, "we") : NULL;

	for (int i = 1; out && i < argc; i++)
		fprintf(out, "%s\n", argv[i]);
	if (out)
		fclose(out);
}

static void take_options(int argc, char **argv)
{
	static const struct option own[] = {
		{"once", no_argument, NULL, 1},
		{"dry-run", no_argument, NULL, 'n'},
		{"quiet", no_argument, NULL, 'q'},
		{"verbose", no_argument, NULL, 'v'},
		{"config", required_argument, NULL, 'C'},
		{"inputs", required_argument, NULL, 'i'},
		{NULL, 0, NULL, 0},
	};
	struct settings_options options;
	struct diag why = {.line = 0};
	int code;

	settings_init(&settings);
	settings_options_init(&options, "C:nqv", own);
	while ((code = getopt_long(argc, argv, options.shorts, options.longs, NULL)) != -1) {
		if (settings_option(&settings, code, optarg, &why) < 0)
			die(why.text);
		if (code == '?')
			exit(2);
		if (code == 'n') {
			puts("would send");
			exit(0);
		}
	}
	settings_options_finish(&options);
}

static void on_signal(int number)
{
	(void)number;
}

static void wait_for_signal(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t block, before;

	sigemptyset(&block);
	sigaddset(&block, SIGTERM);
	sigaddset(&block, SIGINT);
	sigprocmask(SIG_BLOCK, &block, &before);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	fputs("waiting\n", stderr);
	alarm(20); /* nobody waits for ever */
	sigsuspend(&before);
}

static void take_observation(char *line)
{
	char address[20], method[16], outcome[24], rtt[24], icmp[12], responder[20];
	struct observation o = observation_blank();
	int fields = sscanf(line, "%19s %15s %23s %23s %11s %19s", address, method, outcome, rtt,
		icmp, responder);

	if (fields < 3 || !ip4_parse(address, &o.address) ||
		!method_parse(method, &o.method, &o.port) || !outcome_parse(outcome, &o.outcome))
		die(line);
	o.probed_at = wall_after(start, (int64_t)sweep.observation_count * NS_PER_MS);
	o.attempts = 1;
	if (fields > 3 && strcmp(rtt, "-") != 0) {
		o.rtt_ns = strtoll(rtt, NULL, 10) * NS_PER_US;
		o.attempt = 1;
		o.reply_ttl = 52;
		o.ip_id = 7;
		o.has_tcp_ts = o.outcome == OUTCOME_SYN_ACK;
		o.tcp_ts = 4000000000u;
		o.has_responder = true;
		o.responder = o.address;
	}
	if (fields > 5) {
		o.has_responder = ip4_parse(responder, &o.responder);
		o.icmp_type = icmp[0] - '0';
		o.icmp_code = icmp[2] - '0';
	}
	sweep.observations = mem_grow(sweep.observations, &capacity, sweep.observation_count + 1,
		sizeof(*sweep.observations));
	sweep.observations[sweep.observation_count++] = o;
}

static void take_line(char *line)
{
	char *rest = line + strcspn(line, " ");

	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "methods") == 0) {
		snprintf(sweep.info.methods, sizeof(sweep.info.methods), "%s", rest);
	} else if (strcmp(line, "flags") == 0) {
		if (!flags_parse(rest, &sweep.info.flags))
			die(rest);
	} else if (strcmp(line, "counts") == 0) {
		snprintf(sweep.info.counts, sizeof(sweep.info.counts), "%s", rest);
	} else if (strcmp(line, "exit") == 0) {
		fprintf(stderr, "lightsout: %s\n", rest + 2);
		exit(atoi(rest));
	} else if (strcmp(line, "signal") == 0) {
		raise(SIGKILL);
	} else if (strcmp(line, "wait") == 0) {
		wait_for_signal();
	} else if (strcmp(line, "nothing") == 0) {
		store_nothing = true;
	} else if (*line && *line != '#') {
		if (*rest)
			rest[-1] = ' ';
		take_observation(line);
	}
}

static void read_sweep(void)
{
	const char *name = getenv("FAKE_SWEEP");
	FILE *in = name ? fopen(name, "re") : NULL;
	char line[256];

	if (!in)
		die("FAKE_SWEEP cannot be read");
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		take_line(line);
	}
	fclose(in);
}

int main(int argc, char **argv)
{
	struct diag why = {.line = 0};
	struct store *store;

	tell_arguments(argc, argv);
	take_options(argc, argv);
	read_sweep();
	if (store_open(settings.store, STORE_WRITE, &why, &store) < 0)
		die(why.text);
	struct sweep_info *info = &sweep.info;
	snprintf(info->vantage, sizeof(info->vantage), "%s", settings.vantage);
	snprintf(info->epoch, sizeof(info->epoch), "%s", store_epoch(store));
	if (store_last_sweep(store, settings.vantage, &info->sweep) < 0)
		die("no last sweep");
	info->sweep++;
	info->start = start;
	info->end = wall_after(start, 4250 * NS_PER_MS);
	info->has_source = true;
	ip4_parse("203.0.113.10", &info->source);
	info->probed = info->received = info->clock_error_us = -1;
	info->sent = 1000;
	info->capture_dropped = info->send_errors = 0;
	info->anchors_probed = info->anchors_up = 0;
	if (!store_nothing && store_append(store, &sweep, &why) < 0)
		die(why.text);
	store_close(store);
	free(sweep.observations);
	settings_finish(&settings);
	return 0;
}
