#include "analysis/disruption/incident.h"

#include <stdlib.h>

#include "core/mem.h"

static struct host_outage out_of(uint32_t number, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters)
{
	return (struct host_outage){.host = number,
		.weight = (double)(host->weight * host->share),
		.availability = (double)host->weight,
		.rate = host_departures(host, run->silent_ns[0], parameters),
		.run = *run,
		.clock_ns = host->clock_ns,
		.address = host->address};
}

static void add_out(struct incident *incident, const struct host_outage *out)
{
	incident->outs = mem_grow(incident->outs, &incident->out_capacity, incident->out_count + 1,
		sizeof(*incident->outs));
	struct host_outage *last = &incident->outs[incident->out_count++];
	*last = *out;
	last->latest_ns = out->run.silent_ns[0];
	if (incident->out_count > 1 && last[-1].latest_ns > last->latest_ns)
		last->latest_ns = last[-1].latest_ns;
}

void incident_add_out(struct incident *incident, uint32_t number, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters)
{
	struct host_outage out = out_of(number, host, run, parameters);

	add_out(incident, &out);
}

void incident_add_short(struct incident *incident, uint32_t number, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters)
{
	size_t kept = 0;

	for (size_t i = 0; i < incident->short_count; i++)
		if (run->back_ns - incident->short_outs[i].run.back_ns <= parameters->hour_ns / 4)
			incident->short_outs[kept++] = incident->short_outs[i];
	incident->short_count = kept;
	incident->short_outs = mem_grow(incident->short_outs, &incident->short_capacity,
		incident->short_count + 1, sizeof(*incident->short_outs));
	incident->short_outs[incident->short_count++] = out_of(number, host, run, parameters);
}

/* Did another host, by all that is known, go with it, and for longer? */
static bool goes_with(const struct incident *incident, const struct host_outage *brief,
	const struct parameters *parameters)
{
	for (size_t i = 0; i < incident->out_count; i++) {
		const struct host_outage *out = &incident->outs[i];
		int64_t apart_ns = out->run.silent_ns[0] - brief->run.silent_ns[0];
		if (out->host != brief->host && out->availability >= HOST_STABLE &&
			llabs(apart_ns) <= parameters->flap_ns / 3)
			return true;
	}
	return false;
}

void incident_adopt(struct incident *incident, const struct parameters *parameters)
{
	size_t kept = 0;
	size_t outs = incident->out_count;

	for (size_t i = 0; i < incident->short_count; i++) {
		struct host_outage brief = incident->short_outs[i];
		size_t all = incident->out_count;
		incident->out_count = outs; /* not with each other */
		bool with = goes_with(incident, &brief, parameters);
		incident->out_count = all;
		if (with)
			add_out(incident, &brief);
		else
			incident->short_outs[kept++] = brief;
	}
	incident->short_count = kept;
}

struct impairment *incident_add_impairment(struct incident *incident, enum impairment_kind kind)
{
	incident->impairments = mem_grow(incident->impairments, &incident->impairment_capacity,
		incident->impairment_count + 1, sizeof(*incident->impairments));
	struct impairment *p = &incident->impairments[incident->impairment_count++];
	*p = (struct impairment){.kind = kind};
	return p;
}

bool incident_is_empty(const struct incident *incident)
{
	return incident->out_count == 0 && incident->impairment_count == 0;
}

void incident_clear(struct incident *incident)
{
	incident->out_count = 0;
	incident->impairment_count = 0;
	incident->buildup_count = 0;
	incident->clock_error_ns = 0;
}

void incident_finish(struct incident *incident)
{
	mem_free(incident->outs);
	mem_free(incident->short_outs);
	mem_free(incident->impairments);
	mem_free(incident->buildups);
}
