#include "tests/bench/histories/stream.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tests/bench/histories/observe.h"
#include "tests/bench/histories/schedule.h"
#include "tests/bench/histories/strangers.h"

enum { SLOTS = 2 * WORLD_ENDPOINTS, HOPS = WORLD_BLOCKS * 8, BATCH = 400 };

struct slot {
	struct observation blank; /* address, method and port filled in */
	int endpoint;
	int64_t watch_phase, full_phase;
};

struct stream {
	struct world *world;
	struct rng rng;
	int64_t minute, next_full; /* of the turn; when a full sweep is due again */
	int64_t number;            /* of the minute */
	int turn;                  /* in the minute: two for each vantage point */
	struct slot slots[SLOTS];
	int slot_count;
	struct observation observations[SLOTS + STRANGERS_NEAR + STRANGERS_BOXED];
	struct hop hops[HOPS];
	uint64_t next_sweep[WORLD_VANTAGES];
	bool silent_before[WORLD_BLOCKS]; /* the block's first target, last time */
	char methods[METHODS_SIZE];
	char epoch[EPOCH_SIZE];
};

static int slot_order(const void *a, const void *b)
{
	const struct slot *x = a;
	const struct slot *y = b;

	return observation_order(&x->blank, &y->blank);
}

static void add_slot(struct stream *stream, int endpoint, enum method method, int64_t watch_ns)
{
	const struct endpoint *e = &stream->world->endpoints[endpoint];
	struct slot *slot = &stream->slots[stream->slot_count++];

	slot->blank = observation_blank();
	slot->blank.address = e->address;
	slot->blank.method = method;
	slot->blank.port = method == METHOD_TCP ? e->port : 0;
	slot->endpoint = endpoint;
	slot->full_phase = (int64_t)(rng_unit(&stream->rng) * (double)stream->world->lasts_ns);
	slot->watch_phase = watch_ns; /* its place, until all are known */
}

