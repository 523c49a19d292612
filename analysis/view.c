#include "analysis/view.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { ANCHOR = UINT32_MAX };

#define NEAR_SHARE 0.3
#define NEAR_LEAST_S 0.02

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
	const struct constants *constants)
{
	size_t capacity = 0;
	size_t kept = 0;

	*view = (struct view){.constants = *constants, .controls = targets, .control_count = count};
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
		belief_init(&view->blocks[i].belief);
		cover_init(&view->blocks[i].cover, start);
	}
}

void view_finish(struct view *view)
{
	for (size_t i = 0; i < view->block_count; i++)
		block_finish(&view->blocks[i]);
	free(view->blocks);
	free(view->machines);
	free(view->marks);
	free(view->anchors);
	free(view->pending);
	losses_finish(&view->losses);
	for (size_t i = 0; i < view->router_count; i++)
		free(view->routers[i].outs);
	free(view->routers);
	free(view->errors);
}

static struct block *block_at(const struct view *view, struct ip4 address)
{
	struct block key = {.prefix = block_of(address)};

	if (view->block_count == 0)
		return NULL;
	return bsearch(&key, view->blocks, view->block_count, sizeof(*view->blocks), block_order);
}

/* ROLE_TARGET where no control row names it. */
static enum role role_of(const struct view *view, struct ip4 address)
{
	for (size_t i = 0; i < view->control_count; i++)
		if (view->controls[i].role != ROLE_TARGET &&
			prefix_holds(view->controls[i].prefix, address))
			return view->controls[i].role;
	return ROLE_TARGET;
}

static struct machine *machine_new(struct view *view, struct block *block, struct ip4 address)
{
	view->machines = mem_grow(view->machines, &view->machine_capacity, view->machine_count + 1,
		sizeof(*view->machines));
	view->marks = mem_grow(
		view->marks, &view->mark_capacity, view->machine_count + 1, sizeof(*view->marks));
	struct machine *machine = &view->machines[view->machine_count];
	*machine = (struct machine){.address = address,
		.block = (uint32_t)(block - view->blocks),
		.router = role_of(view, address) == ROLE_BORDER};
	view->marks[view->machine_count++] = 0;
	block->machines[address.host & 255] = (uint32_t)view->machine_count;
	return machine;
}

static void push(struct view *view, const struct sight *sight)
{
	view->pending = mem_grow(view->pending, &view->pending_capacity, view->pending_count + 1,
		sizeof(*view->pending));
	view->pending[view->pending_count++] = *sight;
}

static uint8_t attempts_of(const struct observation *o)
{
	int attempts = outcome_is_life(o->outcome) ? o->attempt : o->attempts;

	return attempts < 1 ? 1 : attempts > 255 ? 255 : (uint8_t)attempts;
}

struct reading {
	struct view *view;
	const struct sweep *sweep;
	size_t vantage;
	enum reason why; /* silence of this sweep is void */
};

static void touch(struct reading *reading, struct block *block, bool measured)
{
	if (block->sweep != reading->view->sweeps) {
		block->sweep = reading->view->sweeps;
		block->touched = block->measured = false;
	}
	block->touched = true;
	block->measured |= measured;
}

static void mark(struct view *view, uint32_t machine, enum channel channel)
{
	uint64_t *m = &view->marks[machine];

	if (*m / 4 != view->sweeps)
		*m = view->sweeps * 4;
	*m |= 1u << channel;
}

static bool marked(const struct view *view, uint32_t machine, enum channel channel)
{
	uint64_t m = view->marks[machine];

	return m / 4 == view->sweeps && m & 1u << channel;
}

static struct router *router_at(struct view *view, struct ip4 address, enum role role)
{
	for (size_t i = 0; i < view->router_count; i++)
		if (ip4_equal(view->routers[i].address, address))
			return &view->routers[i];
	view->routers = mem_grow(view->routers, &view->router_capacity, view->router_count + 1,
		sizeof(*view->routers));
	struct router *r = &view->routers[view->router_count++];
	*r = (struct router){.address = address, .role = role};
	return r;
}

static void see_router(
	struct view *view, struct ip4 address, enum role role, bool answered, int64_t at_ns)
{
	struct router *r = router_at(view, address, role);

	if (!answered && r->first_ns) {
		if (r->silences++ == 0)
			r->silent_ns = at_ns;
		return;
	}
	if (!answered)
		return;
	if (r->silences >= 2) {
		r->outs = mem_grow(r->outs, &r->out_capacity, r->out_count + 1, sizeof(*r->outs));
		r->outs[r->out_count++] = (struct outing){r->silent_ns, at_ns};
	}
	r->silences = 0;
	r->reply_ns = at_ns;
	if (!r->first_ns)
		r->first_ns = at_ns;
}

