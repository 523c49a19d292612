#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "exchange/dataset_columns.h"

/* The writing half of dataset_rows.h. */

/* -1 is "not measured": empty. */
static void put_count(struct csv_text *out, int64_t value)
{
	if (value < 0)
		csv_put_empty(out);
	else
		csv_put_i64(out, value);
}

/* Six decimals, and all nine where six would lose something. */
static void put_time(struct csv_text *out, struct wall t)
{
	char text[CLOCK_TEXT_SIZE];
	size_t len = wall_format_epoch(t, text);
	int64_t rest = t.ns % NS_PER_US;

	if (rest)
		snprintf(text + len, sizeof(text) - len, "%03" PRId64, rest < 0 ? -rest : rest);
	csv_put(out, text);
}

/* value / 10^decimals without trailing zeros. */
static void put_fixed(struct csv_text *out, int64_t value, size_t decimals)
{
	int64_t scale = 1;
	char text[48];

	for (size_t i = 0; i < decimals; i++)
		scale *= 10;
	int len = snprintf(text, sizeof(text), "%" PRId64 ".%0*" PRId64, value / scale,
		(int)decimals, value % scale);
	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	text[len] = '\0';
	csv_put(out, text);
}

static void put_rtt(struct csv_text *out, int64_t rtt_ns)
{
	if (rtt_ns < 0)
		csv_put_empty(out);
	else
		put_fixed(out, rtt_ns, 3);
}

static void put_address(struct csv_text *out, bool has, struct ip4 address)
{
	char text[ADDRESS_TEXT_SIZE] = "";

	if (has)
		ip4_format(address, text);
	csv_put(out, text);
}

static void put_target(struct csv_text *out, const struct target_row *row)
{
	char prefix[ADDRESS_TEXT_SIZE];
	char label[LABEL_SIZE];

	prefix_format(row->prefix, prefix);
	text_adopt(row->label, label, sizeof(label)); /* an old store may hold any bytes */
	csv_put(out, prefix);
	csv_put(out, role_name(row->role));
	csv_put(out, label);
}

static void put_sweep(struct csv_text *out, const struct sweep_info *info, bool renumbered)
{
	char flags[FLAGS_TEXT_SIZE];

	csv_put(out, info->vantage);
	csv_put(out, tier_name(info->tier));
	put_time(out, info->start);
	put_time(out, info->end);
	put_count(out, info->probed);
	put_count(out, info->sent);
	put_count(out, info->received);
	put_count(out, info->capture_dropped);
	put_count(out, info->send_errors);
	put_count(out, info->anchors_probed);
	put_count(out, info->anchors_up);
	csv_put(out, info->epoch);
	if (info->interval_ns > 0)
		put_fixed(out, info->interval_ns, 9);
	else
		csv_put_empty(out);
	csv_put(out, info->methods);
	put_address(out, info->has_source, info->source);
	flags_format(info->flags, flags);
	csv_put(out, flags);
	put_count(out, info->clock_error_us);
	csv_put(out, info->counts);
	if (renumbered)
		csv_put_i64(out, (int64_t)info->sweep);
}

static void put_observation(struct csv_text *out, const struct observation *o)
{
	char method[METHOD_TEXT_SIZE];

	put_address(out, true, o->address);
	put_time(out, o->probed_at);
	method_format(o->method, o->port, method);
	csv_put(out, method);
	csv_put(out, outcome_name(o->outcome));
	put_rtt(out, o->rtt_ns);
	put_address(out, o->has_responder, o->responder);
	put_count(out, o->icmp_type);
	put_count(out, o->icmp_code);
	put_count(out, o->reply_ttl);
	put_count(out, o->ip_id);
	put_count(out, o->has_tcp_ts ? (int64_t)o->tcp_ts : -1);
	put_count(out, o->attempt);
	put_count(out, o->attempts);
}

static void put_hop(struct csv_text *out, const struct hop *hop)
{
	put_address(out, true, hop->address);
	csv_put_i64(out, hop->ttl);
	put_time(out, hop->probed_at);
	put_address(out, hop->has_responder, hop->responder);
	put_rtt(out, hop->rtt_ns);
	csv_put(out, outcome_name(hop->outcome));
}

static void put_route(struct csv_text *out, const struct route *route)
{
	char prefix[ADDRESS_TEXT_SIZE] = "";

	if (route->event != ROUTE_RESET)
		prefix_format(route->prefix, prefix);
	put_time(out, route->at);
	csv_put(out, prefix);
	csv_put(out, route->peer);
	csv_put(out, route_event_name(route->event));
	csv_put(out, route->path);
	csv_put_empty(out);
}

static void put_heard(struct csv_text *out, const struct heard *heard)
{
	put_time(out, heard->start);
	csv_put_empty(out);
	csv_put_empty(out);
	csv_put(out, "heard");
	csv_put_empty(out);
	put_time(out, heard->end);
}

void dataset_put_header(struct csv_text *out, enum dataset_file file, bool renumbered)
{
	struct dataset_columns columns = dataset_columns(file);

	for (size_t i = 0; i < columns.count; i++)
		if (renumbered || file != DATASET_SWEEPS || i != SWEEPS_SERIES_SWEEP)
			csv_put(out, columns.columns[i].name);
	csv_end_row(out);
}

void dataset_put_row(struct csv_text *out, enum dataset_file file, const struct dataset_row *row,
	bool renumbered)
{
	if (file != DATASET_TARGETS && file != DATASET_ROUTES)
		csv_put_i64(out, (int64_t)row->sweep);
	switch (file) {
	case DATASET_TARGETS:
		put_target(out, &row->as.target);
		break;
	case DATASET_SWEEPS:
		put_sweep(out, &row->as.info, renumbered);
		break;
	case DATASET_OBSERVATIONS:
		put_observation(out, &row->as.observation);
		break;
	case DATASET_PATHS:
		put_hop(out, &row->as.hop);
		break;
	case DATASET_BOOTS:
		put_address(out, true, row->as.boot.address);
		put_time(out, row->as.boot.boot_at);
		break;
	case DATASET_ROUTES:
		if (row->is_heard)
			put_heard(out, &row->as.heard);
		else
			put_route(out, &row->as.route);
		break;
	}
	csv_end_row(out);
}
