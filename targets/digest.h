#ifndef TARGETS_DIGEST_H
#define TARGETS_DIGEST_H

#include <stddef.h>

/* SHA-256 (FIPS 180-4) in hexadecimal: which file a list was made from. */
enum { DIGEST_TEXT_SIZE = 65 };
void digest_sha256(const void *bytes, size_t len, char ret[DIGEST_TEXT_SIZE]);

#endif
