#include "exchange/foreign/import_routes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

struct import {
	struct store *store;
	struct diag *why;
	struct route_counts counts;
	struct prefix *targets; /* ascending, none in another */
	size_t target_count;
	char (*peers)[PEER_SIZE]; /* with a route that was kept, ascending */
	size_t peer_count, peer_capacity;
	struct heard heard; /* of this file; end before start: nothing yet */
	bool told;          /* it says itself when it was listened */
	bool all;           /* nothing is left out */
};

static void drop_nested(struct import *m)
{
	size_t kept = 0;

	qsort(m->targets, m->target_count, sizeof(*m->targets), prefix_order);
	for (size_t i = 0; i < m->target_count; i++)
		if (kept == 0 || !prefix_holds(m->targets[kept - 1], m->targets[i].base))
			m->targets[kept++] = m->targets[i];
	m->target_count = kept;
}

static int read_targets(struct import *m)
{
	struct target_row *rows = NULL;
	size_t count = 0;
	int r = store_targets(m->store, m->why, &rows, &count);

	m->targets = mem_zeroed(count + 1, sizeof(*m->targets));
	for (size_t i = 0; i < count; i++)
		if (rows[i].role == ROLE_TARGET)
			m->targets[m->target_count++] = rows[i].prefix;
	free(rows);
	drop_nested(m);
	if (r == 0 && m->target_count == 0)
		return diag_set(m->why, "the store has no targets that a route could be of, expected "
					"sweeps in it, or a dataset, first");
	return r;
}

/* Does it cover a target, or lie inside one? */
static bool is_of_targets(const struct import *m, struct prefix prefix)
{
	size_t low = 0;

	/* The last that does not begin behind it. */
	for (size_t left = m->target_count; left > 1; left -= left / 2)
		low += prefix_order(&m->targets[low + left / 2], &prefix) <= 0 ? left / 2 : 0;
	if (low + 1 < m->target_count && prefix_holds(prefix, m->targets[low + 1].base))
		return true;
	return prefix_holds(prefix, m->targets[low].base) ||
	       prefix_holds(m->targets[low], prefix.base);
}

/* Where it is or belongs. */
static size_t peer_place(const struct import *m, const char *peer, bool *ret_there)
{
	size_t low = 0;
	size_t high = m->peer_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int by = strcmp(m->peers[middle], peer);
		if (by == 0) {
			*ret_there = true;
			return middle;
		}
		if (by < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*ret_there = false;
	return low;
}

static void note_peer(struct import *m, const char *peer)
{
	bool there;
	size_t at = peer_place(m, peer, &there);

	if (there)
		return;
	m->peers = mem_grow(m->peers, &m->peer_capacity, m->peer_count + 1, sizeof(*m->peers));
	memmove(m->peers + at + 1, m->peers + at, (m->peer_count - at) * sizeof(*m->peers));
	snprintf(m->peers[at], PEER_SIZE, "%s", peer);
	m->peer_count++;
}

static int take(struct import *m, const struct foreign_record *record)
{
	const struct route *route = &record->route;
	bool wanted;

	if (record->kind == FOREIGN_HEARD) {
		m->told = true;
		return store_put_heard(m->store, &record->heard, m->why);
	}
	if (m->heard.end.ns < m->heard.start.ns)
		m->heard = (struct heard){route->at, route->at};
	if (route->at.ns < m->heard.start.ns)
		m->heard.start = route->at;
	if (route->at.ns > m->heard.end.ns)
		m->heard.end = route->at;
	if (route->event == ROUTE_RESET)
		peer_place(m, route->peer, &wanted);
	else
		wanted = m->all || is_of_targets(m, route->prefix);
	if (!wanted && !m->all) {
		m->counts.elsewhere++;
		return 0;
	}
	note_peer(m, route->peer);
	m->counts.kept++;
	return store_put_route(m->store, route, m->why);
}

static const struct foreign_ask ask_nothing = {.zone_s = ZONE_NONE};

static int read_all(struct import *m, const char *name, struct foreign_input *input)
{
	const struct foreign_record *record;
	int r = 0;

	m->heard = (struct heard){{1}, {0}};
	m->told = false;
	while (r >= 0 && (r = foreign_input_peek(input, &record, m->why)) == 1) {
		r = take(m, record);
		if (r < 0 && !m->why->file[0])
			snprintf(m->why->file, sizeof(m->why->file), "%.127s", name);
		foreign_input_take(input);
	}
	if (r == 0 && !m->told && m->heard.start.ns <= m->heard.end.ns)
		r = store_put_heard(m->store, &m->heard, m->why);
	m->counts.ipv6 += foreign_input_ipv6(input);
	foreign_input_close(input);
	return r;
}

static int read_file(
	struct import *m, const char *name, const struct foreign_format *format, struct foreign_stop stop)
{
	struct foreign_input *input = NULL;
	int r = foreign_input_open(name, format, &ask_nothing, stop, m->why, &input);

	return r < 0 ? r : read_all(m, name, input);
}

int routes_import_own(struct store *store, const char *name, int fd, struct foreign_stop stop,
	struct diag *why, struct route_counts *ret)
{
	struct import m = {.store = store, .why = why, .all = true};
	int r = read_all(&m, name,
		foreign_input_open_fd(name, fd, &format_routes, &ask_nothing, stop));

	if (r == 0)
		r = store_end_routes(store, why, &m.counts.fresh);
	free(m.peers);
	if (r == 0)
		*ret = m.counts;
	return r;
}

int routes_import(struct store *store, const struct foreign_format *format,
	const char *const *names, size_t count, struct foreign_stop stop, struct diag *why,
	struct route_counts *ret)
{
	struct import m = {.store = store, .why = why};
	int r = store_begin(store, why);

	if (r < 0)
		return r;
	r = read_targets(&m);
	for (size_t i = 0; i < count && r == 0; i++)
		r = read_file(&m, names[i], format, stop);
	if (r == 0)
		r = store_end_routes(store, why, &m.counts.fresh);
	if (r == 0)
		r = store_commit(store, why);
	else
		store_rollback(store);
	free(m.targets);
	free(m.peers);
	if (r == -EINTR) {
		*why = (struct diag){.line = 0};
		diag_set(why, "stopped by a signal, nothing was imported");
	}
	if (r == 0)
		*ret = m.counts;
	return r;
}