/* An address outside the blocks: an anchor, or a router. */
static void read_control(struct reading *reading, const struct observation *o)
{
	enum role role = role_of(reading->view, o->address);
	bool life = outcome_is_life(o->outcome);

	if (o->outcome == OUTCOME_UNSENT || role == ROLE_TARGET)
		return;
	if (role != ROLE_ANCHOR) {
		if (life || reading->why == REASON_NONE)
			see_router(reading->view, o->address, role, life, o->probed_at.ns);
		return;
	}
	push(reading->view, &(struct sight){.at_ns = o->probed_at.ns,
				    .machine = ANCHOR,
				    .channel = (uint8_t)reading->vantage,
				    .answered = life,
				    .attempts = attempts_of(o)});
}

/* Routers answer TTL-limited probes too. */
static void read_hops(struct reading *reading)
{
	for (size_t i = 0; i < reading->sweep->hop_count; i++) {
		const struct hop *h = &reading->sweep->hops[i];
		enum role role =
			h->has_responder ? role_of(reading->view, h->responder) : ROLE_TARGET;
		if (role == ROLE_BORDER || role == ROLE_UPSTREAM)
			if (!block_at(reading->view, h->responder))
				see_router(
					reading->view, h->responder, role, true, h->probed_at.ns);
	}
}

static void read_error(struct reading *reading, const struct observation *o, uint32_t machine)
{
	struct view *view = reading->view;
	enum role role;

	if (!o->has_responder || ip4_equal(o->responder, o->address) ||
		(reading->sweep->info.has_source &&
			ip4_equal(o->responder, reading->sweep->info.source)))
		return;
	/* Errors for those long away tell of their own absence. */
	if (view->machines[machine].state == MACHINE_ABSENT)
		return;
	role = role_of(view, o->responder);
	enum error_from from = role == ROLE_UPSTREAM ? ERROR_UPSTREAM
			       : role == ROLE_BORDER || block_at(view, o->responder)
				       ? ERROR_BORDER
				       : ERROR_TRANSIT;
	for (size_t i = view->error_count; i-- > 0 && view->error_count - i < 512;) {
		struct path_error *e = &view->errors[i];
		if (e->machine != machine || e->from != from)
			continue;
		if (o->probed_at.ns - e->last_ns > 2 * view->constants.flap_ns)
			break;
		e->last_ns = o->probed_at.ns;
		return;
	}
	view->errors = mem_grow(
		view->errors, &view->error_capacity, view->error_count + 1, sizeof(*view->errors));
	view->errors[view->error_count++] =
		(struct path_error){machine, from, o->probed_at.ns, o->probed_at.ns};
}

/* Sooner than light could: a box near us answers for others. The usual time is
 * learned; a third of it is faster than any route. */
static bool is_too_near(
	const struct reading *reading, const struct machine *machine, const struct observation *o)
{
	double rtt_s = (double)o->rtt_ns / (double)NS_PER_S;
	size_t v = reading->vantage % MACHINE_VANTAGES;
	double usual_s = machine && machine->rtt_s[v] > 0 ? (double)machine->rtt_s[v]
							  : reading->view->usual_rtt_s[v];

	return o->rtt_ns > 0 && usual_s > NEAR_LEAST_S && rtt_s < NEAR_SHARE * usual_s;
}

static bool is_life(
	const struct reading *reading, const struct block *block, const struct observation *o)
{
	uint32_t number = block->machines[o->address.host & 255];

	return outcome_is_life(o->outcome) &&
	       !is_too_near(reading, number ? &reading->view->machines[number - 1] : NULL, o);
}

static void push_sight(struct reading *reading, const struct observation *o, uint32_t machine,
	enum channel channel, bool life)
{
	struct view *view = reading->view;
	double rtt_s = o->rtt_ns > 0 ? (double)o->rtt_ns / (double)NS_PER_S : 0;

	double *usual_s = &view->usual_rtt_s[reading->vantage % MACHINE_VANTAGES];
	if (life && rtt_s > 0)
		*usual_s += *usual_s > 0 ? (rtt_s - *usual_s) / 1024 : rtt_s;
	push(view, &(struct sight){.at_ns = o->probed_at.ns,
			   .machine = machine,
			   .channel = (uint8_t)channel,
			   .answered = life,
			   .attempts = attempts_of(o),
			   .rtt_s = (float)rtt_s,
			   .vantage = (uint8_t)(reading->vantage % MACHINE_VANTAGES),
			   .sweep = view->sweeps});
}

