#include "core/role.h"

#include <stddef.h>

static const char *const role_names[] = {
	[ROLE_TARGET] = "target",
	[ROLE_ANCHOR] = "anchor",
	[ROLE_UPSTREAM] = "upstream",
	[ROLE_BORDER] = "border",
};

const char *role_name(enum role role)
{
	return role_names[role];
}

bool role_parse(const char *text, enum role *ret)
{
	for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++) {
		if (strcmp(text, role_names[i]) != 0)
			continue;
		*ret = (enum role)i;
		return true;
	}
	return false;
}
