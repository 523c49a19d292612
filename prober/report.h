#ifndef PROBER_REPORT_H
#define PROBER_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "prober/sweep/sweep.h"
#include "store/observation.h"

/*
 * What the prober says of a sweep: a line in the log, a JSON object a line for
 * machines, a line that rewrites itself for a person at a terminal.
 */
enum report_style { REPORT_QUIET, REPORT_LOG, REPORT_TERMINAL, REPORT_JSON };

/* A sweep is over and stored (or not: `stored` false). */
void report_sweep(enum report_style style, const struct sweep_info *info,
	const struct sweep_counts *counts, bool stored);

/* The same in a few words, for the service manager. */
enum { REPORT_STATUS_SIZE = 512 };
void report_status(const struct sweep_info *info, const struct sweep_counts *counts, bool stored,
	char text[REPORT_STATUS_SIZE]);

/* How far a sweep is: "42 %  117 answers, 3900 packets sent, 3 s, about 4 s left". */
struct sweep_progress {
	uint64_t planned; /* probes */
	size_t open;      /* ... that are not over */
	size_t alive;     /* ... that have an answer */
	uint64_t sent;    /* packets, retries too */
	int64_t elapsed_ns;
};
void report_progress_line(const struct sweep_progress *progress, char text[REPORT_STATUS_SIZE]);

/* The same, over what stood there before; for terminals only. */
void report_progress(enum report_style style, struct sweep_run *run, int64_t elapsed_ns);
void report_progress_end(enum report_style style);

#endif
