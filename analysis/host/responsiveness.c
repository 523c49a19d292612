#include "analysis/host/responsiveness.h"

#include <math.h>

void responsiveness_decay(
	struct responsiveness *r, int64_t now_ns, const struct parameters *parameters)
{
	if (r->learned_at_ns != 0) {
		double since = (double)(now_ns - r->learned_at_ns);
		float steady = (float)exp2(-since / (double)parameters->steady_ns);
		float absent = (float)exp2(-since / (double)parameters->away_ns);
		r->again *= steady;
		r->lapsed *= steady;
		r->back *= absent;
		r->away *= absent;
		r->recovered *= steady;
		r->repeated *= steady;
	}
	r->learned_at_ns = now_ns;
}

double responsiveness_expect(const struct responsiveness *r, bool was_answered, double repeat_usual)
{
	double again = (double)r->again + AGAIN_PRIOR;
	double lapsed = (double)r->lapsed + LAPSED_PRIOR;
	double repeated = (double)r->repeated + REPEAT_PRIOR_PROBES * repeat_usual;
	double recovered = (double)r->recovered + REPEAT_PRIOR_PROBES * (1 - repeat_usual);

	return was_answered ? again / (again + lapsed) : recovered / (recovered + repeated);
}
