#ifndef PROBER_IO_CAPTURE_H
#define PROBER_IO_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/text.h"

/*
 * Captures frames on all interfaces with libpcap and hands them out in bounded
 * batches. It judges nothing: what a frame means is prober/packet/.
 *
 * It also sees our own probes leave; that is on purpose. The stamps of a probe
 * and its reply then come from one clock, and a probe never seen leaving is no
 * evidence of silence.
 *
 * One handle on "any" (SLL2) survives interfaces that go down, away and come
 * back, without capabilities. Snap length 144 holds whole the usual answers
 * (our longest probe, 84 bytes, quoted entirely in an ICMP error, behind a
 * cooked header), and of longer ones what says whose they are; with it a ring of 6 MiB has 26,214 slots, which is 1.3 s of
 * 10,000 probes a second all answered and 13 s of 1,000; the usual 64 KiB would
 * leave 32 slots. On loopback our own packets show only as
 * incoming, and behind a bridge each frame shows once per interface. Not on
 * the loop: the owner polls capture_fd() and calls capture_dispatch().
 */
struct capture;

struct frame {
	struct wall at;       /* kernel stamp, nanoseconds */
	const uint8_t *bytes; /* valid during the callback only */
	size_t len;           /* captured */
	size_t wire_len;      /* on the wire; len < wire_len means cut short */
	int link_type;        /* as prober/packet/frame.h numbers them */
};

typedef void capture_frame_fn(void *ctx, const struct frame *frame);

/* Needs CAP_NET_RAW; nothing after it does. The filter passes ICMP echo requests,
 * echo replies, errors of type 3, 4, 11 and 12, and TCP to or from the given port (any
 * if 0); nothing else. */
int capture_open(uint16_t source_port, struct diag *why, struct capture **ret);
void capture_close(struct capture *capture); /* NULL is fine */

/* Change the filter's port; unprivileged. Frames that wait to be handed out are
 * lost, so before the first probe. */
int capture_set_port(struct capture *capture, uint16_t source_port);

int capture_fd(const struct capture *capture);
int capture_link_type(const struct capture *capture);

/* Hand out at most `most` waiting frames; returns how many, or a negative
 * errno: -ENETDOWN is passing, anything else means the capture is dead. */
int capture_dispatch(struct capture *capture, int most, capture_frame_fn *frame, void *ctx);

/* Frames the kernel could not hand to us since the capture was opened. */
int capture_dropped(struct capture *capture, uint64_t *ret);

#endif
