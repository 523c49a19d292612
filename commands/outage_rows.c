/* The rows of outages and of reboots. */
#include <math.h>
#include <stdio.h>

#include "analysis/clock/reboot_list.h"
#include "analysis/evidence/attribution.h"
#include "commands/judge_run.h"
#include "core/mem.h"
#include "report/words.h"

static const struct output_column columns[] = {
	{"outage", COLUMN_TEXT, 0},
	{"episode", COLUMN_TEXT, 0},
	{"start_earliest", COLUMN_TIME, 0},
	{"start_latest", COLUMN_TIME, 0},
	{"end_earliest", COLUMN_TIME, 0},
	{"end_latest", COLUMN_TIME, 0},
	{"duration_s", COLUMN_DECIMAL, 3},
	{"extent", COLUMN_TEXT, 0},
	{"blocks", COLUMN_TEXT, 0},
	{"machines_affected", COLUMN_INTEGER, 0},
	{"machines", COLUMN_INTEGER, 0},
	{"fraction_lost", COLUMN_DECIMAL, 3},
	{"flaps_24h", COLUMN_INTEGER, 0},
	{"cause", COLUMN_TEXT, 0},
	{"p_power_loss", COLUMN_DECIMAL, 4},
	{"p_upstream_disconnect", COLUMN_DECIMAL, 4},
	{"p_congestion", COLUMN_DECIMAL, 4},
	{"p_routing", COLUMN_DECIMAL, 4},
	{"p_other", COLUMN_DECIMAL, 4},
	{"stage", COLUMN_TEXT, 0},
	{"as_of", COLUMN_TIME, 0},
	{"evidence", COLUMN_TEXT, 0},
};

static const struct output_kind kind = {
	"outage", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_CSV | OUTPUT_JSONL};

/* What fits a terminal; the id tells the minute of the onset. */
static const struct output_column short_columns[] = {
	{"outage", COLUMN_TEXT, 0},
	{"lasted", COLUMN_TEXT, 0},
	{"extent", COLUMN_TEXT, 0},
	{"machines", COLUMN_INTEGER, 0},
	{"cause", COLUMN_TEXT, 0},
	{"p", COLUMN_DECIMAL, 2},
};

static const struct output_kind short_kind = {
	"outage", short_columns, sizeof(short_columns) / sizeof(short_columns[0]), OUTPUT_TABLE};

static const struct output_column reboot_columns[] = {
	{"machine", COLUMN_ADDRESS, 0},
	{"addresses", COLUMN_TEXT, 0},
	{"vantage", COLUMN_TEXT, 0},
	{"earliest", COLUMN_TIME, 0},
	{"latest", COLUMN_TIME, 0},
	{"boot", COLUMN_TIME, 0},
};

static const struct output_kind reboot_kind = {"reboot", reboot_columns,
	sizeof(reboot_columns) / sizeof(reboot_columns[0]), OUTPUT_CSV | OUTPUT_JSONL};

static const struct output_column short_reboot_columns[] = {
	{"machine", COLUMN_ADDRESS, 0},
	{"boot", COLUMN_TIME, 0},
	{"back by", COLUMN_TIME, 0},
	{"within", COLUMN_TEXT, 0},
};

static const struct output_kind short_reboot_kind = {"reboot", short_reboot_columns,
	sizeof(short_reboot_columns) / sizeof(short_reboot_columns[0]), OUTPUT_TABLE};

static char *join_blocks(const struct outage *o)
{
	char *text = mem_zeroed(o->block_count + 1, ADDRESS_TEXT_SIZE + 1);
	size_t len = 0;

	for (size_t i = 0; i < o->block_count; i++) {
		if (i)
			text[len++] = ';';
		len += prefix_format(o->blocks[i], text + len);
	}
	return text;
}

static struct output_value when(int64_t ns)
{
	return ns ? value_time((struct wall){ns}) : value_none();
}

static const char *extent_of(const struct outage *o)
{
	return o->whole_country ? "country" : o->whole_blocks ? "blocks" : "site";
}

