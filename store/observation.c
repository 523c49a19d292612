#include "store/observation.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"

static const char *const outcome_names[] = {
	[OUTCOME_SILENT] = "silent",
	[OUTCOME_ECHO_REPLY] = "echo_reply",
	[OUTCOME_SYN_ACK] = "syn_ack",
	[OUTCOME_RST] = "rst",
	[OUTCOME_UNREACHABLE] = "unreachable",
	[OUTCOME_TTL_EXCEEDED] = "ttl_exceeded",
	[OUTCOME_UNSENT] = "unsent",
};

static const char *const tier_names[] = {[TIER_FULL] = "full", [TIER_WATCH] = "watch"};

static const char *const flag_names[SWEEP_FLAG_COUNT] = {
	"capture_drop",
	"drops_marked",
	"anchors_down",
	"unproven",
	"interface_down",
	"clock_step",
	"clock_unsynced",
	"suspended",
	"overrun",
	"late",
	"cut_short",
	"zoom",
	"gateway_down",
};

/* Index of text among names, or -1. */
static int name_index(const char *const *names, size_t count, const char *text, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(names[i]) == len && memcmp(names[i], text, len) == 0)
			return (int)i;
	return -1;
}

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))
#define INDEX(names, text) name_index((names), COUNT(names), (text), strlen(text))

struct observation observation_blank(void)
{
	return (struct observation){
		.rtt_ns = -1,
		.icmp_type = -1,
		.icmp_code = -1,
		.reply_ttl = -1,
		.ip_id = -1,
		.attempt = -1,
		.attempts = -1,
	};
}

const char *outcome_name(enum outcome outcome)
{
	return outcome_names[outcome];
}

bool outcome_parse(const char *text, enum outcome *ret)
{
	int i = INDEX(outcome_names, text);

	if (i >= 0)
		*ret = (enum outcome)i;
	return i >= 0;
}

const char *tier_name(enum tier tier)
{
	return tier_names[tier];
}

bool tier_parse(const char *text, enum tier *ret)
{
	int i = INDEX(tier_names, text);

	if (i >= 0)
		*ret = (enum tier)i;
	return i >= 0;
}

size_t method_format(enum method method, uint16_t port, char text[METHOD_TEXT_SIZE])
{
	if (method == METHOD_ICMP) {
		memcpy(text, "icmp", sizeof("icmp"));
		return sizeof("icmp") - 1;
	}
	if (port == 0)
		return (size_t)snprintf(text, METHOD_TEXT_SIZE, "tcp");
	return (size_t)snprintf(text, METHOD_TEXT_SIZE, "tcp:%u", port);
}

bool method_parse(const char *text, enum method *ret_method, uint16_t *ret_port)
{
	uint64_t port = 0;

	if (strcmp(text, "icmp") == 0) {
		*ret_method = METHOD_ICMP;
		*ret_port = 0;
		return true;
	}
	if (strncmp(text, "tcp", 3) != 0)
		return false;
	if (text[3] && (text[3] != ':' || !text_u64(text + 4, UINT16_MAX, &port) || port == 0))
		return false;
	*ret_method = METHOD_TCP;
	*ret_port = (uint16_t)port;
	return true;
}

size_t flags_format(uint32_t flags, char text[FLAGS_TEXT_SIZE])
{
	size_t len = 0;

	text[0] = '\0';
	for (size_t i = 0; i < SWEEP_FLAG_COUNT; i++)
		if (flags & 1u << i)
			len += (size_t)snprintf(text + len, FLAGS_TEXT_SIZE - len, "%s%s",
				len ? ";" : "", flag_names[i]);
	return len;
}

bool flags_parse(const char *text, uint32_t *ret)
{
	uint32_t flags = 0;

	while (*text) {
		size_t len = strcspn(text, ";");
		int i = name_index(flag_names, SWEEP_FLAG_COUNT, text, len);
		if (i < 0)
			return false;
		flags |= 1u << i;
		text += len;
		if (*text == ';' && !*++text)
			return false;
	}
	*ret = flags;
	return true;
}

int observation_order(const void *a, const void *b)
{
	const struct observation *x = a;
	const struct observation *y = b;
	int by_address = ip4_order(&x->address, &y->address);

	if (by_address)
		return by_address;
	if (x->method != y->method)
		return x->method < y->method ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}
