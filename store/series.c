#include "store/series.h"

#include <errno.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/sql.h"
#include "store/sums.h"

int series_read(
	sqlite3 *db, const struct meta *meta, struct series **ret, size_t *ret_count, struct diag *why)
{
	struct row_sum sum = {0};
	struct series *all = NULL;
	size_t count = 0;
	size_t capacity = 0;
	sqlite3_stmt *stmt = NULL;
	int r = sql_prepare(db, SERIES_ROWS, why, &stmt);

	while (r >= 0 && (r = sql_step(db, stmt, why)) == 1) {
		all = mem_grow(all, &capacity, count + 1, sizeof(*all));
		struct series *s = &all[count++];
		sums_row(&sum, stmt);
		s->id = sqlite3_column_int64(stmt, 0);
		if (!sql_text(stmt, 1, s->vantage, sizeof(s->vantage)) ||
			!sql_text(stmt, 2, s->epoch, sizeof(s->epoch)))
			r = -EBADMSG;
	}
	sqlite3_finalize(stmt);
	if (r == 0 && meta->summed && meta->series_sum != row_sum_value(&sum))
		r = -EBADMSG;
	if (r == -EBADMSG && !*why->text)
		diag_set(why, "the names of vantage points and epochs (series) are damaged");
	if (r < 0) {
		free(all);
		return r;
	}
	*ret = all;
	*ret_count = count;
	return 0;
}
