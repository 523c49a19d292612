#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/mem.h"
#include "tests/live/played.h"

static void put_rows(FILE *out, const struct judgement *j)
{
	char block[ADDRESS_TEXT_SIZE + 4];

	for (size_t i = 0; i < j->rows.count; i++) {
		const struct timeline_row *r = &j->rows.items[i];
		prefix_format(r->block, block);
		fprintf(out, "row %s %" PRId64 " %" PRId64 " %a %d %d %a %a %zu %s\n", block,
			r->start.ns, r->end.ns, r->uncertainty_s, (int)r->state, (int)r->reason,
			r->belief, r->fraction_up, r->hosts, judgement_outage(j, r->disruption));
	}
}

static void put_verdict(FILE *out, const struct verdict *v)
{
	fprintf(out, "\tcause %d", v->cause);
	for (size_t c = 0; c < CAUSE_COUNT; c++) {
		fprintf(out, " %a", v->p[c]);
		for (size_t t = 0; t < TERMS_MOST; t++)
			fprintf(out, " %a", v->nats[t][c]);
	}
	fputc('\n', out);
}

static void put_outages(FILE *out, const struct judgement *j)
{
	for (size_t i = 0; i < j->outages.count; i++) {
		const struct outage *o = &j->outages.items[i];
		fprintf(out,
			"outage %s %s %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
			" %zu %zu %a %d %d %d %d\n",
			o->id, o->episode, o->start_low_ns, o->start_high_ns, o->end_low_ns,
			o->end_high_ns, o->hosts_affected, o->hosts, o->fraction_lost,
			o->whole_blocks, o->whole_country, o->partial, (int)o->stage);
		put_verdict(out, &o->verdict);
	}
}

static void put_reboots(FILE *out, const struct judgement *j)
{
	for (size_t i = 0; i < j->uptimes->reboot_count; i++) {
		const struct reboot *r = &j->uptimes->reboots[i];
		fprintf(out, "reboot %" PRIx32 " %zu %" PRId64 " %" PRId64 " %" PRId64 "\n",
			r->address.host, r->vantage, r->earliest_ns, r->latest_ns, r->boot_ns);
	}
}

static void put_hosts(FILE *out, const struct view *view)
{
	for (size_t i = 0; view && i < view->host_count; i++) {
		const struct host *m = &view->hosts[i];
		fprintf(out, "host %" PRIx32 " %d %" PRId64 " %" PRId64 " %a\n", m->address.host,
			m->state, m->run.replied_ns, m->clock_ns, host_availability(m));
	}
	for (size_t v = 0; view && v < view->vantage_count; v++)
		fprintf(out, "blind %d\n", (int)view->blind[v]);
}

char *judgement_text(const struct judgement *j)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = mem_checked(open_memstream(&text, &size));

	fprintf(out, "from %" PRId64 " to %" PRId64 "\n", j->start.ns, j->end.ns);
	for (size_t i = 0; i < j->vantage_count; i++)
		fprintf(out, "vantage %s\n", j->vantages[i]);
	put_rows(out, j);
	put_outages(out, j);
	if (j->uptimes)
		put_reboots(out, j);
	put_hosts(out, j->view);
	fclose(out);
	return text;
}
