/* lightsout store: is a store whole, and what is in it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "store/store.h"

static const char help[] =
	"usage: lightsout store check|stats -s STORE\n"
	"       lightsout store prune --sweep VANTAGE/EPOCH/NUMBER -s STORE\n\n"
	"  check   verify the file, every blob's checksum and content, and the counts\n"
	"          beside them; name the sweep and cell of what is damaged (exit 2).\n"
	"          Numbers missing from a series are reported, and are no fault.\n"
	"  stats   count sweeps, observations and bytes, by vantage point and epoch\n"
	"  prune   remove one sweep, whole: one that a clock wrong by years made, say.\n"
	"          Export the store first: nothing brings it back. Not while another\n"
	"          process writes to the store.\n\n"
	"  -s, --store STORE   the store\n"
	"      --sweep NAME    which sweep: its vantage point, epoch and number, as stats\n"
	"                      lists them (vp1//7 where there is no epoch)\n"
	"  -h, --help          this\n";

/* What the store says of itself may be anybody's: nothing of it steers a terminal. */
static void print_problem(void *ctx, const char *text)
{
	const char *path = ctx;
	char line[1024];

	snprintf(line, sizeof(line), "%s: %s", path, text);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

static void print_gap(
	void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last)
{
	char line[VANTAGE_SIZE + EPOCH_SIZE + 64];

	(void)ctx;
	snprintf(line, sizeof(line), "gap: vantage \"%s\" epoch \"%s\": no sweep", vantage, epoch);
	text_clean(line);
	printf("%s %" PRIu64, line, first);
	if (last > first)
		printf(" to %" PRIu64, last);
	putchar('\n');
}

static int run_check(struct store *store, const char *path)
{
	char *name = strdup(path);
	struct store_checker checker = {print_problem, print_gap, name};
	struct store_stats stats;
	struct diag why = {.line = 0};
	int r = name ? store_check(store, &checker, &why) : EXIT_TROUBLE;

	free(name);
	if (r < 0)
		return command_trouble(&why);
	if (r > 0) {
		printf("%d problem%s\n", r, r == 1 ? "" : "s");
		return EXIT_TROUBLE;
	}
	if (store_stats(store, &stats, &why) < 0)
		return command_trouble(&why);
	printf("ok: %" PRIu64 " sweeps, %" PRIu64 " cells, %" PRIu64 " observations\n",
		stats.sweeps, stats.cells, stats.observations);
	free(stats.series);
	if (!store_summed(store))
		puts("of an older lightsout: its targets and series have no checksums yet; whoever "
		     "writes to it next adds them");
	return 0;
}

static void print_series(struct series_stats *s)
{
	char start[CLOCK_TEXT_SIZE];
	char end[CLOCK_TEXT_SIZE];

	text_clean(s->vantage);
	text_clean(s->epoch);
	wall_format(s->start, start);
	wall_format(s->end, end);
	printf("\nvantage       %s\n", s->vantage);
	printf("epoch         %s\n", *s->epoch ? s->epoch : "-");
	printf("period        %s to %s\n", start, end);
	printf("sweeps        %" PRIu64 " full, %" PRIu64 " watch (%" PRIu64 " to %" PRIu64 ")\n",
		s->full_sweeps, s->watch_sweeps, s->first_sweep, s->last_sweep);
	printf("observations  %" PRIu64 "\n", s->observations);
	printf("hops          %" PRIu64 "\n", s->hops);
	printf("boots         %" PRIu64 "\n", s->boots);
}

static int run_stats(struct store *store, const char *path)
{
	struct store_stats stats;
	struct diag why = {.line = 0};

	(void)path;
	if (store_stats(store, &stats, &why) < 0)
		return command_trouble(&why);
	double each =
		stats.observations ? (double)stats.file_bytes / (double)stats.observations : 0;
	printf("sweeps        %" PRIu64 "\n", stats.sweeps);
	printf("cells         %" PRIu64 "\n", stats.cells);
	printf("observations  %" PRIu64 "\n", stats.observations);
	printf("bytes         %" PRIu64 " (blobs %" PRIu64 ")\n", stats.file_bytes,
		stats.blob_bytes);
	printf("bytes each    %.2f\n", each);
	for (size_t i = 0; i < stats.series_count; i++)
		print_series(&stats.series[i]);
	free(stats.series);
	return 0;
}

static int run(const char *path, int (*what)(struct store *, const char *))
{
	struct diag why = {.line = 0};
	struct store *store;

	if (store_open(path, STORE_READ, &why, &store) < 0)
		return command_trouble(&why);
	int status = what(store, path);
	store_close(store);
	return status;
}

static int run_prune(const char *path, const char *name)
{
	char start[CLOCK_TEXT_SIZE];
	struct pruned_sweep sweep;
	struct diag why = {.line = 0};
	struct store *store;

	if (access(path, F_OK) != 0) { /* writing would make one */
		diag_set(&why, "cannot open store \"%.200s\": %s", path, strerror(errno));
		return command_trouble(&why);
	}
	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		return command_trouble(&why);
	int r = store_prune_sweep(store, name, &sweep, &why);
	store_close(store);
	if (r < 0)
		return command_trouble(&why);
	wall_format(sweep.start, start);
	printf("removed the %s sweep %s of %s with %" PRId64 " observations\n",
		tier_name(sweep.tier), name, start, sweep.observations);
	return 0;
}

int command_store(int argc, char **argv)
{
	static const char needs[] =
		"store needs check, stats or prune --sweep VANTAGE/EPOCH/NUMBER, and -s STORE";
	struct one_store given;
	int status;

	if (!one_store_sweep_options(argc, argv, help, needs, &given, &status))
		return status;
	if (strcmp(given.word, "check") == 0 && !given.quiet && !given.sweep)
		return run(given.store, run_check);
	if (strcmp(given.word, "stats") == 0 && !given.quiet && !given.sweep)
		return run(given.store, run_stats);
	if (strcmp(given.word, "prune") == 0 && given.sweep && !given.quiet)
		return run_prune(given.store, given.sweep);
	fprintf(stderr, "lightsout: %s; --help says more\n", needs);
	return EXIT_TROUBLE;
}
