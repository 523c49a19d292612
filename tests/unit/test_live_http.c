#include "tests/unit/unit.h"

#include <zlib.h>

#include "live/http/gzip.h"
#include "live/http/held.h"
#include "live/http/host.h"

static const char *const names[] = {"lights.example.org"};
static const struct http_hosts ours = {"192.0.2.7", names, 1};

static void our_names_are_ours(void **state)
{
	static const char *const good[] = {"localhost", "LOCALHOST:8377", "127.0.0.1:8377",
		"127.8.8.8", "[::1]:8377", "[::1]", "192.0.2.7:80", "lights.example.org",
		"Lights.Example.Org.:443", "localhost."};
	(void)state;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!http_host_is_ours(good[i], &ours))
			fail_msg("\"%s\" is refused", good[i]);
}

static void no_other_name_is(void **state)
{
	static const char *const bad[] = {"evil.example", "localhost.evil.example",
		"127.0.0.1.evil", "", ":80", "[::1", "[::2]", "192.0.2.8", "localhost:80:80",
		"localhost:8x", "localhost/", "evil lights.example.org", "lights.example.org@evil",
		"128.0.0.1", "."};
	char many[600];
	(void)state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (http_host_is_ours(bad[i], &ours))
			fail_msg("\"%s\" is taken for ours", bad[i]);
	assert_false(http_host_is_ours(NULL, &ours));
	memset(many, 'a', sizeof(many));
	many[sizeof(many) - 1] = '\0';
	assert_false(http_host_is_ours(many, &ours));
}

static void gzip_only_for_who_takes_it(void **state)
{
	(void)state;
	assert_true(gzip_accepted("gzip"));
	assert_true(gzip_accepted("br;q=1.0, GZIP;q=0.8"));
	assert_true(gzip_accepted("deflate,gzip;q=0.001"));
	assert_false(gzip_accepted(NULL));
	assert_false(gzip_accepted(""));
	assert_false(gzip_accepted("gzip;q=0"));
	assert_false(gzip_accepted("gzip;q=0.000, br"));
	assert_false(gzip_accepted("xgzip, gzipped"));
}

static void what_is_packed_comes_out_the_same(void **state)
{
	char text[5000];
	char back[sizeof(text)];
	size_t len = 0;
	(void)state;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 7);
	char *packed = gzip_pack(text, sizeof(text), &len);
	assert_non_null(packed);
	assert_true(len < sizeof(text) / 10);
	z_stream z = {.next_in = (Bytef *)packed,
		.avail_in = (uInt)len,
		.next_out = (Bytef *)back,
		.avail_out = sizeof(back)};
	assert_int_equal(inflateInit2(&z, 31), Z_OK);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	inflateEnd(&z);
	assert_memory_equal(text, back, sizeof(text));
	free(packed);
	assert_null(gzip_pack("ab", 2, &len)); /* it would grow */
}

static struct held held_since(enum held_phase phase, int64_t s)
{
	return (struct held){.phase = phase, .since = {s * NS_PER_S}};
}

static void nobody_holds_a_place_for_ever(void **state)
{
	struct mono now = {1000 * NS_PER_S};
	struct held slow = held_since(HELD_ASKING, 989), quick = held_since(HELD_ASKING, 991);
	struct held taking = held_since(HELD_ANSWERED, 945), stuck = held_since(HELD_ANSWERED, 939);
	struct held listens = held_since(HELD_STREAM, 970), deaf = held_since(HELD_STREAM, 939);
	(void)state;

	assert_true(held_is_over(&slow, now));
	assert_false(held_is_over(&quick, now));
	assert_false(held_is_over(&taking, now));
	assert_true(held_is_over(&stuck, now));
	assert_false(held_is_over(&listens, now));
	assert_true(held_is_over(&deaf, now));
}

static void the_list_survives_any_order(void **state)
{
	struct held *all = NULL;
	struct held a = {0}, b = {0}, c = {0};
	(void)state;

	held_add(&all, &a);
	held_add(&all, &b);
	held_add(&all, &c);
	held_remove(&b);
	assert_ptr_equal(all, &c);
	assert_ptr_equal(c.next, &a);
	held_remove(&c);
	held_remove(&a);
	assert_null(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_names_are_ours),
		cmocka_unit_test(no_other_name_is),
		cmocka_unit_test(gzip_only_for_who_takes_it),
		cmocka_unit_test(what_is_packed_comes_out_the_same),
		cmocka_unit_test(nobody_holds_a_place_for_ever),
		cmocka_unit_test(the_list_survives_any_order),
	};
	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