static void write_outage(struct judge_run *run, const struct outage *o)
{
	const struct verdict *v = &o->verdict;
	char evidence[EVIDENCE_TEXT_SIZE];
	char *blocks = join_blocks(o);
	double start_s = (double)(o->start_low_ns / 2 + o->start_high_ns / 2) / 1e9;
	double end_s = (double)(o->end_low_ns / 2 + o->end_high_ns / 2) / 1e9;

	verdict_print(v, evidence);
	const struct output_value values[] = {
		value_text(o->id),
		value_text(o->episode),
		when(o->start_low_ns),
		when(o->start_high_ns),
		when(o->end_low_ns),
		when(o->end_high_ns),
		o->end_high_ns ? value_decimal(end_s - start_s) : value_none(),
		value_text(extent_of(o)),
		value_text(blocks),
		value_integer((int64_t)o->hosts_affected),
		value_integer((int64_t)o->hosts),
		value_decimal(o->fraction_lost),
		value_integer((int64_t)lround(o->facts.flaps * (double)o->block_count)),
		value_text(cause_name(v->cause)),
		value_decimal(v->p[CAUSE_POWER]),
		value_decimal(v->p[CAUSE_UPSTREAM]),
		value_decimal(v->p[CAUSE_CONGESTION]),
		value_decimal(v->p[CAUSE_ROUTING]),
		value_decimal(v->p[CAUSE_OTHER]),
		value_text(stage_name(o->stage)),
		value_time(run->as_of_given ? run->as_of : run->judgement.end),
		value_text(evidence),
	};
	outputs_row(run->outputs, &kind, values);
	mem_free(blocks);
	char lasted[WORDS_SIZE] = "it lasts";
	if (o->end_high_ns)
		words_duration((int64_t)((end_s - start_s) * 1e9), lasted);
	const struct output_value shorter[] = {
		value_text(o->id),
		value_text(lasted),
		value_text(extent_of(o)),
		value_integer((int64_t)o->hosts_affected),
		value_text(cause_name(v->cause)),
		v->cause < CAUSE_COUNT ? value_decimal(v->p[v->cause]) : value_none(),
	};
	outputs_row(run->outputs, &short_kind, shorter);
}

void judge_run_outages(struct judge_run *run)
{
	const struct outages *outages = &run->judgement.outages;

	outputs_declare(run->outputs, &kind);
	outputs_declare(run->outputs, &short_kind);
	for (size_t i = 0; i < outages->count; i++) {
		const struct outage *o = &outages->items[i];
		int64_t end_ns = o->end_high_ns ? o->end_high_ns : INT64_MAX;
		if (end_ns <= run->from.ns || o->start_low_ns >= run->to.ns)
			continue;
		write_outage(run, o);
		run->written++;
	}
}

void reboot_rows(struct judge_run *run, const struct host_reboots *list)
{
	outputs_declare(run->outputs, &reboot_kind);
	outputs_declare(run->outputs, &short_reboot_kind);
	for (size_t i = 0; i < list->count; i++) {
		const struct host_reboot *r = &list->items[i];
		char within[WORDS_SIZE];
		int64_t at_ns = r->dated ? r->boot_ns : r->latest_ns;
		if (at_ns < run->from.ns || at_ns >= run->to.ns ||
			(run->block_given && !prefix_holds(run->block, r->address)))
			continue;
		run->written++;
		const struct output_value values[] = {
			value_address(r->address),
			value_text(r->addresses),
			value_text(run->judgement.vantages[r->vantage]),
			value_time((struct wall){r->earliest_ns}),
			value_time((struct wall){r->latest_ns}),
			r->dated ? value_time((struct wall){r->boot_ns}) : value_none(),
		};
		outputs_row(run->outputs, &reboot_kind, values);
		words_duration(r->latest_ns - r->earliest_ns, within);
		const struct output_value shorter[] = {
			value_address(r->address),
			r->dated ? value_time((struct wall){r->boot_ns}) : value_none(),
			value_time((struct wall){r->latest_ns}),
			value_text(within),
		};
		outputs_row(run->outputs, &short_reboot_kind, shorter);
	}
}

void judge_run_reboots(struct judge_run *run)
{
	struct host_reboots list;

	host_reboots_of(run->judgement.uptimes, &list);
	reboot_rows(run, &list);
	host_reboots_finish(&list);
}
