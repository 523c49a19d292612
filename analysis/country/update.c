#include "analysis/country/view.h"

#include <assert.h>
#include <stdlib.h>

#include "analysis/country/parts.h"
#include "analysis/disruption/coincidence.h"
#include "core/mem.h"

static int block_order(const void *a, const void *b)
{
	const struct block *x = a;
	const struct block *y = b;

	return x->prefix.base.host < y->prefix.base.host
		       ? -1
		       : x->prefix.base.host > y->prefix.base.host;
}

static void add_blocks(struct view *view, size_t *capacity, struct prefix prefix)
{
	struct ip4 last = prefix_last(prefix);

	for (uint64_t at = block_of(prefix.base).base.host; at <= last.host; at += 256) {
		view->blocks = mem_grow(
			view->blocks, capacity, view->block_count + 1, sizeof(*view->blocks));
		view->blocks[view->block_count++] =
			(struct block){.prefix = {{(uint32_t)at}, BLOCK_LEN}};
	}
}

void view_init(struct view *view, const struct target_row *targets, size_t count, struct wall start,
	const struct parameters *parameters)
{
	size_t capacity = 0;
	size_t kept = 0;

	*view = (struct view){
		.parameters = *parameters, .controls = targets, .control_count = count};
	view->heard_shift = 63 - __builtin_clzll((uint64_t)parameters->minute_ns * 3 / 10 | 1);
	proof_init(&view->proof, targets, count);
	reorder_init(&view->results, sizeof(struct probe_result));
	for (size_t i = 0; i < count; i++)
		if (targets[i].role == ROLE_TARGET)
			add_blocks(view, &capacity, targets[i].prefix);
	if (view->block_count == 0)
		return;
	qsort(view->blocks, view->block_count, sizeof(*view->blocks), block_order);
	for (size_t i = 0; i < view->block_count; i++)
		if (i == 0 || block_order(&view->blocks[i], &view->blocks[kept - 1]) != 0)
			view->blocks[kept++] = view->blocks[i];
	view->block_count = kept;
	for (size_t i = 0; i < kept; i++) {
		coverage_init(&view->blocks[i].coverage, start);
	}
}

void view_finish(struct view *view)
{
	for (size_t i = 0; i < view->block_count; i++)
		block_finish(&view->blocks[i]);
	mem_free(view->blocks);
	mem_free(view->hosts);
	mem_free(view->marks);
	mem_free(view->moved_from);
	for (size_t i = 0; i < view->vantage_count; i++) {
		uplink_finish(&view->uplinks[i]);
		probe_times_finish(&view->probe_times[i]);
		boxes_finish(&view->boxes[i]);
	}
	trips_finish(&view->trips);
	nears_finish(&view->nears);
	reorder_finish(&view->results);
	disruptions_finish(&view->disruptions);
	for (size_t i = 0; i < view->router_count; i++)
		mem_free(view->routers[i].outs);
	mem_free(view->routers);
	mem_free(view->errors);
	mem_free(view->borders);
	for (size_t i = 0; i < view->vantage_count; i++)
		routers_finish(&view->met[i]);
}

struct block *view_block_at(const struct view *view, struct ip4 address)
{
	struct block key = {.prefix = block_of(address)};

	if (view->block_count == 0)
		return NULL;
	return bsearch(&key, view->blocks, view->block_count, sizeof(*view->blocks), block_order);
}

const struct target_row *view_control_of(const struct view *view, struct ip4 address)
{
	const struct target_row *learned = NULL;

	for (size_t i = 0; i < view->control_count; i++) {
		const struct target_row *row = &view->controls[i];
		if (row->role == ROLE_TARGET || !prefix_holds(row->prefix, address))
			continue;
		if (!target_row_is_learned(row))
			return row;
		learned = row;
	}
	return learned;
}

void view_touch(struct view_reading *reading, struct block *block, bool measured)
{
	if (block->sweep != reading->view->sweeps) {
		block->sweep = reading->view->sweeps;
		block->touched = block->measured = block->boxed = false;
	}
	block->touched = true;
	block->measured |= measured;
}

void view_set_clock(struct view *view, struct ip4 address, int64_t boot_ns)
{
	struct block *block = view_block_at(view, address);
	uint32_t number = block ? block->hosts[address.host & 255] : 0;

	if (number && view->hosts[number - 1].state == HOST_HERE)
		view->hosts[number - 1].clock_ns = boot_ns;
}

/* Without anchors any reply proves the uplink, be it to another sweep, at its time. */
static enum reason why_void(struct view *view, const struct sweep *sweep, size_t vantage)
{
	proof_learn(&view->proof, sweep);
	view->proof.usual_rtt_s = view->nears.usual_s[vantage];
	enum reason why = reason_of_sweep(sweep, &view->proof);

	view_hear(view, sweep, vantage);
	if (why == REASON_UNPROVEN &&
		view_heard(view, vantage, sweep->info.start.ns, sweep->info.end.ns))
		why = REASON_NONE;
	return why;
}

