#include "prober/io/confine_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

#include "core/mem.h"

/* What version 1 of it knows, which is all that is asked of it. */
#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                                                     \
	(READS | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                     \
		LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define HANDLED                                                                                    \
	(WRITES | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                     \
		LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                       \
		LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                      \
		LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* One that is not there, or not ours to look into, needs no leave. */
static int allow(int rules, const char *directory, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = access};

	beneath.parent_fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return 0;
	long r = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	int err = errno;
	close(beneath.parent_fd);
	return r < 0 ? -err : 0;
}

static int allow_around(int rules, const char *file, uint64_t access)
{
	char *path = mem_text(file);
	char *slash = strrchr(path, '/');

	if (slash)
		slash[slash == path] = '\0';
	int r = allow(rules, slash ? path : ".", access);
	free(path);
	return r;
}

static int allow_all(int rules, const char *store, const char *const *named, size_t count)
{
	static const char *const read[] = {"/etc", "/proc", "/usr", "/lib", "/lib64"};
	const char *written[] = {
		"/var/tmp", "/tmp", getenv("TMPDIR"), getenv("SQLITE_TMPDIR"), NULL};
	int r = allow_around(rules, store, WRITES);

	for (size_t i = 0; r == 0 && i < count; i++)
		r = allow_around(rules, named[i], READS);
	for (size_t i = 0; r == 0 && i < sizeof(read) / sizeof(read[0]); i++)
		r = allow(rules, read[i], READS);
	for (size_t i = 0; r == 0 && i < sizeof(written) / sizeof(written[0]); i++)
		if (written[i])
			r = allow(rules, written[i], WRITES);
	return r;
}

int confine_files(const char *store, const char *const *named, size_t count)
{
	const struct landlock_ruleset_attr attr = {.handled_access_fs = HANDLED};

	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1)
		return 1;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);
	if (rules < 0)
		return -errno;
	int r = allow_all(rules, store, named, count);
	if (r == 0 && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		r = -errno;
	close(rules);
	return r;
}
