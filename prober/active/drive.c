#include "prober/active/drive.h"

#include <errno.h>

/* How soon a line that blocks is tried again. */
#define BLOCKED_RETRY_NS NS_PER_MS
/* A line that blocks for longer is in trouble. */
#define BLOCKED_TROUBLE_NS (20 * NS_PER_MS)
#define DEADLINE_GRACE_NS (5 * NS_PER_S)

void drive_init(struct drive *drive, const struct drive_hooks *hooks,
	const struct settings *settings, const struct target_set *targets)
{
	*drive = (struct drive){
		.hooks = *hooks,
		.targets = targets,
		.blocked_since = MONO_NEVER,
		.trouble_at = {INT64_MIN},
	};
	pace_init(&drive->pace, settings->rate, hooks->now(hooks->ctx));
	ceiling_init(&drive->ceiling, settings->per_block_rate, settings->full_interval_ns);
}

void drive_reload(struct drive *drive, const struct settings *settings, struct mono now)
{
	pace_set_rate(&drive->pace, settings->rate);
	ceiling_change(&drive->ceiling, settings->per_block_rate, settings->full_interval_ns, now);
}

void drive_finish(struct drive *drive)
{
	ceiling_finish(&drive->ceiling);
}

/* What of a ceiling is left to others. */
static uint32_t kept_back(
	const struct drive *drive, enum drive_class class, const struct sweep_action *action)
{
	uint32_t limit = drive->ceiling.limit;

	if (class == DRIVE_ALONE)
		return 0;
	if (action->probe.ttl != PROBE_TTL)
		return limit / 5;
	if (class == DRIVE_BURST)
		return limit / 6;
	if (action->attempt > 1)
		return limit / 8;
	return class == DRIVE_FULL ? limit / 16 : 0;
}

/* Our own line is gone, as far as a refused send can tell: there was a way out
 * when the sweep began. */
static bool line_gone(const struct probe *probe, int r)
{
	return probe->source.host != 0 &&
	       (r == -ENETDOWN || r == -ENETUNREACH || r == -ENODEV || r == -ENXIO);
}

/* Why the kernel has no way for a probe, or would not take it. */
static enum unsent why_refused(int r)
{
	switch (-r) {
	case EPERM:
		return UNSENT_FIREWALL;
	case EACCES:
	case EINVAL: /* a blackhole */
		return UNSENT_PROHIBITED;
	case ENETDOWN:
	case ENODEV:
	case ENXIO:
		return UNSENT_LINK_DOWN;
	case EXDEV:
		return UNSENT_NO_WAY_FITS;
	case ENETUNREACH:
	case EHOSTUNREACH:
	case EADDRNOTAVAIL:
		return UNSENT_NO_ROUTE;
	default:
		return UNSENT_KERNEL;
	}
}

static enum sweep_send send_probe(struct drive *drive, enum drive_class class,
	const struct sweep_action *action, struct mono now, enum unsent *why)
{
	const struct probe *probe = &action->probe;

	*why = UNSENT_NOT_ALLOWED;

	if (!target_set_allows(drive->targets, probe->target))
		return SWEEP_REFUSED;
	*why = UNSENT_CEILING;
	if (ceiling_left(&drive->ceiling, probe->target, probe->method, probe->port, now) <=
		kept_back(drive, class, action))
		return SWEEP_REFUSED;

	*why = why_refused(action->no_way ? action->no_way : -ENETUNREACH);
	if (probe->source.host == 0)
		return SWEEP_FAILED; /* there was no way out: nobody could answer it */
	int r = drive->hooks.send(drive->hooks.ctx, probe);
	if (r == -EAGAIN || r == -ENOBUFS) {
		if (drive->blocked_since.ns > now.ns)
			drive->blocked_since = now;
		if (mono_since(now, drive->blocked_since) > BLOCKED_TROUBLE_NS)
			drive->trouble_at = now;
		drive->blocked_until = mono_after(now, BLOCKED_RETRY_NS);
		return SWEEP_BLOCKED;
	}
	drive->blocked_since = MONO_NEVER;
	if (line_gone(probe, r))
		drive->trouble_at = now;
	*why = why_refused(r);
	if (r < 0)
		return SWEEP_FAILED;
	ceiling_take(&drive->ceiling, probe->target, probe->method, probe->port, now);
	pace_take(&drive->pace, now);
	return SWEEP_SENT;
}

struct mono drive_sweep(
	struct drive *drive, struct sweep_run *run, enum drive_class class, struct mono seen)
{
	for (int sends = 0; sends < DRIVE_SENDS;) {
		struct mono now = drive->hooks.now(drive->hooks.ctx);
		struct mono slot = pace_next(&drive->pace);
		if (slot.ns < drive->blocked_until.ns)
			slot = drive->blocked_until;
		bool may_send = slot.ns <= now.ns;
		sweep_blocked(run, drive->blocked_since);
		struct sweep_action action = sweep_next(run, seen, may_send);
		if (action.step == SWEEP_DONE)
			return MONO_NEVER;
		if (action.step == SWEEP_WAIT)
			return action.until.ns > now.ns || may_send ? action.until : slot;
		enum unsent why;
		enum sweep_send result = send_probe(drive, class, &action, now, &why);
		sweep_sent(run, now, result, why);
		sends += result == SWEEP_SENT;
	}
	return drive->hooks.now(drive->hooks.ctx);
}

struct mono drive_deadline(const struct drive *drive, const struct sweep_run *run)
{
	int64_t held_up = (int64_t)sweep_attempts_most(run) * drive->pace.gap_ns;

	return mono_after(sweep_deadline(run), held_up + DEADLINE_GRACE_NS);
}
