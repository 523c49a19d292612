#include "analysis/host/responsiveness.h"

#include <math.h>

void responsiveness_decay(
	struct responsiveness *r, int64_t now_ns, const struct constants *constants)
{
	if (r->learned_at_ns != 0) {
		double since = (double)(now_ns - r->learned_at_ns);
		float steady = (float)exp2(-since / (double)constants->steady_ns);
		float absent = (float)exp2(-since / (double)constants->absent_ns);
		r->again *= steady;
		r->lapsed *= steady;
		r->back *= absent;
		r->away *= absent;
		r->mended *= steady;
		r->mute *= steady;
	}
	r->learned_at_ns = now_ns;
}

double responsiveness_expect(const struct responsiveness *r, bool was_answered, double mute_usual)
{
	double again = (double)r->again + AGAIN_PRIOR;
	double lapsed = (double)r->lapsed + LAPSED_PRIOR;
	double mute = (double)r->mute + MUTE_PRIOR_PROBES * mute_usual;
	double mended = (double)r->mended + MUTE_PRIOR_PROBES * (1 - mute_usual);

	return was_answered ? again / (again + lapsed) : mended / (mended + mute);
}
