#ifndef CORE_INPUTS_H
#define CORE_INPUTS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "core/text.h"

/*
 * Nothing that is written goes over what is read. Whoever opens a file that a
 * user named notes it here, whoever opens an output asks here first: one
 * register for the process, so that no command can forget a list.
 *
 * A file is known by device and inode, whatever name or link leads to it, and
 * by its name in its directory, where it need not be yet.
 */
struct file_place {
	bool exists, regular;
	dev_t device;
	ino_t inode;
	bool named;
	dev_t directory_device;
	ino_t directory;
	char base[NAME_MAX + 1];
};
struct file_place file_place(const char *path);
struct file_place file_place_of(int fd);

/* Is writing one of them writing the other? Only of regular files: a terminal, a
 * pipe or /dev/null may be both. */
bool file_place_same(const struct file_place *a, const struct file_place *b);

/* A file is read; what it is to the user: "the blocklist". Borrowed until the process ends. */
void input_note(const char *path, const char *what);
void input_note_fd(int fd, const char *what);
/* A store, and the log, index and journal that SQLite keeps beside it. */
void input_note_store(const char *path);

/*
 * May an output have this name? Not if it is a file that was noted, nor any
 * database or what SQLite keeps beside one: 0, or -EINVAL with *why. Ask before a
 * store is opened: to look into a file that SQLite has open drops its locks.
 */
int output_spare(const char *path, struct diag *why);
int output_spare_fd(int fd, const char *name, struct diag *why);

/* May this be a store that is written? Not if it was noted as something else. */
int store_spare(const char *path, struct diag *why);

#endif
