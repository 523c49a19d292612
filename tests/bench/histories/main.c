#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "store/store.h"
#include "tests/bench/histories/families.h"
#include "tests/bench/histories/truth.h"

static int usage(FILE *out)
{
	fprintf(out,
		"usage: histories -f FAMILY -s SEED [-o DIR [-n]] [HOW IT IS PLAYED]\n"
		"Makes one history with its truth in DIR: store.db and *.csv. Without -o it is\n"
		"made and thrown away, which shows how fast that is. -n: only the truth.\n\n"
		"%s\n",
		play_usage);
	for (const struct family *family = families; family->name; family++)
		fprintf(out, "  %-4s %s %s\n", family->name, family->fitted ? "      " : "unseen",
			family->what);
	return 2;
}

static int open_store(const char *directory, struct store **ret, struct diag *why)
{
	char path[4096];

	if (mkdir(directory, 0777) < 0 && errno != EEXIST)
		return diag_set(why, "%s: %s", directory, strerror(errno));
	snprintf(path, sizeof(path), "%s/store.db", directory);
	return store_open(path, STORE_WRITE, why, ret);
}

static int make(const struct family *family, uint64_t seed, const struct play *play,
	const char *directory, bool truth_only)
{
	struct diag why = {0};
	struct stream_count count = {0};
	struct store *store = NULL;
	struct history *history = family_history(family, seed, play);
	int r = directory && !truth_only ? open_store(directory, &store, &why) : 0;

	if (r == 0)
		r = stream_world(history->world, store, &count, &why);
	if (r == 0 && directory)
		r = truth_write(history, directory, count);
	if (r < 0)
		fprintf(stderr, "histories: %s\n", why.text[0] ? why.text : strerror(-r));
	else
		fprintf(stderr,
			"%s seed=%llu machines=%d events=%d sweeps=%llu observations=%llu\n",
			family->name, (unsigned long long)seed, history->world->machine_count,
			history->event_count, (unsigned long long)count.sweeps,
			(unsigned long long)count.observations);
	store_close(store);
	history_destroy(history);
	return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct family *family = NULL;
	const char *directory = NULL;
	uint64_t seed = 1;
	struct play play = {0};
	bool truth_only = false;
	int option;

	while ((option = getopt(argc, argv, "f:s:o:nh" PLAY_OPTIONS)) != -1) {
		bool good = true;
		switch (option) {
		case 'f':
			family = family_named(optarg);
			good = family != NULL;
			break;
		case 's':
			good = text_u64(optarg, UINT64_MAX, &seed);
			break;
		case 'o':
			directory = optarg;
			break;
		case 'n':
			truth_only = true;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			good = play_option(&play, option, optarg);
		}
		if (!good)
			return usage(stderr);
	}
	if (!family || optind != argc)
		return usage(stderr);
	return make(family, seed, &play, directory, truth_only);
}
