#include "live/serve/state.h"

#include <inttypes.h>
#include <math.h>

#include "exchange/output_format.h"

static void write_time(FILE *out, const char *name, struct wall t)
{
	char text[CLOCK_TEXT_SIZE];

	wall_format(t, text);
	fprintf(out, ",\"%s\":\"%s\"", name, text);
}

static void write_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\"%s\":", name);
	format_json_text(out, text);
}

static void write_row(FILE *out, const struct timeline_row *row)
{
	fprintf(out, ",\"state\":\"%s\"", block_state_name(row->state));
	if (row->reason != REASON_NONE)
		write_text(out, "reason", reason_name(row->reason));
	else
		fputs(",\"reason\":null", out);
	write_time(out, "start_earliest", row_earliest(row));
	write_time(out, "start_latest", row->start);
	if (isnan(row->fraction_up))
		fputs(",\"fraction_up\":null", out);
	else
		fprintf(out, ",\"fraction_up\":%.3f", row->fraction_up);
}

static void write_block(FILE *out, const struct scene *scene, const struct scene_block *block)
{
	struct timeline_row row = scene_now(scene, block);
	char prefix[ADDRESS_TEXT_SIZE];

	prefix_format(block->prefix, prefix);
	fprintf(out, "{\"v\":1,\"type\":\"block\",\"block\":\"%s\"", prefix);
	write_row(out, &row);
	fprintf(out, ",\"hosts_up\":%zu,\"hosts_known\":%zu}", block->up, block->known);
}

void state_write_change(FILE *out, const struct state_change *change)
{
	char prefix[ADDRESS_TEXT_SIZE];

	fprintf(out, "{\"v\":1,\"type\":\"%s\"", change->vantage ? "vantage" : "change");
	write_text(out, "store", change->scene->name);
	write_time(out, "as_of", change->scene->end);
	if (change->vantage) {
		write_text(out, "vantage", change->vantage->name);
		fprintf(out, ",\"sees\":%s",
			change->vantage->blind == REASON_NONE ? "true" : "false");
		write_text(out, "reason", reason_name(change->vantage->blind));
	} else {
		prefix_format(change->block->prefix, prefix);
		write_text(out, "block", prefix);
		write_text(out, "from", block_state_name(change->from));
		write_row(out, change->row);
		size_t outage = change->scene->row_outage[change->row - change->scene->rows];
		if (outage)
			write_text(out, "outage", change->scene->outages[outage - 1].id);
	}
	fputs("}", out);
}

static void write_country(FILE *out, const struct scene *scene)
{
	struct country_now country = scene_country(scene);
	size_t up, known;

	scene_hosts(scene, &up, &known);
	write_text(out, "store", scene->name);
	if (scene->facts.sweeps) {
		write_time(out, "as_of", scene->end);
		write_time(out, "start_earliest", country.since_low);
		write_time(out, "start_latest", country.since_high);
	}
	write_text(out, "state", block_state_name(country.state));
	fprintf(out, ",\"hosts_up\":%zu,\"hosts_known\":%zu,\"sweeps\":%" PRIu64 ",\"written\":%s",
		up, known, scene->facts.sweeps, scene->facts.written ? "true" : "false");
}

void state_write_sweep(FILE *out, const struct scene *scene)
{
	fputs("{\"v\":1,\"type\":\"sweep\"", out);
	write_country(out, scene);
	fputs("}", out);
}

static void write_vantages(FILE *out, const struct series_facts *facts)
{
	for (size_t i = 0; i < facts->vantage_count; i++) {
		const struct vantage_facts *v = &facts->vantages[i];
		fprintf(out, "%s{\"v\":1,\"type\":\"vantage\"", i ? "," : "");
		write_text(out, "vantage", v->name);
		fprintf(out, ",\"sees\":%s", v->blind == REASON_NONE ? "true" : "false");
		if (v->blind != REASON_NONE)
			write_text(out, "reason", reason_name(v->blind));
		write_time(out, "last_sweep_end", v->end);
		fputs("}", out);
	}
}

void state_write_all(FILE *out, const struct scene *const *scenes, size_t count)
{
	fputs("{\"v\":1,\"type\":\"status\",\"stores\":[", out);
	for (size_t s = 0; s < count; s++) {
		const struct scene *scene = scenes[s];
		fprintf(out, "%s{\"v\":1,\"type\":\"country\"", s ? "," : "");
		write_text(out, "title", scene->title);
		write_country(out, scene);
		fputs(",\"blocks\":[", out);
		for (size_t i = 0; i < scene->block_count; i++) {
			fputs(i ? "," : "", out);
			write_block(out, scene, &scene->blocks[i]);
		}
		fputs("],\"vantages\":[", out);
		write_vantages(out, &scene->facts);
		fputs("]}", out);
	}
	fputs("]}", out);
}
