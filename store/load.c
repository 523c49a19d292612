#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "store/internal.h"
#include "store/sql.h"

struct sweep_loader {
	sqlite3 *db;
	sqlite3_stmt *cells, *path, *boot, *one;
	bool scanning;     /* cells stands on a row not read yet: next_cell */
	int64_t next_cell; /* its id */
	int64_t passed;    /* every cell up to this id has been read or skipped */
	struct blob_codec *codec;
	struct observation *rows;
	struct hop *hops;
	struct boot *boots;
	size_t row_capacity, hop_capacity, boot_capacity;
};

int loader_create(sqlite3 *db, struct diag *why, struct sweep_loader **ret)
{
	struct sweep_loader *l = mem_zeroed(1, sizeof(*l));

	l->db = db;
	l->codec = blob_codec_create();
	int r = sql_prepare(db, "SELECT id, block, method, d FROM cell WHERE id >= ?1 ORDER BY id",
		why, &l->cells);
	if (r == 0)
		r = sql_prepare(db, "SELECT d FROM path WHERE sweep = ?1", why, &l->path);
	if (r == 0)
		r = sql_prepare(db, "SELECT d FROM boot WHERE sweep = ?1", why, &l->boot);
	if (r == 0)
		r = sql_prepare(
			db, "SELECT " SWEEP_COLUMNS " FROM sweep WHERE id = ?1", why, &l->one);
	if (r < 0) {
		loader_destroy(l);
		return r;
	}
	*ret = l;
	return 0;
}

void loader_destroy(struct sweep_loader *l)
{
	if (!l)
		return;
	sqlite3_finalize(l->cells);
	sqlite3_finalize(l->path);
	sqlite3_finalize(l->boot);
	sqlite3_finalize(l->one);
	blob_codec_destroy(l->codec);
	free(l->rows);
	free(l->hops);
	free(l->boots);
	free(l);
}

void loader_spare_packets(struct sweep_loader *l)
{
	blob_spare_packets(l->codec);
}

/* Columns of a row of sweep, one after the other; anybody may have written it. */
struct row_reader {
	sqlite3_stmt *stmt;
	int at;
	const char *wrong; /* the first thing; NULL: nothing */
};

/* An integer from 0 to `most`; -1: none, which is wrong. */
static int64_t take_number(struct row_reader *r, int64_t most)
{
	int column = r->at++;
	int64_t value = sqlite3_column_int64(r->stmt, column);

	if (sqlite3_column_type(r->stmt, column) == SQLITE_INTEGER && value >= 0 && value <= most)
		return value;
	if (!r->wrong)
		r->wrong = sqlite3_column_name(r->stmt, column);
	return -1;
}

/* NULL is "not measured". */
static int64_t take_maybe(struct row_reader *r, int64_t most)
{
	if (sqlite3_column_type(r->stmt, r->at) != SQLITE_NULL)
		return take_number(r, most);
	r->at++;
	return -1;
}

static void take_text(struct row_reader *r, char *ret, size_t size)
{
	int column = r->at++;

	if (!sql_text(r->stmt, column, ret, size) && !r->wrong)
		r->wrong = sqlite3_column_name(r->stmt, column);
}

const char *sweep_row_read(sqlite3_stmt *stmt, struct sweep_row *ret)
{
	struct row_reader r = {.stmt = stmt};
	struct sweep_info *info = &ret->info;

	ret->id = take_number(&r, SWEEP_ID_MOST);
	ret->series = take_number(&r, INT64_MAX);
	info->sweep = (uint64_t)take_number(&r, INT64_MAX);
	info->tier = (enum tier)take_number(&r, TIER_WATCH);
	info->start.ns = take_number(&r, INT64_MAX);
	info->end.ns = take_number(&r, INT64_MAX);
	info->interval_ns = take_number(&r, INT64_MAX);
	take_text(&r, info->methods, METHODS_SIZE);
	int64_t source = take_maybe(&r, UINT32_MAX);
	info->has_source = source >= 0;
	info->source.host = info->has_source ? (uint32_t)source : 0;
	info->probed = take_maybe(&r, INT64_MAX);
	info->sent = take_maybe(&r, INT64_MAX);
	info->received = take_maybe(&r, INT64_MAX);
	info->capture_dropped = take_maybe(&r, INT64_MAX);
	info->send_errors = take_maybe(&r, INT64_MAX);
	info->anchors_probed = take_maybe(&r, INT64_MAX);
	info->anchors_up = take_maybe(&r, INT64_MAX);
	info->clock_error_us = take_maybe(&r, INT64_MAX);
	info->flags = (uint32_t)take_number(&r, UINT32_MAX);
	take_text(&r, info->counts, COUNTS_SIZE);
	ret->observations = take_number(&r, INT64_MAX);
	ret->hops = take_number(&r, INT64_MAX);
	ret->boots = take_number(&r, INT64_MAX);
	return r.wrong;
}

