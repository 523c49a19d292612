#include "commands/options.h"

#include <stdio.h>

#include "core/options.h"

int command_option(
	int argc, char **argv, const char *shorts, const struct option *longs, int *index)
{
	struct diag why = {.line = 0};
	char text[640];
	int code = options_next(argc, argv, shorts, longs, index, &why);

	if (code == '?')
		fprintf(stderr, "lightsout: %s\n", diag_format(&why, text, sizeof(text)));
	return code;
}
