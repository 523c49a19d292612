#ifndef COMMANDS_SERVE_RECORDS_H
#define COMMANDS_SERVE_RECORDS_H

#include <stdbool.h>

#include "live/scene.h"
#include "report/series.h"

/*
 * The rows of the command of that name, from the judgement that a scene has kept: "timeline",
 * "country" (the country's rows of it), "outages", "reboots", "hosts", "summary/month".
 * hosts: how often each answered, where the scene has any; looked at for "hosts" alone. Owned by
 * the caller: free(). NULL: there is no such kind.
 */
char *serve_records(const struct scene *scene, const struct series *hosts, const char *kind,
	struct wall from, struct wall to, bool csv, size_t *ret_len);

#endif