/* Spread over the interval in a drawn order. */
static void draw_phases(struct stream *stream)
{
	int order[SLOTS];
	int count = stream->slot_count;

	for (int i = 0; i < count; i++)
		order[i] = i;
	for (int i = count - 1; i > 0; i--) {
		int j = (int)rng_below(&stream->rng, (uint32_t)i + 1);
		int kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
	for (int i = 0; i < count; i++)
		stream->slots[order[i]].watch_phase = stream->world->spread_ns * i / count;
}

/* For looks.h: the truth asks when each was asked. */
static void note_phases(struct stream *stream)
{
	struct world *world = stream->world;

	for (int i = 0; i < world->endpoint_count; i++)
		for (int k = 0; k < 4; k++)
			world->endpoints[i].phases[k / 2][k % 2] = -1;
	for (int i = 0; i < stream->slot_count; i++) {
		const struct slot *slot = &stream->slots[i];
		struct endpoint *endpoint = &world->endpoints[slot->endpoint];
		int kind = slot->blank.method == METHOD_TCP;
		endpoint->phases[TIER_WATCH][kind] = slot->watch_phase;
		endpoint->phases[TIER_FULL][kind] = slot->full_phase;
	}
}

static void make_slots(struct stream *stream)
{
	struct world *world = stream->world;

	for (int i = 0; i < world->endpoint_count; i++) {
		if (world->endpoints[i].icmp)
			add_slot(stream, i, METHOD_ICMP, 0);
		if (world->endpoints[i].port)
			add_slot(stream, i, METHOD_TCP, 0);
	}
	draw_phases(stream);
	qsort(stream->slots, (size_t)stream->slot_count, sizeof(struct slot), slot_order);
	note_phases(stream);
}

static int64_t clock_error(const struct vantage *vantage, int64_t t)
{
	return t >= vantage->clock_step_at ? vantage->clock_step_ns : 0;
}

/* A probe and, in the watch tier, its retries. Returns the packets sent. */
static int ask(struct stream *stream, int v, const struct slot *slot, int64_t t, bool retry,
	struct observation *ret)
{
	struct world *world = stream->world;
	const struct vantage *vantage = &world->vantages[v];
	struct sight sight;
	int tries = 0;
	int64_t at = t;

	for (;;) {
		sight = observe(world, v, slot->endpoint, slot->blank.method, at, &stream->rng);
		tries++;
		if (sight.outcome != OUTCOME_SILENT || !retry || tries > world->retry_count)
			break;
		at = t + SECONDS(world->retries_s[tries - 1]);
	}
	if (sight.outcome == OUTCOME_SILENT)
		at = t;
	*ret = slot->blank;
	ret->probed_at.ns = (at + clock_error(vantage, at)) / 1000 * 1000;
	ret->outcome = sight.outcome;
	ret->rtt_ns = sight.rtt_ns < 0 ? -1 : sight.rtt_ns / 1000 * 1000;
	ret->has_responder = sight.has_responder;
	ret->responder = sight.responder;
	ret->icmp_type = sight.icmp_type;
	ret->icmp_code = sight.icmp_code;
	ret->reply_ttl = sight.reply_ttl;
	ret->ip_id = sight.ip_id;
	ret->has_tcp_ts = sight.has_tcp_ts;
	ret->tcp_ts = sight.tcp_ts;
	ret->attempt =
		sight.outcome == OUTCOME_SILENT || sight.outcome == OUTCOME_UNSENT ? -1 : tries;
	ret->attempts = sight.outcome == OUTCOME_UNSENT ? 0 : tries;
	return ret->attempts;
}

static struct sweep begin_sweep(
	struct stream *stream, int v, enum tier tier, int64_t start, int64_t lasts)
{
	const struct vantage *vantage = &stream->world->vantages[v];
	struct sweep sweep = {.observations = stream->observations, .hops = stream->hops};
	struct sweep_info *info = &sweep.info;

	info->sweep = ++stream->next_sweep[v];
	memcpy(info->vantage, vantage->name, sizeof(vantage->name));
	memcpy(info->epoch, stream->epoch, sizeof(info->epoch));
	info->tier = tier;
	info->start.ns = start + clock_error(vantage, start);
	info->end.ns = start + lasts + clock_error(vantage, start + lasts);
	if (!stream->world->play.irregular)
		info->interval_ns =
			tier == TIER_FULL ? stream->world->full_ns : stream->world->watch_ns;
	if (tier == TIER_FULL)
		memcpy(info->methods, stream->methods, sizeof(info->methods));
	info->has_source = true;
	info->source = vantage_source(vantage, start);
	info->anchors_probed = info->anchors_up = stream->world->anchored ? 0 : -1;
	info->clock_error_us = 500;
	return sweep;
}

/* What the sweep must say against itself. */
static void finish_sweep(struct stream *stream, int v, struct sweep *sweep)
{
	struct vantage *vantage = &stream->world->vantages[v];
	struct sweep_info *info = &sweep->info;
	int64_t start = info->start.ns - clock_error(vantage, info->start.ns);
	struct looks *vantage_looks = &stream->world->looks[v];
	bool unsent = false;

	for (size_t i = 0; i < sweep->observation_count; i++)
		unsent = unsent || sweep->observations[i].outcome == OUTCOME_UNSENT;
	int64_t halfway = stream->world->watch_ns ? stream->world->spread_ns / 2 : SECONDS(30);
	const struct span *fault = spans_at(&vantage->faults, start + halfway);
	if (fault && fault->kind == FAULT_DROPS) {
		info->flags |= SWEEP_CAPTURE_DROP;
		info->capture_dropped = 50;
		if (stream->world->drops_marked)
			info->flags |= SWEEP_DROPS_MARKED;
		for (size_t i = 0; stream->world->drops_marked && i < sweep->observation_count; i++)
			if (sweep->observations[i].outcome == OUTCOME_SILENT)
				sweep->observations[i].outcome = OUTCOME_UNSENT;
	} else if (unsent) {
		info->flags |= SWEEP_INTERFACE_DOWN;
		info->send_errors = 1;
	}
	if (info->anchors_probed > 0 && info->anchors_up * 2 < info->anchors_probed)
		info->flags |= SWEEP_ANCHORS_DOWN;
	if (info->anchors_probed < 0 && info->received == 0)
		info->flags |= SWEEP_UNPROVEN;
	if (start < vantage->clock_step_at &&
		vantage->clock_step_at <= start + (info->end.ns - info->start.ns))
		info->flags |= SWEEP_CLOCK_STEP;
	if (info->flags == 0 || info->flags == SWEEP_CLOCK_STEP)
		instants_add(&vantage_looks->starts[info->tier], start);
}

static void note(struct stream *stream, struct sweep *sweep, const struct slot *slot,
	const struct observation *seen, int sent)
{
	struct sweep_info *info = &sweep->info;
	bool reply = seen->outcome != OUTCOME_SILENT && seen->outcome != OUTCOME_UNSENT;

	info->probed++;
	info->sent += sent;
	info->received += reply;
	if (stream->world->endpoints[slot->endpoint].role == ROLE_ANCHOR) {
		info->anchors_probed++;
		info->anchors_up += outcome_is_life(seen->outcome);
	}
}

static void add_path(struct stream *stream, int v, int block, int64_t t, struct sweep *sweep)
{
	struct world *world = stream->world;
	int taken = 0;

	for (int i = 0; i < world->endpoint_count && taken < 2; i++) {
		const struct endpoint *endpoint = &world->endpoints[i];
		if (endpoint->block != block || !endpoint->icmp || endpoint->availability < 1 ||
			endpoint->machine == world->border)
			continue;
		for (int before = 3; before >= 0; before--) {
			struct sight sight = observe_hop(world, v, i, before, t, &stream->rng);
			struct hop *hop = &stream->hops[sweep->hop_count++];
			*hop = (struct hop){.address = endpoint->address,
				.ttl = (uint8_t)(16 - before),
				.probed_at = {(t + clock_error(&world->vantages[v], t)) / 1000 *
					      1000},
				.outcome = sight.outcome,
				.has_responder = sight.has_responder,
				.responder = sight.responder,
				.rtt_ns = sight.rtt_ns < 0 ? -1 : sight.rtt_ns / 1000 * 1000};
			if (before == 0 && taken == 0)
				stream->silent_before[block] = !outcome_is_life(sight.outcome);
			t += SECONDS(0.2);
		}
		taken++;
	}
}

static struct sweep watch_sweep(struct stream *stream, int v, int64_t start)
{
	struct world *world = stream->world;
	struct sweep sweep =
		begin_sweep(stream, v, TIER_WATCH, start, world->spread_ns + SECONDS(12));

	for (int i = 0; i < stream->slot_count; i++) {
		const struct slot *slot = &stream->slots[i];
		struct observation *seen = &sweep.observations[sweep.observation_count++];
		int64_t t = start + slot->watch_phase + (int64_t)rng_below(&stream->rng, 5000000);
		note(stream, &sweep, slot, seen, ask(stream, v, slot, t, true, seen));
	}
	for (int b = 0; world->path_probes && b < world->block_count; b++)
		if (stream->silent_before[b] || stream->number % 5 == 0)
			add_path(stream, v, b, start + SECONDS(20), &sweep);
	finish_sweep(stream, v, &sweep);
	return sweep;
}

static struct sweep full_sweep(struct stream *stream, int v, int64_t start)
{
	struct world *world = stream->world;
	struct sweep sweep = begin_sweep(stream, v, TIER_FULL, start, world->lasts_ns + SECONDS(5));

	for (int i = 0; i < stream->slot_count; i++) {
		const struct slot *slot = &stream->slots[i];
		struct observation *seen = &sweep.observations[sweep.observation_count];
		note(stream, &sweep, slot, seen,
			ask(stream, v, slot, start + slot->full_phase, false, seen));
		bool control = world->endpoints[slot->endpoint].role == ROLE_ANCHOR ||
			       world->endpoints[slot->endpoint].role == ROLE_UPSTREAM;
		/* A silent target has no row; where drops are marked, it has. */
		sweep.observation_count +=
			control || seen->outcome != OUTCOME_SILENT || world->drops_marked;
	}
	int64_t halfway = start + world->lasts_ns / 2 / 1000 * 1000;
	strangers_near(world, v, halfway, &stream->rng, &sweep);
	strangers_boxed(world, v, halfway, &stream->rng, &sweep);
	sweep.info.probed += 256 * world->block_count - stream->slot_count;
	finish_sweep(stream, v, &sweep);
	return sweep;
}

static bool absent(struct vantage *vantage, int64_t t)
{
	const struct span *fault = spans_at(&vantage->faults, t);

	return fault && fault->kind == FAULT_ABSENT;
}

size_t stream_targets(const struct stream *stream, struct target_row *rows)
{
	const struct world *world = stream->world;
	size_t count = 0;

	for (int b = 0; b < world->block_count; b++)
		rows[count++] =
			(struct target_row){.prefix = world->blocks[b], .role = ROLE_TARGET};
	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].role != ROLE_TARGET)
			rows[count++] = (struct target_row){
				.prefix = prefix_of(world->endpoints[i].address, 32),
				.role = world->endpoints[i].role};
	return count;
}

