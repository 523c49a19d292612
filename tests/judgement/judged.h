#ifndef JUDGEMENT_JUDGED_H
#define JUDGEMENT_JUDGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "store/observation.h"
#include "store/route.h"

/*
 * What the judgement says of a history, in the words of timeline.csv and outages.csv: all that
 * an expectation looks at, and the one place here that knows analysis. Times are nanoseconds
 * since the history's beginning.
 */
struct judged_row {
	struct prefix block;
	int64_t low_ns, start_ns, end_ns; /* its true beginning lies in [low, start] */
	const char *state, *reason;       /* "" for none */
	double belief, fraction_up;       /* NaN: unknown */
	size_t machines;
	const char *outage; /* id, "" for none */
};

enum { JUDGED_TERMS = 32, JUDGED_CAUSES = 8 };
struct judged_outage {
	const char *id, *episode;
	int64_t start_low_ns, start_high_ns;
	bool over;
	int64_t end_low_ns, end_high_ns;
	const struct prefix *blocks;
	size_t block_count;
	size_t machines_affected, machines;
	double fraction_lost;
	double flaps;
	const char *extent, *stage, *cause;
	struct judged_share {
		const char *name;
		double value;
	} p[JUDGED_CAUSES];
	size_t cause_count;
	struct judged_share terms[JUDGED_TERMS]; /* power over upstream; what says nothing is 0 */
	size_t term_count;
};

struct judged_reboot {
	struct ip4 address;
	int64_t earliest_ns, latest_ns;
	bool dated;
	int64_t boot_ns;
};

struct judged {
	int64_t start_ns, end_ns;
	struct judged_row *rows; /* owned, as all below */
	size_t row_count;
	struct judged_outage *outages;
	size_t outage_count;
	struct judged_reboot *reboots;
	size_t reboot_count;
	int64_t zero_ns; /* the history's beginning, on the wall */
	struct judge *judge;
	struct judgement *judgement;
};

/* targets: borrowed until judged_finish. */
void judged_begin(struct judged *judged, const struct target_row *targets, size_t target_count,
	int64_t zero_ns);
void judged_sweep(struct judged *judged, const struct sweep *sweep);
void judged_heard(struct judged *judged, const struct heard *heard);
void judged_route(struct judged *judged, const struct route *route);
/* The data end: all fields are valid. */
void judged_end(struct judged *judged);
void judged_finish(struct judged *judged);

#endif
