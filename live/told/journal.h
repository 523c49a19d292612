#ifndef LIVE_TOLD_JOURNAL_H
#define LIVE_TOLD_JOURNAL_H

#include "live/told/told.h"

/*
 * What was told, as a file: read at the start, written before anything of a change is told and
 * after it was acknowledged. It is whole or as it was before. One process has it at a time.
 */
struct journal;

/* The folder for this user: $STATE_DIRECTORY (a service's), $XDG_STATE_HOME/lightsout or
 * ~/.local/state/lightsout. Owned by the caller; NULL: there is none. It need not exist yet. */
char *journal_folder(void);

/* FOLDER/NAME.told; the folder is made. *told is as it was kept, or new. 0, or a negative errno
 * with *why: -EBUSY where another process has it, -EBADMSG where it is damaged. */
int journal_open(const char *folder, const char *name, struct told *told, struct diag *why,
	struct journal **ret);
void journal_close(struct journal *journal); /* NULL is fine */
int journal_write(struct journal *journal, const struct told *told, struct diag *why);

/* Its text: journal_print's is owned by the caller, journal_read takes such a one back. Pure. */
char *journal_print(const struct told *told, size_t *ret_len);
int journal_read(const char *text, size_t len, struct told *told, struct diag *why);

#endif
