#ifndef EXCHANGE_FOREIGN_SWEEPS_H
#define EXCHANGE_FOREIGN_SWEEPS_H

#include "core/text.h"
#include "exchange/foreign/record.h"

/*
 * Records as watch sweeps. Pure: what comes out depends on what is put in alone.
 *
 * A scan is one sweep. A stream, a ping each second for weeks, is cut each minute
 * (half the interval where that is longer, so that a pass over many addresses
 * stays whole), and sooner when an address that answered falls silent or the other way round, though
 * within ten seconds of its beginning but once a minute: so an onset is known to the second, and a quiet day costs
 * 1,440 rows. What one sweep saw of an address is one row of several attempts.
 * Streams may be put in one after the other: where time goes back a sweep begins.
 */
struct foreign_series {
	char vantage[VANTAGE_SIZE];
	char epoch[EPOCH_SIZE];
	int64_t interval_ns;       /* promised by the user; 0 */
	bool scan;                 /* it is cut by foreign_sweeps_cut alone */
	const struct ip4 *anchors; /* ascending; borrowed */
	size_t anchor_count;
};

struct foreign_sink {
	/* A sweep is whole. 0, or a negative errno and *why. */
	int (*sweep)(void *ctx, const struct sweep *sweep, struct diag *why);
	void *ctx;
};

struct foreign_sweeps;
struct foreign_sweeps *foreign_sweeps_create(
	const struct foreign_series *series, struct foreign_sink sink);
void foreign_sweeps_destroy(struct foreign_sweeps *sweeps); /* NULL is fine */

/* 0, or what the sink said. */
int foreign_sweeps_add(
	struct foreign_sweeps *sweeps, const struct foreign_record *record, struct diag *why);

/* Of a scan that is open: this address was asked too. Where it has no row it was silent: to this kind
 * of probe (foreign_kind_of), or, with FOREIGN_KIND_ALL, to every kind that anybody was asked by. */
#define FOREIGN_KIND_ALL UINT32_MAX
void foreign_sweeps_asked(struct foreign_sweeps *sweeps, struct ip4 address, uint32_t kind);

/* The sweep that is open, if any, is over. */
int foreign_sweeps_cut(struct foreign_sweeps *sweeps, struct diag *why);

#endif
