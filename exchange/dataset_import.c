#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/inputs.h"
#include "core/mem.h"
#include "exchange/dataset.h"
#include "exchange/dataset_rows.h"
#include "exchange/foreign/import_routes.h"
#include "store/bounds.h"
#include "store/target_rows.h"

enum { NAME_SIZE = 4096 };

/* One file, one row read ahead: all files go forward together, by sweep. */
struct input_file {
	char name[NAME_SIZE];
	int fd;
	const struct dataset_notes *notes;
	struct dataset_rows *rows;
	bool has_row;
	struct dataset_row row;
};

struct import {
	struct store *store;
	const char *directory;
	const struct dataset_notes *notes;
	struct diag *why;
	struct input_file files[DATASET_FILE_COUNT];
	struct dataset_counts counts;

	/* Of sweeps.csv when it is not in order. */
	struct dataset_row *held;
	size_t held_count, held_at, held_capacity;

	struct sweep sweep; /* being gathered; arrays grow and are kept */
	size_t observation_capacity, hop_capacity, boot_capacity;
};

static ssize_t read_file(void *ctx, char *bytes, size_t size)
{
	struct input_file *f = ctx;
	ssize_t n;

	if (f->notes && f->notes->stopped && f->notes->stopped(f->notes->ctx))
		return -EINTR;
	do
		n = read(f->fd, bytes, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static int place(
	struct import *m, enum dataset_file file, unsigned long line, const char *column, int r)
{
	snprintf(m->why->file, sizeof(m->why->file), "%.127s", m->files[file].name);
	m->why->line = line;
	snprintf(m->why->column, sizeof(m->why->column), "%s", column);
	return r;
}

static void note_unknown(struct import *m, enum dataset_file file)
{
	const char *unknown = dataset_rows_unknown(m->files[file].rows);
	char text[NAME_SIZE + 512];

	if (!*unknown || !m->notes || !m->notes->note)
		return;
	snprintf(text, sizeof(text), "%s: not read: column%s %s", m->files[file].name,
		strchr(unknown, ',') ? "s" : "", unknown);
	m->notes->note(m->notes->ctx, text);
}

static int open_file(struct import *m, enum dataset_file file)
{
	struct input_file *f = &m->files[file];
	bool optional = file == DATASET_PATHS || file == DATASET_BOOTS;
	int len =
		snprintf(f->name, sizeof(f->name), "%s/%s", m->directory, dataset_file_name(file));

	if (len >= (int)sizeof(f->name))
		return -ENAMETOOLONG;
	f->fd = open(f->name, O_RDONLY | O_CLOEXEC);
	if (f->fd < 0 && errno == ENOENT && optional)
		return 0;
	if (f->fd < 0) {
		int err = errno;
		diag_set(m->why, "cannot read: %s", strerror(err));
		return place(m, file, 0, "", -err);
	}
	struct csv_reader *reader =
		csv_open(f->name, (struct csv_source){.read = read_file, .ctx = f});
	return dataset_rows_open(file, reader, m->why, &f->rows);
}

static void close_file(struct input_file *f)
{
	dataset_rows_close(f->rows);
	if (f->fd >= 0)
		close(f->fd);
	f->rows = NULL;
	f->fd = -1;
	f->has_row = false;
}

/* Read a row ahead. Sweeps may not go back, but in sweeps.csv. */
static int advance(struct import *m, enum dataset_file file)
{
	struct input_file *f = &m->files[file];
	uint64_t before = f->row.sweep;

	f->has_row = false;
	int r = f->rows ? dataset_rows_next(f->rows, &f->row, m->why) : 0;
	if (r <= 0)
		return r;
	f->has_row = true;
	if (f->row.sweep >= before)
		return 0;
	diag_set(m->why, "sweep %llu behind sweep %llu, expected rows sorted by sweep",
		(unsigned long long)f->row.sweep, (unsigned long long)before);
	return place(m, file, f->row.line, "sweep", -EINVAL);
}

static int row_order(const void *a, const void *b)
{
	const struct dataset_row *x = a;
	const struct dataset_row *y = b;

	if (x->sweep != y->sweep)
		return x->sweep < y->sweep ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

static int hold_sweeps(struct import *m)
{
	struct input_file *f = &m->files[DATASET_SWEEPS];
	struct dataset_row row;
	int r;

	while ((r = dataset_rows_next(f->rows, &row, m->why)) == 1) {
		m->held = mem_grow(m->held, &m->held_capacity, m->held_count + 1, sizeof(*m->held));
		m->held[m->held_count++] = row;
	}
	if (r == 0 && m->held_count)
		qsort(m->held, m->held_count, sizeof(*m->held), row_order);
	return r;
}

/* Are the rows of sweeps.csv in order? Reads it through once. */
static int sweeps_sorted(struct import *m)
{
	struct input_file *f = &m->files[DATASET_SWEEPS];
	struct dataset_row row;
	uint64_t last = 0;
	bool sorted = true;
	int r;

	while ((r = dataset_rows_next(f->rows, &row, m->why)) == 1) {
		sorted = sorted && row.sweep >= last;
		last = row.sweep;
	}
	return r < 0 ? r : sorted;
}

static int open_sweeps(struct import *m)
{
	int r = open_file(m, DATASET_SWEEPS);

	if (r < 0)
		return r;
	note_unknown(m, DATASET_SWEEPS);
	int sorted = sweeps_sorted(m);
	if (sorted < 0)
		return sorted;
	close_file(&m->files[DATASET_SWEEPS]);
	r = open_file(m, DATASET_SWEEPS);
	if (r < 0 || sorted)
		return r;
	return hold_sweeps(m);
}

/* 1 and the next row of sweeps.csv by number, 0 at the end. */
static int next_sweep(struct import *m, struct dataset_row *ret)
{
	struct input_file *f = &m->files[DATASET_SWEEPS];
	uint64_t before = f->row.sweep;
	bool first = m->counts.sweeps == 0;
	int r = 0;

	if (m->held && m->held_at < m->held_count) {
		f->row = m->held[m->held_at++];
		r = 1;
	} else if (!m->held) {
		r = dataset_rows_next(f->rows, &f->row, m->why);
	}
	if (r <= 0)
		return r;
	if (!first && f->row.sweep == before) {
		diag_set(m->why, "sweep %llu is there twice, expected each once",
			(unsigned long long)before);
		return place(m, DATASET_SWEEPS, f->row.line, "sweep", -EINVAL);
	}
	*ret = f->row;
	return 1;
}

static void keep_row(struct import *m, enum dataset_file file, const struct dataset_row *row)
{
	struct sweep *s = &m->sweep;

	if (file == DATASET_OBSERVATIONS) {
		s->observations = mem_grow(s->observations, &m->observation_capacity,
			s->observation_count + 1, sizeof(*s->observations));
		s->observations[s->observation_count++] = row->as.observation;
	} else if (file == DATASET_PATHS) {
		s->hops = mem_grow(s->hops, &m->hop_capacity, s->hop_count + 1, sizeof(*s->hops));
		s->hops[s->hop_count++] = row->as.hop;
	} else {
		s->boots =
			mem_grow(s->boots, &m->boot_capacity, s->boot_count + 1, sizeof(*s->boots));
		s->boots[s->boot_count++] = row->as.boot;
	}
}

static int check_twice(struct import *m, const struct dataset_row *row)
{
	const struct sweep *s = &m->sweep;

	if (s->observation_count == 0 ||
		observation_order(
			&s->observations[s->observation_count - 1], &row->as.observation) != 0)
		return 0;
	diag_set(m->why, "address and method as in the row before, expected each once a sweep");
	return place(m, DATASET_OBSERVATIONS, row->line, "address", -EINVAL);
}

/* A probe belongs into its sweep's time, unless the clock was set meanwhile. */
static int check_time(struct import *m, enum dataset_file file, const struct dataset_row *row)
{
	const struct sweep_info *info = &m->sweep.info;
	struct wall at =
		file == DATASET_PATHS ? row->as.hop.probed_at : row->as.observation.probed_at;
	char start[CLOCK_TEXT_SIZE];
	char end[CLOCK_TEXT_SIZE];

	if (probe_within(info, at))
		return 0;
	wall_format_epoch(info->start, start);
	wall_format_epoch(info->end, end);
	diag_set(m->why, "more than an hour outside its sweep, expected a time from %s to %s",
		start, end);
	return place(m, file, row->line, "probed_at", -EINVAL);
}

static int unknown_sweep(struct import *m, enum dataset_file file)
{
	const struct dataset_row *row = &m->files[file].row;

	diag_set(m->why, "sweep %llu is not in sweeps.csv, expected it there",
		(unsigned long long)row->sweep);
	return place(m, file, row->line, "sweep", -EINVAL);
}

/* All rows of this sweep out of one file. */
static int gather_rows(struct import *m, enum dataset_file file, uint64_t sweep)
{
	struct input_file *f = &m->files[file];
	int r = 0;

	while (r == 0 && f->has_row && f->row.sweep <= sweep) {
		if (f->row.sweep < sweep)
			return unknown_sweep(m, file);
		if (file == DATASET_OBSERVATIONS)
			r = check_twice(m, &f->row);
		if (r == 0 && file != DATASET_BOOTS)
			r = check_time(m, file, &f->row);
		if (r < 0)
			return r;
		keep_row(m, file, &f->row);
		r = advance(m, file);
	}
	return r;
}

static int import_sweep(struct import *m, const struct dataset_row *row)
{
	struct sweep *s = &m->sweep;
	unsigned long first = m->files[DATASET_OBSERVATIONS].row.line;

	s->info = row->as.info;
	s->observation_count = 0;
	s->hop_count = 0;
	s->boot_count = 0;
	int r = gather_rows(m, DATASET_OBSERVATIONS, row->sweep);
	if (r == 0)
		r = gather_rows(m, DATASET_PATHS, row->sweep);
	if (r == 0)
		r = gather_rows(m, DATASET_BOOTS, row->sweep);
	if (r < 0)
		return r;
	*m->why = (struct diag){.line = 0};
	r = store_append(m->store, s, m->why);
	if (r == -EINVAL)
		return place(m, DATASET_OBSERVATIONS, first, "", r);
	if (r == -EEXIST)
		return place(m, DATASET_SWEEPS, row->line, "sweep", r);
	if (r < 0)
		return r;
	m->counts.sweeps++;
	m->counts.new_sweeps += (uint64_t)r;
	m->counts.anchored += s->info.anchors_probed > 0;
	m->counts.observations += s->observation_count;
	m->counts.hops += s->hop_count;
	m->counts.boots += s->boot_count;
	return 0;
}

static int import_sweeps(struct import *m)
{
	static const enum dataset_file rest[] = {
		DATASET_OBSERVATIONS, DATASET_PATHS, DATASET_BOOTS};
	struct dataset_row row;
	int r = open_sweeps(m);

	for (size_t i = 0; i < 3 && r == 0; i++) {
		r = open_file(m, rest[i]);
		if (r == 0 && m->files[rest[i]].rows)
			note_unknown(m, rest[i]);
		if (r == 0)
			r = advance(m, rest[i]);
	}
	while (r == 0 && (r = next_sweep(m, &row)) == 1)
		r = import_sweep(m, &row);
	for (size_t i = 0; i < 3 && r == 0; i++)
		if (m->files[rest[i]].has_row)
			r = unknown_sweep(m, rest[i]);
	return r;
}

/* routes.csv, where it is. */
static int import_routes(struct import *m)
{
	const struct foreign_stop stop = {.stopped = m->notes ? m->notes->stopped : NULL,
		.ctx = m->notes ? m->notes->ctx : NULL};
	struct route_counts counts = {0};
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s/%s", m->directory, dataset_file_name(DATASET_ROUTES));
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		int err = errno;
		diag_set(m->why, "cannot read: %s", strerror(err));
		snprintf(m->why->file, sizeof(m->why->file), "%.127s", name);
		return -err;
	}
	int r = routes_import_own(m->store, name, fd, stop, m->why, &counts);
	m->counts.routes = counts.kept;
	return r;
}

static int read_targets(struct import *m, struct target_rows *rows)
{
	struct target_row *there = NULL;
	struct dataset_row row;
	size_t count = 0;
	int r = store_targets(m->store, m->why, &there, &count);

	for (size_t i = 0; i < count && r == 0; i++)
		target_rows_add(rows, &there[i], 0);
	free(there);
	if (r == 0)
		r = open_file(m, DATASET_TARGETS);
	if (r == 0)
		note_unknown(m, DATASET_TARGETS);
	while (r == 0 &&
		(r = dataset_rows_next(m->files[DATASET_TARGETS].rows, &row, m->why)) == 1) {
		target_rows_add(rows, &row.as.target, row.line);
		m->counts.targets++;
		r = 0;
	}
	return r;
}

/* Add what is not there yet; a prefix cannot change its role, unless it was learned. */
static int import_targets(struct import *m)
{
	struct target_rows rows = {0};
	struct target_row *merged = NULL;
	unsigned long line = 0;
	size_t count = 0;
	int r = read_targets(m, &rows);

	if (r == 0) {
		r = target_rows_merge(&rows, &merged, &count, m->why, &line);
		if (r < 0)
			place(m, DATASET_TARGETS, line, "role", r);
	}
	if (r == 0)
		r = store_put_targets(m->store, merged, count, m->why);
	free(merged);
	target_rows_finish(&rows);
	return r;
}

void dataset_note(const char *directory)
{
	char name[NAME_SIZE];

	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++)
		if (snprintf(name, sizeof(name), "%s/%s", directory, dataset_file_name(file)) <
			NAME_SIZE)
			input_note(name, "a file of the dataset");
}

int dataset_import(struct store *store, const char *directory, const struct dataset_notes *notes,
	struct diag *why, struct dataset_counts *ret)
{
	struct import m = {.store = store, .directory = directory, .notes = notes, .why = why};

	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++) {
		m.files[file].fd = -1;
		m.files[file].notes = notes;
	}
	int r = store_begin(store, why);
	if (r < 0)
		return r;
	r = import_targets(&m);
	if (r == 0)
		r = import_sweeps(&m);
	if (r == 0)
		r = import_routes(&m);
	if (r == 0)
		r = store_commit(store, why);
	else
		store_rollback(store);
	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++)
		close_file(&m.files[file]);
	free(m.held);
	free(m.sweep.observations);
	free(m.sweep.hops);
	free(m.sweep.boots);
	if (r == -EINTR) {
		*why = (struct diag){.line = 0};
		diag_set(why, "stopped by a signal, nothing was imported");
	}
	if (r == 0)
		*ret = m.counts;
	return r;
}
