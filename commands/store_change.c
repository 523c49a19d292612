#include "commands/store_options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "commands/progress.h"
#include "commands/stop.h"
#include "core/inputs.h"
#include "store/backup.h"
#include "store/store.h"

int store_command_backup(const struct store_options *given)
{
	struct progress progress = progress_begin("backup", given->quiet);
	const struct store_progress tell = {progress_tell, &progress};
	struct diag why = {.line = 0};
	struct store *store;

	stop_on_signals();
	input_note_store(given->store);
	if (output_spare(given->output, &why) < 0 ||
		store_open(given->store, STORE_READ, &why, &store) < 0)
		return command_trouble(&why);
	int r = store_backup(store, given->output, &tell, &why);
	store_close(store);
	progress_end(&progress);
	if (r < 0)
		return command_trouble(&why);
	if (!given->quiet)
		printf("%s is a whole copy of %s\n", given->output, given->store);
	return 0;
}

int store_command_prune(const struct store_options *given)
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
