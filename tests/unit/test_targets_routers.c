#include "tests/unit/unit.h"

#include "targets/routers.h"

/* A country of 198.18.0.0/22, reached by way of 203.0.113.1 and .2. */
#define COUNTRY 0xc6120000
#define FAR 0xcb007101
#define EDGE 0xcb007102
#define STRANGER 0x08080808
#define BORDER (COUNTRY + 254)
enum { MOST = 64 };

static const struct target_row rows[] = {
	{{{COUNTRY}, 23}, ROLE_TARGET, "test"},
	{{{COUNTRY + 0x200}, 25}, ROLE_TARGET, "half a block"},
	{{{COUNTRY + 0x280}, 25}, ROLE_TARGET, "the other half"},
	{{{COUNTRY + 0x300}, 32}, ROLE_TARGET, "one address"},
	{{{0xcb007103}, 32}, ROLE_UPSTREAM, "named"},
};

/* A picture as it is being put together; targets ascend. */
struct picture {
	struct hop hops[MOST];
	size_t count;
};

static struct hop *add_hop(struct picture *p, uint32_t target, uint8_t ttl, uint32_t responder)
{
	struct hop *h = &p->hops[p->count++];

	*h = (struct hop){.address = {target},
		.ttl = ttl,
		.outcome = !responder            ? OUTCOME_SILENT
			   : responder == target ? OUTCOME_ECHO_REPLY
						 : OUTCOME_TTL_EXCEEDED,
		.has_responder = responder != 0,
		.responder = {responder},
		.rtt_ns = -1};
	return h;
}

/* By way of these, 0: silent, up to the target, which answers. */
static void add_path(struct picture *p, uint32_t target, const uint32_t *via, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_hop(p, target, (uint8_t)(i + 1), via[i]);
	add_hop(p, target, (uint8_t)(count + 1), target);
}
#define ADD_PATH(p, target, ...)                                                                   \
	add_path(p, target, (const uint32_t[]){__VA_ARGS__},                                       \
		sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static void show(struct routers *routers, const struct picture *p, int times)
{
	for (int i = 0; i < times; i++)
		routers_learn(routers, p->hops, p->count);
}

static enum role role_of(const struct routers *routers, uint32_t address)
{
	const struct router_known *known = routers_find(routers, (struct ip4){address});

	return known ? known->role : ROLE_TARGET;
}

static struct routers begin(void)
{
	struct routers routers;

	routers_init(&routers, rows, sizeof(rows) / sizeof(rows[0]));
	assert_int_equal(routers.block_count, 4);
	return routers;
}

static void the_last_outside_is_the_providers_and_the_first_inside_the_border(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	(void)state;

	ADD_PATH(&p, COUNTRY + 1, FAR, EDGE, BORDER, COUNTRY + 77);
	ADD_PATH(&p, COUNTRY + 0x101, FAR, EDGE, BORDER, COUNTRY + 77);
	assert_false(routers_learn(&routers, p.hops, p.count));
	assert_false(routers_learn(&routers, p.hops, p.count));
	assert_true(routers_learn(&routers, p.hops, p.count));
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	assert_int_equal(role_of(&routers, BORDER), ROLE_BORDER);
	assert_int_equal(role_of(&routers, FAR), ROLE_TARGET);
	assert_int_equal(role_of(&routers, COUNTRY + 77), ROLE_TARGET);
	assert_int_equal(routers.known_count, 2);
	assert_int_equal(routers_find(&routers, (struct ip4){EDGE})->blocks, 2);
	routers_finish(&routers);
}

static void one_hop_behind_the_provider_may_be_silent_and_no_more(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	struct picture q = {.count = 0};
	(void)state;

	ADD_PATH(&p, COUNTRY + 1, FAR, EDGE, 0);
	ADD_PATH(&p, COUNTRY + 0x101, FAR, EDGE, 0);
	show(&routers, &p, 3);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);

	routers = begin();
	ADD_PATH(&q, COUNTRY + 1, FAR, EDGE, 0, 0);
	ADD_PATH(&q, COUNTRY + 0x101, FAR, EDGE, 0, 0);
	show(&routers, &q, 9);
	assert_int_equal(routers.known_count, 0);
	routers_finish(&routers);
}

