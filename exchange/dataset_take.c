#include "exchange/dataset_rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/dataset_columns.h"
#include "store/bounds.h"

static const struct csv_column target_columns[] = {
	[TARGET_PREFIX] = {"prefix", true},
	[TARGET_ROLE] = {"role", true},
	[TARGET_LABEL] = {"label", false},
};

static const struct csv_column sweep_columns[] = {
	[SWEEPS_SWEEP] = {"sweep", true},
	[SWEEPS_VANTAGE] = {"vantage", true},
	[SWEEPS_TIER] = {"tier", true},
	[SWEEPS_START] = {"start", true},
	[SWEEPS_END] = {"end", true},
	[SWEEPS_PROBED] = {"probed", true},
	[SWEEPS_SENT] = {"sent", true},
	[SWEEPS_RECEIVED] = {"received", true},
	[SWEEPS_CAPTURE_DROPPED] = {"capture_dropped", false},
	[SWEEPS_SEND_ERRORS] = {"send_errors", false},
	[SWEEPS_ANCHORS_PROBED] = {"anchors_probed", false},
	[SWEEPS_ANCHORS_UP] = {"anchors_up", false},
	[SWEEPS_EPOCH] = {"epoch", false},
	[SWEEPS_INTERVAL] = {"interval", false},
	[SWEEPS_METHODS] = {"methods", false},
	[SWEEPS_SOURCE] = {"source", false},
	[SWEEPS_FLAGS] = {"flags", false},
	[SWEEPS_CLOCK_ERROR] = {"clock_error_us", false},
	[SWEEPS_COUNTS] = {"counts", false},
	[SWEEPS_SERIES_SWEEP] = {"series_sweep", false},
};

static const struct csv_column observation_columns[] = {
	[OBS_SWEEP] = {"sweep", true},
	[OBS_ADDRESS] = {"address", true},
	[OBS_PROBED_AT] = {"probed_at", true},
	[OBS_METHOD] = {"method", true},
	[OBS_OUTCOME] = {"outcome", true},
	[OBS_RTT] = {"rtt_us", true},
	[OBS_RESPONDER] = {"responder", false},
	[OBS_ICMP_TYPE] = {"icmp_type", false},
	[OBS_ICMP_CODE] = {"icmp_code", false},
	[OBS_REPLY_TTL] = {"reply_ttl", false},
	[OBS_IP_ID] = {"ip_id", false},
	[OBS_TCP_TS] = {"tcp_ts", false},
	[OBS_ATTEMPT] = {"attempt", false},
	[OBS_ATTEMPTS] = {"attempts", false},
};

static const struct csv_column path_columns[] = {
	[PATH_SWEEP] = {"sweep", true},
	[PATH_ADDRESS] = {"address", true},
	[PATH_TTL] = {"ttl", true},
	[PATH_PROBED_AT] = {"probed_at", true},
	[PATH_RESPONDER] = {"responder", true},
	[PATH_RTT] = {"rtt_us", true},
	[PATH_OUTCOME] = {"outcome", true},
};

static const struct csv_column boot_columns[] = {
	[BOOT_SWEEP] = {"sweep", true},
	[BOOT_ADDRESS] = {"address", true},
	[BOOT_EPOCH] = {"boot_epoch", true},
};

static const struct csv_column route_columns[] = {
	[ROUTES_TIME] = {"time", true},
	[ROUTES_PREFIX] = {"prefix", true},
	[ROUTES_PEER] = {"peer", true},
	[ROUTES_EVENT] = {"event", true},
	[ROUTES_PATH] = {"as_path", false},
	[ROUTES_UNTIL] = {"until", false},
};

#define COLUMNS(array) ((struct dataset_columns){(array), sizeof(array) / sizeof((array)[0])})

struct dataset_columns dataset_columns(enum dataset_file file)
{
	switch (file) {
	case DATASET_TARGETS:
		return COLUMNS(target_columns);
	case DATASET_SWEEPS:
		return COLUMNS(sweep_columns);
	case DATASET_OBSERVATIONS:
		return COLUMNS(observation_columns);
	case DATASET_PATHS:
		return COLUMNS(path_columns);
	case DATASET_ROUTES:
		return COLUMNS(route_columns);
	case DATASET_BOOTS:
		break;
	}
	return COLUMNS(boot_columns);
}

const char *dataset_file_name(enum dataset_file file)
{
	static const char *const names[DATASET_FILE_COUNT] = {
		"targets.csv", "sweeps.csv", "observations.csv", "paths.csv", "boots.csv",
		"routes.csv"};

	return names[file];
}

