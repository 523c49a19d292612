#include "prober/sweep/identity.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <sodium.h>

static_assert(crypto_shorthash_KEYBYTES == sizeof(struct identity_key), "SipHash takes 16 bytes");

int identity_key_make(struct identity_key *ret)
{
	if (sodium_init() < 0)
		return -EIO;
	randombytes_buf(ret->bytes, sizeof(ret->bytes));
	return 0;
}

static uint64_t siphash(const uint8_t key[16], const void *bytes, size_t len)
{
	uint8_t hash[crypto_shorthash_BYTES];
	uint64_t value;

	crypto_shorthash(hash, bytes, len, key);
	memcpy(&value, hash, sizeof(value));
	return value;
}

uint32_t identity_of(const struct identity_key *key, const struct identity_subject *subject)
{
	uint8_t text[17];

	for (int i = 0; i < 8; i++)
		text[i] = (uint8_t)(subject->sweep >> 8 * i);
	for (int i = 0; i < 4; i++)
		text[8 + i] = (uint8_t)(subject->target.host >> 8 * i);
	text[12] = (uint8_t)subject->method;
	text[13] = (uint8_t)subject->port;
	text[14] = (uint8_t)(subject->port >> 8);
	text[15] = subject->ttl;
	text[16] = subject->attempt;
	return (uint32_t)siphash(key->bytes, text, sizeof(text));
}

uint64_t identity_digest(const void *bytes, size_t len)
{
	static const uint8_t public_key[16] = "lightsout order";

	return siphash(public_key, bytes, len);
}
