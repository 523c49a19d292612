#include <string.h>

#include "analysis/country/parts.h"
#include "core/mem.h"

static void host_new(struct view *view, struct block *block, struct ip4 address)
{
	view->hosts = mem_grow(
		view->hosts, &view->host_capacity, view->host_count + 1, sizeof(*view->hosts));
	view->marks = mem_grow(
		view->marks, &view->mark_capacity, view->host_count + 1, sizeof(*view->marks));
	view->moved_from = mem_grow(view->moved_from, &view->moved_capacity, view->host_count + 1,
		sizeof(*view->moved_from));
	struct host *host = &view->hosts[view->host_count];
	*host = (struct host){.address = address, .block = (uint32_t)(block - view->blocks)};
	view->marks[view->host_count] = 0;
	view->moved_from[view->host_count] = 0;
	block_join(block, address, (uint32_t)view->host_count++);
	view_join_border(view, (uint32_t)view->host_count - 1);
}

static void mark(struct view *view, uint32_t host, enum channel channel)
{
	uint64_t *m = &view->marks[host];

	if (*m / 4 != view->sweeps)
		*m = view->sweeps * 4;
	*m |= 1u << channel;
}

static bool marked(const struct view *view, uint32_t host, enum channel channel)
{
	uint64_t m = view->marks[host];

	return m / 4 == view->sweeps && m & 1u << channel;
}

/* Sooner than light could: a box near us answers for others. */
static bool is_too_near(const struct view *view, size_t vantage, const struct block *block,
	const struct observation *o)
{
	uint32_t last = o->address.host & 255;
	uint32_t number = block->hosts[last];

	if (number)
		return near_is_doubtful(&view->nears, vantage, number - 1, o->rtt_ns);
	return near_is_strange(&view->nears, vantage, o->rtt_ns) &&
	       !(block->strangers && stranger_is_somebody(&block->strangers[last]));
}

/* What it says of how far it is, and whether it is nearer than that. */
static void weigh_distance(
	struct view_reading *reading, struct block *block, const struct observation *o)
{
	struct view *view = reading->view;
	uint32_t last = o->address.host & 255;
	uint32_t number = block->hosts[last];

	if (!observation_is_life(o)) {
		if (!number && block->strangers && o->outcome != OUTCOME_UNSENT)
			stranger_miss(&block->strangers[last]);
		return;
	}
	if (number) {
		near_hear(&view->nears, reading->vantage, number - 1, o->rtt_ns, view_attempts(o));
		return;
	}
	if (!near_is_strange(&view->nears, reading->vantage, o->rtt_ns))
		return;
	if (!block->strangers)
		block->strangers = mem_zeroed(BLOCK_ADDRESSES, sizeof(*block->strangers));
	stranger_hear(&block->strangers[last], view->sweeps);
}

/* What a row says of its address. */
enum word { WORD_NONE, WORD_SILENT, WORD_ALIVE };

static enum word word_of(
	const struct view_reading *reading, const struct block *block, const struct observation *o)
{
	if (o->outcome == OUTCOME_UNSENT)
		return WORD_NONE;
	if (!observation_is_life(o))
		return WORD_SILENT;
	if (boxes_gave(&reading->view->boxes[reading->vantage], o))
		return WORD_NONE;
	return is_too_near(reading->view, reading->vantage, block, o) ? WORD_NONE : WORD_ALIVE;
}

/* Silence beside an answer by the same kind of probe, or at a port that is not the
 * one it answers at, says nothing. */
static bool is_outdone(const struct view_reading *reading, const struct block *block,
	const struct observation *silent, const struct observation *first,
	const struct observation *last)
{
	uint32_t number = block->hosts[silent->address.host & 255];
	uint16_t port = reading->view->hosts[number - 1].port;

	if (silent->method == METHOD_TCP && silent->port && port && silent->port != port)
		return true;
	for (const struct observation *o = first; o <= last; o++)
		if (o->method == silent->method && word_of(reading, block, o) == WORD_ALIVE)
			return true;
	return false;
}

static void push_result(struct view_reading *reading, const struct observation *o, uint32_t host,
	enum channel channel, bool life, bool unreachable)
{
	struct view *view = reading->view;
	uint8_t vantage = (uint8_t)(reading->vantage);
	double rtt_s = o->rtt_ns > 0 ? (double)o->rtt_ns / (double)NS_PER_S : 0;

	view_push(view, &(struct probe_result){.at_ns = o->probed_at.ns,
				.host = host,
				.channel = (uint8_t)channel,
				.answered = life,
				.attempts = view_attempts(o),
				.unreachable = unreachable,
				.rtt_s = (float)rtt_s,
				.vantage = vantage,
				.sweep = view->sweeps});
}

static bool method_counts(const struct view *view, uint32_t number, enum channel channel)
{
	const struct host *m = &view->hosts[number];

	return host_method_counts(m, channel, responsiveness_availability(&m->channels[channel]));
}

