#include <stdlib.h>

#include "analysis/clock/reboot_list.h"
#include "analysis/evidence/parts.h"
#include "analysis/evidence/restarts.h"
#include "analysis/outage/bracket.h"
#include "core/mem.h"

struct restart {
	const struct reboot *reboot;
	const struct host_outage *out;
};

/* A return that is only known to lie after the last silence may have been that early. */
static double weigh_times(
	const struct restart *restarts, size_t count, const struct outage_context *context)
{
	struct boot_time *boots = mem_zeroed(count + 1, sizeof(*boots));
	size_t dated = 0;

	for (size_t i = 0; i < count; i++) {
		const struct silence_run *s = &restarts[i].out->run;
		if (restarts[i].reboot->dated)
			boots[dated++] = (struct boot_time){.from_ns = s->replied_ns,
				.boot_ns = restarts[i].reboot->boot_ns,
				.silent_ns = s->last_ns[0],
				.back_ns = s->back_ns};
	}
	double nats = restarts_times(boots, dated, context->view->parameters.scale);
	mem_free(boots);
	return nats;
}

/* Hosts, of which addresses with one clock are one; a few more may be second addresses of
 * others, whose clocks have an offset for each. */
static size_t count_distinct(const struct host_outage **outs, size_t count)
{
	size_t distinct = 0;

	for (size_t i = 0; i < count; i++) {
		bool again = false;
		for (size_t k = 0; k < distinct && !again; k++)
			again = outs[k]->host == outs[i]->host ||
				(outs[k]->clock_ns && outs[i]->clock_ns &&
					llabs(outs[k]->clock_ns - outs[i]->clock_ns) <=
						HOST_SAME_CLOCK_NS);
		if (!again)
			outs[distinct++] = outs[i];
	}
	size_t aliases = assumed_aliases(distinct);
	for (size_t i = 0; i < distinct; i++)
		for (size_t k = i + 1; k < distinct && aliases > 0; k++)
			if (outs_may_be_aliases(outs[i], outs[k])) {
				outs[k] = outs[--distinct];
				aliases--;
				break;
			}
	return distinct;
}

/* The same of restarts without a date: those that have one are told apart by it. */
static size_t drop_aliases(struct restart *restarts, size_t count)
{
	size_t aliases = assumed_aliases(count);

	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count && aliases > 0; k++)
			if (!restarts[i].reboot->dated && !restarts[k].reboot->dated &&
				outs_may_be_aliases(restarts[i].out, restarts[k].out)) {
				restarts[k] = restarts[--count];
				aliases--;
				break;
			}
	return count;
}

/* What the clocks of those lost say. */
struct clocks {
	const struct outage_context *context;
	int64_t from_ns; /* of the outage */
	struct facts *facts;
	struct restart *restarts; /* owned; each host's once */
	size_t count, capacity;
	const struct host_outage **ran; /* owned; through whose clocks it ran */
	size_t ran_count, ran_capacity;
	double gap_s, gaps; /* from reply to reply, all together; of so many */
};

static void add_restart(
	struct clocks *clocks, const struct reboot *reboot, const struct host_outage *out)
{
	for (size_t i = 0; i < clocks->count; i++)
		if (clocks->restarts[i].reboot == reboot ||
			reboot_is_alias(clocks->restarts[i].reboot, reboot))
			return;
	clocks->restarts = mem_grow(
		clocks->restarts, &clocks->capacity, clocks->count + 1, sizeof(*clocks->restarts));
	clocks->restarts[clocks->count++] = (struct restart){reboot, out};
}

static void read_clock(struct clocks *clocks, const struct host_outage *out)
{
	const struct view *view = clocks->context->view;
	const struct host *host = &view->hosts[out->host];
	const struct silence_run *s = &out->run;
	const struct reboot *reboot = NULL;

	if (!s->back_ns)
		return;
	clocks->gap_s += (double)(s->back_ns - s->replied_ns) / 1e9;
	clocks->gaps++;
	enum uptime_verdict v = uptimes_between(clocks->context->uptimes, host->address,
		s->replied_ns, s->back_ns + outage_scaled(clocks->context, 60), &reboot);
	const struct border *border =
		host->router ? view_border_at(view, out->host, clocks->from_ns) : NULL;
	if (border && border_is_proven(border->named, border->went_ns, clocks->from_ns)) {
		clocks->facts->border_rebooted |= v == UPTIME_REBOOTED;
		clocks->facts->border_ran |= v == UPTIME_RAN_THROUGH;
		return;
	}
	if (v == UPTIME_REBOOTED)
		add_restart(clocks, reboot, out);
	if (v != UPTIME_RAN_THROUGH)
		return;
	clocks->ran = mem_grow(
		clocks->ran, &clocks->ran_capacity, clocks->ran_count + 1, sizeof(*clocks->ran));
	clocks->ran[clocks->ran_count++] = out;
}

/* Of one that is often silent by itself, this silence is the outage's when both its ends are. */
static bool was_lost_with(const struct host_outage *out, const struct outage *outage)
{
	const struct silence_run *s = &out->run;

	return s->replied_ns < outage->start_high_ns && s->silent_ns[0] > outage->start_low_ns &&
	       s->last_ns[0] < outage->end_high_ns && s->back_ns > outage->end_low_ns;
}

void outage_clocks(struct outage *outage, const struct outage_context *context)
{
	const struct disruptions *disruptions = &context->view->disruptions;
	struct facts *f = &outage->facts;
	struct clocks clocks = {.context = context, .from_ns = outage->start_low_ns, .facts = f};

	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &disruptions->items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			read_clock(&clocks, &l->outs[k]);
		for (size_t k = 0; k < l->intermittent_count; k++)
			if (was_lost_with(&l->outs[l->out_count + k], outage))
				read_clock(&clocks, &l->outs[l->out_count + k]);
	}
	for (size_t i = 0; i < outage->isolated_count; i++)
		read_clock(&clocks, &disruptions->isolated[outage->isolated[i]].out);
	f->clock_gap_s =
		clocks.gaps > 0 ? clocks.gap_s / clocks.gaps * context->view->parameters.scale : 0;
	f->ran_through = count_distinct(clocks.ran, clocks.ran_count);
	f->rebooted = drop_aliases(clocks.restarts, clocks.count);
	f->boot_nats = weigh_times(clocks.restarts, f->rebooted, context);
	mem_free(clocks.restarts);
	mem_free(clocks.ran);
}
