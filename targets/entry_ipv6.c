/* IPv6 in lists: passed over, unless it is IPv4 in the clothes of the other family. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "targets/words.h"

/* Where an IPv4 address stands in an IPv6 address: `at` bytes in, behind this prefix. */
static const struct embedding {
	uint8_t prefix[16];
	uint8_t len; /* of the prefix, in bits */
	uint8_t at;
	bool inverted;
} embeddings[] = {
	{{[10] = 0xff, 0xff}, 96, 12, false},             /* mapped: ::ffff:0:0/96 */
	{{[8] = 0xff, 0xff}, 96, 12, false},              /* translated: ::ffff:0:0:0/96 */
	{{0}, 96, 12, false},                             /* compatible: ::/96 */
	{{0x00, 0x64, 0xff, 0x9b}, 96, 12, false},        /* NAT64: 64:ff9b::/96 */
	{{0x00, 0x64, 0xff, 0x9b, 0, 1}, 96, 12, false},  /* NAT64: 64:ff9b:1::/48 */
	{{0x20, 0x02}, 16, 2, false},                     /* 6to4: 2002::/16 */
	{{0x20, 0x01}, 32, 12, true},                     /* Teredo: 2001::/32 */
	{{0xfe, 0x80, [10] = 0x5e, 0xfe}, 96, 12, false}, /* ISATAP */
};

static bool begins(const uint8_t bytes[16], const struct embedding *e)
{
	return memcmp(bytes, e->prefix, e->len / 8) == 0;
}

static struct ip4 taken_out(const uint8_t bytes[16], const struct embedding *e)
{
	uint32_t host = 0;

	for (int i = 0; i < 4; i++)
		host = host << 8 | bytes[e->at + i];
	return (struct ip4){e->inverted ? ~host : host};
}

/* The place of the IPv4 address in the first `len` bits of this one; NULL: there is none. */
static const struct embedding *find(const uint8_t bytes[16], uint64_t len, struct ip4 *ret)
{
	for (size_t i = 0; i < sizeof(embeddings) / sizeof(embeddings[0]); i++) {
		const struct embedding *e = &embeddings[i];
		bool mapped = e->prefix[10] == 0xff;
		if (!begins(bytes, e) || len < 8U * e->at + !mapped)
			continue;
		*ret = taken_out(bytes, e);
		/* "::" and "::1" are addresses of IPv6. */
		if (e->prefix[0] == 0 && e->prefix[1] == 0 && e->len == 96 && !mapped &&
			len >= 104 && ret->host >> 24 == 0)
			continue;
		return e;
	}
	return NULL;
}

bool word_is_ipv6(const char *word)
{
	char text[WORD_SIZE];
	struct in6_addr address;
	char *end;

	snprintf(text, sizeof(text), "%s", word);
	end = text + strcspn(text, "/-%");
	bool more = *end != '\0';
	*end = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1)
		return false;
	return !more || strspn(end + 1, "0123456789abcdefABCDEF:.") == strlen(end + 1);
}

bool word_hides_ipv4(const char *word, char ret[RANGE_TEXT_SIZE])
{
	char text[WORD_SIZE];
	struct in6_addr address;
	uint64_t len = 128;
	struct ip4 host;

	snprintf(text, sizeof(text), "%s", word);
	char *end = text + strcspn(text, "/-%");
	char parted = *end;
	if (parted)
		*end++ = '\0';
	if (parted == '/' && !text_u64(end, 128, &len))
		len = 128;
	if (inet_pton(AF_INET6, text, &address) != 1)
		return false;
	const struct embedding *e = find(address.s6_addr, len, &host);
	if (!e)
		return parted == '-' && word_hides_ipv4(end, ret);
	uint64_t of_it = len - 8U * e->at;
	struct prefix prefix = prefix_of(host, (uint8_t)(of_it < 32 ? of_it : 32));
	range_format((struct range){prefix.base, prefix_last(prefix)}, ret);
	return true;
}

const char *words_find_hidden_ipv4(const char *text, char ret[RANGE_TEXT_SIZE])
{
	char word[WORD_SIZE];

	for (text = word_past_separators(text); *text && *text != '#'; text = word_past(text))
		if (word_copy(text, word) < WORD_SIZE && word_hides_ipv4(word, ret))
			return text;
	return NULL;
}
