#include "store/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "core/inputs.h"
#include "core/mem.h"
#include "store/copy.h"
#include "store/internal.h"
#include "store/route.h"
#include "store/sql.h"
#include "store/target_rows.h"

/* One store that is read, and its next sweep. */
struct source {
	const char *path;
	struct store *store;
	struct store_reader *reader;
	struct copy copy;
	struct sweep sweep;
	bool has;
};

struct merge {
	struct store *into;
	const struct store_merge *what;
	struct source *sources;
	struct store_merged merged;
	uint64_t conflicts;
	int64_t total; /* sweeps */
};

static int name_file(int r, const char *path, struct diag *why)
{
	if (r < 0 && !*why->file)
		snprintf(why->file, sizeof(why->file), "%.127s", path);
	return r;
}

static int advance(struct source *s, struct diag *why)
{
	int r = store_next(s->reader, &s->sweep, why);

	s->has = r == 1;
	if (s->has)
		s->copy.id = reader_sweep_id(s->reader);
	return r < 0 ? name_file(r, s->path, why) : 0;
}

static int open_source(struct merge *m, struct source *s, struct diag *why)
{
	struct file_place into = file_place(m->into->path);
	struct file_place from = file_place(s->path);
	struct store_mark mark;

	if (file_place_same(&into, &from))
		return diag_set(why, "store \"%.160s\" is the one that is merged into, expected another",
			s->path);
	int r = store_open(s->path, STORE_READ, why, &s->store);
	if (r < 0)
		return r;
	r = store_read(s->store, (struct wall){INT64_MAX}, why, &s->reader);
	if (r == 0)
		r = copy_open(&s->copy, reader_db(s->reader), why);
	if (r == 0)
		r = store_reader_mark(s->reader, &mark, why);
	if (r < 0)
		return name_file(r, s->path, why);
	m->total += mark.sweeps;
	return advance(s, why);
}

static void close_source(struct source *s)
{
	copy_close(&s->copy);
	store_reader_close(s->reader);
	store_close(s->store);
}

/* As store_next orders the sweeps of one store. */
static bool is_before(const struct sweep_info *a, const struct sweep_info *b)
{
	if (a->start.ns != b->start.ns)
		return a->start.ns < b->start.ns;
	int by = strcmp(a->vantage, b->vantage);
	if (by == 0)
		by = strcmp(a->epoch, b->epoch);
	return by ? by < 0 : a->sweep < b->sweep;
}

static struct source *next_source(struct merge *m)
{
	struct source *next = NULL;

	for (size_t i = 0; i < m->what->path_count; i++) {
		struct source *s = &m->sources[i];
		if (s->has && (!next || is_before(&s->sweep.info, &next->sweep.info)))
			next = s;
	}
	return next;
}

static int merge_sweep(struct merge *m, struct source *s, struct diag *why)
{
	int r = append_copy(m->into, &s->sweep, &s->copy, why);

	m->merged.sweeps++;
	if (r == -EEXIST) {
		m->conflicts++;
		m->what->conflict(m->what->ctx, s->path, &s->sweep.info);
		*why = (struct diag){.line = 0};
		return 0;
	}
	m->merged.fresh += r == 1;
	return r < 0 ? name_file(r, s->path, why) : 0;
}

static int merge_sweeps(struct merge *m, struct diag *why)
{
	const struct store_progress *progress = m->what->progress;
	struct source *s;
	int r = 0;

	while (r == 0 && (s = next_source(m))) {
		r = merge_sweep(m, s, why);
		if (r == 0)
			r = advance(s, why);
		if (progress)
			progress->tell(progress->ctx, (int64_t)m->merged.sweeps, m->total);
		if (r == 0 && sql_stopped()) {
			diag_set(why, "stopped: nothing was merged");
			r = -EINTR;
		}
	}
	if (r == 0 && m->conflicts > 0) {
		diag_set(why, "%" PRIu64 " sweep%s in conflict: nothing was merged", m->conflicts,
			m->conflicts == 1 ? " is" : "s are");
		r = -EEXIST;
	}
	return r;
}

/* --- the targets --- */

struct from {
	struct target_row row;
	const char *path;
};

struct all_targets {
	struct from *rows;
	size_t count, capacity;
};

