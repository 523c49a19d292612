#include "prober/schedule/learn.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

void learn_init(struct learn *learn, const struct settings *settings, const struct ip4 *addresses,
	size_t count)
{
	int64_t leave = LEARN_LEAVE_NS / settings->full_interval_ns;

	*learn = (struct learn){
		.addresses = addresses,
		.count = count,
		.entries = mem_zeroed(count, sizeof(*learn->entries)),
		.settings = settings,
		.leave_sweeps = leave < 1            ? 1
				: leave > UINT32_MAX ? UINT32_MAX
						     : (uint32_t)leave,
		.port_count = settings->tcp_port_count,
	};
	memcpy(learn->ports, settings->tcp_ports, sizeof(learn->ports));
}

void learn_finish(struct learn *learn)
{
	free(learn->entries);
	boxes_finish(&learn->boxes);
	box_list_finish(&learn->changes);
	*learn = (struct learn){0};
}

size_t learn_index(const struct learn *learn, struct ip4 address)
{
	return ip4_find(learn->addresses, learn->count, address);
}

static uint32_t all_ports(const struct learn *learn)
{
	size_t n = learn->port_count;

	return n >= 32 ? UINT32_MAX : (1u << n) - 1;
}

bool learn_port_settled(const struct learn *learn, size_t index)
{
	const struct learned *entry = &learn->entries[index];

	return entry->port != 0 && (entry->port_open || entry->ports_tried == all_ports(learn));
}

static uint32_t port_bit(const struct learn *learn, uint16_t port)
{
	for (size_t i = 0; i < learn->port_count; i++)
		if (learn->ports[i] == port)
			return 1u << i;
	return 0;
}

/* Is this kind asked at all? The store may know of one that no longer is. */
static bool asks(const struct learn *learn, const struct observation *o)
{
	if (o->method == METHOD_ICMP)
		return learn->settings->icmp;
	return learn->settings->tcp && port_bit(learn, o->port) != 0;
}

/* It answered. */
static void heard(struct learned *entry, const struct observation *o)
{
	if (o->method == METHOD_TCP) {
		bool opens = o->outcome == OUTCOME_SYN_ACK;
		if (entry->port == 0 || (opens && !entry->port_open)) {
			entry->port = o->port;
			entry->port_open = opens;
		} else if (entry->port != o->port) {
			return; /* one port an address */
		}
	}
	entry->silent[o->method] = 0;
	if (entry->hits[o->method] < LEARN_ENTER)
		entry->hits[o->method]++;
	if (entry->hits[o->method] == LEARN_ENTER)
		entry->watched[o->method] = true;
}

/* It was asked in a full sweep and did not answer, though its block is alive. */
static void missed(const struct learn *learn, struct learned *entry, enum method method)
{
	if (entry->silent[method] < UINT32_MAX)
		entry->silent[method]++;
	if (entry->silent[method] < learn->leave_sweeps)
		return;
	entry->watched[method] = false;
	entry->hits[method] = 0;
	if (method == METHOD_TCP) {
		entry->port = 0;
		entry->port_open = false;
		entry->ports_tried = 0;
	}
}

/* What `methods` of a full sweep says: the kinds, and the ports of the list. */
struct asked {
	bool kinds[2];
	uint32_t ports;
};

static struct asked asked_by(const struct learn *learn, const char *methods)
{
	struct asked asked = {0};

	while (*methods) {
		char name[METHOD_TEXT_SIZE];
		size_t len = strcspn(methods, ";");
		enum method method;
		uint16_t port;
		if (len < sizeof(name)) {
			memcpy(name, methods, len);
			name[len] = '\0';
			if (method_parse(name, &method, &port)) {
				asked.kinds[method] = true;
				asked.ports |= port_bit(learn, port);
			}
		}
		methods += len + (methods[len] == ';');
	}
	return asked;
}

/* It was learned by what a box answers for all. */
static void unlearn(const struct learn *learn, struct learned *entry, struct ip4 address)
{
	if (boxes_answer(&learn->boxes, address, METHOD_ICMP, 0)) {
		entry->watched[METHOD_ICMP] = false;
		entry->hits[METHOD_ICMP] = 0;
	}
	if (!entry->port || !boxes_answer(&learn->boxes, address, METHOD_TCP, entry->port))
		return;
	entry->watched[METHOD_TCP] = false;
	entry->hits[METHOD_TCP] = 0;
	entry->port = 0;
	entry->port_open = false;
	entry->ports_tried = 0;
}

/* One block's stretch of the targets, and of the sweep's rows. */
static void learn_block(struct learn *learn, const struct sweep *sweep, const struct asked *asked,
	size_t first, size_t end, const struct observation *rows, size_t row_count)
{
	bool alive = false;

	for (size_t r = 0; r < row_count; r++)
		alive |= observation_is_life(&rows[r]) && !boxes_gave(&learn->boxes, &rows[r]);
	if (!alive)
		return;
	size_t r = 0;
	for (size_t i = first; i < end; i++) {
		struct learned *entry = &learn->entries[i];
		bool said[2] = {false, false};
		bool unsent[2] = {false, false};
		while (r < row_count && rows[r].address.host < learn->addresses[i].host)
			r++;
		for (; r < row_count && ip4_equal(rows[r].address, learn->addresses[i]); r++) {
			bool box = boxes_gave(&learn->boxes, &rows[r]);
			unsent[rows[r].method] |= rows[r].outcome == OUTCOME_UNSENT || box;
			if (!observation_is_life(&rows[r]) || box || !asks(learn, &rows[r]))
				continue;
			heard(entry, &rows[r]);
			said[rows[r].method] = true;
		}
		if (sweep->info.tier != TIER_FULL)
			continue;
		if (!unsent[METHOD_TCP])
			entry->ports_tried |= asked->ports;
		for (int m = METHOD_ICMP; m <= METHOD_TCP; m++)
			if (asked->kinds[m] && !said[m] && !unsent[m])
				missed(learn, entry, (enum method)m);
	}
}

void learn_sweep(struct learn *learn, const struct sweep *sweep)
{
	const uint32_t blind = SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN | SWEEP_INTERFACE_DOWN |
			       SWEEP_SUSPENDED | SWEEP_CUT_SHORT;
	struct asked asked = asked_by(learn, sweep->info.methods);
	size_t row = 0;

	box_list_finish(&learn->changes);
	boxes_see(&learn->boxes, sweep, &learn->changes);
	for (size_t i = 0; learn->changes.count && i < learn->count; i++)
		unlearn(learn, &learn->entries[i], learn->addresses[i]);
	if (sweep->info.flags & blind)
		return;
	for (size_t first = 0; first < learn->count;) {
		struct prefix block = block_of(learn->addresses[first]);
		size_t end = first + 1;
		while (end < learn->count && prefix_holds(block, learn->addresses[end]))
			end++;
		while (row < sweep->observation_count &&
			sweep->observations[row].address.host < block.base.host)
			row++;
		size_t row_end = row;
		while (row_end < sweep->observation_count &&
			prefix_holds(block, sweep->observations[row_end].address))
			row_end++;
		learn_block(
			learn, sweep, &asked, first, end, sweep->observations + row, row_end - row);
		row = row_end;
		first = end;
	}
}

size_t learn_watched(const struct learn *learn)
{
	size_t count = 0;

	for (size_t i = 0; i < learn->count; i++)
		count += learn->entries[i].watched[METHOD_ICMP] ||
			 learn->entries[i].watched[METHOD_TCP];
	return count;
}
