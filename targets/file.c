#include "targets/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/inputs.h"
#include "core/mem.h"

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

int file_read(const char *name, char **ret, size_t *ret_len, struct diag *why)
{
	bool standard = strcmp(name, "-") == 0;
	FILE *in = standard ? stdin : fopen(name, "re");
	int r = in ? read_stream(in, ret, ret_len) : -errno;

	if (standard)
		input_note_fd(STDIN_FILENO, "a list or setting");
	else if (in)
		input_note(name, "a list or setting");
	if (in && !standard)
		fclose(in);
	if (r < 0) {
		*why = (struct diag){.line = 0};
		diag_set(why, "%.120s cannot be read: %s", standard ? "standard input" : name,
			strerror(-r));
	}
	return r;
}
