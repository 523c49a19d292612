#ifndef ANALYSIS_DISRUPTION_LOSS_H
#define ANALYSIS_DISRUPTION_LOSS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/disruption/event.h"
#include "analysis/method/stagger.h"

/* A part of an event that is an outage of this block. */
struct loss {
	uint32_t block;
	int64_t start_low_ns, start_high_ns;
	int64_t end_low_ns, end_high_ns; /* 0: it lasts */
	int64_t over_ns;                 /* when the block was up again; 0: not yet */
	int64_t clock_error_ns;          /* as in struct event; these times are without it */
	bool weak;             /* too few by themselves: an outage only together with others */
	bool dark;             /* all machines, not some */
	bool drowned;          /* by loss */
	struct ramp_read ramp; /* as in struct event */
	double weight, weight_all;
	size_t machines, machines_all;
	/* As stagger finds them, in seconds and instants. */
	size_t going, coming;
	double going_s, coming_s;
	double coming_most; /* share of machines in the largest instant */
	struct out *outs;   /* owned: who was lost */
	size_t out_count;
	size_t faint_count; /* behind these, who is often silent by itself and was lost too */
};

/* One machine that went, whatever came of it. */
struct lone {
	uint32_t block;
	struct out out;
};

struct losses {
	struct loss *items;
	size_t count, capacity;
	struct lone *lones; /* solid ones; by time of going once settled */
	size_t lone_count, lone_capacity;
};

/*
 * The block was not up in [from, to), from low on perhaps; to 0: it still is not. If
 * that is an outage and no coincidence of machines that failed each by itself, append it.
 * A flap: all its machines were gone, but by what they tell together not for long enough.
 */
enum loss_kind { LOSS_NONE, LOSS_FLAP, LOSS_ADDED };
enum loss_kind losses_add(struct losses *losses, const struct event *event, uint32_t block,
	int64_t low_ns, int64_t from_ns, int64_t to_ns, const struct constants *constants);
void losses_finish(struct losses *losses);

/* Going or coming of these as instants; room for count of each. */
size_t outs_pierce(const struct out *outs, size_t count, enum stagger_kind kind,
	struct bracket *brackets, size_t *ret_brackets, struct instant *instants);

/*
 * When nine tenths of them were back: in (low, high], a machine more or less
 * allowed for, since some may be two and some none. False: not yet.
 */
bool outs_end(const struct out *outs, size_t count, const struct instant *instants,
	size_t instant_count, const struct constants *constants, int64_t *ret_low_ns,
	int64_t *ret_high_ns);

/* Of the weight lost, what must be back for the outage to be over. */
#define LOSS_BACK_SHARE 0.9
#define LOSS_MOST_SHARE 0.75
#define LOSS_DEGRADED_SHARE 0.25

#endif
