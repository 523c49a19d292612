/* lightsout hosts: each host that is known, and what is known of it. */
#include <stdio.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/host_rows.h"
#include "commands/judge_run.h"
#include "core/mem.h"

struct folding {
	const struct judge_run *run;
	struct series *series;
};

static void fold(void *ctx, const struct sweep *sweep)
{
	struct folding *folding = ctx;

	series_sweep(folding->series, sweep, folding->run->judgement.proof);
}

static int write_hosts(struct judge_run *run)
{
	const struct judgement *j = &run->judgement;
	struct series_config config = {.from = judge_run_begin(run),
		.to = judge_run_end(run),
		.targets = run->targets,
		.target_count = run->target_count};
	struct folding folding = {.run = run, .series = series_of_hosts(&config)};
	struct host_reboots reboots = {.count = 0};
	struct known_hosts hosts;

	known_hosts_of(j->view, &hosts);
	if (j->uptimes)
		host_reboots_of(j->uptimes, &reboots);
	int result = hosts.count ? judge_run_again(run, fold, &folding) : 0;
	if (result == 0)
		host_rows(run, &hosts, &reboots, folding.series);
	series_destroy(folding.series);
	host_reboots_finish(&reboots);
	mem_free(hosts.items);
	return result;
}

int command_hosts(int argc, char **argv)
{
	struct judge_run run;
	int result = judge_run_options(&run, "hosts", argc, argv);

	if (result == 0 && run.help) {
		fputs("usage: lightsout hosts -s STORE [OPTION...]\n\n", stdout);
		judge_run_usage(stdout);
		return EXIT_ANSWERED;
	}
	if (result == 0)
		result = judge_run_read(&run);
	if (result == 0)
		result = write_hosts(&run);
	return judge_run_close(&run, result);
}
