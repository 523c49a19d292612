#include "prober/dryrun.h"

#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"
#include "prober/plan.h"

int dryrun(const struct settings *settings, const struct target_set *targets, bool once, FILE *out)
{
	struct ip4 *nowhere =
		mem_zeroed(targets->address_count + targets->control_count, sizeof(*nowhere));
	struct learn learn;
	struct plan plan;

	learn_init(&learn, settings, targets->addresses, targets->address_count);
	const struct plan_input input = {
		.settings = settings,
		.set = targets,
		.sources = nowhere,
		.learn = once ? NULL : &learn,
	};
	plan_full(&input, &plan);
	fputs("after_s,address,method,role\n", out);
	for (size_t i = 0; i < plan.count; i++) {
		const struct sweep_task *task = &plan.tasks[i];
		char address[ADDRESS_TEXT_SIZE];
		char method[METHOD_TEXT_SIZE];
		ip4_format(task->target, address);
		method_format(task->method, task->port, method);
		fprintf(out, "%.6f,%s,%s,%s\n", (double)task->slot_ns / (double)NS_PER_S, address,
			method, role_name(task->role));
	}
	free(nowhere);
	learn_finish(&learn);
	plan_finish(&plan);
	return fflush(out) == 0 ? 0 : -errno;
}
