#ifndef EXCHANGE_FOREIGN_PING_NUMBERS_H
#define EXCHANGE_FOREIGN_PING_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"

/* The numbers of a ping: of 16 bits as printed, counted on here; when the last one was sent, and
 * how long it is from one to the next. Pure. */
enum { PING_NUMBERS = 65536 };
struct ping_numbers {
	bool any;
	int64_t first, last;
	struct wall first_at, last_at;
	int64_t period_ns; /* learned; 0 */
};

void ping_start(struct ping_numbers *numbers, int64_t number, struct wall at);

/* A printed number: by the time that has passed, where 16 bits went round more than once; at most
 * a thousand back where it is late. */
int64_t ping_count_on(const struct ping_numbers *numbers, int64_t printed, struct wall at);

/* One that is greater than the last. */
void ping_go_on(struct ping_numbers *numbers, int64_t number, struct wall at);

#endif
