#include "prober/io/confine.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cap-ng.h>

#include "core/process_limits.h"

/* LeakSanitizer traces its own process, which only a dumpable one allows. */
#if defined(__SANITIZE_ADDRESS__)
#define STAY_DUMPABLE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STAY_DUMPABLE 1
#endif
#endif
#ifndef STAY_DUMPABLE
#define STAY_DUMPABLE 0
#endif

int confine_check(struct diag *why)
{
	char program[PATH_MAX];

	if (capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_NET_RAW))
		return 0;

	if (!limits_allow_net_raw(why))
		return -EPERM;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		diag_set(why, "CAP_NET_RAW is missing, and no_new_privs keeps file capabilities "
			      "from giving it: start it with the capability ambient, as "
			      "AmbientCapabilities=CAP_NET_RAW does in a systemd unit");
		return -EPERM;
	}
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[len > 0 ? len : 0] = '\0';
	struct statvfs mount;
	if (len > 0 && statvfs(program, &mount) == 0 && mount.f_flag & ST_NOSUID) {
		diag_set(why, "CAP_NET_RAW is missing: %.128s lies on a filesystem mounted nosuid, "
			      "which gives no file a capability: install it elsewhere, or start it "
			      "with the capability ambient", program);
		return -EPERM;
	}
	diag_set(why,
		"CAP_NET_RAW is missing; give it once, as root: "
		"setcap cap_net_raw=ep %.128s (or start with the capability ambient)",
		len > 0 ? program : "lightsout-prober");
	return -EPERM;
}

static int failed(struct diag *why, const char *what, int err)
{
	diag_set(why, "cannot give up privileges: %s: %s", what, strerror(err));
	return -err;
}

static bool is_kept(int cap, bool root)
{
	return root && (cap == CAP_SETUID || cap == CAP_SETGID);
}

/* Nothing is left but what root needs to be another user, and nothing can come back. */
static bool is_bare(bool bounded, bool root)
{
	if (capng_get_caps_process() < 0)
		return false;
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		for (capng_type_t type = CAPNG_EFFECTIVE; type <= CAPNG_INHERITABLE; type <<= 1)
			if (capng_have_capability(type, (unsigned int)cap) &&
				(type == CAPNG_INHERITABLE || !is_kept(cap, root)))
				return false;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) != 0)
			return false;
		if (bounded && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0)
			return false;
	}
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* All but what is kept, from every set but the bounding set. */
static int drop_sets(bool root, struct diag *why)
{
	capng_clear(CAPNG_SELECT_CAPS);
	if (root)
		capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, CAP_SETUID, CAP_SETGID,
			-1);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return failed(why, "capabilities", errno ? errno : EPERM);
	return 0;
}

/* The change of user makes it dumpable again, as far as the machine's settings say so. */
static int hide(struct diag *why)
{
	if (!STAY_DUMPABLE && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return failed(why, "dumpable", errno);
	if (STAY_DUMPABLE && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0)
		return failed(why, "dumpable", errno);
	return 0;
}

/* Does root hold both, and so the way to another user? */
static bool may_change_user(void)
{
	return geteuid() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SETUID) &&
	       capng_have_capability(CAPNG_EFFECTIVE, CAP_SETGID);
}

int confine_drop(struct diag *why)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed(why, "no_new_privs", errno);
	int r = hide(why);
	if (r < 0)
		return r;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return failed(why, "ambient set", errno);

	if (capng_get_caps_process() < 0)
		return failed(why, "reading capabilities", EIO);
	bool bounded = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	for (int cap = 0; bounded && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return failed(why, "bounding set", errno);

	bool root = may_change_user();
	r = drop_sets(root, why);
	if (r == 0 && !is_bare(bounded, root))
		return failed(why, "something is left", EPERM);
	return r;
}

int confine_drop_rest(struct diag *why)
{
	int r = hide(why);

	if (r == 0 && capng_get_caps_process() < 0)
		return failed(why, "reading capabilities", EIO);
	if (r == 0)
		r = drop_sets(false, why);
	if (r == 0 && !is_bare(false, false))
		return failed(why, "something is left", EPERM);
	return r;
}
