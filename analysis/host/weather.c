#include "analysis/host/weather.h"

#include <math.h>
#include <stddef.h>

/* Some minutes are bad: so much more lost than usual, by so many
 * standard errors; or answers so much later, and not all by the same, as a new route
 * would have it. */
#define BAD_LOSS 0.08
#define BAD_ERRORS 3
#define BAD_EXCESS_S 0.02
#define BAD_EXCESS_SPREADS 4
#define BAD_SPREAD 1.5
#define LEAST_SPREAD_S 0.001
/* As good as all: that is a cut, be it a short one. */
#define SILENT_SHARE 0.9
/* Of the turns that loss at random makes. */
#define MIXED 0.6
enum { LEAST_ASKED = 2, RAMP_MINUTES = 60, RAMP_MEASURED = 20, SETTLED = 4 };
/* Of packets, to judge loss by; minutes without as many end a run; minutes that
 * one look can speak for. */
enum { ENOUGH_SENT = 6, LONGEST_GAP = 13, LOOK_SAYS = 4 };
/* Minutes that what is usual is the mean of; bad ones count a tenth. */
enum { USUAL_MINUTES = 720, BAD_COUNTS = 10 };

static int64_t minute_ns(const struct constants *constants)
{
	return constants->flap_ns / 3;
}

/* Where the minute of that number lies; those before the epoch are never kept. */
static size_t slot_of(int64_t number)
{
	return number > 0 ? (size_t)(number % WEATHER_MINUTES) : 0;
}

static struct minute *minute_of(struct weather *weather, int64_t number)
{
	struct minute *m = &weather->minutes[slot_of(number)];

	return number > 0 && m->number == number ? m : NULL;
}

static double share_lost(const struct minute *m)
{
	double sent = (double)(m->lost + m->answered);

	return sent > 0 ? (double)m->lost / sent : 0;
}

static double mean_excess(const struct minute *m)
{
	return m->timed ? (double)m->excess_s / m->timed : 0;
}

static double spread_2(const struct minute *m)
{
	double mean = mean_excess(m);

	return m->timed > 1 ? fmax((double)m->excess_s_2 / m->timed - mean * mean, 0) : 0;
}

static bool is_bad(const struct usual *usual, const struct minute *m)
{
	double sent = (double)(m->lost + m->answered);
	double usual_lost = fmax((double)usual->lost, 0.01);
	double more = share_lost(m) - (double)usual->lost;
	bool lossy = sent > 0 && more >= BAD_LOSS && share_lost(m) < SILENT_SHARE &&
		     more >= BAD_ERRORS * sqrt(usual_lost * (1 - usual_lost) / sent);
	double late = mean_excess(m);
	double noise = fmax(sqrt((double)usual->mean_2), LEAST_SPREAD_S);
	double spread = fmax(sqrt((double)usual->spread_2), LEAST_SPREAD_S);
	bool uneven = sqrt(spread_2(m)) >= BAD_SPREAD * spread || more >= BAD_LOSS / 2;
	bool slow = late >= BAD_EXCESS_S && late >= BAD_EXCESS_SPREADS * noise && uneven;

	return lossy || slow;
}

static void learn(struct usual *usual, const struct minute *m, double step)
{
	float rate =
		1.0F / (float)(usual->minutes < USUAL_MINUTES ? usual->minutes + 1 : USUAL_MINUTES);
	float mean = (float)mean_excess(m);

	if (m->answered < LEAST_ASKED)
		return;
	if (usual->minutes >= RAMP_MINUTES && is_bad(usual, m))
		rate /= BAD_COUNTS;
	usual->minutes += usual->minutes < USUAL_MINUTES;
	usual->step += rate * ((float)step - usual->step);
	usual->lost += rate * ((float)share_lost(m) - usual->lost);
	if (!m->timed)
		return;
	usual->mean_2 += rate * (mean * mean - usual->mean_2);
	usual->spread_2 += rate * ((float)spread_2(m) - usual->spread_2);
}

void weather_turn(struct weather *weather, int64_t now_ns, const struct constants *constants)
{
	int64_t minute = minute_ns(constants);
	int64_t number = now_ns / minute;

	if (weather->number > SETTLED) {
		/* Of that one no lapse is open any more. */
		const struct minute *past = minute_of(weather, weather->number - SETTLED);
		if (past)
			learn(&weather->usual, past,
				fmin((double)(number - weather->number), LONGEST_GAP));
	}
	weather->number = number;
	weather->from_ns = number * minute;
	weather->until_ns = weather->from_ns + minute;
	weather->minutes[slot_of(number)] = (struct minute){.number = number};
}

static void lose(
	struct weather *weather, int64_t at_ns, float probes, const struct constants *constants)
{
	struct minute *m = minute_of(weather, at_ns / minute_ns(constants));

	if (m)
		m->lost += probes;
}

void weather_lapse(
	struct weather *weather, const struct spell *spell, const struct constants *constants)
{
	uint32_t count = spell->count;

