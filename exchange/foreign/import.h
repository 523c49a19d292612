#ifndef EXCHANGE_FOREIGN_IMPORT_H
#define EXCHANGE_FOREIGN_IMPORT_H

#include "exchange/foreign/input.h"
#include "store/store.h"

/*
 * Files of other tools into a store open for writing, in one transaction: all or
 * nothing. Files that go on for long are read side by side, in the order of
 * time; scans one after the other. The addresses become targets of the store, where it has
 * not got them. The epoch is made of how the files begin, so that the same files
 * are the same sweeps, and importing them again changes nothing.
 */
struct foreign_files {
	const struct foreign_format *format;
	const char *const *names;
	size_t count;
	struct foreign_ask ask;
	const char *vantage;
	const struct ip4 *anchors; /* ascending */
	size_t anchor_count;
	const struct prefix *asked; /* of scans: who was; those who have no row were silent */
	size_t asked_count;
};

struct foreign_counts {
	uint64_t records, sweeps, new_sweeps, anchored, targets;
};

/* 0, or a negative errno and *why. */
int foreign_import(struct store *store, const struct foreign_files *files,
	struct foreign_stop stop, struct diag *why, struct foreign_counts *ret);

#endif
