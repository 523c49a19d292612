#include "commands/one_store.h"

#include <getopt.h>
#include <stdio.h>

#include "commands/exit_status.h"
#include "commands/options.h"

const char no_anchors[] = "no sweep asked an anchor: silence counts only while something answers, "
			  "and when all is silent nobody knows whose line it was";

int command_trouble(const struct diag *why)
{
	char line[1024];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, line, sizeof(line)));
	return EXIT_TROUBLE;
}

static const struct option long_options[] = {
	{"store", required_argument, NULL, 's'},
	{"quiet", no_argument, NULL, 'q'},
	{"help", no_argument, NULL, 'h'},
	{0},
};

bool one_store_options(int argc, char **argv, const char *help, const char *needs,
	struct one_store *ret, int *ret_status)
{
	int c;

	*ret = (struct one_store){.quiet = false};
	*ret_status = EXIT_TROUBLE;
	while ((c = command_option(argc, argv, "s:qh", long_options, NULL)) != -1) {
		if (c == 's') {
			ret->store = optarg;
		} else if (c == 'q') {
			ret->quiet = true;
		} else if (c == 'h') {
			fputs(help, stdout);
			*ret_status = 0;
			return false;
		} else {
			return false;
		}
	}
	if (!ret->store || argc - optind != 1) {
		fprintf(stderr, "lightsout: %s; --help says more\n", needs);
		return false;
	}
	ret->word = argv[optind];
	return true;
}
