#ifndef SCENARIO_EXPECT_H
#define SCENARIO_EXPECT_H

#include "tests/scenario/play.h"
#include "tests/scenario/script.h"

/* What a script expects in the end: true if it came true; else it was said on
 * stderr, with FILE:LINE, what was expected and what came. */
bool expect_check(const struct play *play, struct cursor *c);

#endif
