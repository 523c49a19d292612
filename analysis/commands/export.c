/* lightsout export: a store as a dataset of CSV files. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

#include "analysis/commands/commands.h"
#include "analysis/dataset.h"

static const char help[] =
	"usage: lightsout export -s STORE DIR\n\n"
	"Write the dataset of a store (targets.csv, sweeps.csv, observations.csv,\n"
	"paths.csv, boots.csv) into DIR, which is made if need be. The files get\n"
	"their names when all are whole. lightsout import reads it back, exactly.\n\n"
	"  -s, --store STORE   the store to read\n"
	"  -q, --quiet         do not say what was written\n"
	"  -h, --help          this\n";

static int trouble(const struct diag *why)
{
	char line[1024];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, line, sizeof(line)));
	return EXIT_TROUBLE;
}

static int run(const char *path, const char *directory, bool quiet)
{
	struct dataset_counts counts;
	struct diag why = {.line = 0};
	struct store *store;

	if (store_open(path, STORE_READ, &why, &store) < 0)
		return trouble(&why);
	int r = dataset_export(store, directory, &why, &counts);
	store_close(store);
	if (r < 0 && !why.file[0])
		snprintf(why.file, sizeof(why.file), "%s", path);
	if (r < 0)
		return trouble(&why);
	if (!quiet)
		fprintf(stderr,
			"lightsout: wrote %" PRIu64 " sweeps, %" PRIu64 " observations to %s\n",
			counts.sweeps, counts.observations, directory);
	return 0;
}

int command_export(int argc, char **argv)
{
	static const struct option options[] = {
		{"store", required_argument, NULL, 's'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	const char *store = NULL;
	bool quiet = false;
	int c;

	while ((c = getopt_long(argc, argv, "s:qh", options, NULL)) != -1) {
		if (c == 's') {
			store = optarg;
		} else if (c == 'q') {
			quiet = true;
		} else if (c == 'h') {
			fputs(help, stdout);
			return 0;
		} else {
			return EXIT_TROUBLE;
		}
	}
	if (!store || argc - optind != 1) {
		fputs("lightsout: export needs -s STORE and one DIR; --help says more\n", stderr);
		return EXIT_TROUBLE;
	}
	return run(store, argv[optind], quiet);
}
