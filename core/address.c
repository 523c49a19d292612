#include "core/address.h"

#include "core/text.h"

int ip4_order(const void *a, const void *b)
{
	const struct ip4 *x = a;
	const struct ip4 *y = b;

	return (x->host > y->host) - (x->host < y->host);
}

int prefix_order(const void *a, const void *b)
{
	const struct prefix *x = a;
	const struct prefix *y = b;
	int by_base = ip4_order(&x->base, &y->base);

	return by_base ? by_base : x->len - y->len;
}

size_t ip4_format(struct ip4 address, char text[ADDRESS_TEXT_SIZE])
{
	size_t len = 0;

	for (int shift = 24; shift >= 0; shift -= 8) {
		len += text_format_padded(address.host >> shift & 0xff, 1, text + len);
		if (shift)
			text[len++] = '.';
	}
	return len;
}

size_t prefix_format(struct prefix prefix, char text[ADDRESS_TEXT_SIZE])
{
	size_t len = ip4_format(prefix.base, text);

	text[len++] = '/';
	return len + text_format_padded(prefix.len, 1, text + len);
}

/* A decimal number up to max without leading zeros; NULL if there is none. */
static const char *decimal(const char *at, uint32_t max, uint32_t *ret)
{
	uint32_t value = 0;
	const char *first = at;

	for (; *at >= '0' && *at <= '9'; at++) {
		if (at > first && *first == '0')
			return NULL;
		value = value * 10 + (uint32_t)(*at - '0');
		if (value > max)
			return NULL;
	}
	if (at == first)
		return NULL;
	*ret = value;
	return at;
}

static const char *dotted(const char *at, struct ip4 *ret)
{
	uint32_t host = 0;

	for (int part = 0; part < 4; part++) {
		uint32_t value;
		if (part > 0 && *at++ != '.')
			return NULL;
		at = decimal(at, 255, &value);
		if (!at)
			return NULL;
		host = host << 8 | value;
	}
	ret->host = host;
	return at;
}

bool ip4_parse(const char *text, struct ip4 *ret)
{
	struct ip4 address;
	const char *end = dotted(text, &address);

	if (!end || *end)
		return false;
	*ret = address;
	return true;
}

bool prefix_parse(const char *text, struct prefix *ret)
{
	struct ip4 base;
	uint32_t len;
	const char *at = dotted(text, &base);

	if (!at || *at != '/')
		return false;
	at = decimal(at + 1, 32, &len);
	if (!at || *at || (base.host & ~prefix_mask((uint8_t)len)))
		return false;
	*ret = (struct prefix){base, (uint8_t)len};
	return true;
}

struct prefix prefix_largest(struct ip4 first, struct ip4 last)
{
	struct prefix best = {first, 32};

	while (best.len > 0) {
		struct prefix wider = prefix_of(first, (uint8_t)(best.len - 1));
		if (wider.base.host != first.host || prefix_last(wider).host > last.host)
			break;
		best = wider;
	}
	return best;
}
