#ifndef EXCHANGE_FOREIGN_KEYED_H
#define EXCHANGE_FOREIGN_KEYED_H

#include <stddef.h>
#include <stdint.h>

/* Numbers by key, in open addressing. Pure. */
struct keyed {
	struct keyed_slot {
		uint64_t key; /* plus one; 0: free */
		uint32_t value;
	} *slots; /* owned */
	size_t count, size;
};

/* NULL: it is not there. Where it lies until the next keyed_put. */
uint32_t *keyed_find(const struct keyed *keyed, uint64_t key);

/* Made 0 if need be. */
uint32_t *keyed_put(struct keyed *keyed, uint64_t key);

void keyed_clear(struct keyed *keyed);
void keyed_finish(struct keyed *keyed);

#endif