	if (count > 2 && spell->back_ns - spell->replied_ns > constants->flap_ns)
		return;
	/* The first and the last two are known by their times, those between are spread. */
	lose(weather, spell->silent_ns[0], 1, constants);
	if (count > 1)
		lose(weather, spell->last_ns[0], 1, constants);
	for (uint32_t i = 1; i + 1 < count; i++)
		lose(weather,
			spell->silent_ns[0] + (spell->last_ns[0] - spell->silent_ns[0]) * i /
						      (int64_t)(count - 1),
			1, constants);
}

void weather_forget(struct weather *weather, int64_t from_ns, int64_t to_ns, double expected,
	const struct constants *constants)
{
	int64_t first = from_ns / minute_ns(constants);
	int64_t last = to_ns / minute_ns(constants);

	if (last - first >= WEATHER_MINUTES)
		first = last - WEATHER_MINUTES + 1;
	for (int64_t i = first; i <= last; i++) {
		struct minute *m = &weather->minutes[slot_of(i)];
		if (m->number != i)
			continue;
		m->asked -= (float)expected / (float)(last - first + 1);
		if (m->asked < m->answered)
			m->asked = m->answered;
	}
}

/* Of so many lost and answered, at their own rate. */
static double likelihood(double lost, double answered)
{
	double all = lost + answered;

	return (lost > 0 ? lost * log(lost / all) : 0) +
	       (answered > 0 ? answered * log(answered / all) : 0);
}

double weather_alone(const struct weather *weather, int64_t from_ns, int64_t to_ns, double silences,
	const struct constants *constants)
{
	int64_t first = from_ns / minute_ns(constants);
	int64_t last = to_ns / minute_ns(constants);
	double lost = 0;
	double answered = 0;

	if (last - first >= WEATHER_MINUTES)
		first = last - WEATHER_MINUTES + 1;
	for (int64_t i = first; i <= last; i++) {
		const struct minute *m = &weather->minutes[slot_of(i)];
		lost += i > 0 && m->number == i ? (double)m->lost : 0;
		answered += i > 0 && m->number == i ? (double)m->answered : 0;
	}
	return likelihood(lost, answered) - likelihood(lost + silences, answered);
}

static const struct minute *minute_at(const struct weather *weather, int64_t number)
{
	const struct minute *m = &weather->minutes[slot_of(number)];

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

static void pool(struct minute *sum, const struct minute *m)
{
	sum->answered += m->answered;
	sum->lost += m->lost;
	sum->excess_s += m->excess_s;
	sum->excess_s_2 += m->excess_s_2;
	sum->timed = (uint16_t)(sum->timed + m->timed);
	sum->turns = (uint16_t)(sum->turns + m->turns);
}

/* A run of bad time: its minutes, the looks that saw it, and how often an answer
 * followed silence, against how often it would if loss came at random. */
struct run {
	double minutes, looks, turns, random;
};

static void go_on(struct run *run, const struct minute *m, double took, bool bad)
{
	double sent = (double)(m->lost + m->answered);

	run->minutes = bad ? run->minutes + took : run->minutes - 2 * took;
	if (run->minutes <= 0) {
		*run = (struct run){0};
		return;
	}
	run->looks += bad;
	run->turns += m->turns;
	run->random += (double)(m->lost * m->answered) / sent;
}

static double counts(const struct run *run)
{
	if (run->turns < MIXED * run->random)
		return 0;
	return fmin(run->minutes, LOOK_SAYS * run->looks);
}

struct ramp_read weather_ramp(
	const struct weather *weather, int64_t before_ns, const struct constants *constants)
{
	int64_t last = before_ns / minute_ns(constants) - 1;
	int64_t since = last - RAMP_MINUTES;
	int64_t before = since;
	double most = fmax(2 * (double)weather->usual.step, 1);
	double took = 0;
	struct minute sum = {0};
	struct ramp_read read = {0};
	struct run run = {0};
	int looks = 0;

	for (int64_t i = since + 1; i <= last; i++) {
		const struct minute *m = minute_at(weather, i);
		if (m) {
			/* When all are out nobody is asked: that is no bad weather. */
			took += fmin((double)(i - before), most);
			before = i;
			pool(&sum, m);
		}
		if (sum.answered + sum.lost < ENOUGH_SENT && i - since < LONGEST_GAP)
			continue;
		if (sum.answered + sum.lost < ENOUGH_SENT) {
			run = (struct run){0};
		} else {
			go_on(&run, &sum, took, is_bad(&weather->usual, &sum));
			read.minutes = fmax(read.minutes, counts(&run));
			read.step += took;
			looks++;
		}
		since = i;
		took = 0;
		sum = (struct minute){0};
	}
	if (read.step < RAMP_MEASURED)
		return (struct ramp_read){(double)NAN, (double)NAN};
	read.step /= looks;
	return read;
}
