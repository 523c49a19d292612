#include "analysis/method/prior.h"

#include <string.h>

const struct prior prior_default = {{
	[CAUSE_POWER] = 0.25,
	[CAUSE_UPSTREAM] = 0.55,
	[CAUSE_CONGESTION] = 0.10,
	[CAUSE_ROUTING] = 0.05,
	[CAUSE_OTHER] = 0.05,
}};

static const char *const names[CAUSE_COUNT] = {
	"power", "upstream", "congestion", "routing", "other"};

static int cause_of(const char *name, size_t len)
{
	for (int c = 0; c < CAUSE_COUNT; c++)
		if (strlen(names[c]) == len && strncmp(names[c], name, len) == 0)
			return c;
	return -1;
}

int prior_parse(const char *text, struct prior *ret, struct diag *why)
{
	struct prior prior = prior_default;
	bool given[CAUSE_COUNT] = {false};

	for (const char *at = text;;) {
		size_t len = strcspn(at, ",");
		size_t name = strcspn(at, "=,");
		char number[32] = "";
		int cause = cause_of(at, name);
		if (cause < 0)
			return diag_set(why,
				"\"%.*s\": expected power, upstream, congestion, routing or other, "
				"then = and a number",
				(int)len, at);
		if (given[cause])
			return diag_set(why, "%s is there twice: expected once", names[cause]);
		if (name < len && len - name - 1 < sizeof(number))
			memcpy(number, at + name + 1, len - name - 1);
		if (!text_double(number, &prior.share[cause]) || prior.share[cause] < 1e-6 ||
			prior.share[cause] > 1e6)
			return diag_set(why, "\"%.*s\": expected a number from 0.000001 to 1000000",
				(int)len, at);
		given[cause] = true;
		if (!at[len])
			break;
		at += len + 1;
	}
	*ret = prior;
	return 0;
}
