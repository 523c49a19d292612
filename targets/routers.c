#include "targets/routers.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* Before the country; inside it. */
enum { PLACE_BEFORE, PLACE_INSIDE };

/* Scores of a witness: it is sure of a router from SURE on until below DOUBT. */
enum { SCORE_SHOWN = 2, SCORE_ABSENT = 1, SCORE_OTHER = 2, SCORE_SURE = 6, SCORE_DOUBT = 3 };
enum { SCORE_MOST = 12 };
/* Hops from the provider's last router to the next that answers: one may keep silent. */
enum { BEFORE_HOPS = 2 };
/* Pictures of its block after which a witness that was not met is none any more; pictures
 * of all after which a block without any whole path, dead for good perhaps, has no voice. */
enum { WITNESS_LASTS = 6, BLOCK_LASTS = 1000 };
/* Of the blocks that have whole paths, those that speak for a router: one of so many. */
enum { BLOCKS_LEAST = 2, BLOCKS_SHARE = 3 };

static int block_order(const void *a, const void *b)
{
	const struct routers_block *x = a;
	const struct routers_block *y = b;

	return prefix_order(&x->prefix, &y->prefix);
}

void routers_init(struct routers *routers, const struct target_row *rows, size_t count)
{
	size_t capacity = 0;
	size_t kept = 0;

	*routers = (struct routers){.blocks = NULL};
	for (size_t i = 0; i < count; i++) {
		if (rows[i].role != ROLE_TARGET)
			continue;
		uint64_t last = prefix_last(rows[i].prefix).host;
		for (uint64_t at = block_of(rows[i].prefix.base).base.host; at <= last; at += 256) {
			routers->blocks = mem_grow(routers->blocks, &capacity,
				routers->block_count + 1, sizeof(*routers->blocks));
			routers->blocks[routers->block_count++] = (struct routers_block){
				.prefix = prefix_of((struct ip4){(uint32_t)at}, BLOCK_LEN)};
		}
	}
	if (routers->block_count == 0)
		return;
	qsort(routers->blocks, routers->block_count, sizeof(*routers->blocks), block_order);
	for (size_t i = 1; i < routers->block_count; i++)
		if (block_order(&routers->blocks[i], &routers->blocks[kept]) != 0)
			routers->blocks[++kept] = routers->blocks[i];
	routers->block_count = kept + 1;
}

void routers_finish(struct routers *routers)
{
	mem_free(routers->blocks);
	mem_free(routers->known);
	*routers = (struct routers){.blocks = NULL};
}

static struct routers_block *block_at(const struct routers *routers, struct ip4 address)
{
	struct routers_block key = {.prefix = block_of(address)};

	if (routers->block_count == 0)
		return NULL;
	return bsearch(&key, routers->blocks, routers->block_count, sizeof(key), block_order);
}

bool routers_is_inside(const struct routers *routers, struct ip4 address)
{
	return block_at(routers, address) != NULL;
}

/* --- one path --- */

/* Who stands at each place of a path that reached its target; 0.0.0.0: nobody that spoke. */
static void read_path(const struct routers *routers, const struct hop *first,
	const struct hop *reached, struct ip4 ret[ROUTERS_PLACES])
{
	const struct hop *before = NULL;
	const struct hop *inside = NULL;

	ret[PLACE_BEFORE] = ret[PLACE_INSIDE] = (struct ip4){0};
	for (const struct hop *h = first; h < reached && !inside; h++) {
		if (h->outcome != OUTCOME_TTL_EXCEEDED || !h->has_responder ||
			ip4_equal(h->responder, h->address))
			continue;
		if (routers_is_inside(routers, h->responder))
			inside = h;
		else
			before = h;
	}
	if (inside)
		ret[PLACE_INSIDE] = inside->responder;
	const struct hop *next = inside ? inside : reached;
	if (before && next->ttl - before->ttl <= BEFORE_HOPS)
		ret[PLACE_BEFORE] = before->responder;
}

/* A witness, a new one where there is room or another is none any more; NULL. */
static struct routers_witness *witness_at(struct routers_block *block, struct ip4 target)
{
	struct routers_witness *old = NULL;

	for (size_t i = 0; i < block->witness_count; i++) {
		struct routers_witness *w = &block->witnesses[i];
		if (ip4_equal(w->target, target))
			return w;
		if (block->pictures - w->picture > WITNESS_LASTS &&
			(!old || w->picture < old->picture))
			old = w;
	}
	if (block->witness_count < ROUTERS_WITNESSES)
		old = &block->witnesses[block->witness_count++];
	if (old)
		*old = (struct routers_witness){.target = target};
	return old;
}

static void witness(struct routers_witness *w, size_t place, struct ip4 shown)
{
	struct ip4 *router = &w->places[place].router;
	uint8_t *score = &w->places[place].score;
	bool *sure = &w->places[place].sure;
	uint8_t less = shown.host ? SCORE_OTHER : SCORE_ABSENT;

	if (!router->host && !shown.host)
		return;
	if (ip4_equal(*router, shown)) {
		*score = (uint8_t)(*score + SCORE_SHOWN);
		*score = *score > SCORE_MOST ? SCORE_MOST : *score;
	} else {
		*score = *score > less ? (uint8_t)(*score - less) : 0;
	}
	if (*score == 0) {
		*router = shown;
		*score = shown.host ? SCORE_SHOWN : 0;
		*sure = false;
	}
	*sure = *sure ? *score >= SCORE_DOUBT : *score >= SCORE_SURE;
}

/* --- who has a role by now --- */

