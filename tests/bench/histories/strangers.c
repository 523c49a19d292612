#include "tests/bench/histories/strangers.h"

#include "tests/bench/histories/observe.h"

static void add_stranger(struct sweep *sweep, size_t known, const struct observation *seen)
{
	for (size_t k = 0; k < known; k++)
		if (ip4_equal(sweep->observations[k].address, seen->address) &&
			sweep->observations[k].method == seen->method)
			return;
	sweep->observations[sweep->observation_count++] = *seen;
}

void strangers_boxed(struct world *world, int v, int64_t t, struct rng *rng, struct sweep *sweep)
{
	size_t known = sweep->observation_count;

	for (int b = 0; b < world->block_count; b++) {
		const struct span *box = spans_at(&world->far_box[b], t);
		if (!box || (box->kind == BOX_INSIDE && spans_at(&world->vantages[v].cut[b], t)))
			continue;
		for (uint32_t host = 1; host <= STRANGERS_BOXED; host++) {
			struct sight sight = observe_box(world, v, b, t, rng);
			struct observation seen = observation_blank();
			seen.address.host = world->blocks[b].base.host + host;
			seen.method = METHOD_TCP;
			seen.port = STRANGERS_PORT;
			seen.probed_at.ns = t;
			seen.outcome = sight.outcome;
			seen.rtt_ns = sight.rtt_ns / 1000 * 1000;
			seen.reply_ttl = sight.reply_ttl;
			seen.ip_id = sight.ip_id;
			if (sight.outcome != OUTCOME_SILENT)
				add_stranger(sweep, known, &seen);
		}
		return;
	}
}

void strangers_near(struct world *world, int v, int64_t t, struct rng *rng, struct sweep *sweep)
{
	for (int b = 0; b < world->block_count; b++) {
		if (!spans_at(&world->vantages[v].near_box[b], t))
			continue;
		for (uint32_t i = 0; i < STRANGERS_NEAR / WORLD_BLOCKS; i++) {
			struct observation seen = observation_blank();
			seen.address.host = world->blocks[b].base.host + rng_below(rng, 256);
			seen.probed_at.ns = t;
			seen.outcome = OUTCOME_ECHO_REPLY;
			seen.rtt_ns = SECONDS(0.004);
			seen.reply_ttl = 253;
			bool known = false;
			for (size_t k = 0; k < sweep->observation_count; k++)
				known = known ||
					ip4_equal(sweep->observations[k].address, seen.address);
			if (!known)
				sweep->observations[sweep->observation_count++] = seen;
		}
	}
}
