#ifndef PROBER_TELL_H
#define PROBER_TELL_H

#include <stdint.h>

#include "prober/storing.h"
#include "prober/sweep/sweep.h"
#include "store/observation.h"

/*
 * What is not as it should be, in the log: said when it begins, when it changes
 * and when it is over, not with each sweep. Starts as {0}.
 */
struct tell {
	int err;          /* of a store that takes no sweeps; 0: it does */
	int64_t log_told; /* size of the store's log that was told; 0: it is short */
	bool overflown;   /* ... so long that the oldest are lost */
	uint64_t lost;    /* sweeps since */
	uint64_t lost_in_all;
	char why[320];  /* of the last one that was refused for what it is */
	uint32_t flags; /* of the last sweep, that say how well we see */
	uint64_t sweep; /* the last one */
	uint32_t unsent[2]; /* by tier: bits of enum unsent that its last sweep had */
};

/* How the store stands. Its log is told when it is TELL_LOG_BYTES long, and each time it
 * has doubled. */
#define TELL_LOG_BYTES (INT64_C(64) << 20)
void tell_state(struct tell *tell, const struct storing_state *state);

/* A sweep is stored (0) or lost; `why` as in storing_parcel. */
void tell_result(struct tell *tell, const struct sweep_info *info, int result, const char *why);

/* What the self-check says. */
void tell_health(struct tell *tell, const struct sweep_info *info);

/* Why probes do not count, each reason when it begins and when no tier has it any more. */
void tell_unsent(
	struct tell *tell, const struct sweep_info *info, const struct sweep_counts *counts);

#endif
