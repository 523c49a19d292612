#include "prober/io/transmit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libnet.h>

#include "core/mem.h"

enum {
	SEND_BUFFER = 4 << 20,
	DONT_FRAGMENT = 0x4000,
	TCP_OPTIONS_LEN = 20,
	TCP_WINDOW = 64240, /* with these options, what a Linux host offers */
};

/*
 * A libnet context holds one packet, and its blocks are kept and refilled by
 * their tags. So there is one context per kind of probe, which composes only,
 * and one that holds the socket.
 */
struct transmit {
	libnet_t *socket; /* NULL: dry */
	libnet_t *echo, *syn;
	libnet_ptag_t echo_icmp, echo_ip;
	libnet_ptag_t syn_options, syn_tcp, syn_ip;
	uint8_t payload[TRANSMIT_ECHO_PAYLOAD];
};

static void put_u32(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 24);
	at[1] = (uint8_t)(value >> 16);
	at[2] = (uint8_t)(value >> 8);
	at[3] = (uint8_t)value;
}

static int build_ip(libnet_t *net, libnet_ptag_t *tag, const struct probe *probe, uint8_t protocol,
	size_t payload_len)
{
	libnet_ptag_t r = libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + payload_len), 0,
		probe->ip_id, DONT_FRAGMENT, probe->ttl, protocol, 0, htonl(probe->source.host),
		htonl(probe->target.host), NULL, 0, net, *tag);
	if (r < 0)
		return -EINVAL;
	*tag = r;
	return 0;
}

static int build_echo(struct transmit *t, const struct probe *probe)
{
	libnet_ptag_t r = libnet_build_icmpv4_echo(ICMP_ECHO, 0, 0,
		(uint16_t)(probe->identity >> 16), (uint16_t)probe->identity, t->payload,
		sizeof(t->payload), t->echo, t->echo_icmp);
	if (r < 0)
		return -EINVAL;
	t->echo_icmp = r;
	return build_ip(t->echo, &t->echo_ip, probe, IPPROTO_ICMP,
		LIBNET_ICMPV4_ECHO_H + sizeof(t->payload));
}

/* The SYN of a Linux host: stacks answer its timestamp with their own. */
static int build_syn(struct transmit *t, const struct probe *probe)
{
	uint8_t options[TCP_OPTIONS_LEN] = {
		2, 4, 0x05, 0xb4,              /* maximum segment size 1460 */
		4, 2,                          /* selective acknowledgement permitted */
		8, 10, 0, 0, 0, 0, 0, 0, 0, 0, /* timestamp, echoing none */
		1, 3, 3, 7,                    /* window scale 2^7 */
	};
	put_u32(options + 8, probe->tcp_ts);

	libnet_ptag_t r =
		libnet_build_tcp_options(options, sizeof(options), t->syn, t->syn_options);
	if (r < 0)
		return -EINVAL;
	t->syn_options = r;
	r = libnet_build_tcp(probe->source_port, probe->port, probe->identity, 0, TH_SYN,
		TCP_WINDOW, 0, 0, LIBNET_TCP_H + TCP_OPTIONS_LEN, NULL, 0, t->syn, t->syn_tcp);
	if (r < 0)
		return -EINVAL;
	t->syn_tcp = r;
	return build_ip(t->syn, &t->syn_ip, probe, IPPROTO_TCP, LIBNET_TCP_H + TCP_OPTIONS_LEN);
}

int transmit_compose(
	struct transmit *t, const struct probe *probe, uint8_t bytes[TRANSMIT_PACKET_SIZE])
{
	bool echo = probe->method == METHOD_ICMP;
	libnet_t *net = echo ? t->echo : t->syn;
	int r = echo ? build_echo(t, probe) : build_syn(t, probe);
	uint8_t *packet;
	uint32_t len;

	if (r < 0)
		return r;
	/* Not libnet_adv_cull_packet(), which 1.1.6 allows for link-layer contexts only. */
	if (libnet_pblock_coalesce(net, &packet, &len) < 0)
		return -EINVAL;
	r = len <= TRANSMIT_PACKET_SIZE ? (int)len : -EMSGSIZE;
	if (r > 0)
		memcpy(bytes, packet, len);
	libnet_adv_free_packet(net, packet);
	return r;
}

/*
 * The kernel does not look into a packet that comes with its header: it must be told the
 * source, or it takes the route that a packet of no source would have. Not
 * libnet_write_raw_ipv4(), which has no way to say so.
 */
