/* What status writes: rows of blocks and of the country, and of who measures. */
#include "commands/status_rows.h"

#include <math.h>
#include <stdio.h>

#include "live/health.h"
#include "report/words.h"

static const struct output_column columns[] = {
	{"store", COLUMN_TEXT, 0},
	{"block", COLUMN_TEXT, 0},
	{"state", COLUMN_TEXT, 0},
	{"reason", COLUMN_TEXT, 0},
	{"start_earliest", COLUMN_TIME, 0},
	{"start_latest", COLUMN_TIME, 0},
	{"fraction_up", COLUMN_DECIMAL, 3},
	{"hosts_up", COLUMN_INTEGER, 0},
	{"hosts_known", COLUMN_INTEGER, 0},
	{"last_sweep_end", COLUMN_TIME, 0},
	{"age_s", COLUMN_DECIMAL, 3},
	{"prober", COLUMN_TEXT, 0},
};
static const struct output_kind kind = {
	"status", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_CSV | OUTPUT_JSONL};

/* What fits a terminal. */
static const struct output_column short_columns[] = {
	{"block", COLUMN_TEXT, 0},
	{"state", COLUMN_TEXT, 0},
	{"reason", COLUMN_TEXT, 0},
	{"since", COLUMN_TIME, 0},
	{"within", COLUMN_TEXT, 0},
	{"up", COLUMN_TEXT, 0},
};
static const struct output_kind short_kind = {
	"status", short_columns, sizeof(short_columns) / sizeof(short_columns[0]), OUTPUT_TABLE};

static const struct output_column vantage_columns[] = {
	{"store", COLUMN_TEXT, 0},
	{"vantage", COLUMN_TEXT, 0},
	{"does", COLUMN_TEXT, 0},
	{"reason", COLUMN_TEXT, 0},
	{"last_sweep_end", COLUMN_TIME, 0},
	{"age_s", COLUMN_DECIMAL, 3},
	{"interval_s", COLUMN_DECIMAL, 3},
	{"anchors_up", COLUMN_INTEGER, 0},
	{"anchors_probed", COLUMN_INTEGER, 0},
};
static const struct output_kind vantage_kind = {"vantage", vantage_columns,
	sizeof(vantage_columns) / sizeof(vantage_columns[0]), OUTPUT_JSONL};

static const struct output_column short_vantage_columns[] = {
	{"vantage", COLUMN_TEXT, 0},
	{"does", COLUMN_TEXT, 0},
	{"reason", COLUMN_TEXT, 0},
	{"last sweep", COLUMN_TEXT, 0},
	{"prober", COLUMN_TEXT, 0},
};
static const struct output_kind short_vantage_kind = {"vantage", short_vantage_columns,
	sizeof(short_vantage_columns) / sizeof(short_vantage_columns[0]), OUTPUT_TABLE};

void status_declare(struct outputs *outputs)
{
	outputs_declare(outputs, &kind);
	outputs_declare(outputs, &short_kind);
}

/* One line, of a block or the country. */
struct line {
	const char *block;
	enum block_state state;
	enum reason reason;
	struct wall low, high;
	double fraction_up;
	size_t up, known;
};

static double seconds(int64_t ns)
{
	return (double)ns / (double)NS_PER_S;
}

/* With whose it is, where there are several stores. */
enum { NAMED_SIZE = 192 };
static void named(const struct status_sheet *sheet, const struct scene *scene, const char *name,
	char text[NAMED_SIZE])
{
	snprintf(text, NAMED_SIZE, "%s%s%s", sheet->named ? scene->name : "",
		sheet->named ? " " : "", name);
}

static void write_line(
	const struct status_sheet *sheet, const struct scene *scene, const struct line *l)
{
	bool any = scene->facts.sweeps > 0;
	char block[NAMED_SIZE];
	char within[WORDS_SIZE];
	char up[64];
	const struct output_value values[] = {
		value_text(scene->name),
		value_text(l->block),
		value_text(block_state_name(l->state)),
		value_text(reason_name(l->reason)),
		any ? value_time(l->low) : value_none(),
		any ? value_time(l->high) : value_none(),
		value_decimal(l->fraction_up),
		value_integer((int64_t)l->up),
		value_integer((int64_t)l->known),
		any ? value_time(scene->facts.end) : value_none(),
		any ? value_decimal(seconds(wall_since(sheet->now, scene->facts.end)))
		    : value_none(),
		value_text(scene->facts.written ? "running" : "none"),
	};

	outputs_row(sheet->outputs, &kind, values);
	named(sheet, scene, l->block, block);
	snprintf(up, sizeof(up), "%zu/%zu", l->up, l->known);
	words_duration(wall_since(l->high, l->low), within);
	const struct output_value shorter[] = {
		value_text(block),
		value_text(block_state_name(l->state)),
		value_text(reason_name(l->reason)),
		any ? value_time(l->high) : value_none(),
		any ? value_text(within) : value_none(),
		value_text(up),
	};
	outputs_row(sheet->outputs, &short_kind, shorter);
}

static double country_share(const struct scene *scene)
{
	return scene->late || scene->country_count == 0
		       ? (double)NAN
		       : scene->country[scene->country_count - 1].fraction_up;
}

void status_blocks(const struct status_sheet *sheet, const struct scene *scene)
{
	struct country_now country = scene_country(scene);
	struct line line = {.block = "country",
		.state = country.state,
		.reason = country.reason,
		.low = country.since_low,
		.high = country.since_high,
		.fraction_up = country_share(scene)};
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < scene->block_count; i++) {
		const struct scene_block *block = &scene->blocks[i];
		struct timeline_row row = scene_now(scene, block);
		prefix_format(block->prefix, text);
		write_line(sheet, scene,
			&(struct line){text, row.state, row.reason, row_earliest(&row), row.start,
				row.fraction_up, block->up, block->known});
	}
	scene_hosts(scene, &line.up, &line.known);
	write_line(sheet, scene, &line);
}

void status_vantages(const struct status_sheet *sheet, const struct scene *scene)
{
	for (size_t i = 0; i < scene->facts.vantage_count; i++) {
		const struct vantage_facts *v = &scene->facts.vantages[i];
		int64_t age_ns = wall_since(sheet->now, v->end);
		char age[WORDS_SIZE + 8];
		char words[WORDS_SIZE];
		char name[NAMED_SIZE];
		const struct output_value values[] = {
			value_text(scene->name),
			value_text(v->name),
			value_text(vantage_does(v, sheet->now)),
			value_text(reason_name(v->blind)),
			value_time(v->end),
			value_decimal(seconds(age_ns)),
			v->interval_ns ? value_decimal(seconds(v->interval_ns)) : value_none(),
			value_measured(v->anchors_up),
			value_measured(v->anchors_probed),
		};

		outputs_row(sheet->outputs, &vantage_kind, values);
		named(sheet, scene, v->name, name);
		snprintf(age, sizeof(age), "%s ago", words_duration(age_ns, words));
		const struct output_value shorter[] = {
			value_text(name),
			value_text(vantage_does(v, sheet->now)),
			value_text(reason_name(v->blind)),
			value_text(age),
			value_text(scene->facts.written ? "running" : "none"),
		};
		outputs_row(sheet->outputs, &short_vantage_kind, shorter);
	}
}
