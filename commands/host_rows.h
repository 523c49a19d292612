#ifndef COMMANDS_HOST_ROWS_H
#define COMMANDS_HOST_ROWS_H

#include "analysis/clock/reboot_list.h"
#include "commands/judge_asked.h"
#include "live/known_hosts.h"
#include "report/series.h"

/* A row for each host, of the block that was asked for; reboots are counted in [from, to).
 * series: who answered how often. */
void host_rows(struct judge_run *run, const struct known_hosts *hosts,
	const struct host_reboots *reboots, const struct series *series);

#endif