/* The router that all witnesses of a block name; 0.0.0.0: none. */
static struct ip4 voice(const struct routers_block *block, size_t place, size_t *ret_witnesses)
{
	struct ip4 router = {0};
	size_t met = 0;
	size_t sure = 0;

	for (size_t i = 0; i < block->witness_count; i++) {
		const struct routers_witness *w = &block->witnesses[i];
		if (block->pictures - w->picture > WITNESS_LASTS)
			continue;
		met++;
		if (!w->places[place].sure)
			continue;
		if (sure && !ip4_equal(router, w->places[place].router))
			return (struct ip4){0};
		router = w->places[place].router;
		sure++;
	}
	*ret_witnesses = sure;
	return sure >= 2 || sure == met ? router : (struct ip4){0};
}

static int known_order(const void *a, const void *b)
{
	const struct router_known *x = a;
	const struct router_known *y = b;

	if (x->address.host != y->address.host)
		return x->address.host < y->address.host ? -1 : 1;
	return (int)x->role - (int)y->role;
}

/* What each block says, one entry a block and place; ret_live: blocks that have a say. */
static size_t gather(
	const struct routers *routers, struct router_known *said, size_t *ret_live, bool *ret_sure)
{
	static const enum role roles[ROUTERS_PLACES] = {ROLE_UPSTREAM, ROLE_BORDER};
	size_t count = 0;

	*ret_live = 0;
	for (size_t b = 0; b < routers->block_count; b++) {
		const struct routers_block *block = &routers->blocks[b];
		if (!block->witness_count || routers->picture - block->picture > BLOCK_LASTS)
			continue;
		++*ret_live;
		for (size_t p = 0; p < ROUTERS_PLACES; p++) {
			size_t witnesses = 0;
			struct ip4 router = voice(block, p, &witnesses);
			if (!router.host)
				continue;
			ret_sure[p] = witnesses >= 2;
			said[count++] = (struct router_known){router, roles[p], 1};
		}
	}
	return count;
}

/* Equal ones as one, in order; those that too few speak for are left out. */
static size_t count_voices(struct router_known *said, size_t count, size_t live, const bool *sure)
{
	size_t kept = 0;

	if (count)
		qsort(said, count, sizeof(*said), known_order);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && known_order(&said[i], &said[next]) == 0;)
			next++;
		size_t place = said[i].role == ROLE_BORDER ? PLACE_INSIDE : PLACE_BEFORE;
		size_t blocks = next - i;
		bool enough = live == 1 ? sure[place]
					: blocks >= BLOCKS_LEAST && BLOCKS_SHARE * blocks >= live;
		if (!enough)
			continue;
		said[i].blocks = (uint32_t)blocks;
		said[kept++] = said[i];
	}
	return kept;
}

static bool is_same(const struct routers *routers, const struct router_known *known, size_t count)
{
	if (count != routers->known_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (known_order(&known[i], &routers->known[i]) != 0 ||
			known[i].blocks != routers->known[i].blocks)
			return false;
	return true;
}

static bool settle(struct routers *routers)
{
	struct router_known *said =
		mem_zeroed(ROUTERS_PLACES * routers->block_count + 1, sizeof(*said));
	bool sure[ROUTERS_PLACES] = {false, false};
	size_t live;
	size_t count = gather(routers, said, &live, sure);

	count = count_voices(said, count, live, sure);
	if (is_same(routers, said, count)) {
		mem_free(said);
		return false;
	}
	mem_free(routers->known);
	routers->known = said;
	routers->known_count = count;
	return true;
}

/* One target's hops, by TTL. True: it is a whole path to a block. */
static bool learn_path(struct routers *routers, const struct hop *hops, size_t count)
{
	struct routers_block *block = block_at(routers, hops[0].address);
	struct ip4 shown[ROUTERS_PLACES];
	size_t reach = 0;

	while (reach < count && !hop_is_life(&hops[reach]))
		reach++;
	if (!block || reach == count)
		return false;
	if (block->picture != routers->picture) {
		block->picture = routers->picture;
		block->pictures++;
	}
	struct routers_witness *w = witness_at(block, hops[0].address);
	if (!w)
		return true;
	w->picture = block->pictures;
	read_path(routers, hops, &hops[reach], shown);
	for (size_t p = 0; p < ROUTERS_PLACES; p++)
		witness(w, p, shown[p]);
	return true;
}

bool routers_learn(struct routers *routers, const struct hop *hops, size_t count)
{
	bool whole = false;

	routers->picture++;
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && ip4_equal(hops[i].address, hops[next].address);)
			next++;
		whole |= learn_path(routers, hops + i, next - i);
	}
	if (!whole)
		routers->picture--;
	return whole && settle(routers);
}

const struct router_known *routers_find(const struct routers *routers, struct ip4 address)
{
	size_t low = 0;
	size_t high = routers->known_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (routers->known[middle].address.host < address.host)
			low = middle + 1;
		else
			high = middle;
	}
	return low < routers->known_count && ip4_equal(routers->known[low].address, address)
		       ? &routers->known[low]
		       : NULL;
}

void routers_reload(struct routers *routers, const struct target_row *rows, size_t count)
{
	struct routers fresh;
	size_t at = 0;

	routers_init(&fresh, rows, count);
	fresh.picture = routers->picture;
	for (size_t i = 0; i < routers->block_count; i++) {
		const struct routers_block *from = &routers->blocks[i];
		while (at < fresh.block_count && block_order(&fresh.blocks[at], from) < 0)
			at++;
		if (at < fresh.block_count && block_order(&fresh.blocks[at], from) == 0)
			fresh.blocks[at] = *from;
	}
	settle(&fresh);
	routers_finish(routers);
	*routers = fresh;
}
