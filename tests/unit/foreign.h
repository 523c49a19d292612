#ifndef TESTS_UNIT_FOREIGN_H
#define TESTS_UNIT_FOREIGN_H

#include "exchange/foreign/format.h"
#include "exchange/foreign/record.h"

/*
 * A file of another tool as its reader takes it. One at a time: what is returned
 * belongs here until the next call.
 */
struct read_file {
	int result; /* 0, or a negative errno */
	struct diag why;
	const struct foreign_record *records;
	size_t count;
};

/* Nothing was said but the names of columns. */
struct foreign_ask foreign_ask_nothing(void);

struct read_file read_foreign(const char *format, const char *text, const struct foreign_ask *ask);
struct read_file read_foreign_bytes(
	const char *format, const char *bytes, size_t len, const struct foreign_ask *ask);

/* A record as a line: "TIME ADDRESS METHOD OUTCOME RTT_US ..." with what is known, for assert_string_equal. */
const char *foreign_record_text(const struct foreign_record *record);

/* All records, a line each. */
const char *foreign_text(const struct read_file *file);

/* The file is refused on this line, and the reason holds the text. */
void assert_foreign_refused(const char *format, const char *text, const struct foreign_ask *ask,
	unsigned long line, const char *reason);

#endif
