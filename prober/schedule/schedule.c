#include "prober/schedule/schedule.h"

struct wall schedule_align(struct wall t, int64_t interval_ns)
{
	int64_t past = t.ns % interval_ns;

	return past == 0 ? t : wall_after(t, interval_ns - past);
}

void schedule_init(struct schedule *schedule, int64_t interval_ns, struct wall now)
{
	*schedule = (struct schedule){
		.interval_ns = interval_ns,
		.next = schedule_align(now, interval_ns),
		.ahead_ns = interval_ns,
	};
}

void schedule_init_at_once(struct schedule *schedule, int64_t interval_ns, struct wall now)
{
	schedule_init(schedule, interval_ns, now);
	schedule->next = now;
}

bool schedule_due(struct schedule *schedule, struct wall now, int64_t *ret_late_ns)
{
	int64_t interval_ns = schedule->interval_ns;

	if (wall_since(schedule->next, now) > schedule->ahead_ns) {
		schedule->next = schedule_align(now, interval_ns);
		schedule->ahead_ns = interval_ns;
	}
	int64_t late = wall_since(now, schedule->next);
	if (late < 0)
		return false;
	schedule->missed = (uint64_t)(late / interval_ns);
	*ret_late_ns = late % interval_ns;
	/* Of a start on the grid the next multiple is an interval later, of one off it half to
	 * one and a half. */
	struct wall slot = wall_after(schedule->next, (int64_t)schedule->missed * interval_ns);
	schedule->next = schedule_align(wall_after(slot, interval_ns / 2), interval_ns);
	int64_t ahead = wall_since(schedule->next, slot);
	schedule->ahead_ns = ahead > interval_ns ? ahead : interval_ns;
	return true;
}
