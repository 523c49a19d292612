#include "prober/io/capture.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <pcap/pcap.h>

#include "core/mem.h"
#include "prober/packet/frame.h"

static_assert(DLT_LINUX_SLL == (int)LINK_SLL, "prober/packet numbers them as pcap does");
static_assert(DLT_LINUX_SLL2 == (int)LINK_SLL2, "prober/packet numbers them as pcap does");

enum {
	/* What is usual whole, with all its checksums: to an echo request, 20 of cooked header, 60 of IP, 8 of
	 * ICMP, 56 of payload; to a SYN 20, 60 and 60. */
	SNAP_LENGTH = 144,
	RING_SIZE = 6 << 20,
};

struct capture {
	pcap_t *pcap;
	int link_type;
	int port;           /* that the filter lets through, 0: any; -1: there is none yet */
	uint64_t dropped;   /* since it was opened */
	uint32_t last_drop; /* libpcap's count, which wraps */

	/* Only while frames are handed out. */
	capture_frame_fn *frame;
	void *ctx;
};

static void on_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	struct capture *c = (void *)user;

	c->frame(c->ctx, &(struct frame){
				 /* tv_usec holds nanoseconds: see open_pcap() */
				 .at = {header->ts.tv_sec * NS_PER_S + header->ts.tv_usec},
				 .bytes = bytes,
				 .len = header->caplen,
				 .wire_len = header->len,
				 .link_type = c->link_type,
			 });
}

int capture_set_port(struct capture *c, uint16_t source_port)
{
	char port[sizeof(" port 65535")] = "";
	char text[200];
	struct bpf_program program;

	if (c->port == source_port) /* a new one would lose what came while it is set */
		return 0;
	if (source_port != 0)
		snprintf(port, sizeof(port), " port %u", source_port);
	snprintf(text, sizeof(text),
		"ip and ((icmp and (icmp[0] == 0 or icmp[0] == 3 or icmp[0] == 4 or icmp[0] == 8 or"
		" icmp[0] == 11 or icmp[0] == 12)) or tcp%s)",
		port);
	if (pcap_compile(c->pcap, &program, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return -EINVAL;
	int r = pcap_setfilter(c->pcap, &program) < 0 ? -EIO : 0;
	pcap_freecode(&program);
	if (r == 0)
		c->port = source_port;
	return r;
}

static int failed(pcap_t *pcap, struct diag *why, const char *what, int err)
{
	diag_set(why, "cannot capture: %s: %s", what, pcap_geterr(pcap));
	return err;
}

/* Open "any", which follows the interfaces as they come and go. */
static int open_pcap(struct diag *why, pcap_t **ret)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap = pcap_create("any", text);
	int r;

	if (!pcap) {
		diag_set(why, "cannot capture: %s", text);
		return -EIO;
	}
	pcap_set_snaplen(pcap, SNAP_LENGTH);
	pcap_set_buffer_size(pcap, RING_SIZE);
	pcap_set_immediate_mode(pcap, 1); /* or replies wait for a full buffer */
	if (pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) != 0) {
		r = failed(pcap, why, "nanosecond stamps", -ENOTSUP);
		goto fail;
	}
	r = pcap_activate(pcap);
	if (r < 0) {
		r = r == PCAP_ERROR_PERM_DENIED ? -EPERM : -EIO;
		failed(pcap, why, "opening", r);
		goto fail;
	}
	/* Without the second version there are no interface indexes; that is all. */
	pcap_set_datalink(pcap, DLT_LINUX_SLL2);
	if (pcap_setnonblock(pcap, 1, text) < 0) {
		diag_set(why, "cannot capture: %s", text);
		r = -EIO;
		goto fail;
	}
	*ret = pcap;
	return 0;

fail:
	pcap_close(pcap);
	return r;
}

int capture_open(uint16_t source_port, struct diag *why, struct capture **ret)
{
	struct capture *c = mem_zeroed(1, sizeof(*c));
	int r = open_pcap(why, &c->pcap);

	if (r < 0)
		goto fail_free;
	c->link_type = pcap_datalink(c->pcap);
	c->port = -1;
	r = capture_set_port(c, source_port);
	if (r < 0) {
		failed(c->pcap, why, "filter", r);
		goto fail_pcap;
	}
	/* What was lost before the filter was in place is nothing to us. */
	uint64_t before;
	r = capture_dropped(c, &before);
	if (r < 0) {
		failed(c->pcap, why, "statistics", r);
		goto fail_pcap;
	}
	c->dropped = 0;
	*ret = c;
	return 0;

fail_pcap:
	pcap_close(c->pcap);
fail_free:
	free(c);
	return r;
}

void capture_close(struct capture *c)
{
	if (!c)
		return;
	pcap_close(c->pcap);
	free(c);
}

int capture_fd(const struct capture *c)
{
	return pcap_get_selectable_fd(c->pcap);
}

int capture_link_type(const struct capture *c)
{
	return c->link_type;
}

int capture_dispatch(struct capture *c, int most, capture_frame_fn *frame, void *ctx)
{
	c->frame = frame;
	c->ctx = ctx;
	int r = pcap_dispatch(c->pcap, most, on_packet, (u_char *)c);
	if (r >= 0)
		return r;
	return r == PCAP_ERROR_IFACE_NOT_UP ? -ENETDOWN : -EIO;
}

int capture_dropped(struct capture *c, uint64_t *ret)
{
	struct pcap_stat stat;

	if (pcap_stats(c->pcap, &stat) < 0)
		return -EIO;
	c->dropped += (uint32_t)(stat.ps_drop - c->last_drop);
	c->last_drop = stat.ps_drop;
	*ret = c->dropped;
	return 0;
}
