#include <string.h>

#include <zlib.h>

#include "store/blob_frame.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_FOLD 1
#include <immintrin.h>

/*
 * Carry-less multiplication takes in 16 bytes at a time (V. Gopal and others,
 * "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction",
 * Intel, 2009). X is the bit-reflected x^(128+32) and Y x^(128-32), each modulo
 * the polynomial and times x. What is left are 16 bytes with the same
 * remainder as all before: those, and the odd bytes at the end, zlib does.
 */
#define FOLD_X INT64_C(0x1751997d0)
#define FOLD_Y INT64_C(0x0ccaa009e)

__attribute__((target("pclmul,sse2"))) static uint32_t fold(
	uint32_t crc, const uint8_t *bytes, size_t len)
{
	const __m128i by = _mm_set_epi64x(FOLD_Y, FOLD_X);
	uint8_t left[16];
	size_t at = sizeof(left);
	__m128i sum = _mm_loadu_si128((const void *)bytes);

	sum = _mm_xor_si128(sum, _mm_cvtsi32_si128((int)~crc));
	for (; at + sizeof(left) <= len; at += sizeof(left)) {
		__m128i low = _mm_clmulepi64_si128(sum, by, 0x00);
		__m128i high = _mm_clmulepi64_si128(sum, by, 0x11);
		__m128i more = _mm_loadu_si128((const void *)(bytes + at));
		sum = _mm_xor_si128(_mm_xor_si128(low, high), more);
	}
	_mm_storeu_si128((void *)left, sum);
	uLong rest = crc32(UINT32_MAX, left, sizeof(left));
	return (uint32_t)(at < len ? crc32(rest, bytes + at, (uInt)(len - at)) : rest);
}
#endif

uint32_t blob_crc(uint32_t crc, const void *bytes, size_t len)
{
#ifdef HAS_FOLD
	if (len >= 64 && __builtin_cpu_supports("pclmul"))
		return fold(crc, bytes, len);
#endif
	return len ? (uint32_t)crc32(crc, bytes, (uInt)len) : crc;
}
