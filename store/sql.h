#ifndef STORE_SQL_H
#define STORE_SQL_H

#include <stdbool.h>
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

int sql_open(const char *path, bool write, struct diag *why, struct sqlite3 **ret);

int sql_exec(struct sqlite3 *db, const char *sql, struct diag *why);
int sql_prepare(struct sqlite3 *db, const char *sql, struct diag *why, struct sqlite3_stmt **ret);

/* Step, expecting no row; resets. */
int sql_run(struct sqlite3 *db, struct sqlite3_stmt *stmt, struct diag *why);

/* 1: a row, read it and reset; 0: none, reset already; negative: failed. */
int sql_step(struct sqlite3 *db, struct sqlite3_stmt *stmt, struct diag *why);

#endif