struct dataset_rows {
	enum dataset_file file;
	struct csv_table *table;
	const char *fields[CSV_COLUMNS_MAX];
	struct diag *why; /* during dataset_rows_next */
	bool failed;
};

int dataset_rows_open(enum dataset_file file, struct csv_reader *reader, struct diag *why,
	struct dataset_rows **ret)
{
	struct dataset_columns columns = dataset_columns(file);
	struct csv_table *table;
	int r = csv_table_open(reader, columns.columns, columns.count, why, &table);

	if (r < 0)
		return r;
	struct dataset_rows *rows = mem_zeroed(1, sizeof(*rows));
	rows->file = file;
	rows->table = table;
	*ret = rows;
	return 0;
}

void dataset_rows_close(struct dataset_rows *rows)
{
	if (!rows)
		return;
	csv_table_close(rows->table);
	free(rows);
}

const char *dataset_rows_unknown(const struct dataset_rows *rows)
{
	return csv_table_unknown(rows->table);
}

/* The first thing wrong in a row is what is told. */
static void wrong(struct dataset_rows *rows, size_t column, const char *expected)
{
	if (!rows->failed)
		csv_table_wrong(rows->table, column, rows->why, "\"%.80s\", expected %s",
			rows->fields[column], expected);
	rows->failed = true;
}

/* Up to `most`; -1 where it is empty. */
static int64_t get_count(struct dataset_rows *rows, size_t column, int64_t most)
{
	int64_t value;

	if (text_missing(rows->fields[column]))
		return -1;
	if (text_scaled(rows->fields[column], 0, most, false, &value))
		return value;
	char expected[64];
	snprintf(expected, sizeof(expected), "a whole number from 0 to %" PRId64, most);
	wrong(rows, column, expected);
	return -1;
}

static uint64_t get_number(struct dataset_rows *rows, size_t column)
{
	int64_t value = get_count(rows, column, INT64_MAX);

	if (value < 0)
		wrong(rows, column, "a whole number");
	return value < 0 ? 0 : (uint64_t)value;
}

/* "12.5" times 10^decimals, what is finer rounded; -1 where it is empty. */
static int64_t get_fixed(
	struct dataset_rows *rows, size_t column, int decimals, const char *expected)
{
	int64_t value;

	if (text_missing(rows->fields[column]))
		return -1;
	if (text_scaled(rows->fields[column], decimals, INT64_MAX, true, &value))
		return value;
	wrong(rows, column, expected);
	return -1;
}

static int64_t get_rtt(struct dataset_rows *rows, size_t column)
{
	int64_t rtt = get_fixed(rows, column, 3, "microseconds");

	if (rtt > RTT_MOST_NS)
		wrong(rows, column, "at most an hour");
	return rtt;
}

static struct wall get_time(struct dataset_rows *rows, size_t column)
{
	struct wall t = {0};

	if (!wall_parse(rows->fields[column], &t))
		wrong(rows, column, "Unix seconds, or RFC 3339 with its zone");
	else if (!time_within(t))
		wrong(rows, column, "a time of the years 1970 to 2199");
	return t;
}

static struct ip4 get_address(struct dataset_rows *rows, size_t column)
{
	struct ip4 address = {0};

	if (!ip4_parse(rows->fields[column], &address))
		wrong(rows, column, "an IPv4 address");
	return address;
}

static bool get_maybe_address(struct dataset_rows *rows, size_t column, struct ip4 *ret)
{
	if (text_missing(rows->fields[column]))
		return false;
	*ret = get_address(rows, column);
	return true;
}

static enum outcome get_outcome(struct dataset_rows *rows, size_t column)
{
	enum outcome outcome = OUTCOME_SILENT;

	if (!outcome_parse(rows->fields[column], &outcome))
		wrong(rows, column,
			"echo_reply, syn_ack, rst, unreachable, ttl_exceeded, silent or unsent");
	return outcome;
}

static void get_text(struct dataset_rows *rows, size_t column, char *out, size_t size)
{
	const char *text = rows->fields[column];
	char expected[32];

	if (!text_printable(text)) {
		wrong(rows, column, "UTF-8 without control characters");
	} else if (strlen(text) >= size) {
		snprintf(expected, sizeof(expected), "at most %zu bytes", size - 1);
		wrong(rows, column, expected);
	} else {
		snprintf(out, size, "%s", text);
	}
}