/* Whoever says more does not know the time at all. */
#define CLOCK_ERROR_MOST_US (3600 * INT64_C(1000000))

/* The most that a clock is off by which times are told here: the worst of those in use. */
static int64_t clock_error(struct view *view, const struct sweep_info *info, size_t vantage)
{
	int64_t *error_ns = view->clock_error_ns;
	int64_t told_us = info->clock_error_us;
	int64_t worst_ns = 0;

	if (told_us > CLOCK_ERROR_MOST_US)
		told_us = CLOCK_ERROR_MOST_US;
	if (told_us >= 0)
		error_ns[vantage] = 1000 * told_us;
	for (size_t v = 0; v < view->vantage_count; v++)
		worst_ns = error_ns[v] > worst_ns ? error_ns[v] : worst_ns;
	return worst_ns;
}

/* What a block of which nothing was heard is told to be for. why: of its sweep. */
static enum reason why_blind(const struct view *view, size_t vantage, enum reason why)
{
	if (why != REASON_NONE || !view_uplink_is_down(view, vantage))
		return why;
	return view->uplinks[vantage].anchored ? REASON_ANCHORS_DOWN : REASON_UNPROVEN;
}

/* Where only a box ever answered, the silence of others is none of a host's. */
static bool is_measured(const struct block *block)
{
	return block->measured && (block->member_count || !block->boxed);
}

/* What this sweep, read by now, and its time come to for each block. */
static void settle_blocks(struct view_reading *reading, int64_t error_ns)
{
	struct view *view = reading->view;
	const struct sweep_info *info = &reading->sweep->info;

	for (size_t i = 0; i < view->block_count; i++) {
		struct block *block = &view->blocks[i];
		/* One that asked nobody speaks of all. */
		if (reading->why != REASON_NONE && reading->sweep->observation_count == 0)
			view_touch(reading, block, false);
		if (block->sweep == view->sweeps && block->touched)
			coverage_sweep(&block->coverage, reading->vantage, info,
				is_measured(block)              ? REASON_NONE
				: reading->blind != REASON_NONE ? reading->blind
				: block->boxed                  ? REASON_BOX
								: REASON_UNSENT);
		int64_t gap_ns = coverage_last_gap(&block->coverage, info->start.ns);
		if (gap_ns != block->gap_ns)
			block_forget(block, view->hosts, gap_ns);
		block->gap_ns = gap_ns;
		if (!incident_is_empty(&block->incident) &&
			block->incident.clock_error_ns < error_ns)
			block->incident.clock_error_ns = error_ns;
		block_tick(block, view->hosts, info->start.ns, (uint32_t)i, &view->parameters,
			&view->disruptions);
	}
}

void view_sweep(struct view *view, const struct sweep *sweep, size_t vantage)
{
	const struct sweep_info *info = &sweep->info;

	assert(vantage < VANTAGES_MOST);
	if (vantage >= view->vantage_count)
		view->vantage_count = vantage + 1;
	int64_t error_ns = clock_error(view, info, vantage);
	struct view_reading reading = {.view = view,
		.sweep = sweep,
		.vantage = vantage,
		.why = why_void(view, sweep, vantage)};
	const struct observation *rows = sweep->observations;
	size_t count = sweep->observation_count;

	view_release(view, info->start.ns);
	boxes_see(&view->boxes[vantage], sweep, NULL);
	reading.blind = why_blind(view, vantage, reading.why);
	view->blind[vantage] = reading.blind;
	view_note_uplink(&reading);
	view->sweeps++;
	if (info->tier == TIER_FULL)
		probe_times_begin(&view->probe_times[vantage], info);
	struct block *asked = NULL;
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && ip4_equal(rows[i].address, rows[next].address);)
			next++;
		if (!asked || !prefix_holds(asked->prefix, rows[i].address))
			asked = view_block_at(view, rows[i].address);
		if (asked)
			view_read_address(&reading, asked, &rows[i], &rows[next - 1]);
		else
			for (size_t j = i; j < next; j++)
				view_read_control(&reading, &rows[j]);
	}
	view_read_hops(&reading);
	if (info->tier == TIER_FULL)
		view_read_absent(&reading);
	view_look_for_moves(view, info->start.ns);
	if (info->end.ns > view->now_ns)
		view->now_ns = info->end.ns;
	settle_blocks(&reading, error_ns);
	view_note_borders(view);
}

void view_end(struct view *view, struct wall until)
{
	view_release(view, INT64_MAX);
	for (size_t v = 0; v < view->vantage_count; v++)
		view->blind[v] = why_blind(view, v, view->blind[v]);
	for (size_t i = 0; i < view->block_count; i++) {
		block_end(&view->blocks[i], view->hosts, (uint32_t)i, &view->parameters,
			&view->disruptions);
		block_close(&view->blocks[i], view->hosts, until.ns, &view->parameters);
		coverage_until(&view->blocks[i].coverage, until);
	}
	view_note_borders(view);
	disruptions_settle(&view->disruptions);
}
