#include "prober/confine.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cap-ng.h>

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

	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		diag_set(why, "CAP_NET_RAW is missing, and no_new_privs keeps file capabilities "
			      "from giving it: start it with the capability ambient, as "
			      "AmbientCapabilities=CAP_NET_RAW does in a systemd unit");
		return -EPERM;
	}
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	program[len > 0 ? len : 0] = '\0';
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

/* Nothing is left, and nothing can come back. */
static bool is_bare(bool bounded)
{
	if (capng_get_caps_process() < 0 ||
		capng_have_capabilities(CAPNG_SELECT_CAPS) != CAPNG_NONE ||
		capng_have_permitted_capabilities() != CAPNG_NONE)
		return false;
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) != 0)
			return false;
		if (bounded && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) != 0)
			return false;
	}
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

int confine_drop(struct diag *why)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return failed(why, "no_new_privs", errno);
	if (!STAY_DUMPABLE && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return failed(why, "dumpable", errno);
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return failed(why, "ambient set", errno);

	if (capng_get_caps_process() < 0)
		return failed(why, "reading capabilities", EIO);
	bool bounded = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	for (int cap = 0; bounded && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			return failed(why, "bounding set", errno);

	capng_clear(CAPNG_SELECT_CAPS);
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return failed(why, "capabilities", errno ? errno : EPERM);
	if (!is_bare(bounded))
		return failed(why, "something is left", EPERM);
	return 0;
}
