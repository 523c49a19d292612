#ifndef STORE_PARCEL_H
#define STORE_PARCEL_H

#include "store/column.h"
#include "store/store.h"

/*
 * One whole sweep as one byte string, to travel from store to store: its row, and its blobs as
 * they lie in the file (docs/FORMATS.md, "Parcels"). What comes is anybody's and is not trusted:
 * it is read and verified as a sweep of a stranger's store is, by the same code, and goes into a
 * store as a sweep that is merged does. Who sent it is not asked here.
 */
enum { PARCEL_VERSION = 1, PARCEL_MOST = 16 << 20 };

/* The sweeps of a store as parcels, as its reader gives them. The reader is borrowed, and outlives
 * the packer. */
struct parcel_packer;
int parcel_packer_create(
	struct store_reader *reader, struct diag *why, struct parcel_packer **ret);
void parcel_packer_destroy(struct parcel_packer *packer); /* NULL is fine */

/* The sweep that store_next gave last. *ret is the packer's, valid until its next use. -E2BIG:
 * more than PARCEL_MOST. */
int parcel_pack(struct parcel_packer *packer, const struct sweep_info *info, struct bytes *ret,
	struct diag *why);

/* Parcels back to sweeps. */
struct parcel_opener;
int parcel_opener_create(struct diag *why, struct parcel_opener **ret);
void parcel_opener_destroy(struct parcel_opener *opener); /* NULL is fine */

/* *ret_sweep: its arrays are the opener's, valid until its next use. 0, -EBADMSG (no parcel, or a
 * sweep that cannot be), -EPROTONOSUPPORT (a newer version). */
int parcel_open(struct parcel_opener *opener, const uint8_t *parcel, size_t len,
	struct sweep *ret_sweep, struct diag *why);

/* Open it, and append its sweep: as store_append. In a transaction of store_begin, in which a
 * parcel that is refused has left nothing. */
int parcel_append(struct parcel_opener *opener, struct store *into, const uint8_t *parcel,
	size_t len, struct diag *why);

/* Put the checksum right, for tests and fuzzing that go past it. */
void parcel_repair(uint8_t *parcel, size_t len);

#endif
