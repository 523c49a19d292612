#ifndef ANALYSIS_COUNTRY_WORD_H
#define ANALYSIS_COUNTRY_WORD_H

#include <stddef.h>

#include "analysis/timeline.h"

/*
 * One word for the country, of the rows of its blocks. Pure.
 *
 * It weighs hosts, not blocks: each measured block counts by the hosts that its row rests on.
 * The country is *down* when no measured block is anything else; *up* when nine in ten of the
 * hosts in measured blocks are, as an outage ends when nine in ten are back, where a block that
 * is up counts whole: single hosts that are away do not make a country of blocks that are up a
 * degraded one; *degraded* in
 * between. It is *unknown* when no block is measured that ever answered, or when more than half
 * of the hosts are in blocks that are not measured now: the rest would speak for those not seen.
 * A block that never answered has no say.
 */

/*
 * Rows of the country, that tile the period: their `block` is 0.0.0.0/0, `hosts` those of the
 * measured blocks, `fraction_up` their share that is up, averaged over the row; an unknown one's
 * reason is that of the block by which it became so. rows: by block, then start.
 */
void country_rows(const struct timeline_row *rows, size_t count, struct timeline_rows *ret);

#endif
