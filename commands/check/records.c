#include "commands/check/records.h"

#include <assert.h>
#include <string.h>

static const struct output_column address_columns[] = {
	{"time", COLUMN_TIME, 0},
	{"address", COLUMN_ADDRESS, 0},
	{"block", COLUMN_PREFIX, 0},
	{"method", COLUMN_TEXT, 0},
	{"outcome", COLUMN_TEXT, 0},
	{"rtt_us", COLUMN_DECIMAL, 3},
	{"responder", COLUMN_ADDRESS, 0},
	{"icmp_type", COLUMN_INTEGER, 0},
	{"icmp_code", COLUMN_INTEGER, 0},
	{"reply_ttl", COLUMN_INTEGER, 0},
	{"ip_id", COLUMN_INTEGER, 0},
	{"tcp_ts", COLUMN_INTEGER, 0},
	{"attempt", COLUMN_INTEGER, 0},
	{"attempts", COLUMN_INTEGER, 0},
};
static const struct output_kind address_kind = {
	"address", address_columns, 14, OUTPUT_CSV | OUTPUT_JSONL};

static const struct output_column block_columns[] = {
	{"block", COLUMN_PREFIX, 0},
	{"targets", COLUMN_INTEGER, 0},
	{"answered", COLUMN_INTEGER, 0},
	{"icmp", COLUMN_INTEGER, 0},
	{"tcp", COLUMN_INTEGER, 0},
	{"unreachable", COLUMN_INTEGER, 0},
	{"silent", COLUMN_INTEGER, 0},
	{"unsent", COLUMN_INTEGER, 0},
	{"rtt_median_ms", COLUMN_DECIMAL, 3},
	{"state", COLUMN_TEXT, 0},
};
static const struct output_kind block_kind = {
	"block", block_columns, 10, OUTPUT_JSONL | OUTPUT_TABLE};

static const struct output_column sweep_columns[] = {
	{"start", COLUMN_TIME, 0},
	{"end", COLUMN_TIME, 0},
	{"duration_s", COLUMN_DECIMAL, 3},
	{"vantage", COLUMN_TEXT, 0},
	{"source", COLUMN_ADDRESS, 0},
	{"methods", COLUMN_TEXT, 0},
	{"targets", COLUMN_INTEGER, 0},
	{"answered", COLUMN_INTEGER, 0},
	{"unreachable", COLUMN_INTEGER, 0},
	{"silent", COLUMN_INTEGER, 0},
	{"unsent", COLUMN_INTEGER, 0},
	{"refused", COLUMN_INTEGER, 0},
	{"asked", COLUMN_INTEGER, 0},
	{"seen_leaving", COLUMN_INTEGER, 0},
	{"sent", COLUMN_INTEGER, 0},
	{"received", COLUMN_INTEGER, 0},
	{"capture_dropped", COLUMN_INTEGER, 0},
	{"send_errors", COLUMN_INTEGER, 0},
	{"anchors_probed", COLUMN_INTEGER, 0},
	{"anchors_up", COLUMN_INTEGER, 0},
	{"flags", COLUMN_TEXT, 0},
	{"unsent_by", COLUMN_TEXT, 0},
	{"status", COLUMN_INTEGER, 0},
	{"planned", COLUMN_INTEGER, 0}, /* from here on: enum check_count */
	{"left", COLUMN_INTEGER, 0},
	{"retried", COLUMN_INTEGER, 0},
	{"held_back", COLUMN_INTEGER, 0},
	{"retries_held", COLUMN_INTEGER, 0},
	{"blocked", COLUMN_INTEGER, 0},
	{"duplicate", COLUMN_INTEGER, 0},
	{"late", COLUMN_INTEGER, 0},
	{"wrong_source", COLUMN_INTEGER, 0},
	{"wrong_identity", COLUMN_INTEGER, 0},
	{"bad_checksum", COLUMN_INTEGER, 0},
	{"truncated", COLUMN_INTEGER, 0},
	{"half_open", COLUMN_INTEGER, 0},
	{"doubtful", COLUMN_INTEGER, 0},
	{"own_errors", COLUMN_INTEGER, 0},
	{"rtt_absurd", COLUMN_INTEGER, 0},
};
enum { SWEEP_COLUMNS = sizeof(sweep_columns) / sizeof(sweep_columns[0]) };
enum { SWEEP_OWN = SWEEP_COLUMNS - CHECK_COUNTS };
static_assert((size_t)SWEEP_COLUMNS <= (size_t)OUTPUT_COLUMNS, "room in a table");
static const struct output_kind sweep_kind = {"sweep", sweep_columns, SWEEP_COLUMNS, OUTPUT_JSONL};

