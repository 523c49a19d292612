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
#include "store/merge.h"
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

/* The first few by name. */
static void print_conflict(void *ctx, const char *path, const struct sweep_info *info)
{
	enum { MOST = 10 };
	unsigned *told = ctx;
	char line[1024];

	if (++*told > MOST)
		return;
	snprintf(line, sizeof(line), "%s: %s/%s/%" PRIu64 " is not as it is in the store or in one before",
		path, info->vantage, info->epoch, info->sweep);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

int store_command_merge(const struct store_options *given)
{
	struct progress progress = progress_begin("merge", given->quiet);
	const struct store_progress tell = {progress_tell, &progress};
	unsigned told = 0;
	const struct store_merge merge = {(const char *const *)given->files, given->file_count,
		&tell, print_conflict, &told};
	struct store_merged merged;
	struct diag why = {.line = 0};
	struct store *store;

	stop_on_signals();
	if (store_open(given->store, STORE_WRITE, &why, &store) < 0)
		return command_trouble(&why);
	int r = store_merge(store, &merge, &merged, &why);
	store_close(store);
	progress_end(&progress);
	if (r < 0)
		return command_trouble(&why);
	if (!given->quiet)
		printf("%" PRIu64 " sweep%s read, %" PRIu64 " new in %s\n", merged.sweeps,
			text_s(merged.sweeps), merged.fresh, given->store);
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
