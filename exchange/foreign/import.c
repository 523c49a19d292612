#include "exchange/foreign/import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/seen.h"
#include "exchange/foreign/sweeps.h"

/* The judgement takes no more vantage points. */
enum { PROBES_MOST = 64 };

struct import {
	struct store *store;
	const struct foreign_files *files;
	struct foreign_stop stop;
	struct diag *why;
	struct foreign_input **inputs;
	uint64_t hash;
	struct seen seen;
	struct foreign_counts counts;

	/* One for each place that was measured from. */
	struct series {
		int64_t probe;
		struct foreign_sweeps *sweeps;
	} series[PROBES_MOST];
	size_t series_count;
};

static int store_sweep(void *ctx, const struct sweep *sweep, struct diag *why)
{
	struct import *m = ctx;
	int r = store_append(m->store, sweep, why);

	if (r < 0) {
		if (!why->file[0])
			snprintf(why->file, sizeof(why->file), "%.127s", m->files->names[0]);
		return r;
	}
	m->counts.sweeps++;
	m->counts.new_sweeps += (uint64_t)r;
	m->counts.anchored += sweep->info.anchors_probed > 0;
	return 0;
}

static struct foreign_sweeps *series_create(struct import *m, int64_t probe)
{
	const struct foreign_files *files = m->files;
	struct foreign_series series = {.interval_ns = files->ask.interval_ns,
		.scan = files->format->scan,
		.anchors = files->anchors,
		.anchor_count = files->anchor_count};

	if (probe < 0)
		snprintf(series.vantage, sizeof(series.vantage), "%s", files->vantage);
	else
		snprintf(series.vantage, sizeof(series.vantage), "%.40s-%" PRId64, files->vantage,
			probe);
	snprintf(series.epoch, sizeof(series.epoch), "%.16s-%016" PRIx64, files->format->name, m->hash);
	return foreign_sweeps_create(
		&series, (struct foreign_sink){.sweep = store_sweep, .ctx = m});
}

/* NULL: there are too many. */
static struct foreign_sweeps *series_of(struct import *m, int64_t probe)
{
	for (size_t i = 0; i < m->series_count; i++)
		if (m->series[i].probe == probe)
			return m->series[i].sweeps;
	if (m->series_count == PROBES_MOST)
		return NULL;
	struct series *s = &m->series[m->series_count++];
	*s = (struct series){probe, series_create(m, probe)};
	return s->sweeps;
}

static void see(struct import *m, const struct foreign_record *record)
{
	seen_add(&m->seen, record->kind == FOREIGN_HOP    ? record->hop.address
			   : record->kind == FOREIGN_BOOT ? record->boot.address
							  : record->observation.address);
	m->counts.records++;
}

/* The record at hand of this input. */
static int put(struct import *m, struct foreign_input *input, const struct foreign_record *record)
{
	struct foreign_sweeps *sweeps = series_of(m, record->probe);

	if (!sweeps)
		return foreign_input_wrong(input, m->why,
			"a 65th probe, expected at most 64: each is a vantage point");
	see(m, record);
	int r = foreign_sweeps_add(sweeps, record, m->why);
	foreign_input_take(input);
	return r;
}

static int open_input(struct import *m, size_t i)
{
	uint64_t hash;
	int r = foreign_input_open(m->files->names[i], m->files->format, &m->files->ask, m->stop,
		m->why, &m->inputs[i]);

	if (r == 0)
		r = foreign_input_hash(m->inputs[i], &hash, m->why);
	if (r == 0) /* in whatever order they were named */
		m->hash += hash;
	return r;
}

static int cut_all(struct import *m)
{
	int r = 0;

	for (size_t i = 0; i < m->series_count && r == 0; i++)
		r = foreign_sweeps_cut(m->series[i].sweeps, m->why);
	return r;
}

static void tell_asked(struct import *m)
{
	const struct foreign_files *files = m->files;
	const struct observation asked = {.method = files->ask.method, .port = files->ask.port};
	uint32_t kind = files->format->asked_once ? foreign_kind_of(&asked) : FOREIGN_KIND_ALL;

	for (size_t i = 0; i < files->asked_count; i++) {
		uint64_t last = prefix_last(files->asked[i]).host;
		for (uint64_t a = files->asked[i].base.host; a <= last; a++) {
			struct ip4 address = {(uint32_t)a};
			seen_add(&m->seen, address);
			foreign_sweeps_asked(series_of(m, -1), address, kind);
		}
	}
}