/* Of what has no value out is "". */
static void get_maybe_text(struct dataset_rows *rows, size_t column, char *out, size_t size)
{
	*out = '\0';
	if (!text_missing(rows->fields[column]))
		get_text(rows, column, out, size);
}

static void get_target(struct dataset_rows *rows, struct target_row *ret)
{
	if (!prefix_parse(rows->fields[TARGET_PREFIX], &ret->prefix))
		wrong(rows, TARGET_PREFIX, "a prefix ADDRESS/LENGTH without bits behind it");
	if (!role_parse(rows->fields[TARGET_ROLE], &ret->role))
		wrong(rows, TARGET_ROLE, "target, anchor, upstream or border");
	if (!text_adopt(rows->fields[TARGET_LABEL], ret->label, sizeof(ret->label)))
		wrong(rows, TARGET_LABEL, "text without control characters");
}

static void get_methods(struct dataset_rows *rows, char *out, size_t size)
{
	get_maybe_text(rows, SWEEPS_METHODS, out, size);
	if (!methods_known(out))
		wrong(rows, SWEEPS_METHODS, "icmp, tcp or tcp:PORT, separated by \";\"");
}

/* Rules of the store about more than one column. */
static void contradiction(struct dataset_rows *rows, const struct contradiction *wrong_is)
{
	struct dataset_columns columns = dataset_columns(rows->file);

	for (size_t i = 0; i < columns.count; i++)
		if (strcmp(columns.columns[i].name, wrong_is->column) == 0)
			wrong(rows, i, wrong_is->expected);
}

static void get_sweep(struct dataset_rows *rows, struct sweep_info *info)
{
	char flags[FLAGS_TEXT_SIZE];
	struct contradiction wrong_is;

	info->sweep = !text_missing(rows->fields[SWEEPS_SERIES_SWEEP]) ? get_number(rows, SWEEPS_SERIES_SWEEP)
							 : get_number(rows, SWEEPS_SWEEP);
	get_text(rows, SWEEPS_VANTAGE, info->vantage, sizeof(info->vantage));
	get_maybe_text(rows, SWEEPS_EPOCH, info->epoch, sizeof(info->epoch));
	if (!tier_parse(rows->fields[SWEEPS_TIER], &info->tier))
		wrong(rows, SWEEPS_TIER, "full or watch");
	info->start = get_time(rows, SWEEPS_START);
	info->end = get_time(rows, SWEEPS_END);
	int64_t interval = get_fixed(rows, SWEEPS_INTERVAL, 9, "seconds");
	info->interval_ns = interval < 0 ? 0 : interval;
	if (info->interval_ns > INTERVAL_MOST_NS)
		wrong(rows, SWEEPS_INTERVAL, "at most a year");
	get_methods(rows, info->methods, sizeof(info->methods));
	info->has_source = get_maybe_address(rows, SWEEPS_SOURCE, &info->source);
	info->probed = get_count(rows, SWEEPS_PROBED, COUNT_MOST);
	info->sent = get_count(rows, SWEEPS_SENT, COUNT_MOST);
	info->received = get_count(rows, SWEEPS_RECEIVED, COUNT_MOST);
	info->capture_dropped = get_count(rows, SWEEPS_CAPTURE_DROPPED, COUNT_MOST);
	info->send_errors = get_count(rows, SWEEPS_SEND_ERRORS, COUNT_MOST);
	info->anchors_probed = get_count(rows, SWEEPS_ANCHORS_PROBED, COUNT_MOST);
	info->anchors_up = get_count(rows, SWEEPS_ANCHORS_UP, COUNT_MOST);
	info->clock_error_us = get_count(rows, SWEEPS_CLOCK_ERROR, COUNT_MOST);
	get_maybe_text(rows, SWEEPS_FLAGS, flags, sizeof(flags));
	if (!flags_parse(flags, &info->flags))
		wrong(rows, SWEEPS_FLAGS, "names of flags separated by \";\"");
	get_maybe_text(rows, SWEEPS_COUNTS, info->counts, sizeof(info->counts));
	/* A clock set back while we measured is a fact; elsewhere it is a mistake. */
	if (info->end.ns < info->start.ns && !(info->flags & SWEEP_CLOCK_STEP))
		wrong(rows, SWEEPS_END, "a time not before the start");
	else if (wall_since(info->end, info->start) > INTERVAL_MOST_NS &&
		 !(info->flags & SWEEP_CLOCK_STEP))
		wrong(rows, SWEEPS_END, "a time within a year of the start");
	if (info_contradicts(info, &wrong_is))
		contradiction(rows, &wrong_is);
}