void view_read_address(struct view_reading *reading, struct block *block,
	const struct observation *first, const struct observation *last)
{
	struct view *view = reading->view;
	const uint32_t *number = &block->hosts[first->address.host & 255];
	bool full = reading->sweep->info.tier == TIER_FULL;
	struct probe_times *probe_times = &view->probe_times[reading->vantage];
	bool proven = reading->why == REASON_NONE;
	bool measured = false;
	bool boxed = false;

	for (const struct observation *o = first; o <= last; o++) {
		enum channel channel = o->method == METHOD_TCP ? CHANNEL_TCP : CHANNEL_ICMP;
		bool box = boxes_gave(&view->boxes[reading->vantage], o);
		if (!box)
			weigh_distance(reading, block, o);
		boxed |= box;
		enum word word = word_of(reading, block, o);
		bool life = word == WORD_ALIVE;
		bool says = life || (word == WORD_SILENT && proven);

		measured |= life || (says && reading->blind == REASON_NONE);
		if (life && !*number) {
			host_new(view, block, o->address);
			near_hear(&view->nears, reading->vantage, *number - 1, o->rtt_ns, 1);
		}
		if (box && *number)
			view->hosts[*number - 1].boxed |= (uint8_t)(1u << channel);
		if (!*number || (word == WORD_SILENT && is_outdone(reading, block, o, first, last)))
			continue;
		if (full) {
			mark(view, *number - 1, channel);
			if (word != WORD_NONE)
				probe_times_see(
					probe_times, *number - 1, channel, o, &view->parameters);
		}
		/* Whatever the reason: a box's answers are mixed with it. */
		if (word == WORD_SILENT && method_counts(view, *number - 1, channel))
			near_miss(&view->nears, reading->vantage, *number - 1, view_attempts(o));
		if (!says)
			continue;
		if (life && channel == CHANNEL_TCP)
			view->hosts[*number - 1].port = o->port;
		bool unreachable =
			!life &&
			(o->outcome == OUTCOME_UNREACHABLE || o->outcome == OUTCOME_TTL_EXCEEDED) &&
			view_read_error(reading, o, *number - 1);
		push_result(reading, o, *number - 1, channel, life, unreachable);
	}
	view_touch(reading, block, measured);
	block->boxed |= boxed;
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

static void push_absent(struct view_reading *reading, uint32_t host, enum channel channel)
{
	struct view *view = reading->view;
	uint8_t vantage = (uint8_t)(reading->vantage);
	struct time_range range =
		probe_times_find(&view->probe_times[vantage], host, channel, &view->parameters);

	view_push(view,
		&(struct probe_result){.at_ns = range.to_ns,
			.host = host,
			.channel = (uint8_t)channel,
			.attempts = 1,
			.implicit = 1,
			.rtt_s = (float)((double)(range.to_ns - range.from_ns) / (double)NS_PER_S),
			.vantage = vantage,
			.sweep = view->sweeps});
}

/* Who answered in doubt before, and not this time. */
static void miss_strangers(const struct view_reading *reading, struct block *block)
{
	for (size_t i = 0; block->strangers && i < BLOCK_ADDRESSES; i++)
		if (block->strangers[i].seen != (uint8_t)reading->view->sweeps)
			stranger_miss(&block->strangers[i]);
}

void view_read_absent(struct view_reading *reading)
{
	struct view *view = reading->view;
	const struct sweep_info *info = &reading->sweep->info;

	for (size_t i = 0; i < view->block_count; i++) {
		miss_strangers(reading, &view->blocks[i]);
		view_touch(reading, &view->blocks[i],
			reading->blind == REASON_NONE && !view->blocks[i].first_reply_ns);
	}
	for (uint32_t i = 0; i < view->host_count; i++) {
		const struct host *m = &view->hosts[i];
		for (int c = 0; c < CHANNEL_COUNT; c++) {
			enum channel channel = (enum channel)c;
			if (!(m->kinds & 1u << c) || marked(view, i, channel) ||
				!lists(info->methods, channel, m->port))
				continue;
			view_touch(reading, &view->blocks[m->block], reading->blind == REASON_NONE);
			if (method_counts(view, i, channel))
				near_miss(&view->nears, reading->vantage, i, 1);
			if (reading->why == REASON_NONE)
				push_absent(reading, i, channel);
		}
	}
}

void view_hear_elsewhere(struct view *view, const struct view *theirs, const struct sweep *sweep)
{
	const struct block *block = NULL;

	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		if (!observation_is_life(o) || boxes_gave(&theirs->boxes[0], o))
			continue;
		if (!block || !prefix_holds(block->prefix, o->address))
			block = view_block_at(view, o->address);
		uint32_t number = block ? block->hosts[o->address.host & 255] : 0;
		if (!number)
			continue;
		/* All views have the same blocks. */
		const struct block *same = &theirs->blocks[block - view->blocks];
		if (same->hosts[o->address.host & 255] && !is_too_near(theirs, 0, same, o))
			host_hear_elsewhere(&view->hosts[number - 1], o->probed_at.ns);
	}
}
