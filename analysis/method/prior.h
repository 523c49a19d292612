#ifndef ANALYSIS_METHOD_PRIOR_H
#define ANALYSIS_METHOD_PRIOR_H

#include "core/text.h"

enum cause { CAUSE_POWER, CAUSE_UPSTREAM, CAUSE_CONGESTION, CAUSE_ROUTING, CAUSE_OTHER };
enum { CAUSE_COUNT = 5 };

/* How often each cause is met, before anything is seen: only their ratios count. METHOD.md,
 * "The prior", says where the default comes from. */
struct prior {
	double share[CAUSE_COUNT]; /* above 0 */
};
extern const struct prior prior_default;

/* "power=.06,upstream=.87": those not named keep theirs. -EINVAL: why says what is wrong. */
int prior_parse(const char *text, struct prior *ret, struct diag *why);

#endif
