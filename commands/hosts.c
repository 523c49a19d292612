/* lightsout hosts: each host that is known, and what is known of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/clock/reboot_list.h"
#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/judge_run.h"
#include "core/mem.h"
#include "report/series.h"

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

/* One that has answered often enough to be judged by. */
struct known {
	const struct host *host;
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

static void find_known(const struct judge_run *run, struct knowns *ret)
{
	const struct view *view = run->judgement.view;
	size_t most = view ? view->host_count : 0;

	*ret = (struct knowns){.items = mem_zeroed(most + 1, sizeof(*ret->items))};
	for (size_t i = 0; i < most; i++) {
		const struct host *host = &view->hosts[i];
		if (host_is_known(host) && host_kinds(host) &&
			(!run->block_given || prefix_holds(run->block, host->address)))
			ret->items[ret->count++].host = host;
	}
	qsort(ret->items, ret->count, sizeof(*ret->items), known_order);
}

static struct known *known_of(const struct knowns *knowns, struct ip4 address)
{
	struct host host = {.address = address};
	struct known key = {.host = &host};

	return bsearch(&key, knowns->items, knowns->count, sizeof(key), known_order);
}

/* Each address of the host that booted has booted. */
static void count_reboots(const struct judge_run *run, const struct knowns *knowns)
{
	struct host_reboots list;

	if (!run->judgement.uptimes)
		return;
	host_reboots_of(run->judgement.uptimes, &list);
	for (size_t i = 0; i < list.count; i++) {
		const struct host_reboot *r = &list.items[i];
		int64_t at_ns = r->dated ? r->boot_ns : r->latest_ns;
		char *rest = r->addresses;
		if (at_ns < run->from.ns || at_ns >= run->to.ns)
			continue;
		for (char *word; (word = strsep(&rest, ";"));) {
			struct ip4 address;
			struct known *known =
				ip4_parse(word, &address) ? known_of(knowns, address) : NULL;
			if (!known)
				continue;
			known->reboots++;
			if (at_ns > known->boot_ns)
				known->boot_ns = at_ns;
		}
	}
	host_reboots_finish(&list);
}

static const char *state_of(const struct host *host)
{
	static const char *const names[] = {
		[HOST_HERE] = "up", [HOST_OUT] = "out", [HOST_ABSENT] = "away"};

	return host->left ? "moved" : names[host->state];
}

static const char *kinds_of(const struct host *host, char text[32])
{
	unsigned kinds = host_kinds(host);
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
	const struct host *host = known->host;
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
		value_time((struct wall){host->first_reply_ns}),
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

struct folding {
	const struct judge_run *run;
	struct series *series;
};

static void fold(void *ctx, const struct sweep *sweep)
{
	struct folding *folding = ctx;

	series_sweep(folding->series, sweep, folding->run->judgement.proof);
}

static int write_hosts(struct judge_run *run)
{
	enum { BINS = 64 }; /* of a curve that nobody looks at */
	struct wall from = judge_run_begin(run), to = wall_after(judge_run_end(run), 1);
	struct folding folding = {.run = run};
	struct knowns knowns;

	outputs_declare(run->outputs, &kind);
	outputs_declare(run->outputs, &short_kind);
	find_known(run, &knowns);
	count_reboots(run, &knowns);
	folding.series = series_create(&(struct series_config){.from = from,
		.to = to,
		.bin_ns = series_bin_ns(from, to, BINS),
		.targets = run->targets,
		.target_count = run->target_count,
		.trips = true});
	int result = knowns.count ? judge_run_again(run, fold, &folding) : 0;
	for (size_t i = 0, k = 0; result == 0 && i < knowns.count; i++) {
		const struct series *series = folding.series;
		struct ip4 address = knowns.items[i].host->address;
		while (k < series->host_count && series->hosts[k].address.host < address.host)
			k++;
		bool seen = k < series->host_count && ip4_equal(series->hosts[k].address, address);
		write_host(run, &knowns.items[i], seen ? &series->hosts[k] : NULL);
	}
	series_destroy(folding.series);
	mem_free(knowns.items);
	return result;
}

int command_hosts(int argc, char **argv)
{
	struct judge_run run;
	int result = judge_run_options(&run, "hosts", argc, argv);

	if (result == 0 && run.help) {
		fputs("usage: lightsout hosts -s STORE [OPTION...]\n\n", stdout);
		judge_run_usage(stdout);
		return EXIT_ANSWERED;
	}
	if (result == 0)
		result = judge_run_read(&run);
	if (result == 0)
		result = write_hosts(&run);
	return judge_run_close(&run, result);
}
