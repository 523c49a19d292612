#include "tests/bench/histories/world_draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"

const struct world_wish world_wish_any = {.ups_share = -1, .clock_share = -1, .flaky_share = -1};

static const int64_t epoch_start = INT64_C(1577836800) * 1000000000; /* 2020-01-01 */

static void draw_clock(
	struct world *world, struct machine *machine, const struct world_wish *wish, double share)
{
	static const double rates[] = {1000, 1000, 250, 100, 100, 10};
	struct rng *rng = &world->rng;
	double skew = wish->harsh_clocks ? 100e-6 : 60e-6;

	machine->hz = rates[rng_below(rng, wish->harsh_clocks ? 6 : 5)];
	machine->skew = rng_between(rng, -skew, skew);
	machine->secret = rng_u64(rng);
	machine->count_from = rng_chance(rng, 0.2) ? -SECONDS(300) : 0;
	if (rng_chance(rng, share)) {
		machine->clock = rng_chance(rng, 0.6) ? CLOCK_GLOBAL : CLOCK_PAIR;
		return;
	}
	double which = rng_unit(rng);
	machine->clock = which < (wish->harsh_clocks ? 0.35 : 0.15) ? CLOCK_BALANCED
			 : which < (wish->harsh_clocks ? 0.7 : 0.4) ? CLOCK_CONNECTION
								    : CLOCK_NONE;
}

int draw_machine(
	struct world *world, const struct world_wish *wish, double ups_share, double clock_share)
{
	struct rng *rng = &world->rng;
	struct machine *machine = &world->machines[world->machine_count];

	machine->site = (int)rng_below(rng, (uint32_t)world->site_count);
	machine->ups_ns = !rng_chance(rng, ups_share) ? 0
			  : rng_chance(rng, 0.3)      ? FOR_EVER
						      : SECONDS(rng_lognormal(rng, 900, 0.8));
	machine->boot_median_s = rng_log_between(rng, 40, 300);
	machine->boot_sigma = rng_between(rng, 0.1, 0.5);
	machine->hand_restart = rng_chance(rng, 0.1);
	machine->reply_ttl = (rng_chance(rng, 0.7) ? 64 : rng_chance(rng, 0.5) ? 128 : 255) - 18;
	machine->ip_id_kind = (int)rng_below(rng, 3);
	machine->distance_ns = SECONDS(rng_between(rng, 0, 0.03));
	machine->patience = rng_between(rng, 0.6, 1.4);
	draw_clock(world, machine, wish, clock_share);
	/* Long up before we looked; some are about to wrap (2^32 ms). */
	instants_add(&machine->boots,
		world->start - (rng_chance(rng, 0.15) ? DAYS(rng_between(rng, 35, 49.7))
						      : DAYS(rng_log_between(rng, 2, 400))));
	instants_add(&machine->twin_boots, world->start - DAYS(rng_between(rng, 1, 90)));
	return world->machine_count++;
}

void draw_flakiness(struct world *world, struct endpoint *endpoint)
{
	struct rng *rng = &world->rng;
	double on = HOURS(1) * rng_log_between(rng, 0.5, 40);
	double off = on * (1 / endpoint->availability - 1);
	int64_t t = world->start;

	while (t < world->end) {
		int64_t silent = t + (int64_t)rng_exponential(rng, on);
		t = silent + (int64_t)rng_exponential(rng, off);
		spans_add(&endpoint->off, (struct span){.start = silent, .end = t, .event = -1});
	}
}

/* One kind of probe only, where that is wished. */
static void keep_kinds(const struct world *world, struct endpoint *endpoint)
{
	if (world->play.kinds == PLAY_TCP) {
		endpoint->icmp = false;
		endpoint->port = endpoint->port ? endpoint->port : 443;
	} else if (world->play.kinds == PLAY_ICMP) {
		endpoint->icmp = true;
		endpoint->port = 0;
		endpoint->refuses = false;
	}
}

struct endpoint *draw_endpoint(struct world *world, int machine, int block, uint32_t host)
{
	static const uint16_t ports[] = {53, 25, 21, 80, 443, 22, 23};
	struct rng *rng = &world->rng;
	struct endpoint *endpoint = &world->endpoints[world->endpoint_count++];

	endpoint->address = (struct ip4){world->blocks[block].base.host + host};
	endpoint->role = ROLE_TARGET;
	endpoint->machine = machine;
	endpoint->block = block;
	endpoint->provider = -1;
	endpoint->availability = 1;
	endpoint->icmp = rng_chance(rng, 0.65);
	if (!endpoint->icmp || rng_chance(rng, 0.7))
		endpoint->port = ports[rng_below(rng, 7)];
	endpoint->refuses = endpoint->port != 0 && rng_chance(rng, 0.1);
	keep_kinds(world, endpoint);
	return endpoint;
}

