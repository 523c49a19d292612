#ifndef COMMANDS_SERVE_RECORDS_H
#define COMMANDS_SERVE_RECORDS_H

#include "live/serve/serve.h"

/* The rows of the command of that name, from the judgement that a scene has kept: as
 * serve_config.records. */
char *serve_records(const struct scene *scene, const char *kind, struct wall from, struct wall to,
	bool csv, size_t *ret_len);

#endif
