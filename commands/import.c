/* lightsout import: a dataset of CSV files, or files of other tools, into a store. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/import_foreign.h"
#include "commands/one_store.h"
#include "commands/options.h"
#include "commands/stop.h"
#include "exchange/dataset.h"

static const char help[] =
	"usage: lightsout import DIR -s STORE\n"
	"       lightsout import --from FORMAT FILE... -s STORE\n\n"
	"Read the dataset in DIR (targets.csv, sweeps.csv, observations.csv, and\n"
	"paths.csv, boots.csv and routes.csv where they are) into a store, made if need be: all\n"
	"of it, or after an error nothing. Sweeps that are there already stay as they\n"
	"are; another sweep of the same name is an error.\n\n"
	"With --from, read what other tools wrote; FILE - is standard input.\n\n"
	"  -s, --store STORE   the store to write\n"
	"  -q, --quiet         say nothing but errors\n"
	"  -h, --help          this\n"
	"  --from FORMAT       one of those below\n"
	"  --vantage NAME      from where it was measured (the name of the format)\n"
	"  --interval D        how often each address was asked, as 1s or 11m: pauses\n"
	"                      of more than two are then unknown\n"
	"  --anchor ADDRESS    that was asked too, outside the country; may be repeated\n"
	"  --zone ZONE         of times that have none: UTC, +09:00\n"
	"  --time TIME         when it began, where no file tells\n"
	"  --method METHOD     how was asked, where no file tells: icmp (the default), tcp:443\n"
	"  --asked LIST        who was asked: a list of targets, a prefix or the like;\n"
	"                      who is not in the file was silent\n"
	"  --columns T,A,MS    of csv: names of its columns (time,address,ms)\n\n"
	"FORMAT:\n";

static bool is_stopped(void *ctx)
{
	(void)ctx;
	return stop_asked();
}

static void note(void *ctx, const char *text)
{
	char line[8192];

	(void)ctx;
	snprintf(line, sizeof(line), "%s", text);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

static int run(const char *directory, const char *path, bool quiet)
{
	const struct dataset_notes notes = {.note = quiet ? NULL : note, .stopped = is_stopped};
	struct dataset_counts counts;
	struct diag why = {.line = 0};
	struct store *store;

	dataset_note(directory);
	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		return command_trouble(&why);
	int r = dataset_import(store, directory, &notes, &why, &counts);
	store_close(store);
	if (r < 0)
		return command_trouble(&why);
	if (!quiet)
		fprintf(stderr,
			"lightsout: read %" PRIu64 " sweep%s (%" PRIu64 " new), %" PRIu64
			" observation%s from %s\n",
			counts.sweeps, text_s(counts.sweeps), counts.new_sweeps,
			counts.observations, text_s(counts.observations), directory);
	if (!quiet && counts.sweeps > 0 && counts.anchored == 0)
		fprintf(stderr, "lightsout: %s: %s\n", directory, no_anchors);
	return 0;
}

static const struct option long_options[] = {
	{"store", required_argument, NULL, 's'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{"from", required_argument, NULL, 0},
	{"vantage", required_argument, NULL, 0},
	{"interval", required_argument, NULL, 0},
	{"anchor", required_argument, NULL, 0},
	{"zone", required_argument, NULL, 0},
	{"time", required_argument, NULL, 0},
	{"method", required_argument, NULL, 0},
	{"asked", required_argument, NULL, 0},
	{"columns", required_argument, NULL, 0},
	{0},
};

/* False: there is nothing more to do, *ret_status says with what result. */
static bool take_options(int argc, char **argv, struct import_options *ret, int *ret_status)
{
	struct diag why = {.line = 0};
	int index = 0;
	int c;

	*ret_status = EXIT_TROUBLE;
	while ((c = command_option(argc, argv, "s:qh", long_options, &index)) != -1) {
		if (c == 's') {
			ret->store = optarg;
		} else if (c == 'q') {
			ret->quiet = true;
		} else if (c == 'h') {
			fputs(help, stdout);
			import_print_formats(stdout);
			*ret_status = 0;
			return false;
		} else if (c != 0) {
			return false;
		} else if (import_option(ret, long_options[index].name, optarg, &why) < 0) {
			*ret_status = command_trouble(&why);
			return false;
		}
	}
	if (!ret->store || argc == optind || (!ret->format && argc - optind != 1)) {
		fputs(ret->format ? "lightsout: import --from needs a FILE and -s STORE; --help says more\n"
				  : "lightsout: import needs one DIR and -s STORE; --help says more\n",
			stderr);
		return false;
	}
	if (import_options_check(ret, &why) == 0)
		return true;
	*ret_status = command_trouble(&why);
	return false;
}

int command_import(int argc, char **argv)
{
	struct import_options options = {
		.ask = {.zone_s = ZONE_NONE, .columns = {"time", "address", "ms"}}};
	int status;

	if (take_options(argc, argv, &options, &status)) {
		stop_on_signals();
		if (options.format)
			status = import_foreign(&options, (const char *const *)argv + optind,
				(size_t)(argc - optind), (struct foreign_stop){.stopped = is_stopped});
		else
			status = run(argv[optind], options.store, options.quiet);
	}
	import_options_finish(&options);
	return status;
}
