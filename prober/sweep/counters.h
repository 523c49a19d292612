#ifndef PROBER_SWEEP_COUNTERS_H
#define PROBER_SWEEP_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#include "prober/sweep/sweep.h"
#include "store/observation.h"

/*
 * A sweep's counters by name, as logs, progress lines and the store's `counts`
 * have them. Pure.
 */
enum { COUNTER_COUNT = 27 + UNSENT_COUNT - 1 };

const char *counter_name(size_t i);
uint64_t counter_value(const struct sweep_counts *counts, size_t i);

/* "sent=1024;left=1024;...": the usual ones always, the odd ones when not zero.
 * Returns the length. */
size_t counters_format(const struct sweep_counts *counts, char separator, char text[COUNTS_SIZE]);

#endif