static uint32_t free_host(struct world *world, int block)
{
	for (;;) {
		uint32_t host = 1 + rng_below(&world->rng, 253); /* .254: the border */
		bool taken = false;
		for (int i = 0; i < world->endpoint_count; i++)
			taken = taken || world->endpoints[i].address.host ==
						 world->blocks[block].base.host + host;
		if (!taken)
			return host;
	}
}

/* Where the number of hosts is wished the border router is one of them, or not to be seen. */
static bool border_answers(const struct world *world)
{
	return world->play.hosts > 3 && world->seed % 4 < 2;
}

static int hosts_of_block(const struct world *world, int block)
{
	int count = world->play.hosts / world->block_count +
		    (block < world->play.hosts % world->block_count);

	return block == 0 && border_answers(world) ? count - 1 : count;
}

static void draw_machines(struct world *world, const struct world_wish *wish)
{
	struct rng *rng = &world->rng;
	double ups = wish->ups_share >= 0 ? wish->ups_share : rng_between(rng, 0, 0.6);
	double clocks = wish->clock_share >= 0 ? wish->clock_share : rng_between(rng, 0.3, 0.95);
	double flaky = wish->flaky_share >= 0 ? wish->flaky_share : rng_between(rng, 0, 0.3);

	if (wish->known)
		draw_known_machines(world, wish, ups);
	for (int block = 0; !wish->known && block < world->block_count; block++) {
		if (block > 0 && block == world->empty_block)
			continue;
		int count =
			wish->machines_per_block ? wish->machines_per_block
			: wish->play.hosts
				? hosts_of_block(world, block)
				: (int)(rng_log_between(rng, 3, 72.0 / world->block_count) + 0.5);
		if (count > 24 && !wish->play.hosts)
			count = 24;
		for (int i = 0; i < count; i++) {
			int machine = draw_machine(world, wish, ups, clocks);
			draw_endpoint(world, machine, block, free_host(world, block));
			while (rng_chance(rng, 0.12))
				draw_endpoint(world, machine, block, free_host(world, block));
		}
		for (int i = (int)((double)count * flaky + rng_unit(rng)); i > 0; i--) {
			int machine = draw_machine(world, wish, ups, clocks);
			struct endpoint *endpoint =
				draw_endpoint(world, machine, block, free_host(world, block));
			endpoint->availability = rng_between(rng, 0.05, 0.75);
			draw_flakiness(world, endpoint);
		}
	}
	/* The border router: in the country's first block, or not to be seen. */
	world->border = draw_machine(world, wish, ups, 0);
	struct machine *border = &world->machines[world->border];
	border->router = true;
	border->clock = CLOCK_NONE;
	border->hand_restart = false;
	struct endpoint *endpoint = draw_endpoint(world, world->border, 0, 254);
	endpoint->icmp = rng_chance(rng, 0.7);
	endpoint->port = endpoint->icmp ? 0 : 23;
	endpoint->refuses = false;
	keep_kinds(world, endpoint);
	if (wish->play.hosts && !border_answers(world)) {
		endpoint->icmp = false;
		endpoint->port = 0;
		endpoint->availability = 0;
	}
	endpoint->role = world->borders_named ? ROLE_BORDER : ROLE_TARGET;
}

static void draw_providers(struct world *world)
{
	struct rng *rng = &world->rng;
	static const int codes[] = {0, 1, 13};

	for (int i = 0; i < world->provider_count; i++) {
		struct provider *provider = &world->providers[i];
		provider->edge.host = UINT32_C(0xc6336400) + 16 * (uint32_t)i + 1; /* 198.51.100 */
		provider->inner.host = provider->edge.host + 1;
		provider->named = rng_chance(rng, 0.8);
		provider->error_share = rng_log_between(rng, 0.1, 1);
		provider->error_code = codes[rng_below(rng, 3)];
		for (int k = 0; k < 2; k++) {
			struct endpoint *e = &world->endpoints[world->endpoint_count];
			if (!provider->named)
				break;
			*e = (struct endpoint){.address = k ? provider->inner : provider->edge,
				.role = ROLE_UPSTREAM,
				.machine = -1,
				.block = -1,
				.provider = i,
				.icmp = rng_chance(rng, 0.8),
				.availability = 1};
			if (e->icmp)
				world->endpoint_count++;
		}
	}
}

static void draw_anchors(struct world *world)
{
	int count = 4 + (int)rng_below(&world->rng, 5);

	for (int i = 0; i < count; i++)
		world->endpoints[world->endpoint_count++] = (struct endpoint){
			.address = {UINT32_C(0xcb007100) + 10 * (uint32_t)(i + 1)}, /* 203.0.113 */
			.role = ROLE_ANCHOR,
			.machine = -1,
			.block = -1,
			.provider = -1,
			.icmp = true,
			.availability = 1};
}

