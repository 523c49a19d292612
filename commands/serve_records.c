#include "commands/serve_records.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/judge_run.h"
#include "core/mem.h"

char *serve_records(const struct scene *scene, const char *kind, struct wall from, struct wall to,
	bool csv, size_t *ret_len)
{
	bool timeline = strcmp(kind, "timeline") == 0;
	struct judgement kept = {.end = scene->end}, *j = &kept;
	struct judge_run run = {
		.from = from, .to = to, .outputs = outputs_create(false), .judgement = j};
	char *text = NULL;
	struct diag why;

	if (!timeline && strcmp(kind, "outages") != 0) {
		outputs_abandon(run.outputs);
		return NULL;
	}
	FILE *out = open_memstream(&text, ret_len);
	if (!out)
		abort();
	outputs_add_stream(run.outputs, out, csv ? OUTPUT_CSV : OUTPUT_JSONL);
	j->rows.items = mem_copy(scene->rows, scene->row_count * sizeof(*scene->rows));
	j->rows.count = j->rows.capacity = scene->row_count;
	j->outages = (struct outages){scene->outages, scene->outage_count, scene->outage_count};
	j->outage_of = scene->outage_of;
	j->vantage_count = scene->facts.vantage_count;
	if (timeline)
		judge_run_timeline(&run);
	else
		judge_run_outages(&run);
	outputs_finish(run.outputs, &why);
	mem_free(j->rows.items);
	fclose(out);
	return text;
}
