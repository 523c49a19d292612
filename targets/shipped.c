#include "targets/shipped.h"

#include <string.h>

/* Made by the build from targets/data/KP.targets. */
#include "KP.targets.h"

static const struct shipped rows[] = {
	{"KP", "KP.targets", KP_targets, sizeof(KP_targets)},
	{.cc = NULL},
};

const struct shipped *shipped_rows(void)
{
	return rows;
}

const struct shipped *shipped_find(const char *cc)
{
	for (const struct shipped *row = rows; row->cc; row++)
		if (strcmp(row->cc, cc) == 0)
			return row;
	return NULL;
}
