#include "store/parcel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/mem.h"
#include "store/blob_frame.h"
#include "store/copy.h"
#include "store/internal.h"
#include "store/schema.h"
#include "store/sql.h"

/* Columns of a sweep that travel: all but its id and that of its series. Of a cell: all but its id. */
enum { ROW_VALUES = SWEEP_COLUMN_COUNT - 2, CELL_VALUES = 8 };
enum { HEAD_LEN = 5, CRC_LEN = 4 };

static const uint8_t magic[HEAD_LEN - 1] = {'l', 'g', 't', 'p'};

/* Before each value. */
enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT, VALUE_BLOB };

static void put_crc(uint8_t *at, uint32_t crc)
{
	for (int i = 0; i < CRC_LEN; i++)
		at[i] = (uint8_t)(crc >> 8 * (CRC_LEN - 1 - i));
}

void parcel_repair(uint8_t *parcel, size_t len)
{
	if (len >= CRC_LEN)
		put_crc(parcel + len - CRC_LEN, blob_crc(0, parcel, len - CRC_LEN));
}

/* --- packing --- */

struct parcel_packer {
	struct store_reader *reader;
	struct copy copy;
	sqlite3_stmt *row;
	struct bytes cells, out;
};

int parcel_packer_create(
	struct store_reader *reader, struct diag *why, struct parcel_packer **ret)
{
	struct parcel_packer *p = mem_zeroed(1, sizeof(*p));
	int r = copy_open(&p->copy, reader_db(reader), why);

	p->reader = reader;
	if (r == 0)
		r = sql_prepare(p->copy.db, "SELECT " SWEEP_COLUMNS " FROM sweep WHERE id = ?1",
			why, &p->row);
	if (r < 0) {
		parcel_packer_destroy(p);
		return r;
	}
	*ret = p;
	return 0;
}

void parcel_packer_destroy(struct parcel_packer *p)
{
	if (!p)
		return;
	copy_close(&p->copy);
	sqlite3_finalize(p->row);
	free(p->cells.bytes);
	free(p->out.bytes);
	free(p);
}

static void put_string(struct bytes *out, const void *from, size_t len)
{
	bytes_put_varint(out, len);
	bytes_put(out, from, len);
}

/* Numbers below zero are none that a sweep has: store_next has read this one. */
static void put_value(struct bytes *out, sqlite3_stmt *stmt, int column)
{
	int type = sqlite3_column_type(stmt, column);

	if (type == SQLITE_INTEGER) {
		bytes_put_u8(out, VALUE_NUMBER);
		bytes_put_varint(out, (uint64_t)sqlite3_column_int64(stmt, column));
	} else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
		const void *from = sqlite3_column_blob(stmt, column);
		bytes_put_u8(out, type == SQLITE_TEXT ? VALUE_TEXT : VALUE_BLOB);
		put_string(out, from, (size_t)sqlite3_column_bytes(stmt, column));
	} else {
		bytes_put_u8(out, VALUE_NONE);
	}
}

static int put_row(struct parcel_packer *p, struct diag *why)
{
	sqlite3_bind_int64(p->row, 1, p->copy.id);
	int r = sql_step(p->copy.db, p->row, why);
	for (int i = 0; i < ROW_VALUES && r == 1; i++)
		put_value(&p->out, p->row, 2 + i);
	sqlite3_reset(p->row);
	return r == 0 ? -ENOENT : r;
}

static int put_cells(struct parcel_packer *p, struct diag *why)
{
	uint64_t count = 0;
	int r;

	p->cells.len = 0;
	sqlite3_bind_int64(p->copy.cells, 1, p->copy.id);
	while ((r = sql_step(p->copy.db, p->copy.cells, why)) == 1) {
		count++;
		for (int i = 0; i < CELL_VALUES; i++)
			put_value(&p->cells, p->copy.cells, i);
		if (p->cells.len > PARCEL_MOST) {
			sqlite3_reset(p->copy.cells);
			break;
		}
	}
	bytes_put_varint(&p->out, count);
	bytes_put(&p->out, p->cells.bytes, p->cells.len);
	return r < 0 ? r : 0;
}

static int put_blob(struct parcel_packer *p, sqlite3_stmt *stmt, struct diag *why)
{
	sqlite3_bind_int64(stmt, 1, p->copy.id);
	int r = sql_step(p->copy.db, stmt, why);
	if (r == 1)
		put_value(&p->out, stmt, 0);
	else
		bytes_put_u8(&p->out, VALUE_NONE);
	sqlite3_reset(stmt);
	return r < 0 ? r : 0;
}

int parcel_pack(struct parcel_packer *p, const struct sweep_info *info, struct bytes *ret,
	struct diag *why)
{
	static const uint8_t no_crc[CRC_LEN];

