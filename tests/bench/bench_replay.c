/*
 * How fast a history is judged: stores of small countries, a watch sweep each
 * minute and a full sweep each eleven, from the store to outages.csv by the
 * program itself. Each world in two lengths, which shows whether memory grows
 * with the history.
 *
 *     bench_replay HISTORIES LIGHTSOUT [SHORT LONG]     # days; 15 60
 *
 * One line a store on stdout: machines (addresses that answer) and observations in it, processor
 * time (user and system, the least and the median of RUNS), observations a second by the median,
 * peak of resident memory. The directory is $TMPDIR or /tmp.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store.h"

enum { RUNS = 7 };

static const struct world {
	const char *family, *seed, *what;
} worlds[] = {
	{"F0", "6", "quiet"},
	{"F6", "13", "attacks"},
	{"F9", "7", "vantage fails"},
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_replay: %s\n", what);
	exit(2);
}

/* Run it to its end, quietly; argv[0] is the program. */
static void run(const char *const argv[], struct rusage *ret)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!freopen("/dev/null", "w", stderr))
			_exit(127);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, ret) != child || status != 0)
		fail(argv[0]);
}

static uint64_t observations(const char *path)
{
	struct store_stats stats;
	struct store *store;
	struct diag why;

	if (store_open(path, STORE_READ, &why, &store) < 0 || store_stats(store, &stats, &why) < 0)
		fail(path);
	store_close(store);
	free(stats.series);
	return stats.observations;
}

/* Of all blocks; a row each in world.csv. */
static unsigned machines(const char *directory)
{
	char path[320];
	char line[512];
	unsigned all = 0;
	unsigned more;

	snprintf(path, sizeof(path), "%s/world.csv", directory);
	FILE *file = fopen(path, "re");
	if (!file)
		fail(path);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*[^,],%*[^,],%*[^,],%u", &more) == 1)
			all += more;
	fclose(file);
	return all;
}

static double seconds(const struct rusage *usage)
{
	return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
	       (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure(
	const struct world *world, const char *days, const char *lightsout, const char *directory)
{
	char store[320];

	snprintf(store, sizeof(store), "%s/store.db", directory);
	const char *const judge[] = {
		lightsout, "outages", "-s", store, "-o", "csv:/dev/null", NULL};
	double took[RUNS];
	struct rusage usage;
	long peak = 0;
	uint64_t count = observations(store);

	for (int i = 0; i < RUNS; i++) {
		run(judge, &usage);
		took[i] = seconds(&usage);
		peak = usage.ru_maxrss > peak ? usage.ru_maxrss : peak;
	}
	qsort(took, RUNS, sizeof(*took), ascending);
	printf("%-3s %-13s %3s days %3u machines %9" PRIu64 " observations  %5.2f s (least %.2f)  "
	       "%5.2f million/s  %5.1f MB\n",
		world->family, world->what, days, machines(directory), count, took[RUNS / 2],
		took[0], (double)count / took[RUNS / 2] / 1e6, (double)peak / 1024);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const char *lengths[2] = {argc > 4 ? argv[3] : "15", argc > 4 ? argv[4] : "60"};
	const char *tmp = getenv("TMPDIR");
	static const char *const files[] = {
		"store.db", "downs.csv", "events.csv", "excused.csv", "reboots.csv", "world.csv"};
	struct rusage usage;
	char directory[256];
	char path[320];

	if (argc != 3 && argc != 5)
		fail("usage: bench_replay HISTORIES LIGHTSOUT [SHORT LONG]");
	unsetenv("CACHE_DIRECTORY");
	setenv("XDG_CACHE_HOME", "/dev/null", 1); /* each run is a replay */
	snprintf(directory, sizeof(directory), "%s/bench-replay-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(directory))
		fail(directory);
	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++)
		for (int k = 0; k < 2; k++) {
			const struct world *w = &worlds[i];
			const char *const make[] = {argv[1], "-f", w->family, "-s", w->seed, "-d",
				lengths[k], "-o", directory, NULL};
			run(make, &usage);
			measure(w, lengths[k], argv[2], directory);
			for (size_t f = 0; f < sizeof(files) / sizeof(files[0]); f++) {
				snprintf(path, sizeof(path), "%s/%s", directory, files[f]);
				unlink(path);
			}
		}
	rmdir(directory);
	return 0;
}
