#include "core/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

static const char the_store[] = "the store";

static struct input {
	struct file_place place;
	char *path; /* NULL: it came as a descriptor */
	const char *what;
} *inputs;
static size_t input_count, input_capacity;

static void take_stat(struct file_place *place, const struct stat *st)
{
	place->exists = true;
	place->regular = S_ISREG(st->st_mode);
	place->device = st->st_dev;
	place->inode = st->st_ino;
}

struct file_place file_place_of(int fd)
{
	struct file_place place = {.exists = false};
	struct stat st;

	if (fstat(fd, &st) == 0)
		take_stat(&place, &st);
	return place;
}

/* Where links lead; of a file that is not there yet, its name as it is given. */
struct file_place file_place(const char *path)
{
	struct file_place place = {.exists = false};
	char real[PATH_MAX];
	struct stat st;

	if (stat(path, &st) == 0)
		take_stat(&place, &st);
	if (!realpath(path, real) && snprintf(real, sizeof(real), "%s", path) >= PATH_MAX)
		return place;
	char *slash = strrchr(real, '/');
	const char *base = slash ? slash + 1 : real;
	if (strlen(base) > NAME_MAX)
		return place;
	memcpy(place.base, base, strlen(base) + 1);
	if (slash)
		slash[1] = '\0'; /* the directory: "/" too */
	if (stat(slash ? real : ".", &st) == 0) {
		place.named = true;
		place.directory_device = st.st_dev;
		place.directory = st.st_ino;
	}
	return place;
}

bool file_place_same(const struct file_place *a, const struct file_place *b)
{
	if ((a->exists && !a->regular) || (b->exists && !b->regular))
		return false;
	if (a->exists && b->exists && a->device == b->device && a->inode == b->inode)
		return true;
	return a->named && b->named && a->directory_device == b->directory_device &&
	       a->directory == b->directory && strcmp(a->base, b->base) == 0;
}

static void note(struct file_place place, const char *path, const char *what)
{
	inputs = mem_grow(inputs, &input_capacity, input_count + 1, sizeof(*inputs));
	inputs[input_count++] = (struct input){place, path ? mem_text(path) : NULL, what};
}

void input_note(const char *path, const char *what)
{
	for (size_t i = 0; i < input_count; i++)
		if (inputs[i].what == what && inputs[i].path && strcmp(inputs[i].path, path) == 0) {
			inputs[i].place = file_place(path);
			return;
		}
	note(file_place(path), path, what);
}

void input_note_fd(int fd, const char *what)
{
	note(file_place_of(fd), NULL, what);
}

/* What SQLite keeps beside a database, "" being the database itself. */
static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
enum { ENDINGS = sizeof(endings) / sizeof(endings[0]) };

void input_note_store(const char *path)
{
	char real[PATH_MAX];
	char name[PATH_MAX + 16];

	input_note(path, the_store);
	for (size_t i = 1; i < ENDINGS; i++) {
		snprintf(name, sizeof(name), "%s%s", realpath(path, real) ? real : path, endings[i]);
		input_note(name, the_store);
	}
}

/* What is gone is no input any more: its inode may be another file's. */
static bool leads_to(const struct input *input, const struct file_place *place)
{
	struct file_place now = input->path ? file_place(input->path) : input->place;

	return file_place_same(&now, place);
}

static const struct input *find(const struct file_place *place)
{
	for (size_t i = 0; i < input_count; i++)
		if (leads_to(&inputs[i], place))
			return &inputs[i];
	return NULL;
}

static bool is_database(const char *path)
{
	static const char magic[] = "SQLite format 3";
	char head[sizeof(magic)] = "";
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode)) /* a fifo would have us wait */
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head) &&
		  memcmp(head, magic, sizeof(magic)) == 0;
	if (fd >= 0)
		close(fd);
	return is;
}

/* The log, index or journal of a database, by its name? */
static bool beside_database(const char *path)
{
	size_t len = strlen(path);
	char name[PATH_MAX];

	for (size_t i = 1; i < ENDINGS; i++) {
		size_t end = strlen(endings[i]);
		if (len <= end || len - end >= sizeof(name) ||
			strcmp(path + len - end, endings[i]) != 0)
			continue;
		memcpy(name, path, len - end);
		name[len - end] = '\0';
		if (is_database(name))
			return true;
	}
	return false;
}

static int refuse(const struct file_place *place, const char *name, struct diag *why)
{
	const struct input *input = find(place);

	if (!input)
		return 0;
	return diag_set(why, "output \"%.120s\" is %s that is read, expected another file", name,
		input->what);
}

int output_spare_fd(int fd, const char *name, struct diag *why)
{
	struct file_place place = file_place_of(fd);

	return refuse(&place, name, why);
}

int output_spare(const char *path, struct diag *why)
{
	struct file_place place = file_place(path);

	if (refuse(&place, path, why) < 0)
		return -EINVAL;
	if (is_database(path))
		return diag_set(why,
			"output \"%.120s\" is a database already, expected another name, or that it "
			"be removed first",
			path);
	if (beside_database(path))
		return diag_set(why,
			"output \"%.120s\" has the name of a database's log, expected another name",
			path);
	return 0;
}

int store_spare(const char *path, struct diag *why)
{
	struct file_place place = file_place(path);

	for (size_t i = 0; i < input_count; i++)
		if (inputs[i].what != the_store && leads_to(&inputs[i], &place))
			return diag_set(why, "store \"%.120s\" is %s that is read, expected another file",
				path, inputs[i].what);
	return 0;
}
