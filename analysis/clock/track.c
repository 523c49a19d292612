
#include "analysis/clock/inner.h"
#include "core/mem.h"

static size_t slot_of(const struct uptimes *uptimes, const struct reading *r)
{
	uint64_t h = r->address.host * UINT64_C(0x9e3779b97f4a7c15);

	h ^= (r->source.host + r->vantage * 131 + r->port * UINT64_C(65537) + r->is_boot) *
	     UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 29;
	return (size_t)h & (uptimes->slot_count - 1);
}

static bool same(const struct track *t, const struct reading *r)
{
	return ip4_equal(t->address, r->address) && t->has_source == r->has_source &&
	       ip4_equal(t->source, r->source) && t->vantage == r->vantage && t->port == r->port &&
	       t->is_boot == r->is_boot;
}

static struct reading key_of(const struct track *t)
{
	return (struct reading){.address = t->address,
		.source = t->source,
		.vantage = t->vantage,
		.port = t->port,
		.is_boot = t->is_boot};
}

static void rehash(struct uptimes *uptimes)
{
	mem_free(uptimes->slots);
	uptimes->slot_count = uptimes->slot_count ? 2 * uptimes->slot_count : 64;
	uptimes->slots = mem_zeroed(uptimes->slot_count, sizeof(*uptimes->slots));
	for (size_t i = 0; i < uptimes->track_count; i++) {
		struct reading key = key_of(&uptimes->tracks[i]);
		size_t slot = slot_of(uptimes, &key);
		while (uptimes->slots[slot])
			slot = (slot + 1) & (uptimes->slot_count - 1);
		uptimes->slots[slot] = (uint32_t)i + 1;
	}
}

struct track *uptimes_track(struct uptimes *uptimes, const struct reading *r, bool *ret_new)
{
	if (2 * (uptimes->track_count + 1) > uptimes->slot_count)
		rehash(uptimes);
	size_t slot = slot_of(uptimes, r);
	*ret_new = false;
	for (; uptimes->slots[slot]; slot = (slot + 1) & (uptimes->slot_count - 1))
		if (same(&uptimes->tracks[uptimes->slots[slot] - 1], r))
			return &uptimes->tracks[uptimes->slots[slot] - 1];
	uptimes->tracks = mem_grow(uptimes->tracks, &uptimes->track_capacity,
		uptimes->track_count + 1, sizeof(*uptimes->tracks));
	struct track *t = &uptimes->tracks[uptimes->track_count++];
	uptimes->slots[slot] = (uint32_t)uptimes->track_count;
	*t = (struct track){.address = r->address,
		.source = r->source,
		.has_source = r->has_source,
		.is_boot = r->is_boot,
		.vantage = r->vantage,
		.port = r->port};
	*ret_new = true;
	return t;
}
