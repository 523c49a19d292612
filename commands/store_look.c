#include "commands/store_options.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "store/store.h"

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

static int run_check(struct store *store, const struct store_options *given)
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

static int run_stats(struct store *store, const struct store_options *given)
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
	const struct store_options *given, int (*what)(struct store *, const struct store_options *))
{
	struct diag why = {.line = 0};
	struct store *store;

	if (store_open(given->store, STORE_READ, &why, &store) < 0)
		return command_trouble(&why);
	int status = what(store, given);
	store_close(store);
	return status;
}

int store_command_check(const struct store_options *given)
{
	return run(given, run_check);
}

int store_command_stats(const struct store_options *given)
{
	return run(given, run_stats);
}
