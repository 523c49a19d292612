#include "commands/check/goal.h"

#include <math.h>
#include <string.h>

#include "commands/exit_status.h"

int goal_parse(const char *text, struct goal *ret, struct diag *why)
{
	size_t len = strlen(text);
	struct goal goal = {.given = true, .percent = len > 0 && text[len - 1] == '%'};
	char number[32];
	uint64_t count;
	bool good = len > 0 && len < sizeof(number);

	if (good) {
		memcpy(number, text, len + 1);
		if (goal.percent) {
			number[len - 1] = '\0';
			good = text_double(number, &goal.least) && goal.least > 0 &&
			       goal.least <= 100;
		} else {
			good = text_u64(number, UINT32_MAX, &count) && count > 0;
			goal.least = good ? (double)count : 0;
		}
	}
	if (!good)
		return diag_set(why,
			"--at-least: \"%.40s\" will not do, expected a count of addresses from 1 "
			"on, or "
			"a share like 80%%",
			text);
	*ret = goal;
	return 0;
}

size_t goal_needs(const struct goal *goal, const struct check *check)
{
	if (!goal->percent)
		return (size_t)goal->least;
	return (size_t)ceil(goal->least / 100 * (double)check->address_count - 1e-9);
}

static size_t answered(const struct check *check)
{
	return check->found[CHECK_ECHO] + check->found[CHECK_TCP];
}

int goal_status(const struct goal *goal, const struct check *check)
{
	if (!goal->given)
		return check->status;
	size_t needs = goal_needs(goal, check);
	if (answered(check) >= needs)
		return EXIT_ANSWERED;
	size_t open = check->found[CHECK_UNMEASURED] + check->doubted;
	return answered(check) + open >= needs ? EXIT_UNMEASURED : EXIT_NO_ANSWER;
}

void goal_missed(FILE *out, const struct goal *goal, const struct check *check)
{
	fprintf(out, "lightsout: %zu of %zu addresses answered, %zu are wanted", answered(check),
		check->address_count, goal_needs(goal, check));
	if (check->found[CHECK_UNMEASURED] + check->doubted)
		fprintf(out, "; %zu were not measured or their silence is not proven",
			check->found[CHECK_UNMEASURED] + check->doubted);
	fputc('\n', out);
}

int goal_nagios(FILE *out, const struct check *check, int status)
{
	static const struct {
		const char *name;
		int code;
	} as[] = {
		[EXIT_ANSWERED] = {"OK", 0},
		[EXIT_NO_ANSWER] = {"CRITICAL", 2},
		[EXIT_TROUBLE] = {"UNKNOWN", 3},
		[EXIT_UNMEASURED] = {"UNKNOWN", 3},
	};

	fprintf(out,
		"LIGHTSOUT %s: %zu of %zu address%s answered, %zu silent, %zu not measured|"
		"answered=%zu;;;0;%zu unreachable=%zu silent=%zu unmeasured=%zu\n",
		as[status].name, answered(check), check->address_count,
		check->address_count == 1 ? "" : "es", check->found[CHECK_SILENT],
		check->found[CHECK_UNMEASURED], answered(check), check->address_count,
		check->found[CHECK_UNREACHABLE], check->found[CHECK_SILENT],
		check->found[CHECK_UNMEASURED]);
	return as[status].code;
}
