#include <stdlib.h>

#include "analysis/block/inner.h"
#include "analysis/method/belief.h"
#include "core/mem.h"

double block_absences(const struct block *block, const struct parameters *parameters)
{
	double prior_ns = ALONE_PRIOR_DAYS * (double)parameters->day_ns;

	return (double)block->stable * (block->absences + ALONE_PRIOR) /
	       (block->host_time + prior_ns);
}

void block_incident_opens(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	if (!incident_is_empty(&block->incident))
		return;
	block_count_members(block, hosts, now_ns, parameters);
	block_share_weights(block, hosts);
	block->incident.weight = block->weight;
	block->incident.hosts = block->here;
	block->incident.absences_per_ns = block_absences(block, parameters);
}

/* Congestion shows before it silences: note each hour that ends with a host
 * going. Which of them an outage had before it is asked when it is cut out. */
void block_note_buildup(struct block *block, int64_t before_ns, const struct parameters *parameters)
{
	struct incident *incident = &block->incident;

	incident->buildups = mem_grow(incident->buildups, &incident->buildup_capacity,
		incident->buildup_count + 1, sizeof(*incident->buildups));
	incident->buildups[incident->buildup_count++] = (struct buildup){
		.at_ns = before_ns,
		.read = path_quality_buildup(&block->quality, before_ns, parameters),
	};
}

void block_goes_out(struct block *block, struct host *hosts, uint32_t number, int64_t now_ns,
	const struct parameters *parameters)
{
	struct host *host = &hosts[number];

	block_incident_opens(block, hosts, now_ns, parameters);
	incident_add_out(&block->incident, number, host, &host->run, parameters);
	path_quality_forget(&block->quality, host->run.silent_ns[0], now_ns,
		(double)host->run.count * (double)host->weight, parameters);
	block_note_buildup(block, host->run.silent_ns[0], parameters);
	host->state = HOST_OUT;
	block->out_count++;
	block->changed_ns = now_ns;
}

void block_comes_back(struct block *block, const struct host *host, uint32_t number,
	const struct silence_run *run, int64_t now_ns, const struct parameters *parameters)
{
	int before = (int)((block_hour(now_ns, parameters) + 23) % 24);

	for (size_t i = block->incident.out_count; i-- > 0;) {
		struct host_outage *out = &block->incident.outs[i];
		if (out->host != number || out->run.back_ns)
			continue;
		out->run = *run;
		out->slept = host_sleeps_at(host, before);
		break;
	}
	block->out_count--;
	block->changed_ns = now_ns;
}

bool block_failed_alone(const struct block *block, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters)
{
	const struct incident *incident = &block->incident;

	if (block->down)
		return false;
	for (size_t i = incident->out_count; i-- > 0;) {
		const struct host_outage *o = &incident->outs[i];
		if (o->latest_ns < run->silent_ns[0] - parameters->cluster_gap_ns)
			break;
		if (!ip4_equal(o->address, host->address) && o->availability >= HOST_STABLE &&
			llabs(o->run.silent_ns[0] - run->silent_ns[0]) <=
				parameters->cluster_gap_ns)
			return false;
	}
	for (size_t i = 0; i < incident->impairment_count; i++)
		if (!incident->impairments[i].end_high_ns ||
			incident->impairments[i].end_high_ns > run->silent_ns[0])
			return false;
	return true;
}

void block_count_absence(struct block *block, struct host *host, const struct silence_run *run,
	const struct parameters *parameters)
{
	bool alone = block_failed_alone(block, host, run, parameters);

	if (host->failures < UINT16_MAX && !block->down) {
		host->failures++;
		block->failures++;
	}
	block->absences += alone && (double)host->weight >= HOST_STABLE;
}

/* It has left for good: what it was out for was no outage. */
void block_drop_out(struct block *block, uint32_t number, int64_t now_ns)
{
	struct incident *incident = &block->incident;
	size_t kept = 0;

	for (size_t i = 0; i < incident->out_count; i++)
		if (incident->outs[i].host != number || incident->outs[i].run.back_ns)
			incident->outs[kept++] = incident->outs[i];
	incident->out_count = kept;
	block->out_count--;
	block->changed_ns = now_ns;
}

struct impairment *block_open_impairment(struct block *block, enum impairment_kind kind)
{
	size_t i = block->incident.impairment_count;

	while (i-- > 0)
		if (block->incident.impairments[i].kind == kind &&
			!block->incident.impairments[i].end_high_ns)
			return &block->incident.impairments[i];
	abort(); /* who asks has opened it */
}

void block_impairment_begins(struct block *block, struct host *hosts, enum impairment_kind kind,
	int64_t since_ns, int64_t now_ns, const struct parameters *parameters)
{
	block_incident_opens(block, hosts, now_ns, parameters);
	struct impairment *p = incident_add_impairment(&block->incident, kind);
	p->low_ns = since_ns - parameters->flap_ns / 3;
	p->high_ns = since_ns;
	block_note_buildup(block, since_ns, parameters);
	block->changed_ns = now_ns;
}

void block_impairment_ends(struct block *block, enum impairment_kind kind, int64_t since_ns,
	int64_t now_ns, const struct parameters *parameters)
{
	struct impairment *p = block_open_impairment(block, kind);

	p->end_low_ns = since_ns - parameters->flap_ns / 3;
	p->end_high_ns = since_ns > p->high_ns ? since_ns : p->high_ns + 1;
	block->changed_ns = now_ns;
}

void block_add_segment(struct block *block, int64_t start_ns, enum block_state state)
{
	struct segments *segments = &block->segments;

	segments->items = mem_grow(segments->items, &segments->capacity, segments->count + 1,
		sizeof(*segments->items));
	segments->items[segments->count++] = (struct segment){.start_ns = start_ns,
		.state = state,
		.reason = state == BLOCK_UNKNOWN ? REASON_LEARNING : REASON_NONE,
		.belief = BELIEF_UP,
		.fraction_up = 1};
}
