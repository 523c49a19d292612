#include "analysis/responsiveness.h"

#include <math.h>

/* Priors: two sweeps' worth of "it mostly replies again"; a silence is at first
 * taken for loss, which the next probe mends seven times of ten. */
#define AGAIN_PRIOR 1.6
#define LAPSED_PRIOR 0.2
#define BACK_PRIOR 1.4
#define AWAY_PRIOR 0.6

static void decay(struct responsiveness *r, int64_t now_ns, const struct constants *constants)
{
	/* Counters move slowly against their half-lives: decay in steps of an hour. */
	if (r->learned_at_ns != 0 && now_ns - r->learned_at_ns < constants->absence_ns)
		return;
	if (r->learned_at_ns != 0) {
		double since = (double)(now_ns - r->learned_at_ns);
		float steady = (float)exp2(-since / (double)constants->steady_ns);
		float absent = (float)exp2(-since / (double)constants->absent_ns);
		r->again *= steady;
		r->lapsed *= steady;
		r->back *= absent;
		r->away *= absent;
	}
	r->learned_at_ns = now_ns;
}

void responsiveness_learn(struct responsiveness *r, bool was_answered, bool answered, double count,
	int64_t now_ns, const struct constants *constants)
{
	decay(r, now_ns, constants);
	if (was_answered && answered)
		r->again += (float)count;
	else if (was_answered)
		r->lapsed += (float)count;
	else if (answered)
		r->back += (float)count;
	else
		r->away += (float)count;
}

double responsiveness_expect(const struct responsiveness *r, bool was_answered)
{
	double yes = was_answered ? (double)r->again + AGAIN_PRIOR : (double)r->back + BACK_PRIOR;
	double no = was_answered ? (double)r->lapsed + LAPSED_PRIOR : (double)r->away + AWAY_PRIOR;

	return yes / (yes + no);
}

double responsiveness_availability(const struct responsiveness *r)
{
	/* back / (back + 1 - again), without a division for each. */
	double again = (double)r->again + AGAIN_PRIOR;
	double lapsed = (double)r->lapsed + LAPSED_PRIOR;
	double back = (double)r->back + BACK_PRIOR;
	double away = (double)r->away + AWAY_PRIOR;
	double come = back * (again + lapsed);

	return come / (come + lapsed * (back + away));
}
