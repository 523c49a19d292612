#ifndef REPORT_SERIES_INNER_H
#define REPORT_SERIES_INNER_H

#include "analysis/method/parameters.h"
#include "report/ranges.h"
#include "report/series.h"
#include "store/box.h"

/* What the files of series share, and nobody else. */
struct series_inner {
	struct boxes boxes[VANTAGES_MOST];
	struct ip4 *came; /* addresses that answered for the first time in this sweep, ascending */
	size_t came_count, came_capacity;
	int64_t *word_ns; /* per host: the time of its last word */
	size_t word_capacity;
	struct range *targets, *controls; /* ascending, apart from each other */
	size_t target_count, control_count;
};

/* May it be a host of the country? Anchors and routers are none. */
bool series_is_target(const struct series *series, struct ip4 address);

/* An address that answered for the first time; in ascending order, until they are all taken in:
 * one pass over the hosts, however many came. */
void series_note_new(struct series *series, struct ip4 address);
void series_take_hosts(struct series *series);

/* SIZE_MAX: outside the window. */
size_t series_bin_inside(const struct series *series, struct wall at);

/* SIZE_MAX: not there. */
static inline size_t series_host_of(const struct series *series, struct ip4 address)
{
	size_t low = 0;

	for (size_t left = series->host_count; left > 1; left -= left / 2)
		low += series->hosts[low + left / 2].address.host <= address.host ? left / 2 : 0;
	return series->host_count && ip4_equal(series->hosts[low].address, address) ? low
										    : SIZE_MAX;
}

static inline bool series_is_up(const struct series *series, const struct series_host *host)
{
	return host->known && host->up & series->seeing;
}

#endif
