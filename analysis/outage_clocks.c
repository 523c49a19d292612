#include <stdlib.h>

#include "analysis/outage_facts_parts.h"
#include "analysis/reboot_list.h"
#include "core/mem.h"

/* A machine is back soon after its boot, or booted together with most others. */
#define PROMPT_S 900
#define TOGETHER_S 600
#define TOGETHER_SHARE 0.6

struct restart {
	const struct reboot *reboot;
	int64_t back_ns;
};

static bool is_prompt(
	const struct restart *all, size_t count, size_t which, const struct outage_context *context)
{
	const struct restart *one = &all[which];
	size_t together = 0;

	if (!one->reboot->dated)
		return count >= 2;
	if (one->back_ns - one->reboot->boot_ns <= outage_scaled(context, PROMPT_S))
		return true;
	for (size_t i = 0; i < count; i++)
		together += all[i].reboot->dated &&
			    llabs(all[i].reboot->boot_ns - one->reboot->boot_ns) <=
				    outage_scaled(context, TOGETHER_S);
	return count >= 2 && (double)together >= TOGETHER_SHARE * (double)count && together >= 2;
}

/* Machines, of which addresses with one clock are one. */
static size_t count_distinct(const struct out **outs, size_t count)
{
	size_t distinct = 0;

	for (size_t i = 0; i < count; i++) {
		bool again = false;
		for (size_t k = 0; k < i && !again; k++)
			again = outs[k]->machine == outs[i]->machine ||
				(outs[k]->clock_ns && outs[i]->clock_ns &&
					llabs(outs[k]->clock_ns - outs[i]->clock_ns) <=
						MACHINE_SAME_CLOCK_NS);
		distinct += !again;
	}
	return distinct;
}

void outage_clocks(struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	struct restart *restarts = NULL;
	size_t count = 0;
	size_t capacity = 0;
	const struct out **ran = NULL;
	size_t ran_count = 0;
	size_t ran_capacity = 0;
	double gap_s = 0;
	double gaps = 0;

	for (size_t i = 0; i < outage->loss_count; i++) {
		const struct loss *l = &view->losses.items[outage->losses[i]];
		for (size_t k = 0; k < l->out_count; k++) {
			const struct spell *s = &l->outs[k].spell;
			const struct reboot *r = NULL;
			if (!s->back_ns)
				continue;
			gap_s += (double)(s->back_ns - s->replied_ns) / 1e9;
			gaps++;
			enum uptime_verdict v = uptimes_between(context->uptimes,
				view->machines[l->outs[k].machine].address, s->replied_ns,
				s->back_ns + outage_scaled(context, 60), &r);
			if (view->machines[l->outs[k].machine].router) {
				outage->facts.border_rebooted |= v == UPTIME_REBOOTED;
				outage->facts.border_ran |= v == UPTIME_RAN_THROUGH;
				continue;
			}
			if (v == UPTIME_RAN_THROUGH) {
				ran = mem_grow(ran, &ran_capacity, ran_count + 1, sizeof(*ran));
				ran[ran_count++] = &l->outs[k];
			}
			bool again = v != UPTIME_REBOOTED;
			for (size_t j = 0; j < count && !again; j++)
				again = restarts[j].reboot == r ||
					reboot_is_alias(restarts[j].reboot, r);
			if (again)
				continue;
			restarts = mem_grow(restarts, &capacity, count + 1, sizeof(*restarts));
			restarts[count++] = (struct restart){r, s->back_ns};
		}
	}
	outage->facts.clock_gap_s = gaps > 0 ? gap_s / gaps * view->constants.scale : 0;
	outage->facts.ran_through = count_distinct(ran, ran_count);
	outage->facts.rebooted = count;
	for (size_t i = 0; i < count; i++)
		outage->facts.prompt += is_prompt(restarts, count, i, context);
	free(restarts);
	free(ran);
}
