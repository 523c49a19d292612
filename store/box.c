#include "store/box.h"

#include <string.h>

#include "core/mem.h"

/* Of the addresses that may have been asked nine in ten answer, and half of all. */
#define FULL_SHARE 0.9
/* Answers with other TTLs are other hosts', if the group is to be taken for a box by nothing
 * but its looks. */
#define ONE_TTL_SHARE 0.95
/* Confirmed or contradicted, a quarter decides; nobody confirms it: fewer than an eighth. */
#define TELLING_SHARE 0.25
enum { TELLING_LEAST = 3 };
#define ALONE_SHARE 0.125
/* An answer much sooner than another of the same address. */
#define SOONER_SHARE 0.3
#define SOONER_LEAST_NS (2 * NS_PER_MS)
/* Nobody has so many ports open on each address of a block. */
enum { EVERY_PORT = 4 };
enum { KINDS_MOST = 64 };
/* So many addresses that are asked at other ports tell that a box answers those as well. */
enum { PORTS_LEAST = 2 };

struct kind {
	enum method method;
	uint16_t port;
	unsigned answers;
};

/* The rows of one block. */
struct view {
	const struct observation *rows;
	size_t first[BLOCK_ADDRESSES], end[BLOCK_ADDRESSES]; /* of each address */
	struct prefix block;
	struct kind kinds[KINDS_MOST];
	size_t kind_count, tcp_count;
	bool echo_asked, full;
};

static bool is_kind(const struct observation *o, const struct kind *kind)
{
	return o->method == kind->method && o->port == kind->port;
}

static void count_kind(struct view *view, const struct observation *o)
{
	size_t i = 0;

	while (i < view->kind_count && !is_kind(o, &view->kinds[i]))
		i++;
	if (i == KINDS_MOST)
		return;
	if (i == view->kind_count) {
		view->kinds[view->kind_count++] = (struct kind){o->method, o->port, 0};
		view->tcp_count += o->method == METHOD_TCP;
	}
	view->kinds[i].answers += observation_is_life(o);
}

static bool lists_echo(const char *methods)
{
	return strncmp(methods, "icmp", 4) == 0 || strstr(methods, ";icmp");
}

static void view_make(const struct sweep *sweep, size_t from, size_t to, struct view *view)
{
	*view = (struct view){.rows = sweep->observations,
		.block = block_of(sweep->observations[from].address),
		.full = sweep->info.tier == TIER_FULL};
	view->echo_asked = view->full && lists_echo(sweep->info.methods);
	for (size_t i = from; i < to; i++) {
		uint32_t last = sweep->observations[i].address.host & 255;
		if (view->end[last] == 0)
			view->first[last] = i;
		view->end[last] = i + 1;
		view->echo_asked |= sweep->observations[i].method == METHOD_ICMP;
		count_kind(view, &sweep->observations[i]);
	}
}

/* Its answer to this kind; NULL. *ret_elsewhere: it was asked on another port instead. */
static const struct observation *answer_of(
	const struct view *view, uint32_t last, const struct kind *kind, bool *ret_elsewhere)
{
	const struct observation *found = NULL;
	bool asked = false;
	bool other = false;

	for (size_t i = view->first[last]; i < view->end[last]; i++) {
		const struct observation *o = &view->rows[i];
		bool same = is_kind(o, kind);
		asked |= same;
		other |= !same && o->method == METHOD_TCP;
		if (same && observation_is_life(o))
			found = o;
	}
	*ret_elsewhere = kind->method == METHOD_TCP && other && !asked;
	return found;
}

/* Senders begin at 64, 128 or 255. */
static int hops_of(int ttl)
{
	return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl;
}

/* What another row of the same address says of an answer. */
enum voice { VOICE_NONE, VOICE_FOR, VOICE_UNREACHABLE, VOICE_NEARER, VOICE_SOONER, VOICES };

/* Codes of who has no way there, not of who will not let it pass (RFC 1812, 5.2.7.1). */
static bool says_nobody(const struct observation *o)
{
	if (!o->has_responder || ip4_equal(o->responder, o->address))
		return false;
	return o->outcome == OUTCOME_TTL_EXCEEDED ||
	       (o->outcome == OUTCOME_UNREACHABLE &&
		       (o->icmp_code < 2 || o->icmp_code == 6 || o->icmp_code == 7));
}