/* In one block its two witnesses have to agree; one by itself is nobody's. */
static void one_block_needs_two_witnesses(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	(void)state;

	ADD_PATH(&p, COUNTRY + 1, FAR, EDGE);
	show(&routers, &p, 50);
	assert_int_equal(routers.known_count, 0);
	ADD_PATH(&p, COUNTRY + 9, FAR, EDGE);
	show(&routers, &p, 3);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	assert_int_equal(routers_find(&routers, (struct ip4){EDGE})->blocks, 1);
	routers_finish(&routers);
}

/* Behind the real hops, on its own path: so is whatever a host can make up. */
static void one_host_names_nobody_and_unnames_nobody(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	(void)state;

	ADD_PATH(&p, COUNTRY + 1, FAR, EDGE, STRANGER, COUNTRY + 99);
	ADD_PATH(&p, COUNTRY + 9, FAR, EDGE);
	ADD_PATH(&p, COUNTRY + 0x101, FAR, EDGE);
	ADD_PATH(&p, COUNTRY + 0x109, FAR, EDGE);
	ADD_PATH(&p, COUNTRY + 0x201, FAR, EDGE);
	show(&routers, &p, 100);
	assert_int_equal(role_of(&routers, STRANGER), ROLE_TARGET);
	assert_int_equal(role_of(&routers, COUNTRY + 99), ROLE_TARGET);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);
}

/* A neighbour on whose path no router answers there is no second voice. */
static void a_neighbour_that_sees_nothing_does_not_agree(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	(void)state;

	ADD_PATH(&p, COUNTRY + 1, FAR, 0, 0, STRANGER);
	ADD_PATH(&p, COUNTRY + 9, FAR, 0, 0);
	ADD_PATH(&p, COUNTRY + 0x101, FAR, 0, 0, STRANGER);
	ADD_PATH(&p, COUNTRY + 0x109, FAR, 0, 0);
	show(&routers, &p, 20);
	assert_int_equal(routers.known_count, 0);
	routers_finish(&routers);
}

/* Where the border answers from inside, the provider's is before it: nothing behind counts. */
static void nobody_is_the_providers_behind_the_border(void **state)
{
	struct routers routers = begin();
	struct picture p = {.count = 0};
	(void)state;

	for (uint32_t block = 0; block < 0x300; block += 0x100) {
		ADD_PATH(&p, COUNTRY + block + 1, FAR, EDGE, BORDER, STRANGER);
		ADD_PATH(&p, COUNTRY + block + 9, FAR, EDGE, BORDER, STRANGER);
	}
	show(&routers, &p, 10);
	assert_int_equal(role_of(&routers, STRANGER), ROLE_TARGET);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);
}

static void a_third_of_the_blocks_must_speak_for_it(void **state)
{
	struct target_row country = {{{COUNTRY}, 16}, ROLE_TARGET, ""};
	struct picture p = {.count = 0};
	struct routers routers;
	(void)state;

	routers_init(&routers, &country, 1);
	for (uint32_t block = 0; block < 7; block++)
		ADD_PATH(&p, COUNTRY + block * 256 + 1, FAR, block < 2 ? STRANGER : EDGE);
	show(&routers, &p, 10);
	assert_int_equal(role_of(&routers, STRANGER), ROLE_TARGET);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);

	routers_init(&routers, &country, 1);
	p.count = 0;
	for (uint32_t block = 0; block < 6; block++) /* two providers */
		ADD_PATH(&p, COUNTRY + block * 256 + 1, FAR, block < 2 ? FAR + 9 : EDGE);
	show(&routers, &p, 10);
	assert_int_equal(role_of(&routers, FAR + 9), ROLE_UPSTREAM);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);
}

static void who_is_on_the_path_no_more_is_forgotten(void **state)
{
	struct routers routers = begin();
	struct picture was = {.count = 0};
	struct picture is = {.count = 0};
	struct picture cut = {.count = 0};
	(void)state;

	ADD_PATH(&was, COUNTRY + 1, FAR, EDGE);
	ADD_PATH(&was, COUNTRY + 0x101, FAR, EDGE);
	ADD_PATH(&is, COUNTRY + 1, FAR, EDGE + 1);
	ADD_PATH(&is, COUNTRY + 0x101, FAR, EDGE + 1);
	add_hop(&cut, COUNTRY + 1, 1, FAR);
	add_hop(&cut, COUNTRY + 1, 2, 0);
	add_hop(&cut, COUNTRY + 0x101, 1, FAR);
	show(&routers, &was, 100);
	show(&routers, &cut, 1000); /* an outage forgets nobody */
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	show(&routers, &is, 1); /* nor does one other path */
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	show(&routers, &is, 7);
	assert_int_equal(role_of(&routers, EDGE), ROLE_TARGET);
	show(&routers, &is, 2);
	assert_int_equal(role_of(&routers, EDGE + 1), ROLE_UPSTREAM);
	routers_finish(&routers);
}

