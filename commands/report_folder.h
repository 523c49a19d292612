#ifndef COMMANDS_REPORT_FOLDER_H
#define COMMANDS_REPORT_FOLDER_H

#include <stdio.h>

#include "core/text.h"

/*
 * The folder of a report: it is whole, or as it was before. Files are written into a folder
 * beside it, which takes its name in the end. One that exists is replaced if it is empty or was
 * made by a report and holds nothing else; else it is refused.
 */
struct report_folder {
	char *name, *part; /* owned */
};

/* 0, or a negative errno with *why; then there is nothing to finish. */
int report_folder_begin(struct report_folder *folder, const char *name, struct diag *why);

/* A file of it, to be closed by report_folder_close. NULL, with *why. */
FILE *report_folder_open(struct report_folder *folder, const char *file, struct diag *why);
int report_folder_close(FILE *out, const char *file, struct diag *why);

/* Give it its name. 0, or a negative errno with *why: then all is as before. */
int report_folder_finish(struct report_folder *folder, struct diag *why);
void report_folder_abandon(struct report_folder *folder);

#endif
