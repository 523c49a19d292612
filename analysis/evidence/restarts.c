#include "analysis/evidence/restarts.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/method/parameters.h"
#include "core/clock.h"

double restarts_spread(
	size_t rebooted, size_t ran, const struct restart_share *spreads, size_t count)
{
	double k = (double)rebooted;
	double m = (double)ran;
	double ways = lgamma(k + m + 1) - lgamma(k + 1) - lgamma(m + 1);
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		double a = spreads[i].a;
		double b = spreads[i].b;
		sum += spreads[i].weight *
		       exp(ways + lgamma(k + a) + lgamma(m + b) - lgamma(k + m + a + b) -
			       lgamma(a) - lgamma(b) + lgamma(a + b));
	}
	return log(sum);
}

double restarts_alone(size_t rebooted, size_t ran, double probability)
{
	double k = (double)rebooted;
	double m = (double)ran;

	return lgamma(k + m + 1) - lgamma(k + 1) - lgamma(m + 1) + k * log(probability) +
	       m * log1p(-probability);
}

static int by_time(const void *a, const void *b)
{
	const struct boot_time *x = a;
	const struct boot_time *y = b;

	return (x->boot_ns > y->boot_ns) - (x->boot_ns < y->boot_ns);
}

static double seconds(int64_t from_ns, int64_t to_ns, double scale)
{
	return (double)(to_ns - from_ns) / (double)NS_PER_S * scale;
}

double restarts_times(struct boot_time *boots, size_t count, double scale)
{
	double nats = 0;

	if (count)
		qsort(boots, count, sizeof(*boots), by_time);
	/* Each against those before it, as clusters grow: how much denser is it here than where
	 * any time is alike? */
	for (size_t i = 0; i < count; i++) {
		const struct boot_time *b = &boots[i];
		double all_s = fmax(seconds(b->from_ns, b->back_ns, scale), 2 * TOGETHER_S);
		double lag_s = LAG_S + seconds(b->silent_ns, b->back_ns, scale);
		double dense = OWN;
		if (seconds(b->boot_ns, b->back_ns, scale) <= lag_s)
			dense += LAG * fmax(all_s / lag_s, 1);
		for (size_t k = 0; k < i; k++)
			if (seconds(boots[k].boot_ns, b->boot_ns, scale) <= TOGETHER_S)
				dense += all_s / (2 * TOGETHER_S);
		nats += log(dense / (OWN + LAG + (double)i));
	}
	return fmin(fmax(nats, TIMES_LEAST), RESTARTS_MOST);
}