	p->copy.id = reader_sweep_id(p->reader);
	p->out.len = 0;
	bytes_put(&p->out, magic, sizeof(magic));
	bytes_put_u8(&p->out, PARCEL_VERSION);
	put_string(&p->out, info->vantage, strlen(info->vantage));
	put_string(&p->out, info->epoch, strlen(info->epoch));
	int r = put_row(p, why);
	if (r == 1)
		r = put_cells(p, why);
	if (r == 0)
		r = put_blob(p, p->copy.path, why);
	if (r == 0)
		r = put_blob(p, p->copy.boot, why);
	if (r < 0)
		return r;
	bytes_put(&p->out, no_crc, sizeof(no_crc));
	if (p->out.len > PARCEL_MOST) {
		diag_set(why, "sweep %llu of vantage \"%s\" is too large to travel, %d MiB at most",
			(unsigned long long)info->sweep, info->vantage, PARCEL_MOST >> 20);
		return -E2BIG;
	}
	parcel_repair(p->out.bytes, p->out.len);
	*ret = p->out;
	return 0;
}

/* --- opening --- */

/* A store in memory of one sweep at most, id 1: what reads stores reads it. */
struct parcel_opener {
	sqlite3 *db;
	sqlite3_stmt *row, *cell, *path, *boot;
	struct sweep_loader *loader;
	struct copy copy;
};

int parcel_opener_create(struct diag *why, struct parcel_opener **ret)
{
	struct parcel_opener *o = mem_zeroed(1, sizeof(*o));
	int r = sqlite3_open(":memory:", &o->db) == SQLITE_OK ? 0 : -ENOMEM;

	if (r == 0)
		r = schema_create(o->db, why);
	if (r == 0)
		r = sql_prepare(o->db,
			"INSERT INTO sweep(" SWEEP_COLUMNS ") VALUES(1, 1, ?1, ?2, ?3, ?4, ?5, ?6,"
			" ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
			why, &o->row);
	if (r == 0)
		r = sql_prepare(o->db,
			"INSERT INTO cell(block, method, rows, answered, silent, unreachable, unsent,"
			" d, id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
			why, &o->cell);
	if (r == 0)
		r = sql_prepare(o->db, "INSERT INTO path VALUES(1, ?1)", why, &o->path);
	if (r == 0)
		r = sql_prepare(o->db, "INSERT INTO boot VALUES(1, ?1)", why, &o->boot);
	if (r == 0)
		r = loader_create(o->db, why, &o->loader);
	if (r == 0)
		r = copy_open(&o->copy, o->db, why);
	if (r < 0) {
		parcel_opener_destroy(o);
		return r;
	}
	o->copy.id = 1;
	*ret = o;
	return 0;
}

void parcel_opener_destroy(struct parcel_opener *o)
{
	if (!o)
		return;
	sqlite3_finalize(o->row);
	sqlite3_finalize(o->cell);
	sqlite3_finalize(o->path);
	sqlite3_finalize(o->boot);
	loader_destroy(o->loader);
	copy_close(&o->copy);
	sqlite3_close(o->db);
	free(o);
}

static const uint8_t *take_string(struct cursor *c, size_t most, size_t *ret_len)
{
	uint64_t len = cursor_varint(c);

	*ret_len = (size_t)len;
	if (len > most)
		c->failed = true;
	return cursor_take(c, c->failed ? 0 : (size_t)len);
}

static void take_name(struct cursor *c, char *ret, size_t size)
{
	size_t len;
	const uint8_t *from = take_string(c, size - 1, &len);

	if (from && memchr(from, 0, len))
		c->failed = true;
	if (!from || c->failed)
		return;
	memcpy(ret, from, len);
	ret[len] = 0;
}

/* Bound as it lies in the parcel, which stays until the row is in. */
static enum value_kind take_value(struct cursor *c, sqlite3_stmt *stmt, int at)
{
	enum value_kind kind = cursor_u8(c);
	const uint8_t *from;
	size_t len;

	sqlite3_bind_null(stmt, at);
	if (kind == VALUE_NUMBER) {
		uint64_t number = cursor_varint(c);
		c->failed |= number > INT64_MAX;
		sqlite3_bind_int64(stmt, at, c->failed ? 0 : (int64_t)number);
	} else if (kind == VALUE_TEXT || kind == VALUE_BLOB) {
		from = take_string(c, PARCEL_MOST, &len);
		if (from && kind == VALUE_TEXT)
			sqlite3_bind_text(stmt, at, (const char *)from, (int)len, SQLITE_STATIC);
		else if (from)
			sqlite3_bind_blob(stmt, at, from, (int)len, SQLITE_STATIC);
	} else if (kind != VALUE_NONE) {
		c->failed = true;
	}
	return kind;
}

