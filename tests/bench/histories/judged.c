/*
 * One history, judged as it is made: what `histories` and then `lightsout outages`,
 * `timeline` and `outages --reboots` would write, without the store between them. The
 * judge and the writers of rows are the program's own.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "commands/judge_run.h"
#include "tests/bench/histories/ordered.h"

static int usage(void)
{
	fprintf(stderr,
		"usage: judged -f FAMILY -s SEED -o DIR [HOW IT IS PLAYED]\n"
		"Makes one history, judges it, and writes truth and results to DIR: *.csv, and\n"
		"in seconds how long the judgement took. No store is written.\n\n%s",
		play_usage);
	return 2;
}

static double processor_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Sweep by sweep from the generator to the judge. */
static struct judge *judge_history(struct ordered *history, struct judgement *ret)
{
	struct parameters parameters = parameters_of(1);
	struct sweep sweep;
	size_t count;

	struct target_row *targets = ordered_targets(history, &count);
	struct judge *judge = judge_create(targets, count, &parameters);
	free(targets);
	while (ordered_next(history, &sweep))
		judge_sweep(judge, &sweep);
	judge_end(judge, ret);
	return judge;
}

static int write_rows(struct judge_run *run, const char *directory, const char *name,
	void (*write)(struct judge_run *run), struct diag *why)
{
	char place[4200];

	snprintf(place, sizeof(place), "csv:%s/%s", directory, name);
	run->outputs = outputs_create(true);
	int r = outputs_add(run->outputs, place, why);
	if (r < 0) {
		outputs_abandon(run->outputs);
	} else {
		write(run);
		r = outputs_finish(run->outputs, why);
	}
	run->outputs = NULL;
	return r;
}

static int write_seconds(const char *directory, double seconds)
{
	char path[4200];

	snprintf(path, sizeof(path), "%s/seconds", directory);
	FILE *file = fopen(path, "w");
	if (!file)
		return -errno;
	fprintf(file, "%.3f\n", seconds);
	return fclose(file) ? -errno : 0;
}

static int make(struct ordered *history, const char *directory, struct diag *why)
{
	struct judgement judgement;
	struct judge_run run = {
		.from = {INT64_MIN}, .to = {INT64_MAX}, .scale = 1};
	double began = processor_seconds();

	if (mkdir(directory, 0777) < 0 && errno != EEXIST)
		return -errno;
	struct judge *judge = judge_history(history, &judgement);
	run.judgement = judgement;
	double seconds = processor_seconds() - began;
	int r = write_rows(&run, directory, "timeline.csv", judge_run_timeline, why);
	if (r == 0)
		r = write_rows(&run, directory, "outages.csv", judge_run_outages, why);
	if (r == 0)
		r = write_rows(&run, directory, "seen_reboots.csv", judge_run_reboots, why);
	judgement_finish(&judgement);
	judge_destroy(judge);
	if (r == 0)
		r = ordered_write_truth(history, directory);
	return r < 0 ? r : write_seconds(directory, seconds);
}

int main(int argc, char **argv)
{
	const char *family = NULL, *directory = NULL;
	struct diag why = {0};
	uint64_t seed = 0;
	struct play play = {0};
	bool good = true;
	int option;

	while (good && (option = getopt(argc, argv, "f:s:o:" PLAY_OPTIONS)) != -1) {
		if (option == 'f')
			family = optarg;
		else if (option == 's')
			good = text_u64(optarg, UINT64_MAX, &seed);
		else if (option == 'o')
			directory = optarg;
		else
			good = play_option(&play, option, optarg);
	}
	if (!good || !family || !directory || optind != argc)
		return usage();
	struct ordered *history = ordered_create(family, seed, &play);
	if (!history)
		return usage();
	int r = make(history, directory, &why);
	if (r < 0)
		fprintf(stderr, "judged: %s\n", why.text[0] ? why.text : strerror(-r));
	ordered_destroy(history);
	return r < 0 ? 1 : 0;
}