static enum voice voice_of(const struct observation *answer, const struct observation *o)
{
	if (says_nobody(o))
		return VOICE_UNREACHABLE;
	if (!observation_is_life(o))
		return VOICE_NONE;
	if (answer->reply_ttl >= 0 && o->reply_ttl >= 0) {
		int hops = hops_of(answer->reply_ttl);
		int others = hops_of(o->reply_ttl);
		if (others > hops)
			return VOICE_NEARER;
		if (others < hops)
			return VOICE_NONE;
	}
	if (answer->rtt_ns > 0 && o->rtt_ns - answer->rtt_ns > SOONER_LEAST_NS &&
		(double)answer->rtt_ns < SOONER_SHARE * (double)o->rtt_ns)
		return VOICE_SOONER;
	/* A box with one port open may have another. */
	return answer->method != o->method ? VOICE_FOR : VOICE_NONE;
}

/* A group of addresses and how they answer one kind. */
struct group {
	uint32_t first, size;                /* last bytes */
	unsigned answers, others, elsewhere; /* with its TTL; with another; asked elsewhere */
	unsigned voices[VOICES];
	unsigned alone; /* asked by echo, and did not answer that */
	unsigned every_port;
	unsigned ports; /* answered at another port with its TTL, and contradicted */
	unsigned hosts; /* ... and confirmed */
	bool edges;
	int ttl;
};

static int commonest_ttl(const struct view *view, const struct kind *kind, struct group *g)
{
	unsigned counts[256] = {0};
	unsigned most = 0;
	int ttl = -1;

	for (uint32_t a = g->first; a < g->first + g->size; a++) {
		bool elsewhere;
		const struct observation *o = answer_of(view, a, kind, &elsewhere);
		if (o && o->reply_ttl >= 0 && ++counts[o->reply_ttl & 255] > most) {
			most = counts[o->reply_ttl & 255];
			ttl = o->reply_ttl;
		}
	}
	return ttl;
}

/* The worst that is said of it, whether nothing is, and its open ports. */
static void hear_address(
	const struct view *view, uint32_t last, const struct observation *answer, struct group *g)
{
	enum voice worst = VOICE_NONE;
	unsigned open = 0;
	bool alone = view->full;

	for (size_t i = view->first[last]; i < view->end[last]; i++) {
		const struct observation *o = &view->rows[i];
		open += o->outcome == OUTCOME_SYN_ACK;
		if (o->method == METHOD_ICMP)
			alone = !observation_is_life(o) && o->outcome != OUTCOME_UNSENT;
		enum voice voice = o == answer ? VOICE_NONE : voice_of(answer, o);
		if (voice > VOICE_NONE && (worst == VOICE_NONE || worst == VOICE_FOR))
			worst = voice;
	}
	g->voices[worst]++;
	g->alone += alone && view->echo_asked && answer->method == METHOD_TCP;
	g->every_port += open >= EVERY_PORT && open == view->tcp_count;
}

/* An address that is asked at another port than the group. A box answers there too. */
static void hear_port(const struct view *view, uint32_t last, struct group *g)
{
	enum voice worst = VOICE_NONE;

	for (size_t i = view->first[last]; i < view->end[last]; i++) {
		const struct observation *answer = &view->rows[i];
		if (answer->method != METHOD_TCP || !observation_is_life(answer) || g->ttl < 0 ||
			answer->reply_ttl != g->ttl)
			continue;
		for (size_t k = view->first[last]; k < view->end[last]; k++) {
			const struct observation *o = &view->rows[k];
			enum voice voice = k == i ? VOICE_NONE : voice_of(answer, o);
			if (voice > VOICE_NONE && (worst == VOICE_NONE || worst == VOICE_FOR))
				worst = voice;
		}
	}
	g->voices[worst]++;
	g->ports += worst > VOICE_FOR;
	g->hosts += worst == VOICE_FOR;
}

static void hear_group(const struct view *view, const struct kind *kind, struct group *g)
{
	g->ttl = commonest_ttl(view, kind, g);
	for (uint32_t a = g->first; a < g->first + g->size; a++) {
		bool elsewhere;
		const struct observation *o = answer_of(view, a, kind, &elsewhere);
		g->elsewhere += elsewhere;
		if (elsewhere)
			hear_port(view, a, g);
		if (!o)
			continue;
		if (o->reply_ttl >= 0 && o->reply_ttl != g->ttl) {
			g->others++;
			continue;
		}
		g->answers++;
		g->edges |= a == g->first;
		hear_address(view, a, o, g);
	}
}

