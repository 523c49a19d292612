#include "prober/dryrun.h"

#include <errno.h>
#include <stdlib.h>

#include "core/log.h"
#include "core/mem.h"
#include "prober/schedule/plan.h"

int dryrun(const struct settings *settings, const struct target_set *targets, bool once, FILE *out)
{
	struct way *nowhere =
		mem_zeroed(targets->address_count + targets->control_count, sizeof(*nowhere));
	struct learn learn;
	struct plan plan;

	learn_init(&learn, settings, targets->addresses, targets->address_count);
	const struct plan_input input = {
		.settings = settings,
		.set = targets,
		.ways = nowhere,
		.learn = once ? NULL : &learn,
	};
	plan_full(&input, &plan);
	size_t packets = 0;
	fputs("after_s,address,method,role,at_most\n", out);
	for (size_t i = 0; i < plan.count; i++) {
		const struct sweep_task *task = &plan.tasks[i];
		char address[ADDRESS_TEXT_SIZE];
		char method[METHOD_TEXT_SIZE];
		ip4_format(task->target, address);
		method_format(task->method, task->port, method);
		size_t most = task->retried ? 1 + settings->retry_count : 1;
		fprintf(out, "%.6f,%s,%s,%s,%zu\n", (double)task->slot_ns / (double)NS_PER_S,
			address, method, role_name(task->role), most);
		packets += most;
	}
	int r = fflush(out) == 0 ? 0 : -errno;
	char refused[REFUSED_SIZE];
	if (r == 0)
		log_info("dry run: of the addresses named %s",
			target_set_refused(targets, refused));
	if (r == 0)
		log_info("dry run: %zu first probe%s, up to %zu packet%s while nobody answers%s",
			plan.count, text_s(plan.count), packets, text_s(packets),
			once || settings->retry_count == 0
				? ""
				: "; who has answered before is asked again too");
	free(nowhere);
	learn_finish(&learn);
	plan_finish(&plan);
	return r;
}

static size_t count_blocks(const struct target_set *targets)
{
	size_t count = 0;

	for (size_t i = 0; i < targets->address_count; i++)
		count += i == 0 ||
			 !prefix_holds(block_of(targets->addresses[i - 1]), targets->addresses[i]);
	return count;
}

double summary_needs(const struct settings *settings, const struct target_set *targets)
{
	double interval = (double)settings->full_interval_ns / (double)NS_PER_S;
	size_t most = 0;
	size_t count = 0;

	for (size_t i = 0; i < targets->address_count; i++) {
		bool same = i > 0 && prefix_holds(block_of(targets->addresses[i - 1]),
					     targets->addresses[i]);
		count = same ? count + 1 : 1;
		most = count > most ? count : most;
	}
	return (double)most / interval;
}

int summary(const struct settings *settings, const struct target_set *targets, FILE *out)
{
	size_t kinds = (size_t)settings->icmp + (settings->tcp && settings->tcp_port_count > 0);
	size_t probes = targets->address_count * kinds + targets->control_count;
	double interval = (double)settings->full_interval_ns / (double)NS_PER_S;
	double least = (double)probes / settings->rate;
	double needs = summary_needs(settings, targets);
	char text[TEXT_DURATION_SIZE];
	char refused[REFUSED_SIZE];

	text_format_duration(settings->full_interval_ns, text);
	size_t blocks = count_blocks(targets);
	fprintf(out, "%zu address%s in %zu block%s, %s; %zu anchors and routers\n",
		targets->address_count, targets->address_count == 1 ? "" : "es", blocks,
		blocks == 1 ? "" : "s", target_set_refused(targets, refused),
		targets->control_count);
	struct told told[TOLD_MOST];
	size_t told_count = target_set_tell(targets, told);
	for (size_t i = 0; i < told_count; i++)
		fprintf(out, "%s\n", told[i].text);
	fprintf(out, "a full sweep each %s: %zu probe%s, %.1f/s, %.2f/s into a whole /24 and kind\n",
		text, probes, text_s(probes), (double)probes / interval, 256 / interval);
	text_format_duration(settings->watch_interval_ns, text);
	if (settings->watch_interval_ns < settings->full_interval_ns)
		fprintf(out, "a watch sweep of who answers each %s\n", text);
	else
		fprintf(out, "no watch sweeps: watch_interval is not shorter than full_interval\n");
	if (targets->control_count == 0)
		fprintf(out, "no anchors: while nothing answers, all is unknown, not down\n");
	if (least > interval)
		fprintf(out, "too slow: at %g/s a full sweep takes %.0f s\n", settings->rate,
			least);
	if (settings->per_block_rate > 0 && needs > settings->per_block_rate)
		fprintf(out,
			"per_block_rate %g is below the %.3g/s of the largest block: the rest is "
			"unsent\n",
			settings->per_block_rate, needs);
	return fflush(out) == 0 ? 0 : -errno;
}
