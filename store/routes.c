/* The tables of what BGP said. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "store/bounds.h"
#include "store/internal.h"
#include "store/route.h"
#include "store/sql.h"
#include "store/sums.h"

static int bind_run(struct store *store, sqlite3_stmt *stmt, const int64_t *values, int count,
	struct diag *why)
{
	for (int i = 0; i < count; i++)
		sqlite3_bind_int64(stmt, i + 1, values[i]);
	return sql_run(store->db, stmt, why);
}

int store_put_route(struct store *store, const struct route *route, struct diag *why)
{
	const int64_t values[] = {
		route->at.ns, route->prefix.base.host, route->prefix.len, (int64_t)route->event};
	int r = bounds_route(route, why);

	if (r == 0 && !store->add_route)
		r = sql_prepare(store->db,
			"INSERT OR REPLACE INTO route(time_ns, base, len, event, peer, path)"
			" VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
			why, &store->add_route);
	if (r < 0)
		return r;
	sqlite3_bind_text(store->add_route, 5, route->peer, -1, SQLITE_STATIC);
	sqlite3_bind_text(store->add_route, 6, route->path, -1, SQLITE_STATIC);
	return bind_run(store, store->add_route, values, 4, why);
}

int store_put_heard(struct store *store, const struct heard *heard, struct diag *why)
{
	const int64_t values[] = {heard->start.ns, heard->end.ns};
	sqlite3_stmt *stmt = NULL;
	int r = bounds_heard(heard, why);

	if (r == 0)
		r = sql_prepare(store->db, "INSERT OR IGNORE INTO heard VALUES(?1, ?2)", why, &stmt);
	if (r == 0)
		r = bind_run(store, stmt, values, 2, why);
	sqlite3_finalize(stmt);
	return r;
}

int store_end_routes(struct store *store, struct diag *why, uint64_t *ret_new)
{
	int64_t had = meta_number(store->db, "routes");
	int64_t count = 0;
	int r = sums_write_routes(store->db, why, &count);

	if (r == 0 && count > ROUTES_MOST)
		return diag_set(why, "%lld routes, expected at most %d in a store", (long long)count,
			ROUTES_MOST);
	*ret_new = (uint64_t)(count - (had > 0 ? had : 0));
	return r;
}

static int damaged(const struct store *store, struct diag *why)
{
	diag_set(why, "the store's routes are damaged");
	snprintf(why->file, sizeof(why->file), "%.127s", store->path);
	return -EBADMSG;
}

/* A row of ROUTE_ROWS. False where it holds what no route has. */
static bool take_route(sqlite3_stmt *stmt, struct route *ret)
{
	struct diag why;

	for (int i = 0; i < 5; i++)
		if (i != 3 && sqlite3_column_type(stmt, i) != SQLITE_INTEGER)
			return false;
	int64_t base = sqlite3_column_int64(stmt, 1);
	int64_t len = sqlite3_column_int64(stmt, 2);
	int64_t event = sqlite3_column_int64(stmt, 4);
	if (base < 0 || base > UINT32_MAX || len < 0 || len > 32 || event < 0 || event > ROUTE_RESET ||
		!sql_text(stmt, 3, ret->peer, sizeof(ret->peer)) ||
		!sql_text(stmt, 5, ret->path, sizeof(ret->path)))
		return false;
	ret->at.ns = sqlite3_column_int64(stmt, 0);
	ret->prefix = (struct prefix){{(uint32_t)base}, (uint8_t)len};
	ret->event = (enum route_event)event;
	return bounds_route(ret, &why) == 0;
}

static int each_heard(struct store *store, struct wall until, const struct route_takers *takers,
	struct row_sum *sum, struct diag *why)
{
	sqlite3_stmt *stmt = NULL;
	struct diag beyond;
	int r = sql_prepare(store->db, HEARD_ROWS, why, &stmt);

	while (r >= 0 && (r = sql_step(store->db, stmt, why)) == 1) {
		struct heard heard = {
			{sqlite3_column_int64(stmt, 0)}, {sqlite3_column_int64(stmt, 1)}};
		sums_row(sum, stmt);
		if (bounds_heard(&heard, &beyond) < 0)
			r = damaged(store, why);
		if (heard.end.ns > until.ns)
			heard.end = until;
		if (r > 0 && takers->heard && heard.start.ns <= until.ns)
			r = takers->heard(takers->ctx, &heard);
	}
	sqlite3_finalize(stmt);
	return r;
}

static int each_route(struct store *store, struct wall until, const struct route_takers *takers,
	struct row_sum *sum, struct diag *why)
{
	struct route route = {.event = ROUTE_ANNOUNCE};
	sqlite3_stmt *stmt = NULL;
	int64_t count = 0;
	int r = sql_prepare(store->db, ROUTE_ROWS, why, &stmt);

	while (r >= 0 && (r = sql_step(store->db, stmt, why)) == 1) {
		sums_row(sum, stmt);
		if (!take_route(stmt, &route) || ++count > ROUTES_MOST)
			r = damaged(store, why);
		else if (takers->route && route.at.ns <= until.ns)
			r = takers->route(takers->ctx, &route);
	}
	sqlite3_finalize(stmt);
	return r;
}

int store_routes(struct store *store, struct wall until, const struct route_takers *takers,
	struct diag *why)
{
	struct row_sum sum = {0};
	struct meta meta;
	bool own = sqlite3_get_autocommit(store->db) != 0;
	int r = own ? sql_exec(store->db, "BEGIN", why) : 0; /* rows and checksum of one instant */

	if (r == 0)
		r = meta_read(store->db, &meta, why);
	if (r == 0 && meta.version >= SCHEMA_ROUTES) {
		r = each_heard(store, until, takers, &sum, why);
		if (r == 0)
			r = each_route(store, until, takers, &sum, why);
		if (r == 0 && meta.route_sum != row_sum_value(&sum))
			r = damaged(store, why);
	}
	if (own)
		sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL);
	return r;
}