static bool is_full(const struct group *g)
{
	unsigned may = g->size - g->elsewhere - g->others;

	return g->answers >= BOX_LEAST && 2 * g->answers >= g->size &&
	       g->answers >= FULL_SHARE * may;
}

static enum box_why why_of(const struct view *view, const struct kind *kind, const struct group *g,
	unsigned *ret_against)
{
	static const enum box_why whys[VOICES] = {[VOICE_UNREACHABLE] = BOX_UNREACHABLE,
		[VOICE_NEARER] = BOX_NEARER,
		[VOICE_SOONER] = BOX_SOONER};
	unsigned against = 0;
	enum voice most = VOICE_UNREACHABLE;
	bool elsewhere;

	for (enum voice v = VOICE_UNREACHABLE; v < VOICES; v++) {
		against += g->voices[v];
		most = g->voices[v] > g->voices[most] ? v : most;
	}
	*ret_against = against;
	if (against >= TELLING_LEAST && against >= TELLING_SHARE * (against + g->voices[VOICE_FOR]))
		return whys[most];
	*ret_against = g->every_port;
	if (kind->method == METHOD_TCP && g->every_port >= FULL_SHARE * g->answers)
		return BOX_EVERY_PORT;
	*ret_against = g->alone;
	if (g->edges && answer_of(view, g->first + g->size - 1, kind, &elsewhere) &&
		g->alone >= (1 - ALONE_SHARE) * g->answers &&
		g->answers >= ONE_TTL_SHARE * (g->answers + g->others) && g->ttl >= 0)
		return BOX_ALONE;
	*ret_against = 0;
	return g->voices[VOICE_FOR] < TELLING_SHARE * g->answers ? BOX_UNTOLD : BOX_NONE;
}

static bool find_group(const struct view *view, const struct kind *kind, uint8_t len,
	uint32_t first, struct box_list *ret)
{
	struct group g = {.first = first, .size = 1u << (32 - len)};

	hear_group(view, kind, &g);
	if (!is_full(&g))
		return false;
	struct box box = {.prefix = {{view->block.base.host + first}, len},
		.method = kind->method,
		.port = kind->port,
		.reply_ttl = g.ttl,
		.every_port = g.ports >= PORTS_LEAST && g.hosts == 0,
		.answers = g.answers};
	box.why = why_of(view, kind, &g, &box.against);
	ret->items = mem_grow(ret->items, &ret->capacity, ret->count + 1, sizeof(*ret->items));
	ret->items[ret->count++] = box;
	return true;
}

/* The longest first; what is full has no parts of its own. */
static void find_kind(const struct view *view, const struct kind *kind, struct box_list *ret)
{
	bool found[4] = {false};

	for (uint8_t len = BLOCK_LEN; len <= BOX_LONGEST; len++) {
		uint32_t size = 1u << (32 - len);
		for (uint32_t first = 0; first < BLOCK_ADDRESSES; first += size) {
			bool is_part = true;
			for (uint32_t quarter = first / 64; quarter * 64 < first + size; quarter++)
				is_part &= found[quarter];
			if (is_part || !find_group(view, kind, len, first, ret))
				continue;
			for (uint32_t quarter = first / 64; quarter * 64 < first + size; quarter++)
				found[quarter] = true;
		}
	}
}

static void find_block(const struct sweep *sweep, size_t from, size_t to, struct box_list *ret)
{
	unsigned answers = 0;
	struct view view;

	for (size_t i = from; i < to; i++)
		answers += observation_is_life(&sweep->observations[i]);
	if (answers < BOX_LEAST)
		return;
	view_make(sweep, from, to, &view);
	for (size_t i = 0; i < view.kind_count; i++)
		if (view.kinds[i].answers >= BOX_LEAST)
			find_kind(&view, &view.kinds[i], ret);
}

void boxes_find(const struct sweep *sweep, struct box_list *ret)
{
	const struct observation *rows = sweep->observations;

	*ret = (struct box_list){0};
	for (size_t from = 0, to; from < sweep->observation_count; from = to) {
		struct prefix block = block_of(rows[from].address);
		for (to = from + 1;
			to < sweep->observation_count && prefix_holds(block, rows[to].address);)
			to++;
		find_block(sweep, from, to, ret);
	}
}
