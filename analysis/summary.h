#ifndef ANALYSIS_SUMMARY_H
#define ANALYSIS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/outage/outage.h"
#include "analysis/timeline.h"

/*
 * Days, weeks, months or years of one block, or of the country, in a row each: how long it was in
 * which state, and which outages began. They are those of the calendar, in UTC; a week begins on
 * Monday, and has its number and year by ISO 8601. Pure.
 */
enum period { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR };
bool period_parse(const char *text, enum period *ret); /* "day" */

/* The beginning of the period that holds this time, and of the one behind it. */
struct wall period_begin(enum period period, struct wall at);
struct wall period_next(enum period period, struct wall begin);
/* "2026-11-30", "2026-W49", "2026-11", "2026". */
enum { PERIOD_NAME_SIZE = 24 };
void period_name(enum period period, struct wall begin, char text[PERIOD_NAME_SIZE]);

struct summary_row {
	struct wall start, end; /* the part of the period that was asked for */
	struct wall begin;      /* of the period */
	int64_t state_ns[BLOCK_UNKNOWN + 1];
	size_t outages; /* that began in it */
	size_t causes[CAUSE_UNDETERMINED + 1];
	int64_t longest_ns, sum_ns; /* of these; to the data end where they last */
};

/*
 * rows: of one block or the country, by time. outages: those that are of it, by start_high_ns.
 * Of [from, to), which holds data throughout; `data_end` ends what lasts.
 */
struct summary_source {
	const struct timeline_row *rows;
	size_t row_count;
	const struct outage *const *outages;
	size_t outage_count;
	struct wall from, to, data_end;
};
void summary_rows(const struct summary_source *source, enum period period,
	void (*take)(void *ctx, const struct summary_row *row), void *ctx);

#endif
