#include "analysis/vantage/trips.h"

#include <math.h>
#include <string.h>

#include "core/mem.h"

void trips_finish(struct trips *trips)
{
	for (size_t i = 0; i < VANTAGES_MOST; i++)
		mem_free(trips->usual_s[i]);
	*trips = (struct trips){0};
}

static void make_room(struct trips *trips, size_t vantage, size_t count)
{
	size_t had = trips->count[vantage];

	if (count <= had)
		return;
	float **usual_s = &trips->usual_s[vantage];
	*usual_s = mem_grow(*usual_s, &trips->count[vantage], count, sizeof(**usual_s));
	memset(*usual_s + had, 0, (trips->count[vantage] - had) * sizeof(**usual_s));
}

float trips_learn(struct trips *trips, size_t vantage, uint32_t host, float rtt_s)
{
	make_room(trips, vantage, (size_t)host + 1);
	float *usual_s = &trips->usual_s[vantage][host];
	float excess_s = *usual_s > 0 ? rtt_s - *usual_s : NAN;

	*usual_s += *usual_s > 0 ? excess_s / TRIPS_MEAN : rtt_s;
	return excess_s;
}