static int send_by_way(int fd, const struct probe *probe, void *bytes, size_t len)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = {.bytes = {0}};
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(probe->target.host)},
	};
	struct in_pktinfo way = {
		.ipi_ifindex = probe->interface,
		.ipi_spec_dst = {htonl(probe->source.host)},
	};
	struct iovec packet = {bytes, len};
	struct msghdr message = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = &packet,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = IPPROTO_IP;
	head->cmsg_type = IP_PKTINFO;
	head->cmsg_len = CMSG_LEN(sizeof(way));
	memcpy(CMSG_DATA(head), &way, sizeof(way));
	ssize_t sent = sendmsg(fd, &message, 0);
	if (sent < 0)
		return -errno;
	return (size_t)sent == len ? 0 : -EIO;
}

int transmit_send(struct transmit *t, const struct probe *probe)
{
	uint8_t bytes[TRANSMIT_PACKET_SIZE];

	if (!t->socket)
		return -EBADF;
	int len = transmit_compose(t, probe, bytes);
	if (len < 0)
		return len;
	return send_by_way(transmit_fd(t), probe, bytes, (size_t)len);
}

int transmit_fd(const struct transmit *t)
{
	return t->socket ? libnet_getfd(t->socket) : -1;
}

void transmit_set_contact(struct transmit *t, const char *contact)
{
	size_t len = strlen(contact);

	memset(t->payload, 0, sizeof(t->payload));
	memcpy(t->payload, contact, len < sizeof(t->payload) ? len : sizeof(t->payload));
}

/* Not SO_BINDTODEVICE: without CAP_NET_RAW that works once, and stays with the
 * index of an interface that is gone. */
int transmit_bind_interface(struct transmit *t, const char *interface)
{
	uint32_t index = 0;

	if (interface[0] != '\0') {
		index = if_nametoindex(interface);
		if (index == 0)
			return -ENODEV;
	}
	index = htonl(index);
	if (setsockopt(transmit_fd(t), IPPROTO_IP, IP_UNICAST_IF, &index, sizeof(index)) < 0)
		return -errno;
	return 0;
}

int transmit_set_mark(struct transmit *t, uint32_t mark)
{
	return setsockopt(transmit_fd(t), SOL_SOCKET, SO_MARK, &mark, sizeof(mark)) < 0 ? -errno
											: 0;
}

int transmit_open_dry(struct diag *why, struct transmit **ret)
{
	struct transmit *t = mem_zeroed(1, sizeof(*t));
	char text[LIBNET_ERRBUF_SIZE] = "";

	t->echo = libnet_init(LIBNET_NONE, NULL, text);
	if (t->echo)
		t->syn = libnet_init(LIBNET_NONE, NULL, text);
	if (!t->syn) {
		transmit_close(t);
		diag_set(why, "libnet cannot compose packets: %s", text);
		return -EIO;
	}
	*ret = t;
	return 0;
}

/*
 * The socket that libnet_init(LIBNET_RAW4) would open, without its search for
 * the largest send buffer in steps of 128 bytes, which takes 5 ms and 6,500
 * system calls. Non-blocking, so that a full queue says so. A large buffer, so
 * that it is the link's queue that fills first. No broadcasts, which libnet
 * allows: one probe would be answered by a whole subnet.
 */
static int open_socket(void)
{
	int size = SEND_BUFFER;
	int on = 1;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)) < 0) {
		int r = -errno;
		close(fd);
		return r;
	}
	/* Above net.core.wmem_max this gives that maximum, which will do. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	return fd;
}

int transmit_open(struct diag *why, struct transmit **ret)
{
	struct transmit *t;
	char text[LIBNET_ERRBUF_SIZE] = "";
	int r = transmit_open_dry(why, &t);

	if (r < 0)
		return r;
	t->socket = libnet_init(LIBNET_NONE, NULL, text);
	if (!t->socket) {
		diag_set(why, "libnet cannot send packets: %s", text);
		r = -EIO;
		goto fail;
	}
	r = open_socket();
	if (r < 0) {
		diag_set(why, "no raw socket: %s", strerror(-r));
		goto fail;
	}
	t->socket->fd = r; /* libnet closes it */
	*ret = t;
	return 0;

fail:
	transmit_close(t);
	return r;
}

void transmit_close(struct transmit *t)
{
	if (!t)
		return;
	if (t->socket)
		libnet_destroy(t->socket);
	if (t->echo)
		libnet_destroy(t->echo);
	if (t->syn)
		libnet_destroy(t->syn);
	free(t);
}
