#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

/*
 * SQLite as store/ uses it: inside store/ only. Statements are prepared once
 * and live as long as their connection's owner.
 */
struct sqlite3;
struct sqlite3_stmt;

/* -ENOSPC, -EBUSY, -EBADMSG (damaged), -EROFS, -EACCES, -ENOENT, else -EIO; *why
 * (if any) gets the words, after `what`. */
int sql_error(struct sqlite3 *db, const char *what, struct diag *why);

/* A fifo would have us wait for ever, a device take what it is given: -EINVAL. */
int sql_regular(const char *path, struct diag *why);

/* What the file holds is anybody's: no trigger, view or function of it runs, and its rows have
 * bounds. */
int sql_open(const char *path, bool write, struct diag *why, struct sqlite3 **ret);

int sql_exec(struct sqlite3 *db, const char *sql, struct diag *why);
int sql_prepare(struct sqlite3 *db, const char *sql, struct diag *why, struct sqlite3_stmt **ret);

/* A text that fits; false where there is none such. What it holds may be anything: see text_clean. */
bool sql_text(struct sqlite3_stmt *stmt, int column, char *ret, size_t size);

/* Was the flag of store_stop_by set? */
bool sql_stopped(void);

/* Step, expecting no row; resets. */
int sql_run(struct sqlite3 *db, struct sqlite3_stmt *stmt, struct diag *why);

/* 1: a row, read it and reset; 0: none, reset already; negative: failed. */
int sql_step(struct sqlite3 *db, struct sqlite3_stmt *stmt, struct diag *why);

#endif
