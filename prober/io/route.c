#include "prober/io/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* One attribute of a request: all that we send are four bytes long. */
struct word {
	struct rtattr head;
	uint32_t value;
};

struct request {
	struct nlmsghdr header;
	struct rtmsg route;
	struct word words[4];
};

/* The kernel answers with one message of a few hundred bytes; one with many next hops is longer. */
union answer {
	struct nlmsghdr header;
	uint8_t bytes[8192];
};

static void add_word(struct request *request, unsigned short type, uint32_t value)
{
	size_t len = request->header.nlmsg_len;
	struct word word = {{RTA_LENGTH(sizeof(value)), type}, value};

	memcpy((uint8_t *)request + len, &word, sizeof(word));
	request->header.nlmsg_len += sizeof(word);
}

static struct request request_of(const struct route_question *question, unsigned int flags)
{
	struct request request = {
		.header = {.nlmsg_len = offsetof(struct request, words),
			.nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST},
		.route = {.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = flags},
	};

	add_word(&request, RTA_DST, htonl(question->target.host));
	if (question->source.host) {
		request.route.rtm_src_len = 32;
		add_word(&request, RTA_SRC, htonl(question->source.host));
	}
	if (question->interface)
		add_word(&request, RTA_OIF, (uint32_t)question->interface);
	if (question->mark)
		add_word(&request, RTA_MARK, question->mark);
	return request;
}

/* One socket for all questions: a sweep asks for each of its targets. */
static int door = -1;

static int exchange(struct request *request, union answer *answer)
{
	static uint32_t number;
	ssize_t len;

	if (door < 0)
		door = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (door < 0)
		return -errno;
	request->header.nlmsg_seq = ++number;
	if (send(door, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	do {
		len = recv(door, answer, sizeof(*answer), 0);
		if (len < 0)
			return -errno;
		if (!NLMSG_OK(&answer->header, (size_t)len))
			return -EIO;
	} while (answer->header.nlmsg_seq != number); /* what a lost question left */
	return 0;
}

/* The answer to a question, or the errno that it is. */
static int ask(const struct route_question *question, unsigned int flags, union answer *answer)
{
	struct request request = request_of(question, flags);
	int r = exchange(&request, answer);

	if (r < 0) { /* one that is out of step would answer for another target */
		if (door >= 0)
			close(door);
		door = -1;
		return r;
	}
	if (answer->header.nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *error = NLMSG_DATA(&answer->header);
		return answer->header.nlmsg_len >= NLMSG_LENGTH(sizeof(*error)) && error->error < 0
			       ? error->error
			       : -EIO;
	}
	return answer->header.nlmsg_type == RTM_NEWROUTE &&
			       answer->header.nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg))
		       ? 0
		       : -EIO;
}

/* Attributes, one after another, as far as they are whole. */
struct attributes {
	const uint8_t *at;
	size_t left;
};

static struct attributes attributes_of(const union answer *answer)
{
	return (struct attributes){
		.at = answer->bytes + NLMSG_LENGTH(sizeof(struct rtmsg)),
		.left = answer->header.nlmsg_len - NLMSG_LENGTH(sizeof(struct rtmsg)),
	};
}

static bool next_attribute(struct attributes *rest, struct rtattr *ret, const uint8_t **ret_value)
{
	if (rest->left < sizeof(*ret))
		return false;
	memcpy(ret, rest->at, sizeof(*ret));
	if (ret->rta_len < sizeof(*ret) || ret->rta_len > rest->left)
		return false;
	*ret_value = rest->at + sizeof(*ret);
	size_t step = RTA_ALIGN(ret->rta_len);
	step = step < rest->left ? step : rest->left;
	rest->at += step;
	rest->left -= step;
	return true;
}

/* The value of an attribute of four bytes; 0: it has fewer. */
static uint32_t word_of(const struct rtattr *a, const uint8_t *value)
{
	uint32_t word = 0;

	if (a->rta_len >= RTA_LENGTH(sizeof(word)))
		memcpy(&word, value, sizeof(word));
	return word;
}

int route_ask(const struct route_question *question, struct route *ret)
{
	union answer answer = {.bytes = {0}};
	struct route route = {0};
	struct rtattr a;
	const uint8_t *value;
	int r = ask(question, 0, &answer);

	if (r < 0)
		return r;
	const struct rtmsg *message = NLMSG_DATA(&answer.header);
	for (struct attributes rest = attributes_of(&answer); next_attribute(&rest, &a, &value);) {
		if (a.rta_type == RTA_PREFSRC)
			route.source.host = ntohl(word_of(&a, value));
		if (a.rta_type == RTA_OIF)
			route.interface = (int)word_of(&a, value);
		if (a.rta_type == RTA_GATEWAY) {
			route.gateway.host = ntohl(word_of(&a, value));
			route.has_gateway = true;
		}
	}
	route.is_local = message->rtm_type == RTN_LOCAL;
	route.is_broadcast = message->rtm_type == RTN_BROADCAST;
	if (question->source.host)
		route.source = question->source;
	/* An interface without an address yet has a route but nothing to send from. */
	if (route.source.host == 0)
		return -EADDRNOTAVAIL;
	*ret = route;
	return 0;
}

/* struct rtnexthop by struct rtnexthop, each with attributes of its own. */
static void read_hops(const uint8_t *at, size_t left, struct route_hops *hops)
{
	struct rtnexthop head;
	struct rtattr a;
	const uint8_t *value;

	while (left >= sizeof(head) && hops->count < ROUTE_HOPS) {
		memcpy(&head, at, sizeof(head));
		if (head.rtnh_len < sizeof(head) || head.rtnh_len > left)
			return;
		struct route_hop *hop = &hops->hops[hops->count++];
		struct attributes rest = {at + sizeof(head), head.rtnh_len - sizeof(head)};
		*hop = (struct route_hop){.interface = head.rtnh_ifindex};
		while (next_attribute(&rest, &a, &value)) {
			if (a.rta_type != RTA_GATEWAY)
				continue;
			hop->gateway.host = ntohl(word_of(&a, value));
			hop->has_gateway = true;
		}
		size_t step = RTNH_ALIGN(head.rtnh_len);
		step = step < left ? step : left;
		at += step;
		left -= step;
	}
}

int route_hops(const struct route_question *question, struct route_hops *ret)
{
	union answer answer = {.bytes = {0}};
	struct route_hops hops = {.count = 0};
	struct rtattr a;
	const uint8_t *value;
	int r = ask(question, RTM_F_FIB_MATCH, &answer);

	if (r < 0)
		return r;
	hops.prefix_len = ((const struct rtmsg *)NLMSG_DATA(&answer.header))->rtm_dst_len;
	for (struct attributes rest = attributes_of(&answer); next_attribute(&rest, &a, &value);) {
		if (a.rta_type == RTA_MULTIPATH)
			read_hops(value, a.rta_len - sizeof(a), &hops);
		if (a.rta_type == RTA_PREFSRC)
			hops.source.host = ntohl(word_of(&a, value));
	}
	*ret = hops;
	return 0;
}

int route_owner(struct ip4 address)
{
	struct ifaddrs *all;
	int index = 0;

	if (getifaddrs(&all) < 0)
		return 0;
	for (const struct ifaddrs *i = all; i && index == 0; i = i->ifa_next) {
		struct sockaddr_in name;
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
			continue;
		memcpy(&name, i->ifa_addr, sizeof(name));
		if (ntohl(name.sin_addr.s_addr) == address.host)
			index = (int)if_nametoindex(i->ifa_name);
	}
	freeifaddrs(all);
	return index;
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
