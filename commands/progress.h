#ifndef COMMANDS_PROGRESS_H
#define COMMANDS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How far a long work is, in one line of a terminal on stderr that is written over and in the
 * end removed; elsewhere nothing.
 */
struct progress {
	const char *what; /* "backup" */
	bool shown;       /* is there a terminal that wants it? */
	int64_t told_ns;
};

struct progress progress_begin(const char *what, bool quiet);
/* ctx: the progress; as store_progress has it. */
void progress_tell(void *ctx, int64_t done, int64_t total);
void progress_end(struct progress *progress);

#endif
