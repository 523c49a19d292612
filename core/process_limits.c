#include "core/process_limits.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Open so many and close them again: some of the limit may have been inherited open. */
static int can_open(int count)
{
	int opened[LIMITS_DESCRIPTORS_MOST];
	int n = 0;

	while (n < count && (opened[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
		n++;
	for (int i = 0; i < n; i++)
		close(opened[i]);
	return n;
}

int limits_begin(int descriptors, struct diag *why)
{
	struct rlimit limit;

	assert(descriptors <= LIMITS_DESCRIPTORS_MOST);
	signal(SIGXFSZ, SIG_IGN);
	int n = can_open(descriptors);
	if (n < descriptors && getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
		limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur += (rlim_t)descriptors;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
			n = can_open(descriptors);
	}
	if (n == descriptors)
		return 0;
	diag_set(why, "no more than %d files can be opened, expected %d at least (ulimit -n)", n,
		descriptors);
	return -EMFILE;
}

bool limits_allow_net_raw(struct diag *why)
{
	if (prctl(PR_CAPBSET_READ, CAP_NET_RAW, 0, 0, 0) != 0)
		return true; /* in the set, or the kernel cannot tell */
	diag_set(why, "CAP_NET_RAW is missing, and outside the bounding set, so that nothing "
		      "started from here can have it: allow it where this was started "
		      "(docker run --cap-add=NET_RAW, CapabilityBoundingSet=CAP_NET_RAW)");
	return false;
}
