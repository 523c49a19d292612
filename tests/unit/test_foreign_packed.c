/* What gzip and zstd compressed reads as what it was; what is cut or damaged is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "core/mem.h"
#include "tests/unit/foreign.h"

struct bytes {
	char *at;
	size_t len;
};

static struct bytes gzip_of(const char *text, size_t len)
{
	z_stream z = {.avail_in = 0};
	struct bytes packed = {mem_zeroed(1, len + 4096), 0};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (unsigned char *)(uintptr_t)text;
	z.avail_in = (unsigned int)len;
	z.next_out = (unsigned char *)packed.at;
	z.avail_out = (unsigned int)len + 4096;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed.len = z.total_out;
	deflateEnd(&z);
	return packed;
}

static struct bytes zstd_of(const char *text, size_t len)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	struct bytes packed = {mem_zeroed(1, ZSTD_compressBound(len)), 0};

	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	packed.len = ZSTD_compress2(context, packed.at, ZSTD_compressBound(len), text, len);
	assert_false(ZSTD_isError(packed.len));
	ZSTD_freeCCtx(context);
	return packed;
}

static const struct {
	const char *name;
	struct bytes (*of)(const char *text, size_t len);
} packers[] = {{"gzip", gzip_of}, {"zstd", zstd_of}};
enum { PACKERS = sizeof(packers) / sizeof(packers[0]) };

/* Enough for several chunks, unpacked and packed, and not too even. */
static struct bytes long_csv(void)
{
	struct bytes csv = {mem_zeroed(1, 1 << 20), 0};
	unsigned random = 1;

	csv.len = (size_t)sprintf(csv.at, "time,address,ms\n");
	for (int i = 0; i < 20000; i++) {
		random = random * 1103515245u + 12345u;
		csv.len += (size_t)sprintf(csv.at + csv.len, "%d,198.18.%u.%u,%u.%03u\n",
			1767225600 + i, random >> 8 & 15, random >> 16 & 255, random >> 20,
			random >> 12 & 511);
	}
	return csv;
}

static void a_packed_file_is_what_it_was(void **state)
{
	struct bytes csv = long_csv();

	(void)state;
	for (size_t i = 0; i < PACKERS; i++) {
		struct bytes packed = packers[i].of(csv.at, csv.len);
		struct read_file file = read_foreign_bytes("csv", packed.at, packed.len, NULL);
		assert_true(packed.len > 1 << 16);
		assert_int_equal(file.result, 0);
		assert_int_equal(file.count, 20000);
		char *last = mem_text(foreign_record_text(&file.records[file.count - 1]));
		file = read_foreign_bytes("csv", csv.at, csv.len, NULL);
		assert_string_equal(last, foreign_record_text(&file.records[file.count - 1]));
		free(last);
		free(packed.at);
	}
	free(csv.at);
}

/* As cat makes them of several, and as pigz and zstd -T make them. */
static void several_in_a_row_are_one(void **state)
{
	static const char first[] = "time,address,ms\n1767225600,198.18.0.1,";
	static const char second[] = "20.5\n1767225601,198.18.0.2,\n";

	(void)state;
	for (size_t i = 0; i < PACKERS; i++) {
		struct bytes a = packers[i].of(first, strlen(first));
		struct bytes b = packers[i].of("", 0);
		struct bytes c = packers[i].of(second, strlen(second));
		char all[1024];
		memcpy(all, a.at, a.len);
		memcpy(all + a.len, b.at, b.len);
		memcpy(all + a.len + b.len, c.at, c.len);
		struct read_file file = read_foreign_bytes("csv", all, a.len + b.len + c.len, NULL);
		assert_int_equal(file.result, 0);
		assert_string_equal(foreign_text(&file),
			"1767225600.000000 198.18.0.1 icmp echo_reply 20500.000\n"
			"1767225601.000000 198.18.0.2 icmp silent\n");
		free(a.at);
		free(b.at);
		free(c.at);
	}
}

static void assert_refused(const char *bytes, size_t len, const char *reason)
{
	struct read_file file = read_foreign_bytes("csv", bytes, len, NULL);

	assert_true(file.result < 0);
	if (!strstr(file.why.text, reason))
		print_error("%zu bytes: %s\n", len, file.why.text);
	assert_non_null(strstr(file.why.text, reason));
}

static void cut_short_is_refused_wherever(void **state)
{
	static const char text[] = "time,address,ms\n1767225600,198.18.0.1,20\n";

	(void)state;
	for (size_t i = 0; i < PACKERS; i++) {
		struct bytes packed = packers[i].of(text, strlen(text));
		char reason[64];
		snprintf(reason, sizeof(reason), "%s that ends early", packers[i].name);
		for (size_t len = 4; len < packed.len; len++)
			assert_refused(packed.at, len, reason);
		free(packed.at);
	}
}

static void damaged_is_refused_wherever(void **state)
{
	struct bytes csv = long_csv();

	(void)state;
	for (size_t i = 0; i < PACKERS; i++) {
		struct bytes packed = packers[i].of(csv.at, csv.len);
		for (size_t at = 10; at < packed.len; at += packed.len / 20) {
			packed.at[at] = (char)(packed.at[at] ^ 0x40);
			struct read_file file =
				read_foreign_bytes("csv", packed.at, packed.len, NULL);
			assert_true(file.result < 0);
			packed.at[at] = (char)(packed.at[at] ^ 0x40);
		}
		packed.at[packed.len - 2] = (char)(packed.at[packed.len - 2] ^ 1);
		assert_refused(packed.at, packed.len, "damaged");
		free(packed.at);
	}
	free(csv.at);
}

static void what_else_is_there_is_refused(void **state)
{
	static const char text[] = "time,address,ms\n1767225600,198.18.0.1,20\n";
	char all[1024];

	(void)state;
	for (size_t i = 0; i < PACKERS; i++) {
		struct bytes packed = packers[i].of(text, strlen(text));
		memcpy(all, packed.at, packed.len);
		strcpy(all + packed.len, text);
		assert_refused(all, packed.len + strlen(text), "damaged");
		struct bytes twice = packers[i].of(packed.at, packed.len);
		assert_refused(twice.at, twice.len, "compressed by");
		free(twice.at);
		free(packed.at);
	}
	assert_refused("BZh91AY&SY", 10, "compressed by bzip2");
	assert_refused("\xfd"
		       "7zXZ\0\0\4",
		8, "compressed by xz");
	struct bytes nothing = gzip_of("", 0);
	assert_refused(nothing.at, nothing.len, "empty");
	free(nothing.at);
}

/* Readers of bytes and of pieces say the same of what failed beneath them. */
static void every_reader_says_it(void **state)
{
	static const char *const formats[] = {"csv", "zmap", "alive", "ping", "fping", "masscan"};
	struct foreign_ask ask = foreign_ask_nothing();
	struct bytes packed = gzip_of("198.18.0.1\n198.18.0.2\n", 22);

	(void)state;
	ask.has_time = true;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct read_file file =
			read_foreign_bytes(formats[i], packed.at, packed.len - 3, &ask);
		assert_int_equal(file.result, -EBADMSG);
		assert_string_equal(file.why.text, "gzip that ends early, expected a whole file");
		assert_string_equal(file.why.file, "file");
	}
	free(packed.at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packed_file_is_what_it_was),
		cmocka_unit_test(several_in_a_row_are_one),
		cmocka_unit_test(cut_short_is_refused_wherever),
		cmocka_unit_test(damaged_is_refused_wherever),
		cmocka_unit_test(what_else_is_there_is_refused),
		cmocka_unit_test(every_reader_says_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
