#ifndef COMMANDS_CHECK_CHECK_H
#define COMMANDS_CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/box.h"
#include "store/observation.h"
#include "store/unsent.h"
#include "targets/targets.h"

/*
 * What one sweep says about what was asked. Pure: a sweep and a target set in,
 * a struct out.
 *
 * One sweep has no history, so a block is up (somebody answered) or unknown;
 * who was silent once may always have been.
 */
enum check_state { CHECK_UP, CHECK_UNKNOWN };
const char *check_state_name(enum check_state state);

/* Of one address, all its probes together, the best that any of them saw. */
enum check_finding {
	CHECK_NOT_ASKED,
	CHECK_ECHO,        /* answered an echo request, whatever else */
	CHECK_TCP,         /* answered, but only TCP */
	CHECK_UNREACHABLE, /* no answer, but somebody on the way told so */
	CHECK_SILENT,
	CHECK_UNMEASURED, /* no answer, and one of its probes did not count, or a box answered it */
};
enum { CHECK_FINDINGS = CHECK_UNMEASURED + 1 };

struct check_address {
	struct ip4 address;
	enum check_finding finding;
	bool unproven;       /* some of its silence is not proven: the sweep's flags say why */
	size_t first, count; /* of struct check.records */
};

struct check_block {
	struct prefix prefix;
	size_t first, count;          /* of struct check.addresses */
	size_t found[CHECK_FINDINGS]; /* addresses, by finding */
	size_t tcp;                   /* addresses that answered TCP, whatever else */
	int64_t rtt_median_ns;        /* of all answers with an RTT; -1 */
	enum check_state state;
};

struct check_argument {
	const char *text; /* borrowed from the target set */
	size_t asked, answered;
};

/*
 * What the prober counted of the sweep; only it can know. Each -1 when it did
 * not say.
 */
enum check_count {
	CHECK_COUNT_PLANNED, /* probes, without retries */
	CHECK_COUNT_LEFT,    /* ... seen leaving, retries too */
	CHECK_COUNT_RETRIED,
	CHECK_COUNT_HELD_BACK,      /* first probes that a ceiling kept back */
	CHECK_COUNT_RETRIES_HELD,   /* second and later probes that a ceiling kept back */
	CHECK_COUNT_BLOCKED,        /* sends that had to wait */
	CHECK_COUNT_DUPLICATE,      /* second answers to one probe */
	CHECK_COUNT_LATE,           /* answers behind their sweep */
	CHECK_COUNT_WRONG_SOURCE,   /* ours, but not from whom we asked */
	CHECK_COUNT_WRONG_IDENTITY, /* to no probe of ours: forged, or somebody else's */
	CHECK_COUNT_BAD_CHECKSUM,
	CHECK_COUNT_TRUNCATED,
	CHECK_COUNT_HALF_OPEN,  /* alive by an answer to an older connection */
	CHECK_COUNT_DOUBTFUL,   /* unsent: an answer, but to no probe of this run */
	CHECK_COUNT_OWN_ERRORS, /* errors from our own kernel */
	CHECK_COUNT_RTT_ABSURD, /* RTTs not believed */
};
enum { CHECK_COUNTS = CHECK_COUNT_RTT_ABSURD + 1, CHECK_ODDITIES = CHECK_COUNT_BLOCKED };

const char *check_count_name(enum check_count count);

/*
 * The whole. Arrays are owned; check_finish frees them. Records hold one row
 * for each (address, method, port) asked, the silent ones too, by address,
 * then method, then port.
 */
struct check {
	struct sweep_info info;
	struct observation *records;
	size_t record_count;
	struct check_address *addresses;
	size_t address_count;
	struct check_block *blocks;
	size_t block_count;
	struct check_argument *arguments;
	size_t argument_count;

	size_t found[CHECK_FINDINGS]; /* addresses, by finding */
	int64_t counts[CHECK_COUNTS]; /* enum check_count */
	int64_t unsent[UNSENT_COUNT]; /* records that are unsent, by their reason */
	size_t refused;               /* addresses named but blocked or reserved */
	struct boxes boxes;           /* owned: that answer for whole blocks, and full blocks */
	size_t boxed;                 /* addresses that no other answered but a box */
	uint32_t doubts;              /* flags of the sweep that put its silence in doubt */
	size_t doubted;               /* addresses whose silence that concerns */
	int status;                   /* enum exit_status: 0, 1 or 3 */
};

void check_make(const struct target_set *set, const struct sweep *sweep, struct check *ret);
void check_finish(struct check *check);

#endif
