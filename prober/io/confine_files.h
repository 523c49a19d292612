#ifndef PROBER_IO_CONFINE_FILES_H
#define PROBER_IO_CONFINE_FILES_H

#include <stddef.h>

/*
 * Landlock: from here on no file can be opened but in the store's directory, where SQLite
 * puts what does not fit memory, and, to be read, in the directories of what was named
 * (SIGHUP reads it again) and of the system. What is open stays open.
 *
 * Needs no_new_privs. 0; 1: this kernel has no Landlock, which is no error; a negative
 * errno: it would not.
 */
int confine_files(const char *store, const char *const *named, size_t count);

#endif
