#include "targets/digest.h"

#include <sodium.h>

void digest_sha256(const void *bytes, size_t len, char ret[DIGEST_TEXT_SIZE])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, bytes, len);
	sodium_bin2hex(ret, DIGEST_TEXT_SIZE, hash, sizeof(hash));
}