/* Rows first..last are one address's. */
static void read_address(struct reading *reading, struct block *block,
	const struct observation *first, const struct observation *last)
{
	struct view *view = reading->view;
	bool answered[CHANNEL_COUNT] = {false};

	for (const struct observation *o = first; o <= last; o++)
		if (is_life(reading, block, o))
			answered[o->method == METHOD_TCP] = true;
	for (const struct observation *o = first; o <= last; o++) {
		enum channel channel = o->method == METHOD_TCP ? CHANNEL_TCP : CHANNEL_ICMP;
		bool life = is_life(reading, block, o);
		bool near = !life && outcome_is_life(o->outcome);
		bool unsent = o->outcome == OUTCOME_UNSENT;

		touch(reading, block, life || (!unsent && !near && reading->why == REASON_NONE));
		if (life && !block->machines[o->address.host & 255])
			machine_new(view, block, o->address);
		uint32_t number = block->machines[o->address.host & 255];
		if (!number)
			continue;
		struct machine *machine = &view->machines[number - 1];
		bool other_port = channel == CHANNEL_TCP && o->port && machine->port &&
				  o->port != machine->port;
		if (!life && !unsent && !near && (answered[channel] || other_port))
			continue;
		mark(view, number - 1, channel);
		if (unsent || near || (!life && reading->why != REASON_NONE))
			continue;
		if (life && channel == CHANNEL_TCP)
			machine->port = o->port;
		if (o->outcome == OUTCOME_UNREACHABLE || o->outcome == OUTCOME_TTL_EXCEEDED)
			read_error(reading, o, number - 1);
		push_sight(reading, o, number - 1, channel, life);
	}
}

/* Does the sweep's list of methods hold this one? An empty list holds all. */
static bool lists(const char *methods, enum channel channel, uint16_t port)
{
	char want[METHOD_TEXT_SIZE];

	if (!*methods)
		return true;
	method_format(channel == CHANNEL_TCP ? METHOD_TCP : METHOD_ICMP, port, want);
	for (const char *at = methods; *at;) {
		size_t len = strcspn(at, ";");
		if ((len == strlen(want) && strncmp(at, want, len) == 0) ||
			(channel == CHANNEL_TCP && len == 3 && strncmp(at, "tcp", 3) == 0))
			return true;
		at += len + (at[len] == ';');
	}
	return false;
}

/* A full sweep asked every target: who has no row was silent, at some time
 * before its end. */
static void read_absent(struct reading *reading)
{
	struct view *view = reading->view;
	const struct sweep_info *info = &reading->sweep->info;

	for (size_t i = 0; i < view->block_count; i++)
		touch(reading, &view->blocks[i],
			reading->why == REASON_NONE && !view->blocks[i].first_reply_ns);
	for (uint32_t i = 0; i < view->machine_count; i++) {
		const struct machine *m = &view->machines[i];
		for (int c = 0; c < CHANNEL_COUNT; c++) {
			enum channel channel = (enum channel)c;
			if (!(m->kinds & 1u << c) || marked(view, i, channel) ||
				!lists(info->methods, channel, m->port))
				continue;
			touch(reading, &view->blocks[m->block], reading->why == REASON_NONE);
			if (reading->why != REASON_NONE)
				continue;
			push(view, &(struct sight){.at_ns = info->end.ns,
					   .machine = i,
					   .channel = (uint8_t)channel,
					   .attempts = 1,
					   .sweep = view->sweeps});
		}
	}
}

static int sight_order(const void *a, const void *b)
{
	const struct sight *x = a;
	const struct sight *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	if (x->machine != y->machine)
		return x->machine < y->machine ? -1 : 1;
	if (x->channel != y->channel)
		return x->channel < y->channel ? -1 : 1;
	return x->answered - y->answered;
}

static struct loss_rate *anchor_loss(struct view *view, size_t vantage)
{
	if (vantage >= view->anchor_count) {
		struct loss_rate *more = mem_zeroed(vantage + 1, sizeof(*more));
		if (view->anchor_count)
			memcpy(more, view->anchors, view->anchor_count * sizeof(*more));
		free(view->anchors);
		view->anchors = more;
		view->anchor_count = vantage + 1;
	}
	return &view->anchors[vantage];
}

static double worst_anchor(const struct view *view)
{
	double worst = 0;

	for (size_t i = 0; i < view->anchor_count; i++)
		if (loss_rate_now(&view->anchors[i]) > worst)
			worst = loss_rate_now(&view->anchors[i]);
	return worst;
}

