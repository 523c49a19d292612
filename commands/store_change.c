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
#include "core/clock.h"
#include "core/inputs.h"
#include "core/when.h"
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

static int prune_sweep(struct store *store, const struct store_options *given, struct diag *why)
{
	char start[CLOCK_TEXT_SIZE];
	struct pruned_sweep sweep;
	int r = store_prune_sweep(store, given->sweep, &sweep, why);

	if (r < 0 || given->quiet)
		return r;
	wall_format(sweep.start, start);
	printf("removed the %s sweep %s of %s with %" PRId64 " observation%s\n",
		tier_name(sweep.tier), given->sweep, start, sweep.observations,
		text_s((uint64_t)sweep.observations));
	return 0;
}

static int prune_before(
	struct store *store, struct wall before, const struct store_options *given, struct diag *why)
{
	char text[CLOCK_TEXT_SIZE];
	struct pruned_sweeps pruned;
	int r = store_prune_before(store, before, &pruned, why);

	if (r < 0 || given->quiet)
		return r;
	wall_format(before, text);
	printf("removed %" PRId64 " sweep%s that ended by %s, with %" PRId64 " observation%s\n",
		pruned.sweeps, text_s((uint64_t)pruned.sweeps), text, pruned.observations,
		text_s((uint64_t)pruned.observations));
	printf("the file keeps its size: %" PRId64 " KiB in it are free for sweeps to come\n",
		pruned.free_bytes >> 10);
	return 0;
}

/* What would remove all is no wish. */
static int take_before(const char *text, struct wall *ret, struct diag *why)
{
	struct wall now = clock_wall();
	struct diag wrong = {.line = 0};

	if (when_parse(text, now, ret, &wrong) < 0)
		return diag_set(why, "--before \"%.100s\" %.160s", text, wrong.text);
	if (ret->ns > now.ns)
		return diag_set(why, "--before \"%.100s\" is not over yet, expected a time that is",
			text);
	return 0;
}

int store_command_prune(const struct store_options *given)
{
	const char *path = given->store;
	struct wall before = {0};
	struct diag why = {.line = 0};
	struct store *store;

	if (given->before && take_before(given->before, &before, &why) < 0)
		return command_trouble(&why);
	if (access(path, F_OK) != 0) { /* writing would make one */
		diag_set(&why, "cannot open store \"%.200s\": %s", path, strerror(errno));
		return command_trouble(&why);
	}
	stop_on_signals();
	if (store_open(path, STORE_WRITE, &why, &store) < 0)
		return command_trouble(&why);
	int r = given->before ? prune_before(store, before, given, &why)
			      : prune_sweep(store, given, &why);
	store_close(store);
	return r < 0 ? command_trouble(&why) : 0;
}