static int damaged(const struct sweep_row *row, const char *what, int r, struct diag *why)
{
	if (why)
		diag_set(why, "sweep %llu of vantage \"%s\": %s %s",
			(unsigned long long)row->info.sweep, row->info.vantage, what,
			r == -EPROTONOSUPPORT ? "was written by a newer lightsout" : "is damaged");
	return r;
}

/* Put rows of the same block, another method, among those that are there from
 * `from` on: both are ordered, and so is the result. From the back, in place. */
static void merge(struct observation *all, size_t from, size_t count,
	const struct observation *more, size_t more_count)
{
	size_t at = count + more_count;

	while (more_count > 0 && count > from) {
		const struct observation *last = &more[more_count - 1];
		if (all[count - 1].address.host > last->address.host) {
			all[--at] = all[--count];
		} else {
			all[--at] = *last;
			more_count--;
		}
	}
	memcpy(all + from, more, more_count * sizeof(*all));
}

/* Stand on the first cell of id >= first. */
static int seek(struct sweep_loader *l, int64_t first, struct diag *why)
{
	if (!l->scanning || l->passed >= first || l->next_cell < first) {
		sqlite3_reset(l->cells);
		sqlite3_bind_int64(l->cells, 1, first);
		int r = sql_step(l->db, l->cells, why);
		l->scanning = r == 1;
		if (r < 0)
			return r;
		if (l->scanning)
			l->next_cell = sqlite3_column_int64(l->cells, 0);
	}
	return 0;
}

static int next(struct sweep_loader *l, struct diag *why)
{
	l->passed = l->next_cell;
	int r = sql_step(l->db, l->cells, why);
	l->scanning = r == 1;
	if (l->scanning)
		l->next_cell = sqlite3_column_int64(l->cells, 0);
	return r < 0 ? r : 0;
}

/* What of the sweep has been read so far. */
struct progress {
	size_t count; /* rows */
	size_t from;  /* first of this block */
	int64_t last; /* block and method, so that they ascend; -1 */
};

static int load_cell(
	struct sweep_loader *l, const struct sweep_row *row, struct progress *p, struct diag *why)
{
	int64_t block = sqlite3_column_int64(l->cells, 1);
	int64_t method = sqlite3_column_int64(l->cells, 2);
	const struct observation *rows;
	size_t count;

	if (block < 0 || block >> BLOCK_LEN || method < METHOD_ICMP || method > METHOD_TCP ||
		block * 2 + method <= p->last)
		return damaged(row, "the place of a cell", -EBADMSG, why);
	struct blob_place place = {{(uint32_t)block << 8}, (enum method)method, row->info.start};
	const uint8_t *blob = sqlite3_column_blob(l->cells, 3);
	size_t len = (size_t)sqlite3_column_bytes(l->cells, 3);
	int r = blob ? blob_decode(l->codec, &place, blob, len, &rows, &count) : -EBADMSG;
	if (r < 0) {
		char text[ADDRESS_TEXT_SIZE];
		char what[64];
		prefix_format(block_of(place.block), text);
		snprintf(what, sizeof(what), "cell %s %s", text,
			method == METHOD_ICMP ? "icmp" : "tcp");
		return damaged(row, what, r, why);
	}
	if (block != p->last >> 1)
		p->from = p->count;
	p->last = block * 2 + method;
	l->rows = mem_grow(l->rows, &l->row_capacity, p->count + count, sizeof(*l->rows));
	merge(l->rows, p->from, p->count, rows, count);
	p->count += count;
	return 0;
}

static int load_cells(
	struct sweep_loader *l, const struct sweep_row *row, struct sweep *ret, struct diag *why)
{
	int64_t limit = (row->id + 1) << CELL_BITS;
	struct progress p = {.last = -1};

