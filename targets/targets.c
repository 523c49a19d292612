#include "targets/targets.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "targets/blocklist.h"
#include "targets/file.h"
#include "targets/gather.h"
#include "targets/reserved.h"

enum { ADDRESSES_MAX = 1 << 20 };
static_assert((int)TOLD_SIZE >= (int)BLOCKLIST_TELL_SIZE, "a blocklist's line fits");

struct addresses {
	struct ip4 *at;
	size_t count, capacity;
};

struct builder {
	const struct target_sources *sources;
	struct blocklist blocklist;
	struct target_set set;
	size_t row_capacity;
	size_t targets; /* rows of the set; those of anchors and routers come behind */
	uint64_t named; /* addresses, those named twice twice */
	struct addresses allowed, refused, controls;
	struct diag *why;
};

static void append_address(struct addresses *list, struct ip4 address)
{
	list->at = mem_grow(list->at, &list->capacity, list->count + 1, sizeof(*list->at));
	list->at[list->count++] = address;
}

static void sort_addresses(struct addresses *list)
{
	size_t kept = 0;

	if (list->count == 0)
		return;
	qsort(list->at, list->count, sizeof(*list->at), ip4_order);
	for (size_t i = 1; i < list->count; i++)
		if (!ip4_equal(list->at[i], list->at[kept]))
			list->at[++kept] = list->at[i];
	list->count = kept + 1;
}

static bool holds(const struct ip4 *list, size_t count, struct ip4 address)
{
	return ip4_find(list, count, address) != SIZE_MAX;
}

static void append_row(struct builder *b, struct prefix prefix, enum role role, const char *label)
{
	struct target_set *set = &b->set;

	set->rows = mem_grow(set->rows, &b->row_capacity, set->row_count + 1, sizeof(*set->rows));
	struct target_row *row = &set->rows[set->row_count++];
	*row = (struct target_row){.prefix = prefix, .role = role};
	text_adopt(label, row->label, sizeof(row->label));
}

static bool may_probe(const struct builder *b, struct ip4 address, bool named)
{
	const struct reserved *reserved = reserved_find(address);

	if (reserved && (reserved->never || !named))
		return false;
	return !blocklist_holds(&b->blocklist, address);
}

/* Why an address may not be probed. */
static int refuse(const struct builder *b, const char *what, const char *text, struct ip4 address)
{
	const struct blocked *row = blocklist_find(&b->blocklist, address);
	const struct reserved *reserved = reserved_find(address);

	*b->why = (struct diag){.line = 0};
	if (!row)
		return diag_set(b->why, "%s%.80s may not be probed: %s", what, text,
			reserved ? reserved->what : "nothing is left of it");
	const char *reason = blocked_reason(&b->blocklist, row);
	return diag_set(b->why, "%s%.80s may not be probed: blocklist %.40s:%u%s%.120s", what, text,
		file_base(file_label(b->sources->blocklist)), row->line, *reason ? ": " : "", reason);
}

/* One prefix of an argument: its addresses to where they belong. Returns how
 * many may be probed. */
static size_t expand(struct builder *b, struct prefix prefix, bool named)
{
	size_t allowed = b->allowed.count;

	for (uint64_t i = 0; i < prefix_count(prefix); i++) {
		struct ip4 address = {(uint32_t)(prefix.base.host + i)};
		append_address(may_probe(b, address, named) ? &b->allowed : &b->refused, address);
	}
	return b->allowed.count - allowed;
}

static void label_of(const struct list_entry *entry, char label[LABEL_SIZE])
{
	if (*entry->label)
		snprintf(label, LABEL_SIZE, "%s", entry->label);
	else
		snprintf(label, LABEL_SIZE, "%s%s%s", entry->from.cc,
			*entry->from.cc && *entry->from.registry ? " " : "", entry->from.registry);
}

static int add_entry(
	struct builder *b, const struct list_entry *entry, bool named, size_t *ret_allowed)
{
	struct ip4 first = entry->range.first;
	char label[LABEL_SIZE];

	b->named += range_count(entry->range);
	if (b->named > ADDRESSES_MAX)
		return diag_set(b->why,
			"more than %d addresses are named, expected a small country",
			ADDRESSES_MAX);
	label_of(entry, label);
	for (;;) {
		struct prefix prefix = prefix_largest(first, entry->range.last);
		append_row(b, prefix, ROLE_TARGET, label);
		*ret_allowed += expand(b, prefix, named);
		if (prefix_last(prefix).host == entry->range.last.host)
			return 0;
		first.host = prefix_last(prefix).host + 1;
	}
}

