#include "prober/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

struct request {
	struct nlmsghdr header;
	struct rtmsg route;
	struct rtattr target_head;
	uint32_t target;
	struct rtattr interface_head;
	uint32_t interface;
};

/* The kernel answers with one message of a few hundred bytes. */
union answer {
	struct nlmsghdr header;
	uint8_t bytes[4096];
};

static int ask(struct ip4 target, unsigned interface, union answer *answer)
{
	struct request request = {
		.header = {.nlmsg_len = interface != 0 ? sizeof(request)
						       : offsetof(struct request, interface_head),
			.nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST,
			.nlmsg_seq = 1},
		.route = {.rtm_family = AF_INET, .rtm_dst_len = 32},
		.target_head = {.rta_len = RTA_LENGTH(4), .rta_type = RTA_DST},
		.target = htonl(target.host),
		.interface_head = {.rta_len = RTA_LENGTH(4), .rta_type = RTA_OIF},
		.interface = interface,
	};
	int r = -EIO;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (send(fd, &request, request.header.nlmsg_len, 0) < 0) {
		r = -errno;
		goto out;
	}
	ssize_t len = recv(fd, answer, sizeof(*answer), 0);
	if (len < 0)
		r = -errno;
	else if (NLMSG_OK(&answer->header, (size_t)len))
		r = 0;
out:
	close(fd);
	return r;
}

static void read_attribute(const struct rtattr *a, const uint8_t *value, struct route *route)
{
	uint32_t number;

	if (a->rta_len < RTA_LENGTH(sizeof(number)))
		return;
	memcpy(&number, value, sizeof(number));
	if (a->rta_type == RTA_PREFSRC)
		route->source.host = ntohl(number);
	if (a->rta_type == RTA_OIF)
		route->interface = (int)number;
	if (a->rta_type == RTA_GATEWAY) {
		route->gateway.host = ntohl(number);
		route->has_gateway = true;
	}
}

static int read_route(struct nlmsghdr *header, struct route *ret)
{
	struct route route = {0};

	if (header->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = NLMSG_DATA(header);
		return header->nlmsg_len >= NLMSG_LENGTH(sizeof(*error)) && error->error < 0
			       ? error->error
			       : -EIO;
	}
	if (header->nlmsg_type != RTM_NEWROUTE ||
		header->nlmsg_len < NLMSG_LENGTH(sizeof(struct rtmsg)))
		return -EIO;

	const struct rtmsg *message = NLMSG_DATA(header);
	const uint8_t *at = (const uint8_t *)(message + 1);
	size_t left = header->nlmsg_len - NLMSG_LENGTH(sizeof(*message));
	struct rtattr a;
	while (left >= sizeof(a)) {
		memcpy(&a, at, sizeof(a));
		if (a.rta_len < sizeof(a) || a.rta_len > left)
			break;
		read_attribute(&a, at + sizeof(a), &route);
		size_t step = RTA_ALIGN(a.rta_len);
		if (step > left)
			break;
		at += step;
		left -= step;
	}
	route.is_local = message->rtm_type == RTN_LOCAL;
	/* An interface without an address yet has a route but nothing to send from. */
	if (route.source.host == 0)
		return -EADDRNOTAVAIL;
	if (!if_indextoname((unsigned)route.interface, route.name))
		return -ENODEV;
	*ret = route;
	return 0;
}

int route_lookup(struct ip4 target, const char *interface, struct route *ret)
{
	union answer answer = {.bytes = {0}};
	unsigned index = 0;

	if (interface[0] != '\0') {
		index = if_nametoindex(interface);
		if (index == 0)
			return -ENODEV;
	}
	int r = ask(target, index, &answer);
	return r < 0 ? r : read_route(&answer.header, ret);
}

bool route_owns(struct ip4 address)
{
	struct sockaddr_in name = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(address.host)},
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return true; /* we cannot tell */
	bool ours = bind(fd, (struct sockaddr *)&name, sizeof(name)) == 0 || errno != EADDRNOTAVAIL;
	close(fd);
	return ours;
}

void route_ephemeral(uint16_t *ret_first, uint16_t *ret_last)
{
	FILE *in = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	unsigned first;
	unsigned last;

	if (!in)
		return;
	if (fscanf(in, "%u %u", &first, &last) == 2 && first <= last && last <= UINT16_MAX) {
		*ret_first = (uint16_t)first;
		*ret_last = (uint16_t)last;
	}
	fclose(in);
}