	int r = row->observations ? seek(l, row->id << CELL_BITS, why) : 0;
	while (r == 0 && row->observations && l->scanning && l->next_cell < limit) {
		r = load_cell(l, row, &p, why);
		if (r == 0)
			r = next(l, why);
	}
	if (r < 0)
		return r;
	if ((uint64_t)row->observations != p.count)
		return damaged(row, "the number of observations", -EBADMSG, why);
	ret->observations = l->rows;
	ret->observation_count = p.count;
	return 0;
}

/* The blob of a sweep's row in the path or boot table, until reset. */
static int find_blob(struct sweep_loader *l, sqlite3_stmt *stmt, int64_t id, const uint8_t **ret,
	size_t *ret_len, struct diag *why)
{
	sqlite3_bind_int64(stmt, 1, id);
	int r = sql_step(l->db, stmt, why);
	*ret = r == 1 ? sqlite3_column_blob(stmt, 0) : NULL;
	*ret_len = *ret ? (size_t)sqlite3_column_bytes(stmt, 0) : 0;
	if (r < 0)
		return r;
	return *ret ? 0 : -EBADMSG;
}

static int load_hops(
	struct sweep_loader *l, const struct sweep_row *row, struct sweep *ret, struct diag *why)
{
	const struct hop *rows = NULL;
	const uint8_t *blob;
	size_t len;
	size_t count = 0;

	int r = find_blob(l, l->path, row->id, &blob, &len, why);
	if (r == 0)
		r = blob_decode_hops(l->codec, row->info.start, blob, len, &rows, &count);
	sqlite3_reset(l->path);
	if (r == 0 && count != (uint64_t)row->hops)
		r = -EBADMSG;
	if (r < 0)
		return damaged(row, "the path blob", r, why);
	l->hops = mem_grow(l->hops, &l->hop_capacity, count, sizeof(*l->hops));
	memcpy(l->hops, rows, count * sizeof(*rows));
	ret->hops = l->hops;
	ret->hop_count = count;
	return 0;
}

static int load_boots(
	struct sweep_loader *l, const struct sweep_row *row, struct sweep *ret, struct diag *why)
{
	const struct boot *rows = NULL;
	const uint8_t *blob;
	size_t len;
	size_t count = 0;

	int r = find_blob(l, l->boot, row->id, &blob, &len, why);
	if (r == 0)
		r = blob_decode_boots(l->codec, row->info.start, blob, len, &rows, &count);
	sqlite3_reset(l->boot);
	if (r == 0 && count != (uint64_t)row->boots)
		r = -EBADMSG;
	if (r < 0)
		return damaged(row, "the boot blob", r, why);
	l->boots = mem_grow(l->boots, &l->boot_capacity, count, sizeof(*l->boots));
	memcpy(l->boots, rows, count * sizeof(*rows));
	ret->boots = l->boots;
	ret->boot_count = count;
	return 0;
}

int loader_load(
	struct sweep_loader *l, const struct sweep_row *row, struct sweep *ret, struct diag *why)
{
	struct sweep sweep = {.info = row->info};

	int r = bounds_info(&row->info, why) < 0 ? -EBADMSG : 0;
	if (r == 0)
		r = load_cells(l, row, &sweep, why);
	if (r == 0 && row->hops)
		r = load_hops(l, row, &sweep, why);
	if (r == 0 && row->boots)
		r = load_boots(l, row, &sweep, why);
	if (r == 0 && bounds_sweep(&sweep, why) < 0)
		r = -EBADMSG;
	if (r == 0)
		*ret = sweep;
	return r;
}

int sweep_row_wrong(int64_t id, const char *column, struct diag *why)
{
	diag_set(why, "sweep row %lld is damaged: its %s is none that a sweep has", (long long)id,
		column);
	return -EBADMSG;
}

int loader_load_id(struct sweep_loader *l, int64_t id, struct sweep *ret, struct diag *why)
{
	struct sweep_row row = {0};

	sqlite3_bind_int64(l->one, 1, id);
	int r = sql_step(l->db, l->one, why);
	if (r == 0) {
		r = -ENOENT;
	} else if (r == 1) {
		const char *wrong = sweep_row_read(l->one, &row);
		r = wrong ? sweep_row_wrong(id, wrong, why) : 0;
	}
	sqlite3_reset(l->one);
	if (r == 0)
		r = loader_load(l, &row, ret, why);
	sqlite3_reset(l->cells);
	l->scanning = false;
	return r;
}
