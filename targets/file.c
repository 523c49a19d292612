#include "targets/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/inputs.h"
#include "core/mem.h"
#include "targets/given.h"
#include "targets/gzip.h"

/* All five registries in one file are some 50 MB. */
enum { FILE_MAX = 256 << 20, FILE_STEP = 1 << 16 };

const char *file_base(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? slash + 1 : name;
}

static int read_stream(FILE *in, char **ret, size_t *ret_len)
{
	char *bytes = NULL;
	size_t len = 0;
	size_t capacity = 0;

	for (;;) {
		bytes = mem_grow(bytes, &capacity, len + FILE_STEP + 1, 1);
		size_t got = fread(bytes + len, 1, FILE_STEP, in);
		len += got;
		if (got == 0 || len > FILE_MAX)
			break;
	}
	if (ferror(in) || len > FILE_MAX) {
		int r = ferror(in) ? -errno : -EFBIG;
		free(bytes);
		return r < 0 ? r : -EIO;
	}
	bytes[len] = '\0';
	*ret = bytes;
	*ret_len = len;
	return 0;
}

const char *file_label(const char *name)
{
	return strcmp(name, "-") == 0 ? "standard input" : name;
}

static int take_copy(const struct given *given, char **ret, size_t *ret_len)
{
	*ret = mem_copy(given->bytes, given->len + 1);
	*ret_len = given->len;
	return 0;
}

/* What gzip packed is taken as what is in it. */
static int unpack(char **bytes, size_t *len)
{
	char *plain;
	int r = gzip_is(*bytes, *len) ? gzip_unpack(*bytes, *len, FILE_MAX, &plain, len) : 1;

	if (r > 0)
		return 0;
	free(*bytes);
	if (r == 0)
		*bytes = plain;
	return r;
}

static int read_open(const char *name, FILE *in, char **ret, size_t *ret_len)
{
	struct stat st;

	if (fstat(fileno(in), &st) < 0)
		return -errno;
	const struct given *given = given_find_stream(&st);
	if (given)
		return take_copy(given, ret, ret_len);
	int r = read_stream(in, ret, ret_len);
	if (r == 0)
		r = unpack(ret, ret_len);
	if (r == 0)
		given_keep(name, &st, *ret, *ret_len);
	return r;
}

static bool again;

void file_read_again(void)
{
	again = true;
}

/* A stream that was not read yet may never end. */
static bool may_wait(const char *name, bool standard)
{
	struct stat st;

	return standard || (stat(name, &st) == 0 && !S_ISREG(st.st_mode));
}

static int read_named(const char *name, char **ret, size_t *ret_len)
{
	bool standard = strcmp(name, "-") == 0;
	const struct given *given = given_find(name);

	if (given)
		return take_copy(given, ret, ret_len);
	if (given_is_all())
		return -ENODATA;
	if (again && may_wait(name, standard))
		return -ESPIPE;
	FILE *in = standard ? stdin : fopen(name, "re");
	if (!in)
		return -errno;
	if (standard)
		input_note_fd(STDIN_FILENO, "a list or setting");
	else if (!again) /* it was noted then */
		input_note(name, "a list or setting");
	int r = read_open(name, in, ret, ret_len);
	if (!standard)
		fclose(in);
	return r;
}

int file_read(const char *name, char **ret, size_t *ret_len, struct diag *why)
{
	int r = read_named(name, ret, ret_len);

	if (r == 0)
		return 0;
	*why = (struct diag){.line = 0};
	if (r == -EBADMSG)
		diag_set(why, "%.120s cannot be unpacked: it is damaged or cut short, expected what "
			      "gzip makes",
			file_label(name));
	else if (r == -ESPIPE)
		diag_set(why, "%.120s is no plain file, expected one to be read again",
			file_label(name));
	else
		diag_set(why, "%.120s cannot be read: %s", file_label(name), strerror(-r));
	return r;
}