/* It says nothing any more when its time runs out, and no other does in its place. */
static void who_falls_silent_on_the_path_is_forgotten_too(void **state)
{
	struct routers routers = begin();
	struct picture was = {.count = 0};
	struct picture is = {.count = 0};
	(void)state;

	ADD_PATH(&was, COUNTRY + 1, FAR, 0, EDGE);
	ADD_PATH(&was, COUNTRY + 0x101, FAR, 0, EDGE);
	ADD_PATH(&is, COUNTRY + 1, FAR, 0, 0);
	ADD_PATH(&is, COUNTRY + 0x101, FAR, 0, 0);
	show(&routers, &was, 100);
	show(&routers, &is, 4);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	show(&routers, &is, 8);
	assert_int_equal(routers.known_count, 0);
	routers_finish(&routers);
}

/* A block that is dead for good keeps the others from nothing. */
static void a_dead_block_loses_its_voice(void **state)
{
	struct routers routers = begin();
	struct picture both = {.count = 0};
	struct picture left = {.count = 0};
	(void)state;

	ADD_PATH(&both, COUNTRY + 1, FAR, EDGE);
	ADD_PATH(&both, COUNTRY + 9, FAR, EDGE);
	ADD_PATH(&both, COUNTRY + 0x101, FAR, EDGE);
	ADD_PATH(&left, COUNTRY + 1, FAR, EDGE + 1);
	ADD_PATH(&left, COUNTRY + 9, FAR, EDGE + 1);
	show(&routers, &both, 10);
	show(&routers, &left, 20);
	assert_int_equal(routers.known_count, 0); /* one block of two */
	show(&routers, &left, 1000);
	assert_int_equal(role_of(&routers, EDGE + 1), ROLE_UPSTREAM);
	routers_finish(&routers);
}

/* Many targets of a block on whose paths one looked once keep nobody else out. */
static void witnesses_make_room(void **state)
{
	struct routers routers = begin();
	(void)state;

	for (uint32_t i = 1; i < 250; i++) {
		struct picture p = {.count = 0};
		ADD_PATH(&p, COUNTRY + i, FAR, STRANGER + i);
		ADD_PATH(&p, COUNTRY + 0x100 + i, FAR, STRANGER + i);
		show(&routers, &p, 1);
	}
	assert_int_equal(routers.known_count, 0);
	struct picture p = {.count = 0};
	ADD_PATH(&p, COUNTRY + 251, FAR, EDGE);
	ADD_PATH(&p, COUNTRY + 0x1fb, FAR, EDGE);
	show(&routers, &p, 12);
	assert_int_equal(role_of(&routers, EDGE), ROLE_UPSTREAM);
	routers_finish(&routers);
}

static void a_list_without_targets_knows_nobody(void **state)
{
	struct routers routers;
	struct picture p = {.count = 0};
	(void)state;

	routers_init(&routers, &rows[4], 1);
	ADD_PATH(&p, COUNTRY + 1, FAR, EDGE);
	show(&routers, &p, 9);
	assert_int_equal(routers.known_count, 0);
	assert_false(routers_is_inside(&routers, (struct ip4){COUNTRY}));
	routers_finish(&routers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_outside_is_the_providers_and_the_first_inside_the_border),
		cmocka_unit_test(one_hop_behind_the_provider_may_be_silent_and_no_more),
		cmocka_unit_test(one_block_needs_two_witnesses),
		cmocka_unit_test(one_host_names_nobody_and_unnames_nobody),
		cmocka_unit_test(a_neighbour_that_sees_nothing_does_not_agree),
		cmocka_unit_test(nobody_is_the_providers_behind_the_border),
		cmocka_unit_test(a_third_of_the_blocks_must_speak_for_it),
		cmocka_unit_test(who_is_on_the_path_no_more_is_forgotten),
		cmocka_unit_test(who_falls_silent_on_the_path_is_forgotten_too),
		cmocka_unit_test(a_dead_block_loses_its_voice),
		cmocka_unit_test(witnesses_make_room),
		cmocka_unit_test(a_list_without_targets_knows_nobody),
	};
	return cmocka_run_group_tests_name("targets_routers", tests, NULL, NULL);
}
