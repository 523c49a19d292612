#ifndef HISTORIES_TRUTH_H
#define HISTORIES_TRUTH_H

#include "tests/bench/histories/events.h"
#include "tests/bench/histories/stream.h"

/*
 * Write what truly happened into DIR: world.csv, events.csv (outages as
 * outages.csv should have them), downs.csv (blocks wholly gone), excused.csv
 * (times in which a report is neither right nor wrong) and reboots.csv. Columns
 * and rules are in README.md. 0 or a negative errno.
 */
int truth_write(struct history *history, const char *directory, struct stream_count count);

#endif
