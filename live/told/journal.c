#include "live/told/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/user_folder.h"

enum { BYTES_MOST = 64 << 20 };

struct journal {
	char *folder, *name;
	int folder_fd;
	int lock; /* held while it is open */
};

char *journal_folder(void)
{
	return user_folder("STATE_DIRECTORY", "XDG_STATE_HOME", ".local/state/lightsout");
}

static int read_all(int fd, char **ret, size_t *ret_len)
{
	struct stat st;
	size_t len = 0;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size > BYTES_MOST)
		return -EFBIG;
	char *text = mem_zeroed((size_t)st.st_size + 1, 1);
	while (len < (size_t)st.st_size) {
		ssize_t n = read(fd, text + len, (size_t)st.st_size - len);
		if (n <= 0) {
			free(text);
			return n < 0 ? -errno : -EIO;
		}
		len += (size_t)n;
	}
	*ret = text;
	*ret_len = len;
	return 0;
}

static int read_journal(struct journal *journal, struct told *told, struct diag *why)
{
	int fd = openat(journal->folder_fd, journal->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char *text = NULL;
	size_t len = 0;

	if (fd < 0 && errno == ENOENT) {
		told_init(told, (uint64_t)clock_wall().ns);
		return 0;
	}
	int r = fd < 0 ? -errno : read_all(fd, &text, &len);
	if (r == 0)
		r = journal_read(text, len, told, why);
	else
		diag_set(why, "%s", strerror(-r));
	if (r < 0)
		snprintf(why->file, sizeof(why->file), "%s/%s", journal->folder, journal->name);
	free(text);
	if (fd >= 0)
		close(fd);
	return r;
}

int journal_open(const char *folder, const char *name, struct told *told, struct diag *why,
	struct journal **ret)
{
	struct journal *journal = mem_zeroed(1, sizeof(*journal));
	char file[NAME_MAX + 1];
	int r = 0;

	snprintf(file, sizeof(file), "%s.told", name);
	journal->folder = mem_text(folder);
	journal->name = mem_text(file);
	journal->lock = -1;
	journal->folder_fd = user_folder_open(folder);
	snprintf(file, sizeof(file), "%s.lock", name);
	if (journal->folder_fd >= 0)
		journal->lock = openat(
			journal->folder_fd, file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	else
		errno = -journal->folder_fd;
	if (journal->lock < 0 || flock(journal->lock, LOCK_EX | LOCK_NB) < 0)
		r = -errno;
	if (r == -EWOULDBLOCK) {
		r = -EBUSY;
		diag_set(why, "%s/%s: another lightsout serve tells of this store", folder, name);
	} else if (r < 0) {
		diag_set(why, "%s: which messages were sent cannot be kept there: %s", folder,
			strerror(-r));
	} else {
		r = read_journal(journal, told, why);
	}
	if (r < 0) {
		journal_close(journal);
		return r;
	}
	*ret = journal;
	return 0;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (journal->lock >= 0)
		close(journal->lock);
	if (journal->folder_fd >= 0)
		close(journal->folder_fd);
	free(journal->folder);
	free(journal->name);
	free(journal);
}

/* Down to the disk, under another name first. */
static int write_part(int folder, const char *part, const char *text, size_t len)
{
	int fd = openat(folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	int r = fd < 0 ? -errno : 0;

	for (size_t at = 0; r == 0 && at < len;) {
		ssize_t n = write(fd, text + at, len - at);
		if (n < 0)
			r = -errno;
		else
			at += (size_t)n;
	}
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (fd >= 0 && close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

int journal_write(struct journal *journal, const struct told *told, struct diag *why)
{
	char part[NAME_MAX + 1];
	size_t len;
	char *text = journal_print(told, &len);

	snprintf(part, sizeof(part), "%s.part", journal->name);
	int r = write_part(journal->folder_fd, part, text, len);
	if (r == 0 && renameat(journal->folder_fd, part, journal->folder_fd, journal->name) < 0)
		r = -errno;
	if (r == 0 && fsync(journal->folder_fd) < 0)
		r = -errno;
	free(text);
	if (r < 0)
		diag_set(why, "%s/%s: %s", journal->folder, journal->name, strerror(-r));
	return r;
}
