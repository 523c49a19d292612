/* lightsout export: a store as a dataset of CSV files. */
#include <inttypes.h>
#include <stdio.h>

#include "commands/commands.h"
#include "commands/one_store.h"
#include "exchange/dataset.h"

static const char help[] =
	"usage: lightsout export -s STORE DIR\n\n"
	"Write the dataset of a store (targets.csv, sweeps.csv, observations.csv,\n"
	"paths.csv, boots.csv, routes.csv) into DIR, which is made if need be. The files get\n"
	"their names when all are whole. lightsout import reads it back, exactly.\n\n"
	"  -s, --store STORE   the store to read\n"
	"  -q, --quiet         do not say what was written\n"
	"  -h, --help          this\n";

static int run(const char *path, const char *directory, bool quiet)
{
	struct dataset_counts counts;
	struct diag why = {.line = 0};
	struct store *store;

	if (store_open(path, STORE_READ, &why, &store) < 0)
		return command_trouble(&why);
	int r = dataset_export(store, directory, &why, &counts);
	store_close(store);
	if (r < 0 && !why.file[0])
		snprintf(why.file, sizeof(why.file), "%s", path);
	if (r < 0)
		return command_trouble(&why);
	if (!quiet)
		fprintf(stderr,
			"lightsout: wrote %" PRIu64 " sweep%s, %" PRIu64 " observation%s to %s\n",
			counts.sweeps, text_s(counts.sweeps), counts.observations,
			text_s(counts.observations), directory);
	return 0;
}

int command_export(int argc, char **argv)
{
	struct one_store given;
	int status;

	if (!one_store_options(
		    argc, argv, help, "export needs -s STORE and one DIR", &given, &status))
		return status;
	return run(given.store, given.word, given.quiet);
}
