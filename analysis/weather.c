#include "analysis/weather.h"

#include <math.h>
#include <stddef.h>

#define BAD_SHARE 0.8
#define SILENT_SHARE 0.05
#define BAD_EXCESS_S 0.08
enum { LEAST_ASKED = 2, RAMP_MINUTES = 60, RAMP_MEASURED = 20 };

static int64_t minute_ns(const struct constants *constants)
{
	return constants->flap_ns / 3;
}

bool weather_add(struct weather *weather, int64_t now_ns, double expected, bool answered,
	double excess_s, const struct constants *constants)
{
	int64_t number = now_ns / minute_ns(constants);
	struct minute *m = &weather->minutes[number % WEATHER_MINUTES];
	bool full = number > weather->number;

	if (number < weather->number)
		return false;
	if (m->number != number)
		*m = (struct minute){.number = number};
	weather->number = number;
	m->asked += (float)expected;
	m->answered += answered ? 1 : 0;
	if (!isnan(excess_s) && m->timed < UINT16_MAX) {
		m->excess_s += (float)excess_s;
		m->timed++;
	}
	return full;
}

void weather_forget(struct weather *weather, int64_t from_ns, int64_t to_ns, double expected,
	const struct constants *constants)
{
	int64_t first = from_ns / minute_ns(constants);
	int64_t last = to_ns / minute_ns(constants);

	if (last - first >= WEATHER_MINUTES)
		first = last - WEATHER_MINUTES + 1;
	for (int64_t i = first; i <= last; i++) {
		struct minute *m = &weather->minutes[i % WEATHER_MINUTES];
		if (m->number != i)
			continue;
		m->asked -= (float)expected / (float)(last - first + 1);
		if (m->asked < m->answered)
			m->asked = m->answered;
	}
}

static const struct minute *minute_at(const struct weather *weather, int64_t number)
{
	const struct minute *m = &weather->minutes[number % WEATHER_MINUTES];

	return number > 0 && m->number == number && m->asked >= LEAST_ASKED ? m : NULL;
}

static bool is_like(const struct minute *m, double share, bool above)
{
	double is = (double)(m->answered / m->asked);

	return above ? is >= share : is < share;
}

bool weather_held(const struct weather *weather, int count, double share, bool above,
	const struct constants *constants, int64_t *ret_since_ns)
{
	double answered = 0;
	int64_t back = 1;

	for (; back < WEATHER_MINUTES - 1; back++) {
		const struct minute *m = minute_at(weather, weather->number - back);
		if (!m || !is_like(m, share, above))
			break;
		if (back <= count)
			answered += (double)m->answered;
		if (back == count && above)
			break;
	}
	*ret_since_ns = (weather->number - (above ? count : back - 1)) * minute_ns(constants);
	return back > count - above && answered > 0;
}

double weather_ramp(
	const struct weather *weather, int64_t before_ns, const struct constants *constants)
{
	int64_t last = before_ns / minute_ns(constants) - 1;
	int measured = 0;
	double run = 0;
	double longest = 0;

	for (int64_t i = last - RAMP_MINUTES; i <= last; i++) {
		const struct minute *m = minute_at(weather, i);
		if (!m) {
			run = 0;
			continue;
		}
		measured++;
		bool slow = m->timed > 0 && m->excess_s / (float)m->timed >= (float)BAD_EXCESS_S;
		bool lossy = is_like(m, BAD_SHARE, false) && is_like(m, SILENT_SHARE, true);
		run = slow || lossy ? run + 1 : fmax(run - 2, 0);
		longest = fmax(longest, run);
	}
	return measured >= RAMP_MEASURED ? longest : (double)NAN;
}