/* All that was seen before then is complete: sweeps come in order of start. */
static void release(struct view *view, int64_t before_ns)
{
	size_t done = 0;

	if (view->pending_count == 0)
		return;
	qsort(view->pending, view->pending_count, sizeof(*view->pending), sight_order);
	for (; done < view->pending_count && view->pending[done].at_ns < before_ns; done++) {
		const struct sight *s = &view->pending[done];
		if (s->machine == ANCHOR) {
			loss_rate_add(anchor_loss(view, s->channel),
				s->answered ? s->attempts - 1 : s->attempts, s->attempts, s->at_ns,
				&view->constants);
			continue;
		}
		block_see(&view->blocks[view->machines[s->machine].block], view->machines, s,
			worst_anchor(view), &view->constants);
	}
	memmove(view->pending, view->pending + done,
		(view->pending_count - done) * sizeof(*view->pending));
	view->pending_count -= done;
}

void view_set_clock(struct view *view, struct ip4 address, int64_t boot_ns)
{
	struct block *block = block_at(view, address);
	uint32_t number = block ? block->machines[address.host & 255] : 0;

	if (number && view->machines[number - 1].state == MACHINE_HERE)
		view->machines[number - 1].clock_ns = boot_ns;
}

/* Machines that fell silent while as many new ones appeared have moved. */
static void look_for_moves(struct view *view, int64_t now_ns)
{
	if (now_ns - view->moved_ns < view->constants.count_ns / 4)
		return;
	view->moved_ns = now_ns;
	for (size_t b = 0; b < view->block_count; b++) {
		struct block *block = &view->blocks[b];
		int64_t since_ns;
		size_t fresh = 0;
		if (block->out_count < 2 || block->dark ||
			!(since_ns = block_out_since(block, view->machines)))
			continue;
		for (size_t i = 0; i < view->machine_count; i++)
			fresh += machine_is_known(&view->machines[i]) &&
				 view->machines[i].first_reply_ns > since_ns;
		if (2 * fresh >= block->out_count)
			block_moved(block, view->machines, now_ns, &view->constants);
	}
}

/* Without anchors any reply proves the line, be it to another sweep of that time. */
static enum reason why_void(struct view *view, const struct sweep *sweep, size_t vantage)
{
	enum reason why = reason_of_sweep(sweep);
	int64_t *heard_ns = &view->heard_ns[vantage % VIEW_VANTAGES];

	for (size_t i = 0; i < sweep->observation_count; i++)
		if (outcome_is_life(sweep->observations[i].outcome) &&
			sweep->observations[i].probed_at.ns > *heard_ns)
			*heard_ns = sweep->observations[i].probed_at.ns;
	return why == REASON_UNPROVEN && *heard_ns >= sweep->info.start.ns ? REASON_NONE : why;
}

void view_sweep(struct view *view, const struct sweep *sweep, size_t vantage)
{
	const struct sweep_info *info = &sweep->info;
	struct reading reading = {view, sweep, vantage, why_void(view, sweep, vantage)};
	const struct observation *rows = sweep->observations;
	size_t count = sweep->observation_count;

	if (view->pending_count)
		release(view, info->start.ns);
	view->sweeps++;
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && ip4_equal(rows[i].address, rows[next].address);)
			next++;
		struct block *block = block_at(view, rows[i].address);
		if (block)
			read_address(&reading, block, &rows[i], &rows[next - 1]);
		else
			for (size_t j = i; j < next; j++)
				read_control(&reading, &rows[j]);
	}
	read_hops(&reading);
	if (info->tier == TIER_FULL)
		read_absent(&reading);
	look_for_moves(view, info->start.ns);
	if (info->end.ns > view->now_ns)
		view->now_ns = info->end.ns;
	for (size_t i = 0; i < view->block_count; i++) {
		struct block *block = &view->blocks[i];
		/* One that asked nobody speaks of all. */
		if (reading.why != REASON_NONE && count == 0)
			touch(&reading, block, false);
		if (block->sweep == view->sweeps && block->touched)
			cover_sweep(&block->cover, vantage, info,
				block->measured              ? REASON_NONE
				: reading.why != REASON_NONE ? reading.why
							     : REASON_UNSENT);
		const struct cover *cover = &block->cover;
		int64_t gap_ns = cover->gap_count ? cover->gaps[cover->gap_count - 1].end_ns : 0;
		if (gap_ns != block->gap_ns)
			block_forget(block, view->machines);
		block->gap_ns = gap_ns;
		block_tick(block, view->machines, info->start.ns, (uint32_t)i, &view->constants,
			&view->losses);
	}
}

void view_end(struct view *view, struct wall until)
{
	release(view, INT64_MAX);
	for (size_t i = 0; i < view->block_count; i++) {
		block_end(&view->blocks[i], view->machines, (uint32_t)i, &view->constants,
			&view->losses);
		block_close(&view->blocks[i], until.ns, &view->constants);
		cover_until(&view->blocks[i].cover, until);
	}
}
