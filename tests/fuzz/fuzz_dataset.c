/*
 * The first byte says which file of a dataset the rest is. Rows that are read
 * are written as rows that read back, and are written the same again.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/dataset_rows.h"
#include "tests/fuzz/fuzz.h"

/* Read all rows and write them; the length, or -1 where something is wrong. */
static int rewrite(enum dataset_file file, const char *bytes, size_t len, struct csv_text *out)
{
	struct csv_reader *reader = csv_open_bytes("fuzz", bytes, len);
	struct dataset_rows *rows;
	struct dataset_row row;
	struct diag why = {.line = 0};
	int r = dataset_rows_open(file, reader, &why, &rows);

	if (r < 0)
		return r;
	dataset_put_header(out, file, true);
	while ((r = dataset_rows_next(rows, &row, &why)) == 1)
		dataset_put_row(out, file, &row, true);
	dataset_rows_close(rows);
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct csv_text once = {.len = 0};
	struct csv_text twice = {.len = 0};

	if (len == 0)
		return 0;
	enum dataset_file file =
		(enum dataset_file)((unsigned)(bytes[0] - '0') % DATASET_FILE_COUNT);
	if (rewrite(file, (const char *)bytes + 1, len - 1, &once) == 0) {
		if (rewrite(file, once.text, once.len, &twice) < 0)
			abort();
		if (once.len != twice.len || memcmp(once.text, twice.text, once.len) != 0)
			abort();
	}
	free(once.text);
	free(twice.text);
	return 0;
}
