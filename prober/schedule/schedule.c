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
	};
}

bool schedule_due(struct schedule *schedule, struct wall now, int64_t *ret_late_ns)
{
	if (wall_since(schedule->next, now) > schedule->interval_ns)
		schedule->next = schedule_align(now, schedule->interval_ns);
	int64_t late = wall_since(now, schedule->next);
	if (late < 0)
		return false;
	schedule->missed = (uint64_t)(late / schedule->interval_ns);
	*ret_late_ns = late % schedule->interval_ns;
	schedule->next =
		wall_after(schedule->next, (int64_t)(schedule->missed + 1) * schedule->interval_ns);
	return true;
}
