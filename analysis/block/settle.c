#include <stdlib.h>
#include <string.h>

#include "analysis/block/inner.h"
#include "core/mem.h"

/* One that is hardly known says nothing by its silence. One that went by itself and has
 * been gone for weeks has left; who went with others is lost for as long as it takes. */
static void settle(
	struct block *block, struct host *h, int64_t now_ns, const struct parameters *parameters)
{
	int64_t silent_ns = h->run.count ? now_ns - h->run.silent_ns[0] : 0;

	if (silent_ns < parameters->hour_ns || block->down)
		return;
	if (h->state == HOST_HERE && !host_is_known(h)) {
		h->state = HOST_ABSENT;
	} else if (h->state == HOST_OUT && silent_ns > parameters->retired_ns &&
		   block_failed_alone(block, h, &h->run, parameters)) {
		block_drop_out(block, block->hosts[h->address.host & 255] - 1, now_ns);
		h->state = HOST_ABSENT;
	}
	if (h->state == HOST_ABSENT)
		host_learn_absence(h, now_ns, parameters);
}

/* How often such hosts fail: of one that is new no more is known. */
static void learn_failures(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	double known_ns = FAILURES_PRIOR * (double)parameters->failure_ns;

	for (size_t i = 0; i < block->member_count; i++) {
		const struct host *h = &hosts[block_member(block, i)];
		known_ns += host_is_known(h) ? (double)(now_ns - h->first_reply_ns) : 0;
	}
	for (size_t i = 0; i < block->member_count; i++)
		hosts[block_member(block, i)].usual_rate =
			(float)((block->failures + FAILURES_PRIOR) / known_ns);
}

void block_tick(struct block *block, struct host *hosts, int64_t now_ns, uint32_t number,
	const struct parameters *parameters, struct disruptions *disruptions)
{
	if (now_ns - block->counted_ns >= parameters->loss_ns || !block->counted_ns) {
		learn_failures(block, hosts, now_ns, parameters);
		for (size_t i = 0; i < block->member_count; i++)
			settle(block, &hosts[block_member(block, i)], now_ns, parameters);
		block_count_members(block, hosts, now_ns, parameters);
		block_learn_rhythm(block, hosts, now_ns, parameters);
	}
	if (!incident_is_empty(&block->incident) && block->out_count == 0 && !block->down &&
		!block->saturated && !block->lossy &&
		now_ns - block->changed_ns > 4 * parameters->flap_ns)
		block_end(block, hosts, number, parameters, disruptions);
}

void block_end(struct block *block, struct host *hosts, uint32_t number,
	const struct parameters *parameters, struct disruptions *disruptions)
{
	incident_adopt(&block->incident, parameters);
	for (size_t i = 0; i < block->incident.out_count; i++) {
		struct host_outage *out = &block->incident.outs[i];
		struct host *h = &hosts[out->host];
		if (!out->run.back_ns && h->state == HOST_OUT) {
			out->run = h->run;
			block_rule_out_aliases(block, hosts, h, &h->run, parameters);
		}
	}
	for (size_t i = 0; i < block->incident.out_count; i++) {
		struct host_outage *out = &block->incident.outs[i];
		memcpy(out->not_alias, hosts[out->host].not_alias, sizeof(out->not_alias));
	}
	incident_resolve(&block->incident, number, parameters, &block->segments, disruptions);
	incident_clear(&block->incident);
}

static int segment_order(const void *a, const void *b)
{
	const struct segment *x = a;
	const struct segment *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return (int)x->state - (int)y->state;
}

void block_close(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters)
{
	if (block_is_unanswered(block, hosts, now_ns, parameters))
		block_add_segment(block, block->unanswered_since_ns, BLOCK_UNKNOWN);
	if (block->segments.count)
		qsort(block->segments.items, block->segments.count, sizeof(struct segment),
			segment_order);
}

void block_finish(struct block *block)
{
	incident_finish(&block->incident);
	mem_free(block->flaps_ns);
	mem_free(block->reply_gaps);
	mem_free(block->brief_downs);
	mem_free(block->strangers);
	coverage_finish(&block->coverage);
	mem_free(block->segments.items);
}
