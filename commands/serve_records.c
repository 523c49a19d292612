#include "commands/serve_records.h"

#include <stdlib.h>
#include <string.h>

#include "commands/host_rows.h"
#include "commands/judge_run.h"
#include "core/mem.h"

enum records {
	RECORDS_TIMELINE,
	RECORDS_COUNTRY,
	RECORDS_OUTAGES,
	RECORDS_REBOOTS,
	RECORDS_HOSTS,
	RECORDS_SUMMARY
};

static bool records_of(const char *kind, enum records *ret, enum period *ret_by)
{
	static const char *const names[] = {"timeline", "country", "outages", "reboots", "hosts"};
	static const char summary[] = "summary/";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(kind, names[i]) == 0) {
			*ret = (enum records)i;
			return true;
		}
	*ret = RECORDS_SUMMARY;
	return strncmp(kind, summary, strlen(summary)) == 0 &&
	       period_parse(kind + strlen(summary), ret_by);
}

static struct timeline_rows copy_rows(const struct timeline_row *rows, size_t count)
{
	return (struct timeline_rows){mem_copy(rows, count * sizeof(*rows)), count, count};
}

static void write_reboots(struct judge_run *run, const struct scene *scene)
{
	char *names[VANTAGES_MOST];

	for (size_t i = 0; i < scene->facts.vantage_count; i++)
		names[i] = (char *)(uintptr_t)scene->facts.vantages[i].name;
	run->judgement.vantages = names;
	reboot_rows(run, &scene->reboots);
}

static void write_records(struct judge_run *run, const struct scene *scene,
	const struct series *hosts, enum records records)
{
	switch (records) {
	case RECORDS_COUNTRY: /* its rows alone */
		run->judgement.rows.count = 0;
		judge_run_timeline(run);
		break;
	case RECORDS_TIMELINE:
		run->country_rows.count = 0;
		judge_run_timeline(run);
		break;
	case RECORDS_OUTAGES:
		judge_run_outages(run);
		break;
	case RECORDS_REBOOTS:
		write_reboots(run, scene);
		break;
	case RECORDS_HOSTS:
		host_rows(run, &scene->hosts, &scene->reboots, hosts);
		break;
	case RECORDS_SUMMARY:
		judge_run_summary(run);
		break;
	}
}

char *serve_records(const struct scene *scene, const struct series *hosts, const char *kind,
	struct wall from, struct wall to, bool csv, size_t *ret_len)
{
	struct judge_run run = {.from = from, .to = to};
	struct judgement *j = &run.judgement;
	enum records records;
	char *text = NULL;
	struct diag why;

	if (!records_of(kind, &records, &run.by))
		return NULL;
	FILE *out = open_memstream(&text, ret_len);
	if (!out)
		abort();
	run.outputs = outputs_create(false);
	outputs_add_stream(run.outputs, out, csv ? OUTPUT_CSV : OUTPUT_JSONL);
	j->start = scene->start;
	j->end = scene->end;
	j->rows = copy_rows(scene->rows, scene->row_count);
	j->outages = (struct outages){scene->outages, scene->outage_count, scene->outage_count};
	j->outage_of = scene->outage_of;
	j->vantage_count = scene->facts.vantage_count;
	run.country_rows = copy_rows(scene->country, scene->country_count);
	write_records(&run, scene, hosts, records);
	outputs_finish(run.outputs, &why);
	mem_free(run.country_rows.items);
	mem_free(j->rows.items);
	fclose(out);
	return text;
}