/* So that the order of the stores is nothing to the result. */
static int from_order(const void *a, const void *b)
{
	const struct target_row *x = &((const struct from *)a)->row;
	const struct target_row *y = &((const struct from *)b)->row;
	int r = prefix_order(&x->prefix, &y->prefix);

	if (r == 0)
		r = (x->role > y->role) - (x->role < y->role);
	return r ? r : strcmp(x->label, y->label);
}

static int gather_targets(struct store *store, struct all_targets *all, struct diag *why)
{
	struct target_row *rows;
	size_t count;
	int r = store_targets(store, why, &rows, &count);

	if (r < 0)
		return name_file(r, store->path, why);
	all->rows = mem_grow(all->rows, &all->capacity, all->count + count, sizeof(*all->rows));
	for (size_t i = 0; i < count; i++)
		all->rows[all->count++] = (struct from){rows[i], store->path};
	free(rows);
	return 0;
}

static int join_targets(struct store *into, const struct all_targets *all, struct diag *why)
{
	struct target_rows rows = {0};
	struct target_row *joined = NULL;
	unsigned long wrong = 0;
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		target_rows_add(&rows, &all->rows[i].row, i + 1);
	int r = target_rows_merge(&rows, &joined, &count, why, &wrong);
	if (r < 0) {
		const struct from *from = &all->rows[wrong - 1];
		char prefix[ADDRESS_TEXT_SIZE];
		prefix_format(from->row.prefix, prefix);
		diag_set(why, "%s has the role %s there and another in a store beside it, expected one",
			prefix, role_name(from->row.role));
		name_file(r, from->path, why);
	} else {
		r = store_put_targets(into, joined, count, why);
	}
	free(joined);
	target_rows_finish(&rows);
	return r;
}

static int merge_targets(struct merge *m, struct diag *why)
{
	struct all_targets all = {NULL, 0, 0};
	int r = gather_targets(m->into, &all, why);

	for (size_t i = 0; i < m->what->path_count && r == 0; i++)
		r = gather_targets(m->sources[i].store, &all, why);
	if (r == 0 && all.count > 0) {
		qsort(all.rows, all.count, sizeof(*all.rows), from_order);
		r = join_targets(m->into, &all, why);
	}
	free(all.rows);
	return r;
}

/* --- what BGP said --- */

struct route_ear {
	struct store *into;
	struct diag *why;
};

static int take_heard(void *ctx, const struct heard *heard)
{
	const struct route_ear *ear = ctx;

	return store_put_heard(ear->into, heard, ear->why);
}

static int take_route(void *ctx, const struct route *route)
{
	const struct route_ear *ear = ctx;

	return store_put_route(ear->into, route, ear->why);
}

static int merge_routes(struct merge *m, struct diag *why)
{
	struct route_ear ear = {m->into, why};
	const struct route_takers takers = {take_heard, take_route, &ear};
	uint64_t fresh;
	int r = 0;

	for (size_t i = 0; i < m->what->path_count && r == 0; i++)
		r = name_file(store_routes(m->sources[i].store, (struct wall){INT64_MAX}, &takers, why),
			m->sources[i].path, why);
	return r == 0 ? store_end_routes(m->into, why, &fresh) : r;
}

int store_merge(struct store *into, const struct store_merge *what, struct store_merged *ret,
	struct diag *why)
{
	struct merge m = {.into = into, .what = what};
	int r = 0;

	m.sources = mem_zeroed(what->path_count, sizeof(*m.sources));
	for (size_t i = 0; i < what->path_count && r == 0; i++) {
		m.sources[i].path = what->paths[i];
		r = open_source(&m, &m.sources[i], why);
	}
	if (r == 0)
		r = store_begin(into, why);
	if (r == 0) {
		r = merge_targets(&m, why);
		if (r == 0)
			r = merge_routes(&m, why);
		if (r == 0)
			r = merge_sweeps(&m, why);
		if (r == 0)
			r = store_commit(into, why);
		else
			store_rollback(into);
	}
	for (size_t i = 0; i < what->path_count; i++)
		close_source(&m.sources[i]);
	free(m.sources);
	if (r == 0)
		*ret = m.merged;
	return r;
}