static void name_methods(struct stream *stream)
{
	size_t len = (size_t)snprintf(stream->methods, METHODS_SIZE, "icmp");

	for (int b = 0; b < stream->world->block_count; b++)
		if (stream->world->far_box[b].count) {
			len += (size_t)snprintf(stream->methods + len, METHODS_SIZE - len,
				";tcp:%d", STRANGERS_PORT);
			break;
		}

	for (int i = 0; i < stream->world->endpoint_count; i++) {
		char text[METHOD_TEXT_SIZE];
		if (!stream->world->endpoints[i].port)
			continue;
		method_format(METHOD_TCP, stream->world->endpoints[i].port, text);
		const char *had = strstr(stream->methods, text);
		if (!had || (had[strlen(text)] && had[strlen(text)] != ';'))
			len += (size_t)snprintf(
				stream->methods + len, METHODS_SIZE - len, ";%s", text);
	}
	snprintf(stream->epoch, EPOCH_SIZE, "history-%016llx",
		(unsigned long long)rng_mix(stream->world->seed));
}

struct stream *stream_create(struct world *world)
{
	struct stream *stream = mem_zeroed(1, sizeof(*stream));

	stream->world = world;
	stream->rng = rng_seed(world->seed, UINT64_C(0x73747265616d));
	stream->minute = stream->next_full = world->start;
	for (int i = 0; i < world->vantage_count; i++) /* played once more, they begin anew */
		world->looks[i].starts[0].count = world->looks[i].starts[1].count = 0;
	make_slots(stream);
	name_methods(stream);
	return stream;
}

