/* The rows of hosts. */
#include "commands/host_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static const struct output_column columns[] = {
	{"address", COLUMN_ADDRESS, 0},
	{"block", COLUMN_PREFIX, 0},
	{"kinds", COLUMN_TEXT, 0},
	{"state", COLUMN_TEXT, 0},
	{"first_answer", COLUMN_TIME, 0},
	{"last_answer", COLUMN_TIME, 0},
	{"asked", COLUMN_INTEGER, 0},
	{"answered", COLUMN_INTEGER, 0},
	{"share_answered", COLUMN_DECIMAL, 4},
	{"rtt_median_ms", COLUMN_DECIMAL, 3},
	{"reboots", COLUMN_INTEGER, 0},
	{"last_boot", COLUMN_TIME, 0},
};
static const struct output_kind kind = {
	"host", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_CSV | OUTPUT_JSONL};

/* What fits a terminal. */
static const struct output_column short_columns[] = {
	{"address", COLUMN_ADDRESS, 0},
	{"kinds", COLUMN_TEXT, 0},
	{"state", COLUMN_TEXT, 0},
	{"share", COLUMN_DECIMAL, 2},
	{"rtt_ms", COLUMN_DECIMAL, 1},
	{"last_answer", COLUMN_TIME, 0},
	{"boots", COLUMN_INTEGER, 0},
};
static const struct output_kind short_kind = {
	"host", short_columns, sizeof(short_columns) / sizeof(short_columns[0]), OUTPUT_TABLE};

/* One of them, and how often it booted. */
struct known {
	const struct known_host *host;
	size_t reboots;
	int64_t boot_ns; /* of the last one: when it booted, or had at the latest */
};

struct knowns {
	struct known *items; /* by address */
	size_t count;
};

static int known_order(const void *a, const void *b)
{
	const struct known *x = a;
	const struct known *y = b;

	return ip4_order(&x->host->address, &y->host->address);
}

static struct known *known_of(const struct knowns *knowns, struct ip4 address)
{
	struct known_host host = {.address = address};
	struct known key = {.host = &host};

	return bsearch(&key, knowns->items, knowns->count, sizeof(key), known_order);
}

static void count_reboot(
	const struct knowns *knowns, const struct host_reboot *reboot, int64_t at_ns)
{
	char *addresses = mem_text(reboot->addresses);
	char *rest = addresses;

	for (char *word; (word = strsep(&rest, ";"));) {
		struct ip4 address;
		struct known *known = ip4_parse(word, &address) ? known_of(knowns, address) : NULL;
		if (!known)
			continue;
		known->reboots++;
		if (at_ns > known->boot_ns)
			known->boot_ns = at_ns;
	}
	mem_free(addresses);
}

/* Each address of the host that booted has booted. */
static void count_reboots(const struct judge_run *run, const struct host_reboots *reboots,
	const struct knowns *knowns)
{
	for (size_t i = 0; i < reboots->count; i++) {
		const struct host_reboot *r = &reboots->items[i];
		int64_t at_ns = r->dated ? r->boot_ns : r->latest_ns;
		if (at_ns >= run->from.ns && at_ns < run->to.ns)
			count_reboot(knowns, r, at_ns);
	}
}

static const char *state_of(const struct known_host *host)
{
	static const char *const names[] = {
		[HOST_HERE] = "up", [HOST_OUT] = "out", [HOST_ABSENT] = "away"};

	return host->left ? "moved" : names[host->state];
}

static const char *kinds_of(const struct known_host *host, char text[32])
{
	unsigned kinds = host->kinds;
	bool tcp = kinds & 1u << CHANNEL_TCP;

	snprintf(text, 32, "%s%s", kinds & 1u << CHANNEL_ICMP ? "icmp" : "",
		!tcp                         ? ""
		: kinds & 1u << CHANNEL_ICMP ? ";tcp"
					     : "tcp");
	if (tcp && host->port) {
		size_t len = strlen(text);
		snprintf(text + len, 32 - len, ":%u", host->port);
	}
	return text;
}

static void write_host(
	struct judge_run *run, const struct known *known, const struct series_host *seen)
{
	const struct known_host *host = known->host;
	uint64_t asked = seen ? seen->answered + seen->silent : 0;
	double share = asked ? (double)seen->answered / (double)asked : (double)NAN;
	double rtt_ms = seen ? 1e3 * round_trips_median_s(&seen->trips) : (double)NAN;
	char kinds[32];
	struct output_value last = seen && seen->heard.ns ? value_time(seen->heard) : value_none();
	const struct output_value values[] = {
		value_address(host->address),
		value_prefix(block_of(host->address)),
		value_text(kinds_of(host, kinds)),
		value_text(state_of(host)),
		value_time((struct wall){host->first_ns}),
		last,
		value_integer((int64_t)asked),
		value_integer(seen ? (int64_t)seen->answered : 0),
		value_decimal(share),
		value_decimal(rtt_ms),
		value_integer((int64_t)known->reboots),
		known->boot_ns ? value_time((struct wall){known->boot_ns}) : value_none(),
	};
	const struct output_value shorter[] = {
		value_address(host->address),
		value_text(kinds),
		value_text(state_of(host)),
		value_decimal(share),
		value_decimal(rtt_ms),
		last,
		value_integer((int64_t)known->reboots),
	};

	outputs_row(run->outputs, &kind, values);
	outputs_row(run->outputs, &short_kind, shorter);
}

void host_rows(struct judge_run *run, const struct known_hosts *hosts,
	const struct host_reboots *reboots, const struct series *series)
{
	struct knowns knowns = {.items = mem_zeroed(hosts->count + 1, sizeof(*knowns.items))};

	outputs_declare(run->outputs, &kind);
	outputs_declare(run->outputs, &short_kind);
	for (size_t i = 0; i < hosts->count; i++)
		if (!run->block_given || prefix_holds(run->block, hosts->items[i].address))
			knowns.items[knowns.count++].host = &hosts->items[i];
	count_reboots(run, reboots, &knowns);
	for (size_t i = 0, k = 0; i < knowns.count; i++) {
		struct ip4 address = knowns.items[i].host->address;
		while (k < series->host_count && series->hosts[k].address.host < address.host)
			k++;
		bool seen = k < series->host_count && ip4_equal(series->hosts[k].address, address);
		write_host(run, &knowns.items[i], seen ? &series->hosts[k] : NULL);
	}
	mem_free(knowns.items);
}
