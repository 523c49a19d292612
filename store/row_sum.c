#include "store/row_sum.h"

#include <string.h>

#include <sqlite3.h>

#include "store/blob_frame.h"
#include "store/internal.h"

static void add(struct row_sum *sum, char type, const void *bytes, size_t len)
{
	sum->crc = blob_crc(blob_crc(sum->crc, &type, 1), bytes, len);
}

void row_sum_null(struct row_sum *sum)
{
	add(sum, 'n', NULL, 0);
}

void row_sum_int(struct row_sum *sum, int64_t value)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)((uint64_t)value >> 8 * (sizeof(bytes) - 1 - i));
	add(sum, 'i', bytes, sizeof(bytes));
}

/* With the end of the text: what follows cannot move over. */
void row_sum_text(struct row_sum *sum, const char *text)
{
	if (text)
		add(sum, 't', text, strlen(text) + 1);
	else
		row_sum_null(sum);
}

void row_sum_column(struct row_sum *sum, sqlite3_stmt *stmt, int column)
{
	switch (sqlite3_column_type(stmt, column)) {
	case SQLITE_NULL:
		row_sum_null(sum);
		break;
	case SQLITE_INTEGER:
		row_sum_int(sum, sqlite3_column_int64(stmt, column));
		break;
	case SQLITE_TEXT:
		row_sum_text(sum, (const char *)sqlite3_column_text(stmt, column));
		break;
	default: /* nothing that we write */
		add(sum, 'x', NULL, 0);
	}
}

int64_t row_sum_value(const struct row_sum *sum)
{
	return INT64_C(1) << 46 | sum->crc;
}

bool sweep_row_holds(sqlite3_stmt *stmt, const struct sweep_info *info, int64_t sums_from)
{
	struct row_sum sum = {0};

	if (sqlite3_column_type(stmt, SWEEP_COLUMN_COUNT) == SQLITE_NULL)
		return sqlite3_column_int64(stmt, 0) < sums_from;
	row_sum_text(&sum, info->vantage);
	row_sum_text(&sum, info->epoch);
	for (int i = 1; i < SWEEP_COLUMN_COUNT; i++)
		row_sum_column(&sum, stmt, i);
	return sqlite3_column_type(stmt, SWEEP_COLUMN_COUNT) == SQLITE_INTEGER &&
	       sqlite3_column_int64(stmt, SWEEP_COLUMN_COUNT) == row_sum_value(&sum);
}

bool sweep_has_sums(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	bool has = sqlite3_prepare_v2(db, "SELECT sum FROM sweep", -1, &stmt, NULL) == SQLITE_OK;

	sqlite3_finalize(stmt);
	return has;
}
