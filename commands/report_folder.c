#include "commands/report_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

/* Is in each report, so that the next one may replace it. */
static const char mark[] = ".lightsout-report";

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), most = strlen(end);

	return len > most && strcmp(name + len - most, end) == 0;
}

/* A name that a report gives. */
static bool is_ours(const char *name)
{
	static const char *const names[] = {
		mark, "index.html", "timeline.csv", "country.csv", "outages.csv", "summary.csv"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return strncmp(name, "outage-", 7) == 0 && ends_with(name, ".html");
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* May this folder be replaced? 1; 0: there is none; a negative errno with *why. */
static int look(const char *folder, struct diag *why)
{
	DIR *dir = opendir(folder);
	bool marked = false;
	char other[256] = "";

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir)
		return diag_set(why, "%s: %s", folder, strerror(errno)), -EINVAL;
	for (struct dirent *entry; (entry = readdir(dir));) {
		marked |= strcmp(entry->d_name, mark) == 0;
		if (!is_dots(entry->d_name) && (!is_ours(entry->d_name) || !*other))
			snprintf(other, sizeof(other), "%s", entry->d_name);
	}
	closedir(dir);
	if (*other && (!marked || !is_ours(other)))
		return diag_set(why,
			       "%s: holds \"%s\", expected a folder that is new, empty, or a "
			       "report's alone",
			       folder, other),
		       -EEXIST;
	return 1;
}

/* Files of a report, and the folder if nothing else is in it. */
static void remove_report(const char *folder)
{
	DIR *dir = opendir(folder);

	if (!dir)
		return;
	for (struct dirent *entry; (entry = readdir(dir));)
		if (is_ours(entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(folder);
}

static int make_part(struct report_folder *folder, struct diag *why)
{
	mode_t mask = umask(0);
	size_t size = strlen(folder->name) + 8;

	umask(mask);
	folder->part = mem_zeroed(1, size);
	snprintf(folder->part, size, "%s.XXXXXX", folder->name);
	if (!mkdtemp(folder->part) || chmod(folder->part, 0777 & ~mask) < 0)
		return diag_set(why, "%s: %s", folder->name, strerror(errno)), -EINVAL;
	FILE *out = report_folder_open(folder, mark, why);
	if (!out)
		return -EINVAL;
	fputs("Made by lightsout report, which replaces it.\n", out);
	return report_folder_close(out, mark, why);
}

int report_folder_begin(struct report_folder *folder, const char *name, struct diag *why)
{
	*folder = (struct report_folder){.name = mem_text(name)};
	for (size_t len = strlen(name); len > 1 && folder->name[len - 1] == '/'; len--)
		folder->name[len - 1] = '\0';
	int r = look(folder->name, why);
	if (r >= 0)
		r = make_part(folder, why);
	if (r < 0)
		report_folder_abandon(folder);
	return r < 0 ? r : 0;
}

FILE *report_folder_open(struct report_folder *folder, const char *file, struct diag *why)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", folder->part, file) < 0)
		abort();
	FILE *out = fopen(path, "wex");
	if (!out)
		diag_set(why, "%s: %s", path, strerror(errno));
	free(path);
	return out;
}

int report_folder_close(FILE *out, const char *file, struct diag *why)
{
	bool bad = ferror(out) || fflush(out) != 0 || fsync(fileno(out)) != 0;
	int error = bad ? errno : 0;

	if (fclose(out) != 0 && !bad) {
		bad = true;
		error = errno;
	}
	return bad ? (diag_set(why, "%s: %s", file, strerror(error)), -EIO) : 0;
}

int report_folder_finish(struct report_folder *folder, struct diag *why)
{
	int r = look(folder->name, why);
	unsigned how = r == 1 ? RENAME_EXCHANGE : RENAME_NOREPLACE;

	if (r >= 0 && renameat2(AT_FDCWD, folder->part, AT_FDCWD, folder->name, how) < 0) {
		diag_set(why, "%s: %s", folder->name, strerror(errno));
		r = -EINVAL;
	}
	report_folder_abandon(folder); /* what it was before has the other name now */
	return r < 0 ? r : 0;
}

void report_folder_abandon(struct report_folder *folder)
{
	if (folder->part)
		remove_report(folder->part);
	mem_free(folder->part);
	mem_free(folder->name);
	*folder = (struct report_folder){0};
}
