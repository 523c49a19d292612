#include "prober/active/self_check.h"

#include <stdlib.h>

/* A disciplined clock slews by 500 ppm at most: 0.5 ms a second. More is a step. */
#define STEP_NS (50 * NS_PER_MS)
#define SLEW_PPM 1000
/* We look ten times a second; who looks away this long was stopped. */
#define AWAY_NS (2 * NS_PER_S)

static bool stepped(const struct self_check_reading *a, const struct self_check_reading *b)
{
	int64_t elapsed = mono_since(b->mono, a->mono);
	int64_t drift = wall_since(b->wall, a->wall) - elapsed - (b->asleep_ns - a->asleep_ns);

	return llabs(drift) > STEP_NS + elapsed / 1000000 * SLEW_PPM;
}

struct self_check_result self_check_look(
	struct self_check *self_check, const struct self_check_reading *reading)
{
	struct self_check_result glance = {.since = reading->mono};

	if (self_check->primed) {
		const struct self_check_reading *last = &self_check->last;
		glance.since = last->mono;
		glance.dropped = reading->dropped - last->dropped;
		if (stepped(last, reading))
			glance.flags |= SWEEP_CLOCK_STEP;
		if (mono_since(reading->mono, last->mono) > AWAY_NS ||
			reading->asleep_ns - last->asleep_ns > AWAY_NS)
			glance.flags |= SWEEP_SUSPENDED;
	}
	self_check->last = *reading;
	self_check->primed = true;
	return glance;
}