void stream_destroy(struct stream *stream)
{
	free(stream);
}

static void end_minute(struct stream *stream)
{
	if (stream->minute >= stream->next_full)
		stream->next_full += stream->world->full_ns;
	stream->minute += schedule_gap(stream->world, &stream->rng);
	stream->number++;
	stream->turn = 0;
}

static bool full_due(const struct stream *stream)
{
	return stream->world->watch_ns == 0 || stream->minute >= stream->next_full;
}

bool stream_next(struct stream *stream, struct sweep *ret)
{
	struct world *world = stream->world;

	while (stream->minute < world->end) {
		int v = stream->turn / 2;
		bool full = stream->turn % 2 == 0;

		if (v == world->vantage_count) {
			end_minute(stream);
			continue;
		}
		int64_t start = stream->minute + world->vantages[v].phase_ns;
		stream->turn++;
		if (!(full ? full_due(stream) : world->watch_ns != 0) ||
			absent(&world->vantages[v], start))
			continue;
		*ret = full ? full_sweep(stream, v, start + SECONDS(1))
			    : watch_sweep(stream, v, start);
		return true;
	}
	return false;
}

int64_t stream_settled(const struct stream *stream)
{
	const struct world *world = stream->world;
	int64_t earliest = stream->minute;

	for (int v = 0; v < world->vantage_count; v++)
		if (stream->minute + world->vantages[v].clock_step_ns < earliest)
			earliest = stream->minute + world->vantages[v].clock_step_ns;
	return earliest;
}

static int put_targets(const struct stream *stream, struct store *store, struct diag *why)
{
	struct target_row rows[STREAM_TARGETS] = {0};

	return store_put_targets(store, rows, stream_targets(stream, rows), why);
}

static int append(struct store *store, const struct sweep *sweep, uint64_t number, struct diag *why)
{
	int r = number % BATCH == 0 ? store_begin(store, why) : 0;

	if (r >= 0)
		r = store_append(store, sweep, why);
	if (r >= 0 && number % BATCH == BATCH - 1)
		r = store_commit(store, why);
	return r;
}

int stream_world(
	struct world *world, struct store *store, struct stream_count *ret, struct diag *why)
{
	struct stream *stream = stream_create(world);
	struct stream_count count = {0};
	struct sweep sweep;
	int r = store ? put_targets(stream, store, why) : 0;

	while (r >= 0 && stream_next(stream, &sweep)) {
		if (store)
			r = append(store, &sweep, count.sweeps, why);
		count.sweeps++;
		count.observations += sweep.observation_count;
	}
	if (r >= 0 && store && count.sweeps % BATCH)
		r = store_commit(store, why);
	stream_destroy(stream);
	if (r < 0)
		return r;
	*ret = count;
	return 0;
}
