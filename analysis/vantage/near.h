#ifndef ANALYSIS_VANTAGE_NEAR_H
#define ANALYSIS_VANTAGE_NEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/method/parameters.h"

/*
 * How far each host is from each vantage point, and which answers come sooner than from
 * there: from a box near us that answers for it. Pure.
 *
 * The distance is the low of its round trips. It falls soon and rises hardly at all, so that
 * a detour of days is no distance, and a round trip that comes back to what it was is no box.
 * What comes sooner is in doubt, and is not for ever: a box's answers are mixed with those
 * from afar, or with silence, while a host that is nearer now is nearer each time. Ten of
 * them, and it is; and each of them moves the low, a little.
 */
struct distance {
	float low_s;    /* 0: no round trip is known */
	uint8_t nearer; /* answers in doubt, less what speaks against them */
	bool is_nearer; /* they are its own */
};

struct nears {
	struct distance *items[VANTAGES_MOST]; /* owned; by host number */
	size_t count[VANTAGES_MOST];           /* of numbers there is room for */
	double usual_s[VANTAGES_MOST]; /* the lower quarter of them, all together; 0: not known */
	uint32_t heard[VANTAGES_MOST]; /* answers this was learned of; no more than the first few */
};

void nears_finish(struct nears *nears);

/* Too soon to be from there? rtt_ns: -1, not measured, never is. */
bool near_is_doubtful(const struct nears *nears, size_t vantage, uint32_t host, int64_t rtt_ns);
/* ... of an address that has not been heard yet, by what is usual. */
bool near_is_strange(const struct nears *nears, size_t vantage, int64_t rtt_ns);

/* It answered, in doubt or not; and it did not, though it answers that kind of probe. Of so
 * many packets, 1 at least. */
void near_hear(
	struct nears *nears, size_t vantage, uint32_t host, int64_t rtt_ns, unsigned attempts);
void near_miss(struct nears *nears, size_t vantage, uint32_t host, unsigned attempts);

/*
 * The same score for addresses of a block that have only ever answered in doubt; 256 of
 * them, by last byte.
 */
struct stranger {
	uint8_t nearer;
	uint8_t seen; /* the sweep it answered last, modulo 256 */
};

/* It answered in doubt. */
void stranger_hear(struct stranger *stranger, uint64_t sweep);
/* It was asked and did not. */
void stranger_miss(struct stranger *stranger);
/* So often, and hardly ever not, that it is somebody. */
bool stranger_is_somebody(const struct stranger *stranger);

#endif
