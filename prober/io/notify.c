#include "prober/io/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/text.h"

/* A path, or with @ a name in the abstract namespace. */
static bool read_address(struct notify *notify, const char *name)
{
	size_t len = strlen(name);

	if ((name[0] != '/' && name[0] != '@') || len < 2 || len >= sizeof(notify->to.sun_path))
		return false;
	notify->to = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(notify->to.sun_path, name, len);
	if (name[0] == '@')
		notify->to.sun_path[0] = '\0';
	notify->to_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	return true;
}

static int64_t read_watchdog(void)
{
	const char *usec = getenv("WATCHDOG_USEC");
	const char *pid = getenv("WATCHDOG_PID");
	uint64_t value;

	if (pid && (!text_u64(pid, INT32_MAX, &value) || value != (uint64_t)getpid()))
		return 0;
	if (!usec || !text_u64(usec, INT64_MAX / NS_PER_US, &value))
		return 0;
	return (int64_t)value * NS_PER_US;
}

void notify_open(struct notify *notify)
{
	const char *name = getenv("NOTIFY_SOCKET");

	*notify = (struct notify){.fd = -1};
	if (!name || !read_address(notify, name))
		return;
	notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify->fd >= 0)
		notify->watchdog_ns = read_watchdog();
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0)
		close(notify->fd);
	notify->fd = -1;
}

static bool tell(const struct notify *notify, const char *text)
{
	if (notify->fd < 0)
		return false;
	return sendto(notify->fd, text, strlen(text), MSG_NOSIGNAL,
		       (const struct sockaddr *)&notify->to, notify->to_len) >= 0;
}

void notify_ready(struct notify *notify)
{
	tell(notify, "READY=1");
}

void notify_reloading(struct notify *notify, struct mono now)
{
	char text[64];

	snprintf(text, sizeof(text), "RELOADING=1\nMONOTONIC_USEC=%lld",
		(long long)(now.ns / NS_PER_US));
	tell(notify, text);
}

void notify_stopping(struct notify *notify)
{
	tell(notify, "STOPPING=1");
}

void notify_status(struct notify *notify, const char *text)
{
	char line[640];

	snprintf(line, sizeof(line), "STATUS=%s", text);
	tell(notify, line);
}

void notify_alive(struct notify *notify, struct mono now)
{
	if (notify->watchdog_ns == 0 || mono_since(now, notify->alive) < notify->watchdog_ns / 2)
		return;
	/* A full queue: try again at once, the manager may yet read it. */
	if (tell(notify, "WATCHDOG=1"))
		notify->alive = now;
}