static int scan_after_scan(struct import *m)
{
	const struct foreign_record *record;
	int r = 0;

	for (size_t i = 0; i < m->files->count && r == 0; i++) {
		while ((r = foreign_input_peek(m->inputs[i], &record, m->why)) == 1)
			if ((r = put(m, m->inputs[i], record)) < 0)
				return r;
		if (r == 0)
			tell_asked(m);
		if (r == 0)
			r = cut_all(m);
		foreign_input_close(m->inputs[i]);
		m->inputs[i] = NULL;
	}
	return r;
}

/* The earliest record at hand of all files: 1; 0: all are over. */
static int earliest(struct import *m, size_t *ret, const struct foreign_record **ret_record)
{
	int found = 0;

	for (size_t i = 0; i < m->files->count; i++) {
		const struct foreign_record *record;
		int r = foreign_input_peek(m->inputs[i], &record, m->why);
		if (r < 0)
			return r;
		if (r == 0 || (found && record->at.ns >= (*ret_record)->at.ns))
			continue;
		*ret = i;
		*ret_record = record;
		found = 1;
	}
	return found;
}

static int side_by_side(struct import *m)
{
	const struct foreign_record *record = NULL;
	size_t i = 0;
	int r;

	while ((r = earliest(m, &i, &record)) == 1)
		if ((r = put(m, m->inputs[i], record)) < 0)
			return r;
	return r < 0 ? r : cut_all(m);
}

static int add_anchors(struct import *m, struct target_row **rows, size_t *count, size_t *capacity)
{
	for (size_t i = 0; i < m->files->anchor_count; i++) {
		struct ip4 anchor = m->files->anchors[i];
		bool there = false;
		for (size_t j = 0; j < *count; j++) {
			const struct target_row *row = &(*rows)[j];
			if (!prefix_holds(row->prefix, anchor))
				continue;
			there = true;
			if (row->role == ROLE_ANCHOR)
				continue;
			char text[ADDRESS_TEXT_SIZE];
			ip4_format(anchor, text);
			diag_set(m->why, "--anchor %s: a %s in the store, expected an anchor", text,
				role_name(row->role));
			return -EEXIST;
		}
		if (there)
			continue;
		*rows = mem_grow(*rows, capacity, *count + 1, sizeof(**rows));
		(*rows)[(*count)++] = (struct target_row){
			.prefix = prefix_of(anchor, 32), .role = ROLE_ANCHOR};
	}
	return 0;
}

static int put_targets(struct import *m)
{
	struct target_row *rows = NULL;
	size_t count = 0;
	int r = store_targets(m->store, m->why, &rows, &count);
	size_t capacity = count;

	if (r == 0)
		r = add_anchors(m, &rows, &count, &capacity);
	size_t before = count;
	if (r == 0) {
		seen_to_targets(&m->seen, &rows, &count, &capacity);
		r = store_put_targets(m->store, rows, count, m->why);
	}
	for (size_t i = before; i < count; i++)
		m->counts.targets += prefix_count(rows[i].prefix);
	free(rows);
	return r;
}

static int import_all(struct import *m)
{
	int r = 0;

	for (size_t i = 0; i < m->files->count && r == 0; i++)
		r = open_input(m, i);
	if (r == 0)
		r = m->files->format->scan ? scan_after_scan(m) : side_by_side(m);
	return r == 0 ? put_targets(m) : r;
}

int foreign_import(struct store *store, const struct foreign_files *files,
	struct foreign_stop stop, struct diag *why, struct foreign_counts *ret)
{
	struct import m = {.store = store, .files = files, .stop = stop, .why = why};

	/* The same list of another time is another scan. */
	m.hash = files->ask.has_time ? (uint64_t)files->ask.time.ns * UINT64_C(0x9e3779b97f4a7c15) : 0;
	int r = store_begin(store, why);

	if (r < 0)
		return r;
	m.inputs = mem_zeroed(files->count, sizeof(struct foreign_input *));
	r = import_all(&m);
	if (r == 0)
		r = store_commit(store, why);
	else
		store_rollback(store);
	for (size_t i = 0; i < files->count; i++)
		foreign_input_close(m.inputs[i]);
	for (size_t i = 0; i < m.series_count; i++)
		foreign_sweeps_destroy(m.series[i].sweeps);
	seen_finish(&m.seen);
	free(m.inputs);
	if (r == -EINTR) {
		*why = (struct diag){.line = 0};
		diag_set(why, "stopped by a signal, nothing was imported");
	}
	if (r == 0)
		*ret = m.counts;
	return r;
}
