#include "report/round_trips.h"

#include <math.h>
#include <string.h>

#include "core/mem.h"

/* A step is a factor of 1.02; the first ends at a microsecond, the last holds an hour. */
enum { STEPS_MOST = 1112 };

static int step_of(int64_t rtt_ns)
{
	double steps = rtt_ns > 1000 ? log((double)rtt_ns / 1000) / log(1.02) : 0;

	return steps < STEPS_MOST ? (int)steps : STEPS_MOST;
}

static void make_room(struct round_trips *trips, int step)
{
	int first = trips->count && trips->first < step ? trips->first : step;
	int end = trips->count && trips->first + trips->count > step ? trips->first + trips->count
								     : step + 1;
	struct round_trip_step *steps = mem_zeroed((size_t)(end - first), sizeof(*steps));

	if (trips->count)
		memcpy(steps + (trips->first - first), trips->steps,
			(size_t)trips->count * sizeof(*steps));
	mem_free(trips->steps);
	trips->steps = steps;
	trips->first = first;
	trips->count = end - first;
}

void round_trips_add(struct round_trips *trips, int64_t rtt_ns)
{
	int number = step_of(rtt_ns);

	if (number < trips->first || number >= trips->first + trips->count)
		make_room(trips, number);
	struct round_trip_step *step = &trips->steps[number - trips->first];
	step->count++;
	step->sum_s += (double)rtt_ns / 1e9;
	trips->all++;
}

double round_trips_median_s(const struct round_trips *trips)
{
	uint64_t below = 0;

	for (int i = 0; i < trips->count; i++) {
		below += trips->steps[i].count;
		if (2 * below > trips->all)
			return trips->steps[i].sum_s / (double)trips->steps[i].count;
	}
	return (double)NAN;
}

void round_trips_finish(struct round_trips *trips)
{
	mem_free(trips->steps);
	*trips = (struct round_trips){0};
}
