#include "analysis/commands/one_store.h"

#include <getopt.h>
#include <stdio.h>

#include "analysis/commands/commands.h"

int command_trouble(const struct diag *why)
{
	char line[1024];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, line, sizeof(line)));
	return EXIT_TROUBLE;
}

bool one_store_options(int argc, char **argv, const char *help, const char *needs,
	struct one_store *ret, int *ret_status)
{
	static const struct option options[] = {
		{"store", required_argument, NULL, 's'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int c;

	*ret = (struct one_store){.quiet = false};
	*ret_status = EXIT_TROUBLE;
	while ((c = getopt_long(argc, argv, "s:qh", options, NULL)) != -1) {
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