static void draw_vantages(struct world *world)
{
	struct rng *rng = &world->rng;

	for (int i = 0; i < world->vantage_count; i++) {
		struct vantage *vantage = &world->vantages[i];
		snprintf(vantage->name, sizeof(vantage->name), "vp%d", i + 1);
		vantage->source.host = UINT32_C(0xc0000200) + 10 + (uint32_t)i; /* 192.0.2 */
		vantage->next_source.host = vantage->source.host + 100;
		vantage->source_changes_at = FOR_EVER;
		vantage->clock_step_at = FOR_EVER;
		vantage->distance_ns = SECONDS(rng_between(rng, 0.16, 0.38));
		vantage->phase_ns = SECONDS(rng_between(rng, 0, 60));
	}
}

static void draw_bursts(struct world *world, struct spans *bursts, double a_day)
{
	struct rng *rng = &world->rng;
	int64_t t = world->start;

	for (;;) {
		t += (int64_t)rng_exponential(rng, (double)DAYS(1) / a_day);
		if (t >= world->end)
			return;
		double len = fmin(rng_lognormal(rng, rng_between(rng, 8, 20), 0.7), 95);
		double share = rng_chance(rng, 0.5) ? 1 : rng_between(rng, 0.4, 1);
		spans_add(bursts, (struct span){.start = t,
					  .end = t + SECONDS(len),
					  .from = share,
					  .to = share,
					  .event = -1});
		t += SECONDS(len);
	}
}

static int drawn(struct rng *rng, int wished, int low, int high)
{
	return wished ? wished : low + (int)rng_below(rng, (uint32_t)(high - low + 1));
}

struct world *world_create(const char *family, uint64_t seed, const struct world_wish *wish)
{
	struct world *world = mem_zeroed(1, sizeof(*world));
	struct rng *rng = &world->rng;
	uint64_t stream = 0;

	snprintf(world->family, sizeof(world->family), "%s", family);
	for (const char *c = family; *c; c++)
		stream = rng_mix(stream ^ (uint64_t)(unsigned char)*c);
	world->seed = seed;
	*rng = rng_seed(seed, stream);
	world->start =
		epoch_start + DAYS(rng_below(rng, 1500)) + SECONDS(rng_between(rng, 0, 86400));
	world->end = world->start + DAYS(wish->days);
	world->play = wish->play;
	world->watch_ns = world->step_ns = world->spread_ns = SECONDS(60);
	world->full_ns = SECONDS(660);
	world->lasts_ns = SECONDS(300);
	world->retry_count = rng_chance(rng, 0.8) ? 2 : (int)rng_below(rng, 2);
	world->retries_s[0] = rng_chance(rng, 0.8) ? 1 : 3;
	world->retries_s[1] = world->retries_s[0] * 3;
	world->anchored = !wish->no_anchors && rng_chance(rng, 0.85);
	world->borders_named = rng_chance(rng, 0.7);
	world->drops_marked = rng_chance(rng, 0.5);
	world->path_probes = rng_chance(rng, 0.6);
	world->border_tells = rng_chance(rng, 0.3);
	world->loss = rng_log_between(rng, 0.001, 0.04);
	world->block_count = drawn(rng, wish->blocks, 1, 5);
	while (world->block_count * wish->machines_per_block > 80)
		world->block_count--;
	world->site_count = drawn(rng, wish->sites, 1, WORLD_SITES);
	world->provider_count = drawn(rng, wish->providers, 1, WORLD_PROVIDERS);
	world->empty_block = wish->blocks == 0 && rng_chance(rng, 0.3) ? (int)rng_below(rng, 5) : 0;
	world->vantage_count = drawn(rng, wish->vantages, 1, 1);
	uint32_t base = UINT32_C(0xc6120000) + (rng_below(rng, 400) << 8); /* 198.18 */
	for (int i = 0; i < world->block_count; i++) {
		world->blocks[i] = (struct prefix){{base + ((uint32_t)i << 8)}, BLOCK_LEN};
		world->provider_of[i] = (int)rng_below(rng, (uint32_t)world->provider_count);
	}
	draw_vantages(world);
	draw_machines(world, wish);
	draw_providers(world);
	/* Without anchors a provider's router must prove the line, or nothing can be judged. */
	if (world->anchored || world->endpoints[world->endpoint_count - 1].provider < 0) {
		world->anchored = true;
		draw_anchors(world);
	}
	for (int i = 0; i < world->vantage_count; i++)
		draw_bursts(world, &world->vantages[i].bursts, rng_log_between(rng, 0.3, 6));
	for (int i = 0; i < world->provider_count; i++)
		draw_bursts(world, &world->providers[i].bursts, rng_log_between(rng, 0.3, 6));
	return world;
}