/* Is somebody of this argument on the blocklist? */
static bool is_blocked(const struct builder *b, const struct target_argument *argument)
{
	for (size_t i = 0; i < argument->count; i++) {
		struct prefix prefix = b->set.rows[argument->first + i].prefix;
		for (uint64_t n = 0; n < prefix_count(prefix); n++)
			if (blocklist_holds(&b->blocklist,
				    (struct ip4){(uint32_t)(prefix.base.host + n)}))
				return true;
	}
	return false;
}

static int add_argument(struct builder *b, struct target_argument *argument, const char *text)
{
	struct gathered g;
	size_t allowed = 0;

	int r = gather(text, b->sources->delegated, &g, b->why);
	if (r < 0)
		return r;
	bool standard = strcmp(text, "@-") == 0 || strcmp(text, "-") == 0;
	snprintf(argument->text, sizeof(argument->text), "%s",
		standard ? file_label("-") : text);
	argument->first = b->set.row_count;
	for (size_t i = 0; i < g.list.count && r == 0; i++)
		r = add_entry(b, &g.list.entries[i], !g.by_country, &allowed);
	b->set.ipv6 += g.list.ipv6;
	list_finish(&g.list);
	argument->count = b->set.row_count - argument->first;
	if (r < 0 || allowed > 0 || (b->sources->again && is_blocked(b, argument)))
		return r;
	return refuse(b, "", argument->text, b->set.rows[argument->first].prefix.base);
}

static int add_control(struct builder *b, const char *text, enum role role)
{
	const char *what = role == ROLE_ANCHOR ? "anchor" : "upstream router";
	struct ip4 address;

	if (!ip4_parse(text, &address))
		return diag_set(b->why, "%s \"%.60s\" is no address", what, text);
	struct prefix prefix = prefix_of(address, 32);
	if (b->sources->again && blocklist_holds(&b->blocklist, address))
		return 0;
	if (!may_probe(b, address, true))
		return refuse(b, role == ROLE_ANCHOR ? "anchor " : "upstream router ", text, address);
	if (prefix_holds((struct prefix){{0x7f000000}, 8}, address))
		return diag_set(b->why,
			"%s %s is our own host, expected one that tells whether our line works",
			what, text);
	if (role == ROLE_ANCHOR && holds(b->allowed.at, b->allowed.count, address))
		return diag_set(b->why,
			"%s is an anchor and a target, expected an anchor outside "
			"the country",
			text);
	for (size_t i = b->targets; i < b->set.row_count; i++)
		if (ip4_equal(b->set.rows[i].prefix.base, address) && b->set.rows[i].role != role)
			return diag_set(b->why, "%s is an anchor and an upstream router, expected one",
				text);
	append_row(b, prefix, role, "");
	append_address(&b->controls, address);
	return 0;
}

static int add_all(struct builder *b, const char *const *arguments, size_t count)
{
	const struct target_sources *from = b->sources;
	int r = 0;

	b->set.arguments = mem_zeroed(count, sizeof(*b->set.arguments));
	b->set.argument_count = count;
	for (size_t i = 0; i < count && r == 0; i++)
		r = add_argument(b, &b->set.arguments[i], arguments[i]);
	sort_addresses(&b->allowed);
	b->targets = b->set.row_count;
	for (size_t i = 0; i < from->anchor_count && r == 0; i++)
		r = add_control(b, from->anchors[i], ROLE_ANCHOR);
	for (size_t i = 0; i < from->upstream_count && r == 0; i++)
		r = add_control(b, from->upstream[i], ROLE_UPSTREAM);
	return r;
}

static int read_blocklist(const char *file, struct blocklist *ret, struct diag *why)
{
	char *bytes;
	size_t len;

	int r = file_read(file, &bytes, &len, why);
	if (r < 0)
		return r;
	r = blocklist_parse(file_label(file), bytes, len, ret, why);
	free(bytes);
	return r;
}

