#ifndef STORE_ROW_SUM_H
#define STORE_ROW_SUM_H

#include <stdint.h>

/*
 * The checksum of a sweep's row, inside store/ only: CRC-32 over the values in
 * order, each with its type, so that NULL, 0 and "" differ. Blobs have one of
 * their own (store/blob.h); this is for the numbers beside them.
 *
 * It is kept as 2^46 + CRC: always six bytes in the file, and no flipped bit
 * in a row's header makes six bytes the NULL of a row that has none.
 */
struct sqlite3_stmt;

struct row_sum {
	uint32_t crc;
};

void row_sum_null(struct row_sum *sum);
void row_sum_int(struct row_sum *sum, int64_t value);
void row_sum_text(struct row_sum *sum, const char *text); /* NULL counts as none */

/* Whatever stands in this column. */
void row_sum_column(struct row_sum *sum, struct sqlite3_stmt *stmt, int column);

int64_t row_sum_value(const struct row_sum *sum);

#endif
