#include "live/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/build_id.h"
#include "core/mem.h"
#include "core/user_folder.h"
#include "store/blob_frame.h"

/* The file: this, then settled, targets and image, one behind the other. */
struct header {
	char magic[8];
	unsigned char build[BUILD_ID_MOST];
	uint64_t lengths[3];
	uint32_t sums[3];
	uint32_t own; /* of all above */
};
static const char magic[8] = "LOjudge1";

struct part {
	void *bytes;
	size_t len;
};

/* ---- where */

char *snapshot_folder(void)
{
	return user_folder("CACHE_DIRECTORY", "XDG_CACHE_HOME", ".cache/lightsout");
}

/* Nobody else can have put it there, or can change it. */
static bool is_ours(int fd, mode_t kind)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == kind && st.st_uid == geteuid() &&
	       (st.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/* A descriptor, or -1. */
static int only_ours(int fd)
{
	if (fd >= 0 && !is_ours(fd, S_IFDIR)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

enum { NAME_SIZE = 128 };

static bool name_file(
	const char *store, const char *epoch, const struct parameters *parameters, char *name)
{
	char path[PATH_MAX];

	if (!realpath(store, path))
		return false;
	uint32_t sum = blob_crc(blob_crc(0, path, strlen(path)), parameters, sizeof(*parameters));
	snprintf(name, NAME_SIZE, "%s-%08x.judge", epoch, (unsigned)sum);
	return !strchr(name, '/');
}

/* ---- the bytes */

static bool read_all(int fd, void *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t got = read(fd, (char *)bytes + at, len - at);
		if (got == 0 || (got < 0 && errno != EINTR))
			return false;
		at += got > 0 ? (size_t)got : 0;
	}
	return true;
}

static bool write_all(int fd, const void *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t put = write(fd, (const char *)bytes + at, len - at);
		if (put < 0 && errno != EINTR)
			return false;
		at += put > 0 ? (size_t)put : 0;
	}
	return true;
}

static bool describe(const struct part parts[3], struct header *ret)
{
	*ret = (struct header){.own = 0};
	if (!build_id(ret->build))
		return false;
	memcpy(ret->magic, magic, sizeof(magic));
	for (size_t i = 0; i < 3; i++) {
		ret->lengths[i] = parts[i].len;
		ret->sums[i] = blob_crc(0, parts[i].bytes, parts[i].len);
	}
	ret->own = blob_crc(0, ret, offsetof(struct header, own));
	return true;
}

static bool read_header(int fd, struct header *ret)
{
	unsigned char build[BUILD_ID_MOST] = {0};
	struct stat st;

	if (!read_all(fd, ret, sizeof(*ret)) || !build_id(build) || fstat(fd, &st) != 0)
		return false;
	uint64_t size = sizeof(*ret);
	for (size_t i = 0; i < 3; i++) {
		if (ret->lengths[i] > (uint64_t)st.st_size)
			return false;
		size += ret->lengths[i];
	}
	return memcmp(ret->magic, magic, sizeof(magic)) == 0 &&
	       memcmp(ret->build, build, sizeof(build)) == 0 && size == (uint64_t)st.st_size &&
	       ret->own == blob_crc(0, ret, offsetof(struct header, own));
}

static bool read_part(int fd, const struct header *header, size_t i, void *bytes)
{
	return read_all(fd, bytes, header->lengths[i]) &&
	       blob_crc(0, bytes, header->lengths[i]) == header->sums[i];
}

/* ---- writing */

/* Under another name first: who reads meanwhile has the old one, whole. */
static bool write_file(int folder, const char *name, const struct part parts[3])
{
	char draft[NAME_SIZE + 32];
	struct header header;

	if (!describe(parts, &header))
		return false;
	snprintf(draft, sizeof(draft), ".%s.%ld", name, (long)getpid());
	int fd = openat(folder, draft, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	bool ok = is_ours(fd, S_IFREG) && write_all(fd, &header, sizeof(header));
	for (size_t i = 0; ok && i < 3; i++)
		ok = write_all(fd, parts[i].bytes, parts[i].len);
	ok = close(fd) == 0 && ok && renameat(folder, draft, folder, name) == 0;
	if (!ok)
		unlinkat(folder, draft, 0);
	return ok;
}

bool snapshot_write(const char *folder, const char *store, const struct settled *settled,
	const struct target_row *targets, struct arena *arena)
{
	char name[NAME_SIZE];
	struct part parts[] = {{(void *)(uintptr_t)settled, sizeof(*settled)},
		{(void *)(uintptr_t)targets, settled->target_count * sizeof(*targets)}, {NULL, 0}};

	if (!name_file(store, settled->epoch, &settled->parameters, name))
		return false;
	int fd = only_ours(user_folder_open(folder));
	if (fd < 0)
		return false;
	parts[2].bytes = (void *)(uintptr_t)arena_image(arena, &parts[2].len);
	bool ok = write_file(fd, name, parts);
	close(fd);
	return ok;
}

/* ---- reading */

static bool read_settled(int fd, const struct header *header, const char *epoch,
	const struct parameters *parameters, struct settled *ret)
{
	return header->lengths[0] == sizeof(*ret) && read_part(fd, header, 0, ret) &&
	       memcmp(ret->epoch, epoch, sizeof(ret->epoch)) == 0 &&
	       memcmp(&ret->parameters, parameters, sizeof(*parameters)) == 0 &&
	       header->lengths[1] == ret->target_count * sizeof(struct target_row);
}

static struct target_row *read_targets(int fd, const struct header *header)
{
	struct target_row *targets = mem_zeroed(1, header->lengths[1] + 1);

	if (read_part(fd, header, 1, targets))
		return targets;
	free(targets);
	return NULL;
}

static struct arena *read_arena(int fd, const struct header *header)
{
	size_t len = header->lengths[2];
	struct arena *arena = arena_create();

	if (arena && read_part(fd, header, 2, arena_room(arena, len)) && arena_adopt(arena, len))
		return arena;
	arena_destroy(arena);
	return NULL;
}

static bool read_file(int fd, const char *epoch, const struct parameters *parameters,
	struct settled *ret, struct target_row **ret_targets, struct arena **ret_arena)
{
	struct header header;

	if (!is_ours(fd, S_IFREG) || !read_header(fd, &header) ||
		!read_settled(fd, &header, epoch, parameters, ret))
		return false;
	*ret_targets = read_targets(fd, &header);
	if (!*ret_targets)
		return false;
	*ret_arena = read_arena(fd, &header);
	if (!*ret_arena)
		free(*ret_targets);
	return *ret_arena != NULL;
}

bool snapshot_read(const char *folder, const char *store, const char *epoch,
	const struct parameters *parameters, struct settled *ret, struct target_row **ret_targets,
	struct arena **ret_arena)
{
	char name[NAME_SIZE];

	if (!name_file(store, epoch, parameters, name))
		return false;
	int at = only_ours(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	if (at < 0)
		return false;
	int fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(at);
	if (fd < 0)
		return false;
	bool ok = read_file(fd, epoch, parameters, ret, ret_targets, ret_arena);
	close(fd);
	return ok;
}
