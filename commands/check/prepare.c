/* What check reads before it probes, and what it tells the prober. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/check/names.h"
#include "commands/check/run.h"
#include "core/mem.h"
#include "targets/file.h"
#include "targets/given.h"

static char *joined(const char *before, const char *after)
{
	size_t room = strlen(before) + strlen(after) + 1;
	char *text = mem_zeroed(room, 1);

	snprintf(text, room, "%s%s", before, after);
	return text;
}

static int read_config(struct check_run *run, struct diag *why)
{
	char *bytes = NULL;
	size_t len = 0;

	if (!run->config)
		return 0;
	int err = file_read(run->config, &bytes, &len, why);
	if (err >= 0)
		err = settings_read(&run->settings, file_label(run->config), bytes, len, why);
	if (err >= 0)
		prober_option(&run->prober, "config", run->config);
	if (err >= 0 && run->settings.fwmark) { /* its sockets are marked before it reads a file */
		char mark[16];
		snprintf(mark, sizeof(mark), "%" PRIu32, run->settings.fwmark);
		prober_option(&run->prober, "fwmark", mark);
	}
	free(bytes);
	return err;
}

/* TARGET arguments and -f files, as the target set and the prober take them. */
static int gather_targets(const struct check_run *run, char *const *arguments,
	struct prober_arguments *targets, struct diag *why)
{
	for (size_t i = 0; i < run->file_count; i++) {
		char *text = joined("@", run->files[i]);
		prober_argument(targets, text);
		free(text);
	}
	for (; *arguments; arguments++) {
		int err = 0;
		if (run->resolve)
			err = names_resolve(*arguments, targets, why);
		else if (names_like_host(*arguments))
			err = diag_set(why,
				"\"%.160s\" is no file that is there; if it is the name of a "
				"host, --resolve looks it up",
				*arguments);
		else
			prober_argument(targets, *arguments);
		if (err < 0)
			return err;
	}
	return 0;
}

static int resolve(const struct check_run *run, const struct prober_arguments *targets,
	struct target_set *ret, struct diag *why)
{
	const struct settings *settings = &run->settings;
	const struct target_sources sources = {
		.delegated = *settings->delegated ? settings->delegated : NULL,
		.blocklist = *settings->blocklist ? settings->blocklist : NULL,
		.anchors = (const char *const *)settings->anchors.items,
		.anchor_count = settings->anchors.count,
		.upstream = (const char *const *)settings->upstream.items,
		.upstream_count = settings->upstream.count,
	};
	char *const *items = targets->count ? targets->items : settings->targets.items;
	size_t count = targets->count ? targets->count : settings->targets.count;

	if (count == 0)
		return diag_set(why, "no target, expected an address, a CIDR, a range FIRST-LAST, "
				     "a country code or -f FILE");
	return target_set_resolve((const char *const *)items, count, &sources, ret, why);
}

static int hand_on(struct check_run *run, struct diag *why)
{
	int fd;
	int err = given_hand_on(&fd, why);

	if (err >= 0)
		prober_hand_on(&run->prober, fd);
	return err;
}

/* The prober's arguments behind the settings that options gave. */
static int finish_prober(
	struct check_run *run, const struct prober_arguments *targets, struct diag *why)
{
	char *store = joined(run->scratch.path, "/sweep.db");
	int err = 0;

	if (!run->store_given) { /* what a config names is a watch's: it may be at work */
		err = settings_set(&run->settings, "store", store, why);
		prober_option(&run->prober, "store", store);
	}
	free(store);
	if (run->verbose)
		prober_argument(&run->prober, "--verbose");
	else if (run->quiet || (!run->dry_run && isatty(STDERR_FILENO) != 1))
		/* what it would log, we tell */
		prober_argument(&run->prober, "--quiet");
	prober_argument(&run->prober, "--once");
	prober_argument(&run->prober, "--");
	for (size_t i = 0; i < targets->count; i++)
		prober_argument(&run->prober, targets->items[i]);
	return err;
}

int check_run_prepare(struct check_run *run, char *const *arguments,
	struct prober_arguments *targets, struct target_set *set, struct diag *why)
{
	given_keep_all();
	int err = read_config(run, why);
	for (const struct setting_standard *own = check_standards; err >= 0 && own->name; own++) {
		if (settings_given(&run->settings, own->name))
			continue;
		err = settings_set(&run->settings, own->name, own->standard, why);
		prober_option(&run->prober, own->name, own->standard);
	}
	if (err >= 0)
		err = gather_targets(run, arguments, targets, why);
	if (err >= 0)
		err = resolve(run, targets, set, why);
	if (err < 0)
		return err;
	prober_catch_signals();
	err = scratch_open(&run->scratch, why);
	if (err >= 0)
		err = hand_on(run, why);
	if (err >= 0)
		err = finish_prober(run, targets, why);
	return err;
}
