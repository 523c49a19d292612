#include "targets/given.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/mem.h"

static struct given *kept;
static size_t kept_count, kept_capacity;
static bool keep_all, all_there;

/* In front of a name and its bytes, from one program to the other on this machine. */
struct head {
	uint64_t name_len, len, stream;
};

/* A file larger than this is none that targets/file.c would have read. */
#define LEN_MAX (UINT64_C(1) << 30)

const struct given *given_find(const char *name)
{
	for (size_t i = 0; i < kept_count; i++)
		if (strcmp(kept[i].name, name) == 0)
			return &kept[i];
	return NULL;
}

const struct given *given_find_stream(const struct stat *st)
{
	for (size_t i = 0; i < kept_count; i++)
		if (kept[i].stream && !S_ISREG(st->st_mode) && kept[i].device == st->st_dev &&
			kept[i].inode == st->st_ino)
			return &kept[i];
	return NULL;
}

static void append(const struct given *given)
{
	kept = mem_grow(kept, &kept_capacity, kept_count + 1, sizeof(*kept));
	kept[kept_count++] = *given;
}

void given_keep(const char *name, const struct stat *st, const char *bytes, size_t len)
{
	bool stream = !S_ISREG(st->st_mode);

	if (!keep_all && !stream)
		return;
	append(&(struct given){
		.name = mem_text(name),
		.bytes = mem_copy(bytes, len + 1),
		.len = len,
		.stream = stream,
		.device = st->st_dev,
		.inode = st->st_ino,
	});
}

void given_keep_all(void)
{
	keep_all = true;
}

bool given_is_all(void)
{
	return all_there;
}

/* --- from one program to the other --- */

static int write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t put = write(fd, at, len);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		at += put;
		len -= (size_t)put;
	}
	return 0;
}

/* 1: all of it, 0: the file is at its end, negative: an errno. */
static int read_all(int fd, void *bytes, size_t len)
{
	char *at = bytes;
	size_t left = len;

	while (left > 0) {
		ssize_t got = read(fd, at, left);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return left == len ? 0 : -EBADMSG;
		at += got;
		left -= (size_t)got;
	}
	return 1;
}

static int write_given(int fd, const struct given *given)
{
	struct head head = {strlen(given->name), given->len, given->stream};
	int r = write_all(fd, &head, sizeof(head));

	if (r == 0)
		r = write_all(fd, given->name, head.name_len);
	if (r == 0)
		r = write_all(fd, given->bytes, given->len);
	return r;
}

int given_hand_on(int *ret_fd, struct diag *why)
{
	int fd = memfd_create("lightsout-inputs", MFD_CLOEXEC);
	int r = fd < 0 ? -errno : 0;

	for (size_t i = 0; r == 0 && i < kept_count; i++)
		r = write_given(fd, &kept[i]);
	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r < 0) {
		if (fd >= 0)
			close(fd);
		diag_set(why, "what was read cannot be handed on: %s", strerror(-r));
		return r;
	}
	*ret_fd = fd;
	return 0;
}

static int read_given(int fd)
{
	struct given given = {.name = NULL};
	struct head head;
	int r = read_all(fd, &head, sizeof(head));

	if (r <= 0)
		return r;
	if (head.name_len > LEN_MAX || head.len > LEN_MAX)
		return -EBADMSG;
	given.name = mem_zeroed(head.name_len + 1, 1);
	given.bytes = mem_zeroed(head.len + 1, 1);
	given.len = head.len;
	r = read_all(fd, given.name, head.name_len);
	if (r >= 0)
		r = read_all(fd, given.bytes, head.len);
	if (r >= 0 && (head.len == 0 || r > 0)) {
		append(&given);
		return 1;
	}
	free(given.name);
	free(given.bytes);
	return r < 0 ? r : -EBADMSG;
}

int given_receive(int fd, struct diag *why)
{
	int r;

	do
		r = read_given(fd);
	while (r > 0);
	close(fd);
	if (r < 0) {
		diag_set(why, "--inputs %d: what lightsout has read is not there: %s", fd,
			strerror(-r));
		return r;
	}
	all_there = true;
	return 0;
}
