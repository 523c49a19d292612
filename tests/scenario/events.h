#ifndef SCENARIO_EVENTS_H
#define SCENARIO_EVENTS_H

#include "tests/scenario/play.h"
#include "tests/scenario/script.h"

/* What a script makes happen: `at TIME VERB ...`; see README.md for the verbs. */
void event_apply(struct play *play, struct cursor *c);

/* blocked ADDRESS|PREFIX...: on the blocklist from now on. */
void event_blocked(struct play *play, struct cursor *c);

/* set NAME VALUE..., as in a config; "none" is the empty list. */
void event_set(struct play *play, const char *name, struct cursor *c);

#endif
