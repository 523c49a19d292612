/*
 * lightsout watch: becomes the prober, with the same arguments. The prober has
 * the schedule, the settings (--check-config, --print-config) and its own
 * help; nothing of ours stays resident beside it.
 */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/prober_run.h"

int command_watch(int argc, char **argv)
{
	struct prober_arguments arguments = {.items = NULL};
	struct diag why = {.line = 0};
	char text[640];

	for (int i = 1; i < argc; i++)
		prober_argument(&arguments, argv[i]);
	prober_exec(&arguments, &why);
	fprintf(stderr, "lightsout: %s\n", diag_format(&why, text, sizeof(text)));
	prober_arguments_finish(&arguments);
	return EXIT_TROUBLE;
}
