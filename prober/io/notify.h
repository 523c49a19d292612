#ifndef PROBER_IO_NOTIFY_H
#define PROBER_IO_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "core/clock.h"

/*
 * Tells the service manager how we are: sd_notify(3), whose protocol is a
 * datagram of NAME=VALUE lines to the socket that $NOTIFY_SOCKET names. Without
 * a manager everything here does nothing. Nothing here blocks, and a manager
 * that does not listen is no reason to stop probing.
 */
struct notify {
	int fd; /* -1: nobody is told */
	struct sockaddr_un to;
	socklen_t to_len;
	int64_t watchdog_ns; /* the manager ends us after so long without a word; 0: never */
	struct mono alive;   /* when it was last told that we are */
};

/* Reads the environment ($NOTIFY_SOCKET, $WATCHDOG_USEC, $WATCHDOG_PID). */
void notify_open(struct notify *notify);
void notify_close(struct notify *notify);

void notify_ready(struct notify *notify);
/* We read again what we were told; notify_ready() says that it is done. */
void notify_reloading(struct notify *notify, struct mono now);
void notify_stopping(struct notify *notify);

/* One line on how it goes, for `systemctl status`. */
void notify_status(struct notify *notify, const char *text);

/* From the loop, often: says so to the watchdog when half its time has passed. */
void notify_alive(struct notify *notify, struct mono now);

#endif