static void get_observation(struct dataset_rows *rows, struct observation *o)
{
	struct contradiction wrong_is;

	o->address = get_address(rows, OBS_ADDRESS);
	o->probed_at = get_time(rows, OBS_PROBED_AT);
	if (!method_parse(rows->fields[OBS_METHOD], &o->method, &o->port))
		wrong(rows, OBS_METHOD, "icmp, tcp or tcp:PORT");
	o->outcome = get_outcome(rows, OBS_OUTCOME);
	o->rtt_ns = get_rtt(rows, OBS_RTT);
	o->has_responder = get_maybe_address(rows, OBS_RESPONDER, &o->responder);
	o->icmp_type = (int)get_count(rows, OBS_ICMP_TYPE, UINT8_MAX);
	o->icmp_code = (int)get_count(rows, OBS_ICMP_CODE, UINT8_MAX);
	o->reply_ttl = (int)get_count(rows, OBS_REPLY_TTL, UINT8_MAX);
	o->ip_id = (int)get_count(rows, OBS_IP_ID, UINT16_MAX);
	int64_t tcp_ts = get_count(rows, OBS_TCP_TS, UINT32_MAX);
	o->has_tcp_ts = tcp_ts >= 0;
	o->tcp_ts = o->has_tcp_ts ? (uint32_t)tcp_ts : 0;
	o->attempt = (int)get_count(rows, OBS_ATTEMPT, ATTEMPTS_MOST);
	o->attempts = (int)get_count(rows, OBS_ATTEMPTS, ATTEMPTS_MOST);
	if (!rows->failed && observation_contradicts(o, &wrong_is))
		contradiction(rows, &wrong_is);
}

static void get_hop(struct dataset_rows *rows, struct hop *hop)
{
	hop->address = get_address(rows, PATH_ADDRESS);
	struct contradiction wrong_is;
	int64_t ttl = get_count(rows, PATH_TTL, UINT8_MAX);
	if (ttl < 0)
		wrong(rows, PATH_TTL, "a whole number from 1 to 255");
	hop->ttl = (uint8_t)(ttl < 0 ? 0 : ttl);
	hop->probed_at = get_time(rows, PATH_PROBED_AT);
	hop->has_responder = get_maybe_address(rows, PATH_RESPONDER, &hop->responder);
	hop->rtt_ns = get_rtt(rows, PATH_RTT);
	hop->outcome = get_outcome(rows, PATH_OUTCOME);
	if (!rows->failed && hop_contradicts(hop, &wrong_is))
		contradiction(rows, &wrong_is);
}

/* 1, 0 at the end, or 2: a row that is right and says nothing. */
static int next_row(struct dataset_rows *rows, struct dataset_row *ret, struct diag *why)
{
	struct dataset_row row;
	bool measured = true;
	int r = csv_table_next(rows->table, rows->fields, &row.line, why);

	if (r <= 0)
		return r;
	memset(&row.as, 0, sizeof(row.as));
	rows->why = why;
	rows->failed = false;
	/* Its number is the first column of every file but the targets'. */
	row.sweep = rows->file == DATASET_TARGETS || rows->file == DATASET_ROUTES ? 0 : get_number(rows, 0);
	switch (rows->file) {
	case DATASET_TARGETS:
		get_target(rows, &row.as.target);
		break;
	case DATASET_SWEEPS:
		get_sweep(rows, &row.as.info);
		break;
	case DATASET_OBSERVATIONS:
		get_observation(rows, &row.as.observation);
		break;
	case DATASET_PATHS:
		get_hop(rows, &row.as.hop);
		break;
	case DATASET_BOOTS:
		row.as.boot.address = get_address(rows, BOOT_ADDRESS);
		measured = !text_missing(rows->fields[BOOT_EPOCH]);
		if (measured)
			row.as.boot.boot_at = get_time(rows, BOOT_EPOCH);
		break;
	case DATASET_ROUTES: /* exchange/foreign/format_routes.c reads it */
		break;
	}
	if (rows->failed)
		return -EINVAL;
	*ret = row;
	return measured ? 1 : 2;
}

int dataset_rows_next(struct dataset_rows *rows, struct dataset_row *ret, struct diag *why)
{
	int r;

	do
		r = next_row(rows, ret, why);
	while (r == 2);
	return r;
}
