#include "commands/judge_values.h"

#include <stdio.h>
#include <string.h>

#include "core/when.h"

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

int judge_take_time(
	const struct judge_run *run, const char *what, const char *text, struct wall *ret)
{
	struct diag why = {0};

	if (when_parse(text, run->now, ret, &why) == 0)
		return 0;
	fprintf(stderr, "lightsout: %s \"%s\" %s\n", what, text, why.text);
	return -1;
}

int judge_take_prior(struct judge_run *run, const char *text)
{
	struct diag why = {0};

	run->prior_given = true;
	if (prior_parse(text, &run->prior, &why) == 0)
		return 0;
	fprintf(stderr, "lightsout: --prior: %s\n", why.text);
	return -1;
}

/* "175.45.178.0/24", or an address in it. */
int judge_take_block(struct judge_run *run, const char *text)
{
	struct ip4 address;

	run->block_given = true;
	if (prefix_parse(text, &run->block))
		return 0;
	if (!ip4_parse(text, &address))
		return complain("--block", text,
			"a prefix as 192.0.2.0/24, no bits set behind its length, or an address");
	run->block = block_of(address);
	return 0;
}

/* "FROM/TO". */
int judge_take_zoom(struct judge_run *run, const char *text)
{
	const char *slash = strchr(text, '/');
	char from[CLOCK_TEXT_SIZE] = "";

	if (!slash || (size_t)(slash - text) >= sizeof(from))
		return complain("--zoom", text, "FROM/TO, two times");
	memcpy(from, text, (size_t)(slash - text));
	if (judge_take_time(run, "--zoom", from, &run->zoom_from) < 0 ||
		judge_take_time(run, "--zoom", slash + 1, &run->zoom_to) < 0)
		return -1;
	if (run->zoom_from.ns >= run->zoom_to.ns)
		return complain("--zoom", text, "FROM/TO, the second one later");
	run->zoomed = true;
	return 0;
}

int judge_take_by(struct judge_run *run, const char *text)
{
	return period_parse(text, &run->by) ? 0
					    : complain("--by", text, "day, week, month or year");
}
