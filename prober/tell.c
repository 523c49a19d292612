#include "prober/tell.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/log.h"

/* --- the store --- */

static void tell_log(struct tell *tell, int64_t bytes)
{
	if (bytes >= TELL_LOG_BYTES && bytes >= 2 * tell->log_told) {
		log_warn("store: a reader keeps the log beside it (-wal) from being written back: "
			 "it has %" PRId64 " MiB",
			bytes >> 20);
		tell->log_told = bytes;
	} else if (bytes < TELL_LOG_BYTES && tell->log_told) {
		log_info("store: the log beside it is written back");
		tell->log_told = 0;
	}
}

void tell_state(struct tell *tell, const struct storing_state *state)
{
	tell_log(tell, state->log_bytes);
	if (state->err == tell->err)
		return;
	if (state->err < 0)
		log_error("store: sweep=%" PRIu64 " waits in memory: %s; probing goes on",
			state->sweep, state->why.text);
	else
		log_warn("store: sweeps are stored again; lost=%" PRIu64, tell->lost);
	tell->err = state->err;
	if (state->err == 0) {
		tell->lost = 0;
		tell->overflown = false;
	}
}

void tell_result(struct tell *tell, const struct sweep_info *info, int result, const char *why)
{
	if (result == 0)
		return;
	tell->lost++;
	tell->lost_in_all++;
	if (why) {
		snprintf(tell->why, sizeof(tell->why), "%s", why);
		log_error("store: sweep=%" PRIu64 " is lost: %s", info->sweep, why);
	} else if (result == -ENOBUFS && !tell->overflown) {
		log_error("store: sweep=%" PRIu64 " is lost: no more may wait in memory; the "
			  "oldest go first",
			info->sweep);
		tell->overflown = true;
	}
}

/* --- the self-check --- */

/* Flags that say how well we see; the others are of one sweep. */
#define HEALTH_FLAGS                                                                               \
	(SWEEP_CAPTURE_DROP | SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN | SWEEP_INTERFACE_DOWN |         \
		SWEEP_CLOCK_UNSYNCED | SWEEP_GATEWAY_DOWN)

/* Once for each change of how well we see. */
void tell_health(struct tell *tell, const struct sweep_info *info)
{
	uint32_t flags = info->flags & HEALTH_FLAGS;
	char from[FLAGS_TEXT_SIZE];
	char to[FLAGS_TEXT_SIZE];

	if (info->sweep < tell->sweep) /* a long one that ends after others */
		return;
	tell->sweep = info->sweep;
	if (flags == tell->flags)
		return;
	flags_format(tell->flags, from);
	flags_format(flags, to);
	if (flags)
		log_warn("self-check: sweep=%" PRIu64 " from=%s to=%s", info->sweep,
			from[0] ? from : "clear", to);
	else
		log_info("self-check: sweep=%" PRIu64 " from=%s to=clear", info->sweep, from);
	tell->flags = flags;
}

/* --- why probes do not count --- */

#define BIT(reason) (UINT32_C(1) << (reason))
static_assert(UNSENT_COUNT <= 32, "a bit for each reason");

/* The others are told by the lists, by flags, or by counters alone. */
#define UNSENT_TOLD                                                                                \
	(~(BIT(UNSENT_NOT_ALLOWED) | BIT(UNSENT_STOPPED) | BIT(UNSENT_LINE) |                      \
		BIT(UNSENT_DROPPED) | BIT(UNSENT_UNPROVEN) | BIT(UNSENT_DOUBTFUL)))

void tell_unsent(
	struct tell *tell, const struct sweep_info *info, const struct sweep_counts *counts)
{
	uint32_t before = tell->unsent[0] | tell->unsent[1];
	uint32_t *own = &tell->unsent[info->tier == TIER_FULL];

	*own = 0;
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++)
		if (counts->unsent_by[i] && UNSENT_TOLD & BIT(i))
			*own |= BIT(i);
	uint32_t after = tell->unsent[0] | tell->unsent[1];
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++) {
		const char *name = unsent_name((enum unsent)i);
		if (after & ~before & BIT(i))
			log_warn("unsent: sweep=%" PRIu64 " %s=%" PRIu64 ": %s", info->sweep, name,
				counts->unsent_by[i], unsent_words((enum unsent)i));
		else if (before & ~after & BIT(i))
			log_info("unsent: sweep=%" PRIu64 " %s=0", info->sweep, name);
	}
}
