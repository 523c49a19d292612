#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/box.h"

/* So many sweeps that asked and did not find it end a box. */
enum { MISSED_MOST = 3 };

void box_list_finish(struct box_list *list)
{
	mem_free(list->items);
	*list = (struct box_list){0};
}

void boxes_finish(struct boxes *boxes)
{
	mem_free(boxes->items);
	*boxes = (struct boxes){0};
}

static bool is_kind(const struct box *box, enum method method, uint16_t port)
{
	return box->method == method && (method == METHOD_ICMP || box->port == port);
}

/* Such an answer may be the box's. */
static bool may_give(const struct box *box, enum method method, uint16_t port)
{
	return is_kind(box, method, port) ||
	       (box->every_port && method == METHOD_TCP && box->method == METHOD_TCP);
}

bool box_gave(const struct box *box, const struct observation *o)
{
	return box->why > BOX_UNTOLD && observation_is_life(o) &&
	       may_give(box, o->method, o->port) && prefix_holds(box->prefix, o->address) &&
	       (box->reply_ttl < 0 || o->reply_ttl < 0 || box->reply_ttl == o->reply_ttl);
}

void box_format(const struct box *box, char text[BOX_TEXT_SIZE])
{
	static const struct {
		const char *before, *behind;
	} whys[] = {
		[BOX_NONE] = {"", " of them contradicted"},
		[BOX_UNTOLD] = {"", " of them contradicted"},
		[BOX_UNREACHABLE] = {"a router calls ", " of them unreachable"},
		[BOX_NEARER] = {"", " of them answer other probes from further away"},
		[BOX_SOONER] = {"", " of them answer other probes much later"},
		[BOX_EVERY_PORT] = {"", " of them have every port open"},
		[BOX_ALONE] = {"", " of them do not answer an echo request"},
	};
	unsigned all = 1u << (32 - box->prefix.len);
	char prefix[ADDRESS_TEXT_SIZE];
	char kind[METHOD_TEXT_SIZE];
	char ttl[32] = "";

	prefix_format(box->prefix, prefix);
	method_format(box->method, box->port, kind);
	if (box->reply_ttl >= 0)
		snprintf(ttl, sizeof(ttl), " with one TTL, %d", box->reply_ttl);
	size_t len = box->answers == all
			     ? (size_t)snprintf(text, BOX_TEXT_SIZE, "%s: all %u", prefix, all)
			     : (size_t)snprintf(text, BOX_TEXT_SIZE, "%s: %u of %u", prefix,
				       box->answers, all);
	snprintf(text + len, BOX_TEXT_SIZE - len, " addresses answer %s%s; %s%u%s", kind, ttl,
		whys[box->why].before, box->against, whys[box->why].behind);
}

static int box_order(const void *a, const void *b)
{
	const struct box *x = &((const struct held_box *)a)->box;
	const struct box *y = &((const struct held_box *)b)->box;

	if (!ip4_equal(x->prefix.base, y->prefix.base))
		return x->prefix.base.host < y->prefix.base.host ? -1 : 1;
	if (x->method != y->method)
		return x->method < y->method ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	return x->prefix.len - y->prefix.len;
}