int target_set_resolve(const char *const *arguments, size_t count,
	const struct target_sources *sources, struct target_set *ret, struct diag *why)
{
	struct builder b = {.sources = sources, .why = why};
	int r = 0;

	*why = (struct diag){.line = 0};
	if (count == 0)
		r = diag_set(why, "no target, expected an address, prefix, range, country or file");
	if (r == 0 && sources->blocklist)
		r = read_blocklist(sources->blocklist, &b.blocklist, why);
	if (r == 0)
		r = add_all(&b, arguments, count);
	if (sources->blocklist)
		b.set.blocklist = mem_copy(&b.blocklist, sizeof(b.blocklist));

	sort_addresses(&b.controls);
	sort_addresses(&b.refused);
	for (size_t i = 0; i < b.refused.count; i++)
		if (!holds(b.allowed.at, b.allowed.count, b.refused.at[i])) {
			b.set.refused_count++;
			b.set.blocked_count += blocklist_holds(&b.blocklist, b.refused.at[i]);
		}
	free(b.refused.at);
	b.set.addresses = b.allowed.at;
	b.set.address_count = b.allowed.count;
	b.set.controls = b.controls.at;
	b.set.control_count = b.controls.count;
	if (r < 0) {
		target_set_finish(&b.set);
		return r;
	}
	*ret = b.set;
	*why = (struct diag){.line = 0};
	return 0;
}

void target_set_finish(struct target_set *set)
{
	free(set->rows);
	free(set->arguments);
	free(set->addresses);
	free(set->controls);
	if (set->blocklist)
		blocklist_finish(set->blocklist);
	free(set->blocklist);
	free(set->unasked);
	*set = (struct target_set){.rows = NULL};
}

size_t target_set_tell(const struct target_set *set, struct told ret[TOLD_MOST])
{
	size_t count = 0;

	if (set->blocklist) {
		ret[count].warning = set->blocklist->entries == 0;
		blocklist_tell(set->blocklist, ret[count++].text);
	}
	if (set->ipv6) {
		ret[count].warning = false;
		snprintf(ret[count++].text, TOLD_SIZE, "targets: %zu IPv6 line%s skipped", set->ipv6,
			set->ipv6 == 1 ? "" : "s");
	}
	return count;
}

const char *target_set_refused(const struct target_set *set, char out[REFUSED_SIZE])
{
	size_t reserved = set->refused_count - set->blocked_count;
	size_t len = (size_t)snprintf(out, REFUSED_SIZE, "%zu refused", set->refused_count);

	if (set->blocked_count)
		len += (size_t)snprintf(out + len, REFUSED_SIZE - len, ": %zu by the blocklist",
			set->blocked_count);
	if (reserved)
		snprintf(out + len, REFUSED_SIZE - len, "%s %zu reserved",
			set->blocked_count ? "," : ":", reserved);
	return out;
}

bool target_set_allows(const struct target_set *set, struct ip4 address)
{
	return holds(set->addresses, set->address_count, address) ||
	       holds(set->controls, set->control_count, address);
}

bool target_set_ask(struct target_set *set, struct ip4 address)
{
	size_t at = 0;

	if (target_set_allows(set, address) || reserved_find(address) ||
		(set->blocklist && blocklist_holds(set->blocklist, address)))
		return false;
	set->controls = mem_checked(
		reallocarray(set->controls, set->control_count + 1, sizeof(*set->controls)));
	while (at < set->control_count && set->controls[at].host < address.host)
		at++;
	memmove(set->controls + at + 1, set->controls + at,
		(set->control_count - at) * sizeof(*set->controls));
	set->controls[at] = address;
	set->control_count++;
	return true;
}

/* Of a control; NULL: none. */
static struct target_row *control_row(const struct target_set *set, struct ip4 address)
{
	for (size_t i = 0; i < set->row_count; i++)
		if (set->rows[i].role != ROLE_TARGET && prefix_holds(set->rows[i].prefix, address))
			return &set->rows[i];
	return NULL;
}

void target_set_learn(struct target_set *set, struct ip4 address, enum role role)
{
	struct target_row *row = control_row(set, address);

	if (row && !target_row_is_learned(row))
		return;
	if (!row) {
		set->rows = mem_checked(
			reallocarray(set->rows, set->row_count + 1, sizeof(*set->rows)));
		row = &set->rows[set->row_count++];
	}
	*row = (struct target_row){
		.prefix = prefix_of(address, 32), .role = role, .label = LABEL_LEARNED};
}

void target_set_forget(struct target_set *set, struct ip4 address)
{
	const struct target_row *row = control_row(set, address);
	size_t at = ip4_find(set->controls, set->control_count, address);

	if (at == SIZE_MAX || (row && !target_row_is_learned(row)))
		return;
	set->control_count--;
	memmove(set->controls + at, set->controls + at + 1,
		(set->control_count - at) * sizeof(*set->controls));
}
