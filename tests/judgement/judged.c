#include "tests/judgement/judged.h"

#include <assert.h>
#include <stdlib.h>

#include "analysis/clock/reboot_list.h"
#include "analysis/evidence/attribution.h"
#include "analysis/judge.h"
#include "core/mem.h"

static void copy_rows(const struct judgement *j, struct judged *ret)
{
	int64_t zero_ns = ret->zero_ns;

	ret->rows = mem_zeroed(j->rows.count + 1, sizeof(*ret->rows));
	for (size_t i = 0; i < j->rows.count; i++) {
		const struct timeline_row *row = &j->rows.items[i];
		int64_t width_ns = (int64_t)(row->uncertainty_s * 1e9);
		ret->rows[ret->row_count++] = (struct judged_row){.block = row->block,
			.low_ns = row->start.ns - zero_ns - width_ns,
			.start_ns = row->start.ns - zero_ns,
			.end_ns = row->end.ns - zero_ns,
			.state = block_state_name(row->state),
			.reason = reason_name(row->reason),
			.belief = row->belief,
			.fraction_up = row->fraction_up,
			.machines = row->hosts,
			.outage = judgement_outage(j, row->disruption)};
	}
}

static void copy_outage(const struct outage *o, int64_t zero_ns, struct judged_outage *ret)
{
	struct evidence_line lines[TERMS_MOST + 1];

	*ret = (struct judged_outage){.id = o->id,
		.episode = o->episode,
		.start_low_ns = o->start_low_ns - zero_ns,
		.start_high_ns = o->start_high_ns - zero_ns,
		.over = o->end_high_ns != 0,
		.end_low_ns = o->end_low_ns - zero_ns,
		.end_high_ns = o->end_high_ns - zero_ns,
		.blocks = o->blocks,
		.block_count = o->block_count,
		.machines_affected = o->hosts_affected,
		.machines = o->hosts,
		.fraction_lost = o->fraction_lost,
		.flaps = o->facts.flaps * (double)o->block_count,
		.extent = o->whole_country  ? "country"
			  : o->whole_blocks ? "blocks"
					    : "site",
		.stage = stage_name(o->stage),
		.cause = cause_name(o->verdict.cause),
		.cause_count = CAUSE_COUNT,
		.term_count = verdict_lines(&o->verdict, lines)};
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret->p[c] = (struct judged_share){cause_name(c), o->verdict.p[c]};
	assert(ret->term_count <= JUDGED_TERMS);
	for (size_t t = 0; t < ret->term_count; t++)
		ret->terms[t] = (struct judged_share){lines[t].name, lines[t].nats};
}

static void copy_reboots(const struct judgement *j, struct judged *ret)
{
	int64_t zero_ns = ret->zero_ns;
	struct host_reboots list;

	host_reboots_of(j->uptimes, &list);
	ret->reboots = mem_zeroed(list.count + 1, sizeof(*ret->reboots));
	for (size_t i = 0; i < list.count; i++)
		ret->reboots[ret->reboot_count++] = (struct judged_reboot){list.items[i].address,
			list.items[i].earliest_ns - zero_ns, list.items[i].latest_ns - zero_ns,
			list.items[i].dated, list.items[i].boot_ns - zero_ns};
	host_reboots_finish(&list);
}

void judged_begin(struct judged *judged, const struct target_row *targets, size_t target_count,
	int64_t zero_ns)
{
	struct parameters parameters = parameters_of(1);

	*judged = (struct judged){.zero_ns = zero_ns,
		.judge = judge_create(targets, target_count, &parameters),
		.judgement = mem_zeroed(1, sizeof(struct judgement))};
}

void judged_sweep(struct judged *judged, const struct sweep *sweep)
{
	if (judge_sweep(judged->judge, sweep) < 0)
		abort();
}

void judged_heard(struct judged *judged, const struct heard *heard)
{
	judge_heard(judged->judge, heard);
}

void judged_route(struct judged *judged, const struct route *route)
{
	judge_route(judged->judge, route);
}

void judged_end(struct judged *judged)
{
	const struct judgement *j = judged->judgement;

	judge_end(judged->judge, judged->judgement);
	judged->start_ns = j->start.ns - judged->zero_ns;
	judged->end_ns = j->end.ns - judged->zero_ns;
	copy_rows(j, judged);
	judged->outages = mem_zeroed(j->outages.count + 1, sizeof(*judged->outages));
	for (size_t i = 0; i < j->outages.count; i++)
		copy_outage(&j->outages.items[i], judged->zero_ns,
			&judged->outages[judged->outage_count++]);
	copy_reboots(j, judged);
}

void judged_finish(struct judged *judged)
{
	free(judged->rows);
	free(judged->outages);
	free(judged->reboots);
	judgement_finish(judged->judgement);
	free(judged->judgement);
	judge_destroy(judged->judge);
}
