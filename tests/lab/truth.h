#ifndef TESTS_LAB_TRUTH_H
#define TESTS_LAB_TRUTH_H

#include "core/clock.h"
#include "tests/lab/plan.h"
#include "tests/lab/scenario.h"
#include "tests/lab/world.h"

/*
 * What really happens, as files in a directory that exists:
 *
 *   events.csv    time,at_s,event
 *   hosts.csv     address,site,icmp,open,other,from,until,boot     one row a life
 *   timeline.csv  block,start,end,duration_s,state,reason,fraction_up,machines,cause
 *   outages.csv   outage,start,end,duration_s,extent,blocks,machines_affected,machines,
 *                 fraction_lost,cause
 *   counters.csv  counter,count                                    written at the end
 *
 * Times are RFC 3339. Columns mean what they mean in the program's own files;
 * a machine is one address here. An empty end: later than the scenario tells.
 * "Reachable" is powered, not cut off and not silenced; loss, lateness and
 * forgery are in the counters only.
 *
 * 0, or a negative errno of the file that could not be written.
 */
int truth_write(const char *directory, const struct scenario *scenario, const struct plan *plan,
	struct wall start);
int truth_write_counters(const char *directory, const struct counters *counters);

/* Between one change and the next; history.c. */
struct tally {
	size_t present, reachable, cut, powerless, silenced;
};

/*
 * Walks through the history one change at a time: *ret_blocks, one tally for
 * each /24, holds from *ret_from to *ret_until. False behind the last change.
 */
struct history {
	const struct scenario *s;
	const struct plan *plan;
	int64_t *changes; /* ascending, each once */
	size_t change_count, next;
	size_t next_event;
	struct condition *conditions;
	struct tally *blocks; /* of the present step */
	size_t block_count;
	int64_t from, until;
};
void history_init(struct history *history, const struct scenario *s, const struct plan *plan);
bool history_step(struct history *history);
void history_finish(struct history *history);

const char *tally_state(const struct tally *tally);
const char *tally_cause(const struct tally *tally);

#endif