static struct output_value value_count(size_t count)
{
	return value_integer((int64_t)count);
}

static void address_row(const struct observation *o, struct outputs *outputs)
{
	char method[METHOD_TEXT_SIZE];

	method_format(o->method, o->port, method);
	outputs_row(outputs, &address_kind,
		(struct output_value[]){
			value_time(o->probed_at),
			value_address(o->address),
			value_prefix(block_of(o->address)),
			value_text(method),
			value_text(outcome_name(o->outcome)),
			o->rtt_ns < 0 ? value_none() : value_decimal((double)o->rtt_ns / 1e3),
			o->has_responder ? value_address(o->responder) : value_none(),
			value_measured(o->icmp_type),
			value_measured(o->icmp_code),
			value_measured(o->reply_ttl),
			value_measured(o->ip_id),
			o->has_tcp_ts ? value_integer(o->tcp_ts) : value_none(),
			value_measured(o->attempt),
			value_measured(o->attempts),
		});
}

static void block_row(const struct check_block *block, struct outputs *outputs)
{
	outputs_row(outputs, &block_kind,
		(struct output_value[]){
			value_prefix(block->prefix),
			value_count(block->count),
			value_count(block->found[CHECK_ECHO] + block->found[CHECK_TCP]),
			value_count(block->found[CHECK_ECHO]),
			value_count(block->tcp),
			value_count(block->found[CHECK_UNREACHABLE]),
			value_count(block->found[CHECK_SILENT]),
			value_count(block->found[CHECK_UNMEASURED]),
			block->rtt_median_ns < 0
				? value_none()
				: value_decimal((double)block->rtt_median_ns / 1e6),
			value_text(check_state_name(block->state)),
		});
}

static void sweep_row(const struct check *check, struct outputs *outputs)
{
	const struct sweep_info *info = &check->info;
	char flags[FLAGS_TEXT_SIZE];

	char unsent[UNSENT_TEXT_SIZE];

	unsent_format(check->unsent, unsent);
	flags_format(info->flags, flags);
	const struct output_value own[SWEEP_OWN] = {
		value_time(info->start),
		value_time(info->end),
		value_decimal((double)wall_since(info->end, info->start) / 1e9),
		value_text(info->vantage),
		info->has_source ? value_address(info->source) : value_none(),
		value_text(info->methods),
		value_count(check->address_count),
		value_count(check->found[CHECK_ECHO] + check->found[CHECK_TCP]),
		value_count(check->found[CHECK_UNREACHABLE]),
		value_count(check->found[CHECK_SILENT]),
		value_count(check->found[CHECK_UNMEASURED]),
		value_count(check->refused),
		value_count(check->record_count),
		value_measured(check->counts[CHECK_COUNT_LEFT]),
		value_measured(info->sent),
		value_measured(info->received),
		value_measured(info->capture_dropped),
		value_measured(info->send_errors),
		value_measured(info->anchors_probed),
		value_measured(info->anchors_up),
		value_text(flags),
		value_text(unsent),
		value_integer(check->status),
	};
	struct output_value values[SWEEP_COLUMNS];
	memcpy(values, own, sizeof(own));
	for (size_t i = 0; i < CHECK_COUNTS; i++)
		values[SWEEP_OWN + i] = value_measured(check->counts[i]);
	outputs_row(outputs, &sweep_kind, values);
}

void check_records(const struct check *check, struct outputs *outputs)
{
	outputs_declare(outputs, &address_kind);
	sweep_row(check, outputs);
	for (size_t i = 0; i < check->block_count; i++)
		block_row(&check->blocks[i], outputs);
	for (size_t i = 0; i < check->record_count; i++)
		address_row(&check->records[i], outputs);
}
