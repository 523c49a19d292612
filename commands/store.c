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
	"  -q, --quiet         check, prune: say nothing but what is wrong\n"
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

static void pass_over_gap(
	void *ctx, const char *vantage, const char *epoch, uint64_t first, uint64_t last)
{
	(void)ctx;
	(void)vantage;
	(void)epoch;
	(void)first;
	(void)last;
}

static int run_check(struct store *store, const struct one_store *given)
{
	char *name = strdup(given->store);
	struct store_checker checker = {
		print_problem, given->quiet ? pass_over_gap : print_gap, name};
	struct store_stats stats;
	struct diag why = {.line = 0};
	int r = name ? store_check(store, &checker, &why) : EXIT_TROUBLE;

	free(name);
	if (r < 0)
		return command_trouble(&why);
	if (r > 0 && !given->quiet)
		printf("%d problem%s\n", r, r == 1 ? "" : "s");
	if (r > 0)
		return EXIT_TROUBLE;
	if (given->quiet)
		return 0;
	if (store_stats(store, &stats, &why) < 0)
		return command_trouble(&why);
	printf("ok: %" PRIu64 " sweep%s, %" PRIu64 " cell%s, %" PRIu64 " observation%s\n",
		stats.sweeps, text_s(stats.sweeps), stats.cells, text_s(stats.cells),
		stats.observations, text_s(stats.observations));
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

static int run_stats(struct store *store, const struct one_store *given)
{
	struct store_stats stats;
	struct diag why = {.line = 0};

	(void)given;
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

static int run(
	const struct one_store *given, int (*what)(struct store *, const struct one_store *))
{
	struct diag why = {.line = 0};
	struct store *store;

	if (store_open(given->store, STORE_READ, &why, &store) < 0)
		return command_trouble(&why);
	int status = what(store, given);
	store_close(store);
	return status;
}

static int run_prune(const struct one_store *given)
{
	const char *path = given->store;
	const char *name = given->sweep;
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
	if (given->quiet)
		return 0;
	wall_format(sweep.start, start);
	printf("removed the %s sweep %s of %s with %" PRId64 " observation%s\n",
		tier_name(sweep.tier), name, start, sweep.observations,
		text_s((uint64_t)sweep.observations));
	return 0;
}

int command_store(int argc, char **argv)
{
	static const char needs[] = "store needs one of check, stats or prune, and -s STORE";
	struct one_store given;
	struct diag why = {.line = 0};
	int status;

	if (!one_store_sweep_options(argc, argv, help, needs, &given, &status))
		return status;
	bool prune = strcmp(given.word, "prune") == 0;
	bool check = strcmp(given.word, "check") == 0;
	int r = 0;
	if (!prune && !check && strcmp(given.word, "stats") != 0)
		r = diag_set(&why, "store %.40s: expected check, stats or prune", given.word);
	else if (prune && !given.sweep)
		r = diag_set(&why, "store prune needs --sweep VANTAGE/EPOCH/NUMBER: which one?");
	else if (!prune && given.sweep)
		r = diag_set(&why, "store %.40s looks at all sweeps, expected no --sweep",
			given.word);
	else if (!prune && !check && given.quiet)
		r = diag_set(&why, "store stats has nothing to say with -q, expected none");
	if (r < 0)
		return command_trouble(&why);
	if (prune)
		return run_prune(&given);
	return run(&given, check ? run_check : run_stats);
}
