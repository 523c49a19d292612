#ifndef LIVE_PICTURE_H
#define LIVE_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/text.h"
#include "live/facts.h"
#include "report/series.h"

/*
 * What a window of time looks like, host by host, read from the sweeps of a store: the curve,
 * the heat map, and the addresses of the last full sweep. Plain data that owns what it points to.
 */
enum mark {
	MARK_NOT_ASKED,
	MARK_SILENT,
	MARK_ANSWERED, /* an echo reply, among others */
	MARK_TCP,      /* by TCP only */
	MARK_KNOWN,    /* silent, and known to answer */
	MARK_ERROR,    /* an error only, its own or the path's */
	MARK_UNSENT,
};
enum { MARK_COUNT = MARK_UNSENT + 1 };

struct address_mark {
	struct ip4 address;
	uint8_t mark; /* MARK_NOT_ASKED and MARK_SILENT have no entry */
};

struct picture {
	struct wall from, to;
	struct series *series;
	/* Of the last full sweep. */
	struct sweep_info full;
	bool has_full;
	struct address_mark *marks; /* by address */
	size_t mark_count;
};

/* So many columns suit a page, and from so long before its window sweeps have to be read. */
enum { PICTURE_BINS = 480 };
int64_t picture_lead_ns(const struct series_facts *facts);

/*
 * Read it; from a thread of its own if need be. lead: from how long before `from` on sweeps are
 * read to learn who is there. stop is looked at now and then. 0, or a negative errno with *why.
 */
int picture_read(const char *store, struct wall from, struct wall to, int64_t bin_ns,
	int64_t lead_ns, const bool *stop, struct diag *why, struct picture **ret);
void picture_destroy(struct picture *picture); /* NULL is fine */

/* Of a full sweep, to the marks; sorts nothing away. Pure. */
void picture_take_full(struct picture *picture, const struct sweep *sweep);

#endif
