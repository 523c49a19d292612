#ifndef EXCHANGE_OUTPUT_FILE_H
#define EXCHANGE_OUTPUT_FILE_H

#include <stdio.h>

#include "core/inputs.h"
#include "core/text.h"

/*
 * One file that a command writes. A regular file gets its name only when it is
 * whole; a device or a pipe is written as it comes. What is read, and any
 * database, is refused (core/inputs.h).
 */
struct output_file {
	FILE *out;   /* NULL: closed */
	char *part;  /* written under this name until it is whole; NULL: written directly */
	char *final; /* ... and then renamed to this one */
	struct file_place place;
};

/* 0, or a negative errno with *why, and nothing is left. */
int output_file_open(struct output_file *file, const char *path, struct diag *why);

/* Down to the disk: 0 or a negative errno. Then the name, which ends it. */
int output_file_write(struct output_file *file);
int output_file_name(struct output_file *file);

/* Free; what has no name yet is removed. */
void output_file_finish(struct output_file *file);

#endif
