#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/inputs.h"
#include "exchange/dataset.h"
#include "exchange/dataset_rows.h"

/* Texts are written when they are longer than this. */
enum { FLUSH_AT = 1 << 16, PATH_SIZE = 4096 };

struct output_file {
	int fd;
	struct csv_text text;
};

struct export
{
	const char *directory;
	bool renumbered;
	struct output_file files[DATASET_FILE_COUNT];
	struct dataset_counts counts;
	struct diag *why;
};

/* Before it is whole a file has this name. */
static void temporary_name(const struct export *e, enum dataset_file file, char *out)
{
	snprintf(out, PATH_SIZE, "%s/.%s.%d.part", e->directory, dataset_file_name(file),
		(int)getpid());
}

static void final_name(const struct export *e, enum dataset_file file, char *out)
{
	snprintf(out, PATH_SIZE, "%s/%s", e->directory, dataset_file_name(file));
}

static int failed(struct export *e, const char *path, int err)
{
	snprintf(e->why->file, sizeof(e->why->file), "%.127s", path);
	diag_set(e->why, "cannot write: %s", strerror(err));
	return -err;
}

static int flush(struct export *e, enum dataset_file file)
{
	struct output_file *f = &e->files[file];
	char name[PATH_SIZE];

	for (size_t at = 0; at < f->text.len;) {
		ssize_t n = write(f->fd, f->text.text + at, f->text.len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int err = errno;
			final_name(e, file, name);
			return failed(e, name, err);
		}
		at += (size_t)n;
	}
	f->text.len = 0;
	return 0;
}

static int put_row(struct export *e, enum dataset_file file, const struct dataset_row *row)
{
	struct csv_text *text = &e->files[file].text;

	dataset_put_row(text, file, row, e->renumbered);
	return text->len > FLUSH_AT ? flush(e, file) : 0;
}

/* Does a file begin with the names of our columns? */
static bool begins_with(int fd, enum dataset_file file, bool renumbered)
{
	struct csv_text header = {.text = NULL};
	char bytes[1024];

	dataset_put_header(&header, file, renumbered);
	ssize_t got = read(fd, bytes, header.len < sizeof(bytes) ? header.len : sizeof(bytes));
	bool same = got == (ssize_t)header.len && memcmp(bytes, header.text, header.len) == 0;
	free(header.text);
	return same;
}

/* A directory may hold somebody's own observations.csv: only an export is replaced by one. */
static int spare_others(struct export *e, enum dataset_file file, const char *name)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : failed(e, name, errno);
	bool ours = begins_with(fd, file, false) ||
		    (lseek(fd, 0, SEEK_SET) == 0 && begins_with(fd, file, true));
	close(fd);
	if (ours)
		return 0;
	snprintf(e->why->file, sizeof(e->why->file), "%.127s", name);
	return diag_set(e->why,
		"it is there already and no export wrote it, expected a directory without it");
}

static int open_files(struct export *e)
{
	char name[PATH_SIZE];

	if (strlen(e->directory) > PATH_SIZE - 64)
		return failed(e, e->directory, ENAMETOOLONG);
	if (mkdir(e->directory, 0777) < 0 && errno != EEXIST)
		return failed(e, e->directory, errno);
	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++) {
		final_name(e, file, name);
		if (output_spare(name, e->why) < 0 || spare_others(e, file, name) < 0)
			return -EINVAL;
		temporary_name(e, file, name);
		if (output_spare(name, e->why) < 0)
			return -EINVAL;
		e->files[file].fd =
			open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (e->files[file].fd < 0)
			return failed(e, name, errno);
		dataset_put_header(&e->files[file].text, file, e->renumbered);
	}
	return 0;
}

static int put_targets(struct export *e, struct store *store)
{
	struct target_row *rows;
	size_t count;
	int r = store_targets(store, e->why, &rows, &count);

	if (r < 0)
		return r;
	for (size_t i = 0; i < count && r == 0; i++) {
		struct dataset_row row = {.as.target = rows[i]};
		r = put_row(e, DATASET_TARGETS, &row);
	}
	free(rows);
	e->counts.targets = count;
	return r;
}