/* A row that has no place in its table is as bad as one that cannot be read. */
static void put_in(struct cursor *c, sqlite3 *db, sqlite3_stmt *stmt)
{
	if (!c->failed && sql_run(db, stmt, NULL) < 0)
		c->failed = true;
	sqlite3_clear_bindings(stmt);
}

static void take_rows(struct parcel_opener *o, struct cursor *c)
{
	for (int i = 1; i <= ROW_VALUES; i++)
		take_value(c, o->row, i);
	put_in(c, o->db, o->row);
	uint64_t cells = cursor_varint(c);
	if (cells >= UINT64_C(1) << CELL_BITS)
		c->failed = true;
	for (uint64_t i = 0; i < cells && !c->failed; i++) {
		for (int k = 1; k <= CELL_VALUES; k++)
			take_value(c, o->cell, k);
		sqlite3_bind_int64(o->cell, CELL_VALUES + 1, (int64_t)((UINT64_C(1) << CELL_BITS) + i));
		put_in(c, o->db, o->cell);
	}
	if (take_value(c, o->path, 1) != VALUE_NONE)
		put_in(c, o->db, o->path);
	if (take_value(c, o->boot, 1) != VALUE_NONE)
		put_in(c, o->db, o->boot);
	sqlite3_clear_bindings(o->path);
	sqlite3_clear_bindings(o->boot);
}

static int bad(const char *what, int r, struct diag *why)
{
	diag_set(why, "%s", what);
	return r;
}

static int check_frame(const uint8_t *parcel, size_t len, struct diag *why)
{
	uint8_t crc[CRC_LEN];

	if (len < HEAD_LEN + CRC_LEN || len > PARCEL_MOST ||
		memcmp(parcel, magic, sizeof(magic)) != 0)
		return bad("is no parcel", -EBADMSG, why);
	put_crc(crc, blob_crc(0, parcel, len - CRC_LEN));
	if (memcmp(crc, parcel + len - CRC_LEN, CRC_LEN) != 0)
		return bad("is a damaged parcel", -EBADMSG, why);
	if (parcel[HEAD_LEN - 1] != PARCEL_VERSION)
		return bad("was sent by another version of lightsout", -EPROTONOSUPPORT, why);
	return 0;
}

static int read_rows(
	struct parcel_opener *o, struct cursor *c, struct sweep *ret, struct diag *why)
{
	char vantage[VANTAGE_SIZE] = "";
	char epoch[EPOCH_SIZE] = "";

	take_name(c, vantage, sizeof(vantage));
	take_name(c, epoch, sizeof(epoch));
	take_rows(o, c);
	if (c->failed || c->left > 0)
		return bad("is a parcel whose content is no sweep", -EBADMSG, why);
	int r = loader_load_id(o->loader, 1, ret, why);
	if (r < 0)
		return r;
	memcpy(ret->info.vantage, vantage, sizeof(vantage));
	memcpy(ret->info.epoch, epoch, sizeof(epoch));
	return sweep_check(ret, why) < 0 ? -EBADMSG : 0;
}

int parcel_open(struct parcel_opener *o, const uint8_t *parcel, size_t len,
	struct sweep *ret_sweep, struct diag *why)
{
	struct sweep sweep = {0};
	int r = check_frame(parcel, len, why);

	if (r == 0)
		r = sql_exec(o->db,
			"DELETE FROM cell; DELETE FROM path; DELETE FROM boot; DELETE FROM sweep", why);
	if (r < 0)
		return r;
	struct cursor c = {parcel + HEAD_LEN, len - HEAD_LEN - CRC_LEN, false};
	r = sql_exec(o->db, "BEGIN", why);
	if (r < 0)
		return r;
	r = read_rows(o, &c, &sweep, why);
	sqlite3_exec(o->db, "COMMIT", NULL, NULL, NULL);
	if (r == 0)
		*ret_sweep = sweep;
	return r;
}

int parcel_append(struct parcel_opener *o, struct store *into, const uint8_t *parcel, size_t len,
	struct diag *why)
{
	struct sweep sweep;
	int r = parcel_open(o, parcel, len, &sweep, why);

	if (r == 0)
		r = sql_exec(into->db, "SAVEPOINT parcel", why);
	if (r < 0)
		return r;
	r = append_copy(into, &sweep, &o->copy, why);
	sqlite3_exec(into->db, r < 0 ? "ROLLBACK TO parcel; RELEASE parcel" : "RELEASE parcel",
		NULL, NULL, NULL);
	return r;
}
