#include "analysis/evidence/by_hand.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"

/* Machines that get power together boot within so long of each other, and are back within so
 * long of their boot. */
#define TOGETHER_S 180.0
#define LAG_S 300.0
/* How readily a boot is somebody's own, and how readily it is followed by the return; each
 * boot before it weighs one. */
#define OWN 0.5
#define LAG 2.0
/* Where power comes back site by site, and the line after it, boots are scattered too. */
#define SCATTERED_MOST (-2.0)

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

double by_hand_times(struct boot_time *boots, size_t count, double scale)
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
	return fmax(nats, SCATTERED_MOST);
}

/* ln P(k of n), the share being spread as Beta(a, b). */
static double beta_binomial(double k, double n, double a, double b)
{
	return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + lgamma(k + a) +
	       lgamma(n - k + b) - lgamma(n + a + b) - lgamma(a) - lgamma(b) + lgamma(a + b);
}

double by_hand_share(size_t rebooted, size_t ran_through)
{
	double k = (double)rebooted;
	double n = k + (double)ran_through;
	/* Power takes most of them, or one site of several, or who has no battery. */
	double power = 0.7 * exp(beta_binomial(k, n, 3, 1)) + 0.3 * exp(beta_binomial(k, n, 1, 5));

	return log(power) - beta_binomial(k, n, 2, 6);
}
