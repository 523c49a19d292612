/* SIGHUP: what the files say now is in force. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/mem.h"
#include "prober/reread.h"
#include "prober/runtime.h"
#include "prober/schedule/series.h"
#include "targets/blocklist.h"

/* The series' list only grows: the new one is put beside what it was. */
static void join_series(const struct loop_config *config, const struct target_set *before)
{
	struct target_row *rows = mem_copy(before->rows, before->row_count * sizeof(*rows));

	series_add(config->targets, false, rows, before->row_count);
}

static void tell_lists(const struct target_set *set)
{
	struct told told[TOLD_MOST];
	size_t count = target_set_tell(set, told);

	for (size_t i = 0; i < count; i++)
		log_line(told[i].warning ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "%s", told[i].text);
}

/* They asked to be left out once, and are asked from now on. */
static void tell_freed(const struct blocklist *before, const struct blocklist *now)
{
	static const struct blocklist none;
	uint64_t freed = before ? blocklist_lost(before, now ? now : &none) : 0;

	if (freed > 0)
		log_warn("reload: %" PRIu64 " address%s blocked no more", freed,
			freed == 1 ? " is" : "es are");
}

static void tell_refused(const struct diag *why)
{
	char text[640];

	log_error("reload: %s; all goes on as it was", diag_format(why, text, sizeof(text)));
}

void runtime_reload(const struct loop_config *config, struct runs *runs)
{
	const struct target_set *set = config->targets;
	struct request before;
	char fixed[REREAD_NAMES];
	struct diag why = {0};

	notify_reloading(config->notify, clock_mono());
	if (reread(config->request, &before, fixed, &why) < 0) {
		tell_refused(&why);
		notify_ready(config->notify);
		return;
	}
	join_series(config, &before.targets);
	transmit_set_contact(config->transmit, config->settings->contact);
	size_t withdrawn = runs_reload(runs, clock_mono(), clock_wall());
	storing_put_targets(config->storing, set->rows, set->row_count);
	tell_lists(set);
	tell_freed(before.targets.blocklist, set->blocklist);
	request_finish(&before);
	log_info("reload: addresses=%zu refused=%zu controls=%zu withdrawn=%zu",
		set->address_count, set->refused_count, set->control_count, withdrawn);
	if (fixed[0])
		log_warn("reload: %s: a restart is needed to change this", fixed + 2);
	notify_ready(config->notify);
}
