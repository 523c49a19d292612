#ifndef TESTS_LAB_PENDING_H
#define TESTS_LAB_PENDING_H

#include <stddef.h>
#include <stdint.h>

/* Packets on their way, by when they arrive. Equal times keep their order. */
struct parcel {
	int64_t due_ns;
	uint64_t order;
	uint8_t *bytes; /* owned */
	size_t len;
};

struct pending {
	struct parcel *heap; /* owned */
	size_t count, capacity;
	uint64_t added;
};

void pending_add(struct pending *pending, int64_t due_ns, const uint8_t *bytes, size_t len);
int64_t pending_next(const struct pending *pending); /* INT64_MAX: nothing waits */
struct parcel pending_pop(struct pending *pending);  /* the caller frees its bytes */
void pending_finish(struct pending *pending);

#endif
