/* lightsout store: is a store whole, what is in it, and what is done with it as a whole. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "commands/options.h"
#include "commands/store_options.h"
#include "core/text.h"

static const char help[] =
	"usage: lightsout store check|stats -s STORE\n"
	"       lightsout store backup -s STORE -o FILE\n"
	"       lightsout store merge FILE... -s STORE\n"
	"       lightsout store prune --before TIME|--sweep VANTAGE/EPOCH/NUMBER -s STORE\n\n"
	"  check   verify the file, every blob's checksum and content, and the counts\n"
	"          beside them; name the sweep and cell of what is damaged (exit 2).\n"
	"          Numbers missing from a series are reported, and are no fault.\n"
	"  stats   count sweeps, observations and bytes, by vantage point and epoch\n"
	"  backup  copy the store as it is at one moment, also while a watch writes it.\n"
	"          FILE is new, and there only when the copy was verified as check does.\n"
	"  merge   the sweeps and targets of the stores FILE... into STORE, made if need be;\n"
	"          each sweep once by vantage point, epoch and number. Two sweeps of one\n"
	"          name are named, and then nothing is merged.\n"
	"  prune   remove all sweeps that ended by TIME, or one, whole: one that a clock\n"
	"          wrong by years made, say. The file keeps its size; the room is used again.\n"
	"          Back the store up first: nothing brings it back. Not while another\n"
	"          process writes to the store.\n\n"
	"  -s, --store STORE   the store\n"
	"  -o, --output FILE   backup: the copy\n"
	"      --before TIME   prune: as 2026-01-01 or -400d\n"
	"      --sweep NAME    prune: which sweep: its vantage point, epoch and number, as\n"
	"                      stats lists them (vp1//7 where there is no epoch)\n"
	"  -q, --quiet         say nothing but what is wrong\n"
	"  -h, --help          this\n";

enum { OPTION_SWEEP = 0x2000, OPTION_BEFORE };

static const struct option long_options[] = {
	{"before", required_argument, NULL, OPTION_BEFORE},
	{"sweep", required_argument, NULL, OPTION_SWEEP},
	{"store", required_argument, NULL, 's'},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

/* What each word takes beside -s; a letter each, see letter_of. */
static const struct word {
	const char *name;
	const char *takes, *needs;
	int (*run)(const struct store_options *given);
} words[] = {
	{"check", "q", "", store_command_check},
	{"stats", "", "", store_command_stats},
	{"backup", "oq", "o", store_command_backup},
	{"merge", "fq", "f", store_command_merge},
	{"prune", "BSq", "", store_command_prune},
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

static const struct {
	char letter;
	const char *name; /* as it is typed */
} asked[] = {
	{'o', "-o FILE"},
	{'B', "--before TIME"},
	{'S', "--sweep VANTAGE/EPOCH/NUMBER"},
	{'f', "FILE"},
	{'q', "-q"},
};
enum { ASKED = sizeof(asked) / sizeof(asked[0]) };

static bool is_given(const struct store_options *given, char letter)
{
	switch (letter) {
	case 'o':
		return given->output;
	case 'B':
		return given->before;
	case 'S':
		return given->sweep;
	case 'f':
		return given->file_count > 0;
	default:
		return given->quiet;
	}
}

static int check_given(const struct word *word, const struct store_options *given, struct diag *why)
{
	for (size_t i = 0; i < ASKED; i++) {
		bool is = is_given(given, asked[i].letter);
		if (is && !strchr(word->takes, asked[i].letter) && asked[i].letter == 'f')
			return diag_set(why, "store %s takes no \"%.100s\", expected options only",
				word->name, given->files[0]);
		if (is && !strchr(word->takes, asked[i].letter))
			return diag_set(why, "store %s takes no %s, expected none", word->name,
				asked[i].name);
		if (!is && strchr(word->needs, asked[i].letter))
			return diag_set(why, "store %s needs %s", word->name, asked[i].name);
	}
	if (word->run == store_command_prune && !given->before == !given->sweep)
		return diag_set(why,
			"store prune needs --before TIME or --sweep VANTAGE/EPOCH/NUMBER, one of them");
	return 0;
}

/* False: there is nothing more to do, *ret_status says with what result. */
static bool take_options(
	int argc, char **argv, struct store_options *ret, const char **ret_word, int *ret_status)
{
	int c;

	*ret = (struct store_options){.quiet = false};
	*ret_status = EXIT_TROUBLE;
	while ((c = command_option(argc, argv, "s:o:qh", long_options, NULL)) != -1) {
		if (c == 's') {
			ret->store = optarg;
		} else if (c == 'o') {
			ret->output = optarg;
		} else if (c == 'q') {
			ret->quiet = true;
		} else if (c == OPTION_BEFORE) {
			ret->before = optarg;
		} else if (c == OPTION_SWEEP) {
			ret->sweep = optarg;
		} else if (c == 'h') {
			fputs(help, stdout);
			*ret_status = 0;
			return false;
		} else {
			return false;
		}
	}
	if (!ret->store || optind == argc) {
		fputs("lightsout: store needs one of check, stats, backup, merge or prune, and -s "
		      "STORE; --help says more\n",
			stderr);
		return false;
	}
	*ret_word = argv[optind++];
	ret->files = argv + optind;
	ret->file_count = (size_t)(argc - optind);
	return true;
}

int command_store(int argc, char **argv)
{
	struct store_options given;
	struct diag why = {.line = 0};
	const char *name;
	int status;

	if (!take_options(argc, argv, &given, &name, &status))
		return status;
	for (size_t i = 0; i < WORDS; i++) {
		if (strcmp(words[i].name, name) != 0)
			continue;
		return check_given(&words[i], &given, &why) < 0 ? command_trouble(&why)
								 : words[i].run(&given);
	}
	diag_set(&why, "store %.40s: expected check, stats, backup, merge or prune", name);
	return command_trouble(&why);
}
