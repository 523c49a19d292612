#include "prober/dryrun.h"

#include <errno.h>
#include <stdlib.h>

#include "core/mem.h"
#include "prober/plan.h"

int dryrun(const struct settings *settings, const struct target_set *targets, bool once, FILE *out)
{
	struct ip4 *nowhere =
		mem_zeroed(targets->address_count + targets->control_count, sizeof(*nowhere));
	uint16_t ports[SETTINGS_PORTS];
	size_t port_count = plan_ports(settings, !once, 1, ports);
	struct plan plan;

	plan_full(settings, targets, nowhere, ports, port_count, !once, &plan);
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
	plan_finish(&plan);
	return fflush(out) == 0 ? 0 : -errno;
}
