#include <string.h>

#include <zlib.h>

#include "store/blob_frame.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_FOLD 1
#include <immintrin.h>

/*
 * Carry-less multiplication takes in 16 bytes at a time (V. Gopal and others,
 * "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction",
 * Intel, 2009). The constants are powers of x modulo the polynomial, reflected,
 * as the paper has them: X160, X96, X64, the polynomial itself, and mu.
 */
#define X160 INT64_C(0x1751997d0)
#define X96 INT64_C(0x0ccaa009e)
#define X64 INT64_C(0x163cd6124)
#define POLYNOMIAL INT64_C(0x1db710641)
#define MU INT64_C(0x1f7011641)

enum { BLOCK = 16, LEAST = 4 };

/* 16 bytes to their remainder. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t reduce(__m128i sum)
{
	const __m128i low = _mm_set_epi32(0, 0, 0, -1);
	const __m128i by = _mm_set_epi64x(MU, POLYNOMIAL);

	__m128i part = _mm_clmulepi64_si128(sum, _mm_cvtsi64_si128(X96), 0x00);
	sum = _mm_xor_si128(_mm_srli_si128(sum, 8), part);
	part = _mm_clmulepi64_si128(_mm_and_si128(sum, low), _mm_cvtsi64_si128(X64), 0x00);
	sum = _mm_xor_si128(_mm_srli_si128(sum, 4), part);
	part = _mm_clmulepi64_si128(_mm_and_si128(sum, low), by, 0x10);
	part = _mm_clmulepi64_si128(_mm_and_si128(part, low), by, 0x00);
	return (uint32_t)_mm_extract_epi32(_mm_xor_si128(sum, part), 1);
}

/* At least four bytes. Zeros before the first change nothing, so those that
 * make no whole block come first, behind zeros. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t fold(
	uint32_t crc, const uint8_t *bytes, size_t len)
{
	const __m128i by = _mm_set_epi64x(X96, X160);
	uint8_t head[2 * BLOCK] = {0};
	size_t odd = len % BLOCK ? len % BLOCK : BLOCK;
	size_t copied = len < odd + BLOCK ? odd : odd + BLOCK;
	uint32_t first;

	/* crc goes into the first four bytes, which may be of two blocks. */
	memcpy(head + BLOCK - odd, bytes, copied);
	memcpy(&first, head + BLOCK - odd, sizeof(first));
	first ^= ~crc;
	memcpy(head + BLOCK - odd, &first, sizeof(first));
	__m128i sum = _mm_loadu_si128((const void *)head);
	const uint8_t *next = head + BLOCK;
	for (size_t done = odd; done < len; done += BLOCK, next = bytes + done) {
		__m128i low = _mm_clmulepi64_si128(sum, by, 0x00);
		__m128i high = _mm_clmulepi64_si128(sum, by, 0x11);
		__m128i more = _mm_loadu_si128((const void *)next);
		sum = _mm_xor_si128(_mm_xor_si128(low, high), more);
	}
	return ~reduce(sum);
}
#endif

uint32_t blob_crc(uint32_t crc, const void *bytes, size_t len)
{
#ifdef HAS_FOLD
	if (len >= LEAST && __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))
		return fold(crc, bytes, len);
#endif
	return len ? (uint32_t)crc32(crc, bytes, (uInt)len) : crc;
}
