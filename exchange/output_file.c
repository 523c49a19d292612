#include "exchange/output_file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

/* The name until it is whole. It may be nobody's either. */
static int name_part(struct output_file *file, const char *final, struct diag *why)
{
	size_t room = strlen(final) + 32;

	file->final = mem_text(final);
	file->part = mem_zeroed(room, 1);
	snprintf(file->part, room, "%s.part.%ld", final, (long)getpid());
	return output_spare(file->part, why);
}

static int open_named(struct output_file *file, const char *path, struct diag *why)
{
	struct stat st;
	char resolved[PATH_MAX];
	const char *final = path;
	int r = 0;

	if (stat(path, &st) == 0)
		final = S_ISREG(st.st_mode) && realpath(path, resolved) ? resolved : NULL;
	else if (errno != ENOENT)
		r = -errno;
	else if (lstat(path, &st) == 0) /* the link itself would be replaced */
		return diag_set(why,
			"cannot write \"%.120s\": it is a link to what is not there, expected a file "
			"or a new name",
			path);
	if (r == 0 && final) {
		r = name_part(file, final, why);
		if (r < 0)
			return r;
	}
	if (r == 0)
		file->out = fopen(file->part ? file->part : path, "we");
	if (r == 0 && !file->out)
		r = -errno;
	if (r < 0)
		diag_set(why, "cannot write \"%s\": %s", path, strerror(-r));
	return r;
}

int output_file_open(struct output_file *file, const char *path, struct diag *why)
{
	*file = (struct output_file){.place = file_place(path)};
	int r = output_spare(path, why);

	if (r == 0)
		r = open_named(file, path, why);
	if (r < 0) {
		free(file->part);
		free(file->final);
	}
	return r;
}

int output_file_write(struct output_file *file)
{
	FILE *out = file->out;

	if (fflush(out) != 0 || (file->part && fsync(fileno(out)) != 0))
		return -errno;
	file->out = NULL;
	return fclose(out) == 0 ? 0 : -errno;
}

int output_file_name(struct output_file *file)
{
	if (!file->part)
		return 0;
	if (rename(file->part, file->final) != 0)
		return -errno;
	free(file->part);
	file->part = NULL;
	return 0;
}

void output_file_finish(struct output_file *file)
{
	if (file->out)
		fclose(file->out);
	if (file->part)
		unlink(file->part);
	free(file->part);
	free(file->final);
}
