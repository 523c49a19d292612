#ifndef PROBER_IO_TRANSMIT_H
#define PROBER_IO_TRANSMIT_H

#include <stddef.h>
#include <stdint.h>

#include "core/text.h"
#include "prober/packet/probe.h"

/*
 * Composes probes with libnet and sends them through one unbound raw IP
 * socket: the kernel routes, so any interface does, and interfaces may come
 * and go. The only file that knows libnet.
 */
struct transmit;

/* Needs CAP_NET_RAW; nothing after it does. Before anything the user gave is read. */
int transmit_open(struct diag *why, struct transmit **ret);

/* Without a socket or any privilege: composes for a dry run; sends fail with -EBADF. */
int transmit_open_dry(struct diag *why, struct transmit **ret);

void transmit_close(struct transmit *transmit); /* NULL is fine */

/* Becomes writable again after a send said -EAGAIN. -1 of a dry one. */
int transmit_fd(const struct transmit *transmit);

/* Text that goes into every echo payload, cut to what fits the payload. */
enum { TRANSMIT_ECHO_PAYLOAD = 56 };
void transmit_set_contact(struct transmit *transmit, const char *contact);

/*
 * Send out of this interface only; "" is any. Needs no privilege, and may be
 * asked again: when an interface is replaced by one of the same name, the old
 * choice leads nowhere. 0 or -ENODEV.
 */
int transmit_bind_interface(struct transmit *transmit, const char *interface);

/*
 * Mark what leaves (SO_MARK), for the kernel's rules. Needs CAP_NET_RAW, before Linux 5.17
 * CAP_NET_ADMIN. 0 or a negative errno.
 */
int transmit_set_mark(struct transmit *transmit, uint32_t mark);

/*
 * Send one. 0: handed to the kernel. -EAGAIN, -ENOBUFS: it would block, try
 * again. Other negative errno: this probe cannot leave (no route, link down,
 * -EACCES: a broadcast address).
 */
int transmit_send(struct transmit *transmit, const struct probe *probe);

/* The bytes that transmit_send would send, from the IP header on, for a dry
 * run and for tests. Returns the length or a negative errno. */
enum { TRANSMIT_PACKET_SIZE = 128 };
int transmit_compose(
	struct transmit *transmit, const struct probe *probe, uint8_t bytes[TRANSMIT_PACKET_SIZE]);

#endif
