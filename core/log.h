#ifndef CORE_LOG_H
#define CORE_LOG_H

#include <stdbool.h>

/*
 * What a program says to a person, on stderr: "module: message key=value".
 *
 * error: somebody must act. warn: degraded, going on. info: one line per sweep
 * and per change of state. debug: anything. Under the journal each line starts
 * with its priority ("<3>"), since the journal has the time; elsewhere with the time, where
 * that was asked for. Library code and pure code never log.
 */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* From here on each line is a JSON object: {"v":1,"type":"log","level":"warn","text":"..."}. */
void log_set_json(bool json);

/*
 * To be called first: from here on standard error shows no byte that steers a terminal, whoever
 * writes there, getopt too. Names that a user or a file gave may hold any; each such byte is '?'.
 * log_write is for text of our own, and stays as it is.
 */
void log_shield(void);

/* Lines above this level are dropped; LOG_LEVEL_WARN until it is set. */
void log_set_level(enum log_level level);

/* Does standard error go to the journal: is it what JOURNAL_STREAM names? */
bool log_in_journal(void);

/* From here on each line begins with the time, in UTC, unless the journal has it. */
void log_set_times(bool times);

/* Text as it is, by the way that lines go: to standard error, or where it was diverted to. */
void log_write(const char *text);

/* From here on text goes to `sink`, that must not wait; NULL: to standard error again. */
void log_divert(void (*sink)(const char *text));

void log_line(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warn(...) log_line(LOG_LEVEL_WARN, __VA_ARGS__)
#define log_info(...) log_line(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
