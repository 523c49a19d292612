/* lightsout import: a dataset of CSV files into a store. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/one_store.h"
#include "exchange/dataset.h"

static const char help[] =
	"usage: lightsout import DIR -s STORE\n\n"
	"Read the dataset in DIR (targets.csv, sweeps.csv, observations.csv, and\n"
	"paths.csv and boots.csv where they are) into a store, made if need be: all\n"
	"of it, or after an error nothing. Sweeps that are there already stay as they\n"
	"are; another sweep of the same name is an error.\n\n"
	"  -s, --store STORE   the store to write\n"
	"  -q, --quiet         say nothing but errors\n"
	"  -h, --help          this\n";

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

/* Ctrl-C leaves nothing half there, and no empty store. */
static void catch_signals(void)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction action = {.sa_handler = on_signal};
	struct sigaction before;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		sigaction(numbers[i], NULL, &before);
		if (before.sa_handler != SIG_IGN) /* nohup stays nohup */
			sigaction(numbers[i], &action, NULL);
	}
}

static bool is_stopped(void *ctx)
{
	(void)ctx;
	return stopped != 0;
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

	catch_signals();
	store_stop_by(&stopped);
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

int command_import(int argc, char **argv)
{
	struct one_store given;
	int status;

	if (!one_store_options(
		    argc, argv, help, "import needs one DIR and -s STORE", &given, &status))
		return status;
	return run(given.word, given.store, given.quiet);
}
