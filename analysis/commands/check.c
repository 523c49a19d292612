/*
 * lightsout check: one sweep now, by the prober, read back from its store and
 * told. Everything that decides is in analysis/check.c.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/check.h"
#include "analysis/check_records.h"
#include "analysis/check_view.h"
#include "analysis/commands/commands.h"
#include "analysis/output.h"
#include "analysis/prober_run.h"
#include "analysis/scratch.h"
#include "analysis/sweep_read.h"
#include "core/mem.h"
#include "core/settings.h"
#include "targets/file.h"
#include "targets/targets.h"

/* What check asks for when neither option nor file says otherwise. */
#define CHECK_PORTS "80,443"

enum { OPTION_EPOCH = 0x2000 };

static const struct option own_options[] = {
	{"config", required_argument, NULL, 'C'},
	{"file", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"dry-run", no_argument, NULL, 'n'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"epoch", no_argument, NULL, OPTION_EPOCH},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

struct run {
	struct settings settings;
	struct prober_arguments prober;
	struct scratch scratch;
	char **places; /* -o, borrowed from argv */
	size_t place_count, place_capacity;
	const char *config;
	const char **files; /* -f */
	size_t file_count, file_capacity;
	bool dry_run, quiet, verbose, epoch, store_given;
	char stdin_copy[PATH_MAX]; /* "" = standard input is not asked for */
};

static void usage(FILE *out)
{
	char *settings = settings_help();

	fputs("usage: lightsout check [OPTION...] TARGET...\n"
	      "\n"
	      "One sweep now. TARGET: an address, CIDR, range FIRST-LAST, or country code.\n"
	      "\n"
	      "  -f, --file FILE                  targets from a file; - is standard input\n"
	      "  -o, --output [FORMAT:]FILE       csv, jsonl or table; - is standard output;\n"
	      "                                   may be given again\n"
	      "      --epoch                      times as Unix seconds\n"
	      "  -C, --config FILE                settings as YAML\n"
	      "  -n, --dry-run                    print what would be sent, send nothing\n"
	      "  -q, --quiet                      no progress, no summary\n"
	      "  -v, --verbose                    say more\n"
	      "\nSettings (tcp-ports is " CHECK_PORTS " here):\n",
		out);
	fputs(settings, out);
	fputs("\nExit status: 0 every TARGET has an answer, 1 one has none, 2 usage or system\n"
	      "error, 3 an address was not measured or its silence not proven.\n",
		out);
	free(settings);
}

static int trouble(const struct diag *why)
{
	char text[640];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	return EXIT_TROUBLE;
}

/* A setting: kept for ourselves, and handed on as --name=value. */
static int take_setting(struct run *run, int code, const char *value, struct diag *why)
{
	int r = settings_option(&run->settings, code, value, why);

	if (r != 1)
		return r;
	for (const struct setting_row *row = settings_rows(); row->name; row++)
		if (code == SETTINGS_OPTION + (int)(row - settings_rows()) ||
			(row->short_option && code == row->short_option)) {
			prober_option(&run->prober, row->name, value);
			run->store_given |= strcmp(row->name, "store") == 0;
		}
	return 1;
}

/* One of our own. -1: go on; else the exit status. */
static int take_own(struct run *run, int code)
{
	switch (code) {
	case 'C':
		run->config = optarg;
		return -1;
	case 'f':
		run->files = mem_grow(
			run->files, &run->file_capacity, run->file_count + 1, sizeof(*run->files));
		run->files[run->file_count++] = optarg;
		return -1;
	case 'o':
		run->places = mem_grow(run->places, &run->place_capacity, run->place_count + 1,
			sizeof(*run->places));
		run->places[run->place_count++] = optarg;
		return -1;
	case 'n':
		run->dry_run = true;
		prober_argument(&run->prober, "--dry-run");
		return -1;
	case 'q':
		run->quiet = true;
		return -1;
	case 'v':
		run->verbose = true;
		return -1;
	case OPTION_EPOCH:
		run->epoch = true;
		return -1;
	case 'h':
		usage(stdout);
		return 0;
	default: /* getopt has said what */
		fputs("lightsout: check --help lists the options\n", stderr);
		return EXIT_TROUBLE;
	}
}

/* -1: go on; else the exit status. */
static int take_options(struct run *run, int argc, char **argv)
{
	struct settings_options options;
	struct diag why = {.line = 0};
	int status = -1;
	int code;

	settings_options_init(&options, "C:f:o:nqvh", own_options);
	while (status < 0 &&
		(code = getopt_long(argc, argv, options.shorts, options.longs, NULL)) != -1) {
		int r = take_setting(run, code, optarg, &why);
		if (r < 0)
			status = trouble(&why);
		else if (r == 0)
			status = take_own(run, code);
	}
	settings_options_finish(&options);
	if (status < 0 && run->dry_run && run->place_count > 0) {
		diag_set(&why, "-n prints to standard output what would be sent, expected no -o");
		status = trouble(&why);
	}
	return status;
}

static char *joined(const char *before, const char *after)
{
	size_t room = strlen(before) + strlen(after) + 1;
	char *text = mem_zeroed(room, 1);

	snprintf(text, room, "%s%s", before, after);
	return text;
}

/*
 * Who asks for standard input gets it once; we and the prober both read it, so
 * it becomes a file. *ret is the name to use instead, owned.
 */
static int take_file(struct run *run, const char *name, char **ret, struct diag *why)
{
	if (strcmp(name, "-") != 0) {
		*ret = mem_text(name);
		return 0;
	}
	if (*run->stdin_copy)
		return diag_set(why, "standard input is asked for twice");
	int err = scratch_take_stdin(&run->scratch, run->stdin_copy, why);
	if (!err)
		*ret = mem_text(run->stdin_copy);
	return err;
}

static int read_config(struct run *run, struct diag *why)
{
	char *name = NULL;
	char *bytes = NULL;
	size_t len = 0;

	if (!run->config)
		return 0;
	int err = take_file(run, run->config, &name, why);
	if (err < 0)
		return err;
	err = file_read(name, &bytes, &len, why);
	if (err >= 0)
		err = settings_read(&run->settings, name, bytes, len, why);
	if (err >= 0)
		prober_option(&run->prober, "config", name);
	free(bytes);
	free(name);
	return err;
}

/* TARGET arguments and -f files, as the target set and the prober take them. */
static int gather_targets(
	struct run *run, char *const *arguments, struct prober_arguments *targets, struct diag *why)
{
	for (size_t i = 0; i < run->file_count; i++) {
		char *name;
		int err = take_file(run, run->files[i], &name, why);
		if (err < 0)
			return err;
		char *text = joined("@", name);
		prober_argument(targets, text);
		free(text);
		free(name);
	}
	for (; *arguments; arguments++)
		prober_argument(targets, *arguments);
	return 0;
}

static int resolve(const struct run *run, const struct prober_arguments *targets,
	struct target_set *ret, struct diag *why)
{
	const struct settings *settings = &run->settings;
	const struct target_sources sources = {
		.delegated = *settings->delegated ? settings->delegated : NULL,
		.blocklist = *settings->blocklist ? settings->blocklist : NULL,
		.anchors = (const char *const *)settings->anchors.items,
		.anchor_count = settings->anchors.count,
		.upstream = (const char *const *)settings->upstream.items,
		.upstream_count = settings->upstream.count,
	};
	char *const *items = targets->count ? targets->items : settings->targets.items;
	size_t count = targets->count ? targets->count : settings->targets.count;

	if (count == 0)
		return diag_set(why, "no target, expected an address, a CIDR, a range FIRST-LAST, "
				     "a country code or -f FILE");
	return target_set_resolve((const char *const *)items, count, &sources, ret, why);
}

static int open_outputs(const struct run *run, struct outputs *outputs, struct diag *why)
{
	int err = 0;

	for (size_t i = 0; i < run->place_count && !err; i++)
		err = outputs_add(outputs, run->places[i], why);
	if (!err && run->place_count == 0)
		err = outputs_add(outputs, "-", why);
	else if (!err && !outputs_to_stdout(outputs) && isatty(STDOUT_FILENO) == 1 && !run->quiet)
		err = outputs_add(outputs, "table:-", why);
	return err;
}

/* The prober has stored nothing. What it said of it is enough, if it did. */
static int why_nothing(const struct run *run, struct diag *why)
{
	int status = prober_wait(why);

	if (status < 0)
		return status;
	if (prober_signal()) {
		diag_set(why, "stopped by a signal (%s), nothing was stored",
			strsignal(prober_signal()));
		return -EINTR;
	}
	if (status != 0)
		return -ECANCELED;
	diag_set(why, "the prober stored no sweep in %.200s", run->settings.store);
	return -ENODATA;
}

/* One sweep into run->settings.store, and back out of it. A signal may have cut
 * it short: then it says so itself. */
static int sweep_now(const struct run *run, struct sweep_held *ret, struct diag *why)
{
	const struct settings *settings = &run->settings;
	uint64_t before;

	int r = sweep_number(settings->store, settings->vantage, &before, why);
	if (r >= 0)
		r = prober_start(&run->prober, why);
	if (r >= 0)
		r = sweep_hold(settings->store, settings->vantage, before, ret, why);
	if (r == 0)
		return why_nothing(run, why);
	return r < 0 ? r : 0;
}

static void tell(const struct run *run, const struct check *check)
{
	if (!run->quiet) {
		char *summary = check_view_summary(check);
		fputs(summary, stderr);
		free(summary);
	}
	char *reason = check_view_reason(check);
	if (reason)
		fprintf(stderr, "lightsout: %s\n", reason);
	free(reason);
}

/* Nobody knows the name we gave it. */
static void name_stdin(const struct run *run, struct check *check)
{
	for (size_t i = 0; i < check->argument_count && *run->stdin_copy; i++)
		if (strncmp(check->arguments[i].text + 1, run->stdin_copy,
			    sizeof(((struct target_argument *)0)->text) - 2) == 0)
			check->arguments[i].text = "standard input";
}

static int report(const struct run *run, const struct target_set *set, const struct sweep *sweep,
	struct outputs *outputs)
{
	struct check check;
	struct diag why = {.line = 0};

	check_make(set, sweep, &check);
	name_stdin(run, &check);
	check_records(&check, outputs);
	outputs_view(outputs, check_view_map, &check);
	int err = outputs_finish(outputs, &why);
	int status = err < 0 ? trouble(&why) : check.status;
	tell(run, &check);
	check_finish(&check);
	return status;
}

/* What would be sent is the prober's to print. */
static int dry_run(const struct run *run)
{
	struct diag why = {.line = 0};
	int status = prober_run(&run->prober, &why);

	if (status < 0)
		return trouble(&why);
	return status == 0 ? EXIT_ANSWERED : EXIT_TROUBLE;
}

/* Everything is parsed: probe, read, tell. */
static int run_check(struct run *run, const struct target_set *set)
{
	struct outputs *outputs = outputs_create(run->epoch);
	struct diag why = {.line = 0};
	struct sweep_held held;

	int err = open_outputs(run, outputs, &why);
	if (!err)
		err = sweep_now(run, &held, &why);
	if (err) {
		outputs_abandon(outputs);
		return err == -ECANCELED ? EXIT_TROUBLE : trouble(&why);
	}
	int status = report(run, set, &held.sweep, outputs);
	sweep_let_go(&held);
	return status;
}

/* The prober's arguments behind the settings that options gave. */
static int finish_prober(struct run *run, const struct prober_arguments *targets, struct diag *why)
{
	char *store = joined(run->scratch.path, "/sweep.db");
	int err = 0;

	if (!run->store_given) { /* what a config names is a watch's: it may be at work */
		err = settings_set(&run->settings, "store", store, why);
		prober_option(&run->prober, "store", store);
	}
	free(store);
	if (run->verbose)
		prober_argument(&run->prober, "--verbose");
	else if (run->quiet || isatty(STDERR_FILENO) != 1) /* what it would log, we tell */
		prober_argument(&run->prober, "--quiet");
	prober_argument(&run->prober, "--once");
	prober_argument(&run->prober, "--");
	for (size_t i = 0; i < targets->count; i++)
		prober_argument(&run->prober, targets->items[i]);
	return err;
}

static int prepare(struct run *run, char *const *arguments, struct prober_arguments *targets,
	struct target_set *set, struct diag *why)
{
	int err = scratch_open(&run->scratch, why);
	if (err >= 0)
		err = read_config(run, why);
	if (err >= 0 && !settings_given(&run->settings, "tcp_ports")) {
		err = settings_set(&run->settings, "tcp_ports", CHECK_PORTS, why);
		prober_option(&run->prober, "tcp_ports", CHECK_PORTS);
	}
	if (err >= 0)
		err = gather_targets(run, arguments, targets, why);
	if (err >= 0)
		err = resolve(run, targets, set, why);
	if (err >= 0)
		err = finish_prober(run, targets, why);
	if (*run->stdin_copy && strcmp(why->file, run->stdin_copy) == 0)
		snprintf(why->file, sizeof(why->file), "standard input");
	return err;
}

int command_check(int argc, char **argv)
{
	struct run run = {.dry_run = false};
	struct prober_arguments targets = {NULL, 0, 0};
	struct target_set set = {.row_count = 0};
	struct diag why = {.line = 0};

	settings_init(&run.settings);
	prober_catch_signals();
	int status = take_options(&run, argc, argv);
	if (status < 0) {
		if (prepare(&run, argv + optind, &targets, &set, &why) < 0)
			status = trouble(&why);
		else if (run.dry_run)
			status = dry_run(&run);
		else
			status = run_check(&run, &set);
	}
	scratch_remove(&run.scratch);
	target_set_finish(&set);
	prober_arguments_finish(&targets);
	prober_arguments_finish(&run.prober);
	settings_finish(&run.settings);
	free(run.places);
	free(run.files);
	return status;
}
