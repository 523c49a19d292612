#include "analysis/host/path_quality.h"

#include <math.h>
#include <stddef.h>

static int64_t bin_ns(const struct parameters *parameters)
{
	return parameters->flap_ns / 3;
}

/* Where the minute of that number lies; those before the epoch are never kept. */
static size_t slot_of(int64_t number)
{
	return number > 0 ? (size_t)(number % QUALITY_BINS) : 0;
}

static struct quality_bin *bin_of(struct path_quality *quality, int64_t number)
{
	struct quality_bin *m = &quality->bins[slot_of(number)];

	return number > 0 && m->number == number ? m : NULL;
}

static double share_lost(const struct quality_bin *m)
{
	double sent = (double)(m->lost + m->answered);

	return sent > 0 ? (double)m->lost / sent : 0;
}

static double mean_excess(const struct quality_bin *m)
{
	return m->timed ? (double)m->excess_s / m->timed : 0;
}

static double spread_2(const struct quality_bin *m)
{
	double mean = mean_excess(m);

	return m->timed > 1 ? fmax((double)m->excess_s_2 / m->timed - mean * mean, 0) : 0;
}

static bool is_bad(const struct usual_quality *usual, const struct quality_bin *m)
{
	double sent = (double)(m->lost + m->answered);
	double usual_lost = fmax((double)usual->lost, LOSS_LEAST);
	double more = share_lost(m) - (double)usual->lost;
	bool lossy = sent > 0 && more >= BAD_LOSS && share_lost(m) < SILENT_SHARE &&
		     more >= BAD_ERRORS * sqrt(usual_lost * (1 - usual_lost) / sent);
	double late = mean_excess(m);
	double noise = fmax(sqrt((double)usual->mean_2), SPREAD_LEAST_S);
	double spread = fmax(sqrt((double)usual->spread_2), SPREAD_LEAST_S);
	bool uneven = sqrt(spread_2(m)) >= BAD_UNEVEN * spread || more >= BAD_LOSS / 2;
	bool slow = late >= NOISE_S && late >= BAD_SPREADS * noise && uneven;

	return lossy || slow;
}

static void learn(struct usual_quality *usual, const struct quality_bin *m, double step)
{
	float rate = 1.0F / (float)(usual->bins < USUAL_BINS ? usual->bins + 1 : USUAL_BINS);
	float mean = (float)mean_excess(m);

	if (m->answered < LEAST_ASKED)
		return;
	if (usual->bins >= BUILDUP_BINS && is_bad(usual, m))
		rate /= BAD_COUNTS;
	usual->bins += usual->bins < USUAL_BINS;
	usual->step += rate * ((float)step - usual->step);
	usual->lost += rate * ((float)share_lost(m) - usual->lost);
	if (!m->timed)
		return;
	usual->mean_2 += rate * (mean * mean - usual->mean_2);
	usual->spread_2 += rate * ((float)spread_2(m) - usual->spread_2);
}

void path_quality_next_bin(
	struct path_quality *quality, int64_t now_ns, const struct parameters *parameters)
{
	int64_t bin = bin_ns(parameters);
	int64_t number = now_ns / bin;

	if (quality->number > SETTLED_BINS) {
		/* Of that one no lapse is open any more. */
		const struct quality_bin *past = bin_of(quality, quality->number - SETTLED_BINS);
		if (past)
			learn(&quality->usual, past,
				fmin((double)(number - quality->number), LOOK_LONGEST));
	}
	quality->number = number;
	quality->from_ns = number * bin;
	quality->until_ns = quality->from_ns + bin;
	quality->bins[slot_of(number)] = (struct quality_bin){.number = number};
}

static void lose(struct path_quality *quality, int64_t at_ns, float probes,
	const struct parameters *parameters)
{
	struct quality_bin *m = bin_of(quality, at_ns / bin_ns(parameters));

	if (m)
		m->lost += probes;
}

void path_quality_lose(struct path_quality *quality, const struct silence_run *run,
	const struct parameters *parameters)
{
	uint32_t count = run->count;

	if (count > 2 && run->back_ns - run->replied_ns > parameters->flap_ns)
		return;
	/* The first and the last two are known by their times, those between are spread. */
	lose(quality, run->silent_ns[0], 1, parameters);
	if (count > 1)
		lose(quality, run->last_ns[0], 1, parameters);
	for (uint32_t i = 1; i + 1 < count; i++)
		lose(quality,
			run->silent_ns[0] +
				(run->last_ns[0] - run->silent_ns[0]) * i / (int64_t)(count - 1),
			1, parameters);
}

