#ifndef EXCHANGE_FOREIGN_INPUT_H
#define EXCHANGE_FOREIGN_INPUT_H

#include <stdbool.h>

#include "exchange/foreign/format.h"

/* A file of another tool as a stream of records, one held ready. Memory is that of what one
 * line or object says. */
struct foreign_input;

/* "-" is standard input. `stopped` is asked with every read whether to give up; may be NULL. */
struct foreign_stop {
	bool (*stopped)(void *ctx);
	void *ctx;
};
int foreign_input_open(const char *name, const struct foreign_format *format,
	const struct foreign_ask *ask, struct foreign_stop stop, struct diag *why,
	struct foreign_input **ret);
/* The same of an open file, which is the input's from here on. */
struct foreign_input *foreign_input_open_fd(const char *name, int fd,
	const struct foreign_format *format, const struct foreign_ask *ask, struct foreign_stop stop);
/* The same of bytes, which are borrowed. */
struct foreign_input *foreign_input_open_bytes(const char *name, const char *bytes, size_t len,
	const struct foreign_format *format, const struct foreign_ask *ask);
void foreign_input_close(struct foreign_input *input); /* NULL is fine */

/* Routes of IPv6 so far, which are left out. */
uint64_t foreign_input_ipv6(const struct foreign_input *input);

int foreign_input_hash(struct foreign_input *input, uint64_t *ret, struct diag *why);

/* The record at hand: 1; 0 at the end; or a negative errno. A file that ends without any is refused. */
int foreign_input_peek(
	struct foreign_input *input, const struct foreign_record **ret, struct diag *why);
void foreign_input_take(struct foreign_input *input);

/* Say what is wrong with the record at hand: -EINVAL. */
int foreign_input_wrong(const struct foreign_input *input, struct diag *why, const char *text);

#endif
