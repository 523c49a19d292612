#include "prober/io/confine_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "prober/io/confine.h"

/* Who nobody is where no list of users says so. */
enum { NOBODY = 65534 };

static bool directory_owner(const char *store, struct confine_user *user)
{
	char *path = mem_text(store);
	char *slash = strrchr(path, '/');
	struct stat st;

	if (slash)
		slash[slash == path] = '\0';
	bool other = stat(slash ? path : ".", &st) == 0 && st.st_uid != 0;
	free(path);
	if (!other)
		return false;
	const struct passwd *entry = getpwuid(st.st_uid);
	user->owner = true;
	user->uid = st.st_uid;
	user->gid = entry && entry->pw_gid != 0 ? entry->pw_gid : st.st_gid;
	return user->gid != 0;
}

static bool sudo_caller(struct confine_user *user)
{
	const char *uid = getenv("SUDO_UID");
	const char *gid = getenv("SUDO_GID");
	uint64_t u, g;

	if (!uid || !gid || !text_u64(uid, INT32_MAX, &u) || !text_u64(gid, INT32_MAX, &g) ||
		u == 0 || g == 0)
		return false;
	user->uid = (uid_t)u;
	user->gid = (gid_t)g;
	return true;
}

struct confine_user confine_user_for(const char *store)
{
	struct confine_user user = {.root = geteuid() == 0};

	if (!user.root || directory_owner(store, &user) || sudo_caller(&user))
		return user;
	const struct passwd *nobody = getpwnam("nobody");
	user.owner = false;
	user.uid = nobody && nobody->pw_uid != 0 ? nobody->pw_uid : NOBODY;
	user.gid = nobody && nobody->pw_gid != 0 ? nobody->pw_gid : NOBODY;
	return user;
}

/* Does this user namespace know the id? A line is: first, first outside, how many. */
static bool is_mapped(const char *map, unsigned long id)
{
	FILE *in = fopen(map, "re");
	unsigned long first, outside, count;
	bool mapped = in == NULL; /* then setresuid() will say */

	while (!mapped && fscanf(in, "%lu %lu %lu", &first, &outside, &count) == 3)
		mapped = id >= first && id - first < count;
	if (in)
		fclose(in);
	return mapped;
}

static int failed(struct diag *why, const char *what, int err)
{
	diag_set(why, "cannot become an ordinary user: %s: %s", what, strerror(err));
	return -err;
}

/* He is who we are, in every way, and we cannot be another again. */
static bool is_become(const struct confine_user *user)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 || getresgid(&gid[0], &gid[1], &gid[2]) < 0)
		return false;
	for (int i = 0; i < 3; i++)
		if (uid[i] != user->uid || gid[i] != user->gid)
			return false;
	return getgroups(0, NULL) == 0 && setresuid(0, 0, 0) < 0 && setresgid(0, 0, 0) < 0 &&
	       seteuid(0) < 0 && setuid(0) < 0;
}

int confine_become(const struct confine_user *user, struct diag *why)
{
	bool stays = !is_mapped("/proc/self/uid_map", user->uid) ||
		     !is_mapped("/proc/self/gid_map", user->gid);

	if (!user->root)
		return 0;
	if (!stays) {
		if (setgroups(0, NULL) < 0)
			return failed(why, "groups", errno);
		if (setresgid(user->gid, user->gid, user->gid) < 0)
			return failed(why, "group", errno);
		if (setresuid(user->uid, user->uid, user->uid) < 0)
			return failed(why, "user", errno);
	}
	int r = confine_drop_rest(why);
	if (r < 0)
		return r;
	if (!stays && !is_become(user))
		return failed(why, "there is a way back", EPERM);
	return stays;
}