static int put_sweep(struct export *e, const struct sweep *sweep)
{
	struct dataset_row row = {.sweep = sweep->info.sweep};

	e->counts.sweeps++;
	if (e->renumbered)
		row.sweep = e->counts.sweeps;
	row.as.info = sweep->info;
	int r = put_row(e, DATASET_SWEEPS, &row);
	for (size_t i = 0; i < sweep->observation_count && r == 0; i++) {
		row.as.observation = sweep->observations[i];
		r = put_row(e, DATASET_OBSERVATIONS, &row);
	}
	for (size_t i = 0; i < sweep->hop_count && r == 0; i++) {
		row.as.hop = sweep->hops[i];
		r = put_row(e, DATASET_PATHS, &row);
	}
	for (size_t i = 0; i < sweep->boot_count && r == 0; i++) {
		row.as.boot = sweep->boots[i];
		r = put_row(e, DATASET_BOOTS, &row);
	}
	e->counts.observations += sweep->observation_count;
	e->counts.hops += sweep->hop_count;
	e->counts.boots += sweep->boot_count;
	return r;
}

static int put_sweeps(struct export *e, struct store_reader *reader)
{
	struct sweep sweep;
	int r;

	while ((r = store_next(reader, &sweep, e->why)) == 1) {
		r = put_sweep(e, &sweep);
		if (r < 0)
			return r;
	}
	return r;
}

static int put_heard(void *ctx, const struct heard *heard)
{
	const struct dataset_row row = {.is_heard = true, .as.heard = *heard};

	return put_row(ctx, DATASET_ROUTES, &row);
}

static int put_route(void *ctx, const struct route *route)
{
	struct dataset_row row = {.as.route = *route};

	return put_row(ctx, DATASET_ROUTES, &row);
}

static int put_routes(struct export *e, struct store *store)
{
	const struct route_takers takers = {put_heard, put_route, e};

	return store_routes(store, (struct wall){INT64_MAX}, &takers, e->why);
}

static int finish_files(struct export *e)
{
	char name[PATH_SIZE];
	char temporary[PATH_SIZE];

	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++) {
		int r = flush(e, file);
		if (r < 0)
			return r;
		if (fsync(e->files[file].fd) < 0) {
			int err = errno;
			final_name(e, file, name);
			return failed(e, name, err);
		}
	}
	/* From here to the last name there is no sweeps.csv: no dataset at all
	 * rather than files of two. */
	final_name(e, DATASET_SWEEPS, name);
	if (unlink(name) < 0 && errno != ENOENT)
		return failed(e, name, errno);
	for (int turn = 0; turn < DATASET_FILE_COUNT; turn++) {
		enum dataset_file file =
			(enum dataset_file)((DATASET_SWEEPS + 1 + turn) % DATASET_FILE_COUNT);
		temporary_name(e, file, temporary);
		final_name(e, file, name);
		if (rename(temporary, name) < 0)
			return failed(e, name, errno);
	}
	return 0;
}

static void close_files(struct export *e, bool remove)
{
	char name[PATH_SIZE];

	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++) {
		free(e->files[file].text.text);
		if (e->files[file].fd < 0)
			continue;
		close(e->files[file].fd);
		temporary_name(e, file, name);
		if (remove)
			unlink(name);
	}
}

int dataset_export(
	struct store *store, const char *directory, struct diag *why, struct dataset_counts *ret)
{
	struct export e = {.directory = directory, .why = why};
	struct store_reader *reader = NULL;

	for (enum dataset_file file = 0; (int)file < DATASET_FILE_COUNT; file++)
		e.files[file].fd = -1;
	int r = store_read_by_number(store, why, &reader, &e.renumbered);
	if (r < 0)
		return r;
	r = open_files(&e);
	if (r == 0)
		r = put_targets(&e, store);
	if (r == 0)
		r = put_sweeps(&e, reader);
	if (r == 0)
		r = put_routes(&e, store);
	if (r == 0)
		r = finish_files(&e);
	close_files(&e, r < 0);
	store_reader_close(reader);
	if (r == 0)
		*ret = e.counts;
	return r;
}
