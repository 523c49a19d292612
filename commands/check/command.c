/*
 * lightsout check: one sweep now, by the prober, read back from its store and
 * told. Everything that decides is in commands/check/check.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/check/announce.h"
#include "commands/check/check.h"
#include "commands/check/records.h"
#include "commands/check/run.h"
#include "commands/check/sweep_read.h"
#include "commands/check/view.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "core/inputs.h"
#include "exchange/output.h"

/* A plugin's status is told apart from ours until the end, since a 2 means another thing there. */
enum { NAGIOS_UNKNOWN = 3, NAGIOS_SAID = 16 };

static int open_outputs(const struct check_run *run, struct outputs *outputs, struct diag *why)
{
	int err = 0;

	input_note_store(run->settings.store);
	for (size_t i = 0; i < run->place_count && !err; i++)
		err = outputs_add(outputs, run->places[i], why);
	if (!err && run->place_count == 0)
		err = outputs_add(outputs, "-", why);
	else if (!err && !outputs_to_stdout(outputs) && isatty(STDOUT_FILENO) == 1 && !run->quiet)
		err = outputs_add(outputs, "table:-", why);
	return err;
}

/* The prober has stored nothing. What it said of it is enough, if it did. */
static int why_nothing(const struct check_run *run, struct diag *why)
{
	int status = prober_wait(why);

	if (status < 0)
		return status;
	if (prober_signal()) {
		diag_set(why, "stopped by a signal (%s), nothing was stored",
			strsignal(prober_signal()));
		return -EINTR;
	}
	if (status != 0)
		return -ECANCELED;
	diag_set(why, "the prober stored no sweep in %.200s", run->settings.store);
	return -ENODATA;
}

/* What the lists said, before anything is sent. An empty blocklist is told in any case. */
static void tell_lists(const struct check_run *run, const struct target_set *set)
{
	struct told told[TOLD_MOST];
	size_t count = target_set_tell(set, told);

	for (size_t i = 0; i < count; i++)
		if (told[i].warning || !run->quiet)
			fprintf(stderr, "lightsout: %s\n", told[i].text);
}

/* A whole block and more: its owners will see it. */
static void tell_size(const struct check_run *run, const struct target_set *set)
{
	char *text = run->quiet ? NULL : announce(&run->settings, set);

	if (text)
		fprintf(stderr, "lightsout: %s\n", text);
	free(text);
}

/* One sweep into run->settings.store, and back out of it. A signal may have cut
 * it short: then it says so itself. */
static int sweep_now(const struct check_run *run, const struct target_set *set,
	struct sweep_held *ret, struct diag *why)
{
	const struct settings *settings = &run->settings;
	uint64_t before;

	int r = sweep_number(settings->store, settings->vantage, &before, why);
	if (r >= 0) {
		tell_lists(run, set);
		tell_size(run, set);
		r = prober_start(&run->prober, why);
	}
	if (r >= 0)
		r = sweep_hold(settings->store, settings->vantage, before, ret, why);
	if (r == 0)
		return why_nothing(run, why);
	return r < 0 ? r : 0;
}

static void tell(const struct check_run *run, const struct check *check)
{
	if (!run->quiet) {
		char *summary = check_view_summary(check);
		fputs(summary, stderr);
		free(summary);
	}
	char *boxes = check_view_boxes(check);
	fputs(boxes, stderr);
	free(boxes);
	char *unsent = check_view_unsent(check);
	fputs(unsent, stderr);
	free(unsent);
	if (run->goal.given) {
		if (check->status != EXIT_ANSWERED)
			goal_missed(stderr, &run->goal, check);
		return;
	}
	char *reason = check_view_reason(check);
	if (reason)
		fprintf(stderr, "lightsout: %s\n", reason);
	free(reason);
}

static int report(const struct check_run *run, const struct target_set *set,
	const struct sweep *sweep, struct outputs *outputs)
{
	struct check check;
	struct diag why = {.line = 0};

	check_make(set, sweep, &check);
	check.status = goal_status(&run->goal, &check);
	if (run->nagios) {
		outputs_abandon(outputs);
		int code = goal_nagios(stdout, &check, check.status);
		check_finish(&check);
		return NAGIOS_SAID + code;
	}
	check_records(&check, outputs);
	outputs_view(outputs, check_view_map, &check);
	int err = outputs_finish(outputs, &why);
	int status = err < 0 ? check_run_trouble(&why) : check.status;
	tell(run, &check);
	check_finish(&check);
	return status;
}

/* What would be sent is the prober's to print. */
static int dry_run(const struct check_run *run, const struct target_set *set)
{
	struct diag why = {.line = 0};
	int status;

	tell_lists(run, set);
	status = prober_run(&run->prober, &why);

	if (status < 0)
		return check_run_trouble(&why);
	return status == 0 ? EXIT_ANSWERED : EXIT_TROUBLE;
}

/* Everything is parsed: probe, read, tell. */
static int run_check(struct check_run *run, const struct target_set *set)
{
	struct outputs *outputs = outputs_create(run->epoch);
	struct diag why = {.line = 0};
	struct sweep_held held;

	int err = open_outputs(run, outputs, &why);
	if (!err)
		err = sweep_now(run, set, &held, &why);
	if (err) {
		outputs_abandon(outputs);
		return err == -ECANCELED ? EXIT_TROUBLE : check_run_trouble(&why);
	}
	int status = report(run, set, &held.sweep, outputs);
	sweep_let_go(&held);
	return status;
}

int command_check(int argc, char **argv)
{
	struct check_run run = {.dry_run = false};
	struct prober_arguments targets = {.items = NULL};
	struct target_set set = {.row_count = 0};
	struct diag why = {.line = 0};

	settings_init(&run.settings);
	int status = check_run_options(&run, argc, argv);
	if (status < 0) {
		if (check_run_prepare(&run, argv + optind, &targets, &set, &why) < 0)
			status = check_run_trouble(&why);
		else if (run.dry_run)
			status = dry_run(&run, &set);
		else
			status = run_check(&run, &set);
	}
	if (run.nagios && status >= NAGIOS_SAID) {
		status -= NAGIOS_SAID;
	} else if (run.nagios && status == EXIT_TROUBLE) {
		puts("LIGHTSOUT UNKNOWN: nothing was measured, standard error says why");
		status = NAGIOS_UNKNOWN;
	}
	scratch_remove(&run.scratch);
	target_set_finish(&set);
	prober_arguments_finish(&targets);
	prober_arguments_finish(&run.prober);
	settings_finish(&run.settings);
	free(run.places);
	free(run.files);
	return status;
}