/* The first that may hold an address of this block. */
static size_t lower_bound(const struct boxes *boxes, struct prefix block)
{
	size_t low = 0;
	size_t high = boxes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (boxes->items[middle].box.prefix.base.host < block.base.host)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool boxes_gave(const struct boxes *boxes, const struct observation *o)
{
	struct prefix block = block_of(o->address);

	if (boxes->count == 0 || !observation_is_life(o))
		return false;
	for (size_t i = lower_bound(boxes, block);
		i < boxes->count && prefix_holds(block, boxes->items[i].box.prefix.base); i++)
		if (box_gave(&boxes->items[i].box, o))
			return true;
	return false;
}

bool boxes_answer(const struct boxes *boxes, struct ip4 address, enum method method, uint16_t port)
{
	struct prefix block = block_of(address);

	for (size_t i = boxes->count ? lower_bound(boxes, block) : 0;
		i < boxes->count && prefix_holds(block, boxes->items[i].box.prefix.base); i++) {
		const struct box *box = &boxes->items[i].box;
		if (box->why > BOX_UNTOLD && may_give(box, method, port) &&
			prefix_holds(box->prefix, address))
			return true;
	}
	return false;
}

static void tell(struct box_list *changes, const struct box *box)
{
	if (!changes)
		return;
	changes->items = mem_grow(
		changes->items, &changes->capacity, changes->count + 1, sizeof(*changes->items));
	changes->items[changes->count++] = *box;
}

static struct held_box *find(const struct boxes *boxes, const struct box *box)
{
	const struct held_box key = {.box = *box};

	return boxes->count
		       ? bsearch(&key, boxes->items, boxes->count, sizeof(*boxes->items), box_order)
		       : NULL;
}

/* What is found of a group that is held already. */
static void renew(struct held_box *held, const struct box *box, struct box_list *changes)
{
	bool was = held->box.why != BOX_NONE;

	held->missed = 0;
	held->found = true;
	/* They confirmed each other before: a filter took that, and they are the same. */
	if (box->why == BOX_UNTOLD ||
		(!was && box->why == BOX_ALONE && box->reply_ttl == held->box.reply_ttl))
		return;
	bool every_port = held->box.every_port;
	held->box = *box;
	held->box.every_port |= every_port && box->why > BOX_UNTOLD;
	if (was != (box->why != BOX_NONE))
		tell(changes, box);
}

static void add(struct boxes *boxes, const struct box *box, struct box_list *changes)
{
	boxes->items =
		mem_grow(boxes->items, &boxes->capacity, boxes->count + 1, sizeof(*boxes->items));
	boxes->items[boxes->count++] = (struct held_box){.box = *box, .found = true};
	if (box->why != BOX_NONE)
		tell(changes, box);
}

static bool names(const char *methods, const struct box *box)
{
	char want[METHOD_TEXT_SIZE];
	size_t want_len = method_format(box->method, box->port, want);

	while (*methods) {
		size_t len = strcspn(methods, ";");
		if (len == want_len && memcmp(methods, want, len) == 0)
			return true;
		methods += len + (methods[len] == ';');
	}
	return false;
}

/* The rows of a block, in a sweep. */
static size_t first_row(const struct sweep *sweep, struct ip4 base)
{
	size_t low = 0;
	size_t high = sweep->observation_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sweep->observations[middle].address.host < base.host)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Did the sweep ask nearly all of them? A full one did, and tells in rows whom it could not. */
static bool asked(const struct sweep *sweep, const struct box *box)
{
	unsigned rows = 0;
	unsigned unsent = 0;

	for (size_t i = first_row(sweep, box->prefix.base); i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		if (!prefix_holds(box->prefix, o->address))
			break;
		if (!is_kind(box, o->method, o->port))
			continue;
		unsent += o->outcome == OUTCOME_UNSENT;
		rows += o->outcome != OUTCOME_UNSENT;
	}
	if (rows >= box->answers)
		return true;
	return sweep->info.tier == TIER_FULL && names(sweep->info.methods, box) &&
	       4 * unsent < box->answers;
}

/* Of whom this sweep found nothing, if it could see. */
static void count_missed(struct boxes *boxes, const struct sweep *sweep, struct box_list *changes)
{
	const uint32_t blind = SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN | SWEEP_INTERFACE_DOWN |
			       SWEEP_SUSPENDED | SWEEP_CUT_SHORT;
	bool sees = !(sweep->info.flags & blind);
	size_t kept = 0;

	for (size_t i = 0; i < boxes->count; i++) {
		struct held_box *held = &boxes->items[i];
		if (sees && !held->found && asked(sweep, &held->box))
			held->missed++;
		held->found = false;
		if (held->missed < MISSED_MOST) {
			boxes->items[kept++] = *held;
			continue;
		}
		bool was = held->box.why != BOX_NONE;
		held->box.why = BOX_NONE;
		if (was)
			tell(changes, &held->box);
	}
	boxes->count = kept;
}

void boxes_see(struct boxes *boxes, const struct sweep *sweep, struct box_list *ret_changes)
{
	struct box_list found;

	if (ret_changes)
		*ret_changes = (struct box_list){0};
	boxes_find(sweep, &found);
	size_t had = boxes->count;
	for (size_t i = 0; i < found.count; i++) {
		const struct boxes before = {boxes->items, had, boxes->capacity};
		struct held_box *held = find(&before, &found.items[i]);
		if (held)
			renew(held, &found.items[i], ret_changes);
		else if (found.items[i].why != BOX_UNTOLD)
			add(boxes, &found.items[i], ret_changes);
	}
	box_list_finish(&found);
	count_missed(boxes, sweep, ret_changes);
	if (boxes->count > had)
		qsort(boxes->items, boxes->count, sizeof(*boxes->items), box_order);
}