void path_quality_forget(struct path_quality *quality, int64_t from_ns, int64_t to_ns,
	double expected, const struct parameters *parameters)
{
	int64_t first = from_ns / bin_ns(parameters);
	int64_t last = to_ns / bin_ns(parameters);

	if (last - first >= QUALITY_BINS)
		first = last - QUALITY_BINS + 1;
	for (int64_t i = first; i <= last; i++) {
		struct quality_bin *m = &quality->bins[slot_of(i)];
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

double path_quality_alone(const struct path_quality *quality, int64_t from_ns, int64_t to_ns,
	double silences, const struct parameters *parameters)
{
	int64_t first = from_ns / bin_ns(parameters);
	int64_t last = to_ns / bin_ns(parameters);
	double lost = 0;
	double answered = 0;

	if (last - first >= QUALITY_BINS)
		first = last - QUALITY_BINS + 1;
	for (int64_t i = first; i <= last; i++) {
		const struct quality_bin *m = &quality->bins[slot_of(i)];
		lost += i > 0 && m->number == i ? (double)m->lost : 0;
		answered += i > 0 && m->number == i ? (double)m->answered : 0;
	}
	return likelihood(lost, answered) - likelihood(lost + silences, answered);
}

static const struct quality_bin *bin_at(const struct path_quality *quality, int64_t number)
{
	const struct quality_bin *m = &quality->bins[slot_of(number)];

	return number > 0 && m->number == number && m->asked >= LEAST_ASKED ? m : NULL;
}

static bool is_like(const struct quality_bin *m, double share, bool above)
{
	double is = (double)(m->answered / m->asked);

	return above ? is >= share : is < share;
}

bool path_quality_held(const struct path_quality *quality, int count, double share, bool above,
	const struct parameters *parameters, int64_t *ret_since_ns)
{
	double answered = 0;
	int64_t back = 1;

	for (; back < QUALITY_BINS - 1; back++) {
		const struct quality_bin *m = bin_at(quality, quality->number - back);
		if (!m || !is_like(m, share, above))
			break;
		if (back <= count)
			answered += (double)m->answered;
		if (back == count && above)
			break;
	}
	*ret_since_ns = (quality->number - (above ? count : back - 1)) * bin_ns(parameters);
	return back > count - above && answered > 0;
}

static void pool(struct quality_bin *sum, const struct quality_bin *m)
{
	sum->answered += m->answered;
	sum->lost += m->lost;
	sum->excess_s += m->excess_s;
	sum->excess_s_2 += m->excess_s_2;
	sum->timed = (uint16_t)(sum->timed + m->timed);
	sum->alternations = (uint16_t)(sum->alternations + m->alternations);
}

/* A run of bad time: its minutes, the looks that saw it, and how often an answer
 * followed silence, against how often it would if loss came at random. */
struct bad_run {
	double bins, looks, alternations, random;
};

static void go_on(struct bad_run *bad_run, const struct quality_bin *m, double took, bool bad)
{
	double sent = (double)(m->lost + m->answered);

	bad_run->bins = bad ? bad_run->bins + took : bad_run->bins - 2 * took;
	if (bad_run->bins <= 0) {
		*bad_run = (struct bad_run){0};
		return;
	}
	bad_run->looks += bad;
	bad_run->alternations += m->alternations;
	bad_run->random += (double)(m->lost * m->answered) / sent;
}

static double counts(const struct bad_run *bad_run)
{
	if (bad_run->alternations < MIXED * bad_run->random)
		return 0;
	return fmin(bad_run->bins, LOOK_SAYS * bad_run->looks);
}

struct buildup_reading path_quality_buildup(
	const struct path_quality *quality, int64_t before_ns, const struct parameters *parameters)
{
	int64_t last = before_ns / bin_ns(parameters) - 1;
	int64_t since = last - BUILDUP_BINS;
	int64_t before = since;
	double most = fmax(2 * (double)quality->usual.step, 1);
	double took = 0;
	struct quality_bin sum = {0};
	struct buildup_reading read = {0};
	struct bad_run bad_run = {0};
	int looks = 0;

	for (int64_t i = since + 1; i <= last; i++) {
		const struct quality_bin *m = bin_at(quality, i);
		if (m) {
			/* When all are out nobody is asked: that is no bad path. */
			took += fmin((double)(i - before), most);
			before = i;
			pool(&sum, m);
		}
		if (sum.answered + sum.lost < LOOK_SENT && i - since < LOOK_LONGEST)
			continue;
		if (sum.answered + sum.lost < LOOK_SENT) {
			bad_run = (struct bad_run){0};
		} else {
			go_on(&bad_run, &sum, took, is_bad(&quality->usual, &sum));
			read.bins = fmax(read.bins, counts(&bad_run));
			read.step += took;
			looks++;
		}
		since = i;
		took = 0;
		sum = (struct quality_bin){0};
	}
	if (read.step < BUILDUP_MEASURED)
		return (struct buildup_reading){(double)NAN, (double)NAN};
	read.step /= looks;
	return read;
}
