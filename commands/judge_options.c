#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/judge_values.h"
#include "commands/options.h"
#include "core/inputs.h"
#include "core/text.h"

enum {
	OPTION_EPOCH = 0x2000,
	OPTION_FROM,
	OPTION_TO,
	OPTION_AS_OF,
	OPTION_SCALE,
	OPTION_EXPLAIN,
	OPTION_REBOOTS,
	OPTION_FSDB,
	OPTION_PRIOR,
	OPTION_ZOOM,
	OPTION_CAPTION,
	OPTION_BLOCK,
	OPTION_VANTAGE,
	OPTION_COUNTRY,
	OPTION_BY,
};

static const struct option options[] = {
	{"store", required_argument, NULL, 's'},
	{"output", required_argument, NULL, 'o'},
	{"epoch", no_argument, NULL, OPTION_EPOCH},
	{"from", required_argument, NULL, OPTION_FROM},
	{"to", required_argument, NULL, OPTION_TO},
	{"as-of", required_argument, NULL, OPTION_AS_OF},
	{"scale", required_argument, NULL, OPTION_SCALE},
	{"help", no_argument, NULL, 'h'},
	{"explain", required_argument, NULL, OPTION_EXPLAIN},
	{"reboots", no_argument, NULL, OPTION_REBOOTS},
	{"fsdb", no_argument, NULL, OPTION_FSDB},
	{"prior", required_argument, NULL, OPTION_PRIOR},
	{"zoom", required_argument, NULL, OPTION_ZOOM},
	{"caption", required_argument, NULL, OPTION_CAPTION},
	{"block", required_argument, NULL, OPTION_BLOCK},
	{"vantage", required_argument, NULL, OPTION_VANTAGE},
	{"country", no_argument, NULL, OPTION_COUNTRY},
	{"by", required_argument, NULL, OPTION_BY},
	{NULL, 0, NULL, 0},
};

void judge_run_usage(FILE *out)
{
	fputs("  -s, --store FILE            the store to read\n"
	      "  -o, --output [FORMAT:]FILE  csv, jsonl, fsdb or table; - is standard output;\n"
	      "                              may be given again\n"
	      "      --epoch                 times as Unix seconds\n"
	      "      --from TIME, --to TIME  write this period only\n"
	      "      --block PREFIX          write only what lies in it; an address is of its "
	      "block\n"
	      "      --vantage NAME          judge the sweeps of this vantage point alone\n"
	      "      --as-of TIME            as it was known then: sweeps that ended later are\n"
	      "                              not read\n"
	      "      --scale N               the history was played N times faster than life:\n"
	      "                              every duration of the method is divided by N\n"
	      "  -h, --help\n"
	      "\n"
	      "TIME is RFC 3339 (2014-12-22T16:15:00Z, 2014-12-23T01:15:00+09:00, 2014-12-22), "
	      "Unix\nseconds, so long ago (-7d, -12h), now, today or yesterday; days are of UTC.\n",
		out);
}

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

static int take(struct judge_run *run, int option, const char *text, const char **places,
	size_t *place_count, size_t place_room)
{
	switch (option) {
	case 's':
		run->store = text;
		return 0;
	case 'o':
		if (*place_count == place_room)
			return complain("-o", text, "fewer outputs");
		places[(*place_count)++] = text;
		return 0;
	case OPTION_FROM:
		return judge_take_time(run, "--from", text, &run->from);
	case OPTION_TO:
		return judge_take_time(run, "--to", text, &run->to);
	case OPTION_AS_OF:
		run->as_of_given = true;
		return judge_take_time(run, "--as-of", text, &run->as_of);
	case OPTION_SCALE:
		if (!text_double(text, &run->scale) || run->scale < 1e-3 || run->scale > 1e6)
			return complain("--scale", text, "a number from 0.001 to 1000000");
		return 0;
	case OPTION_EXPLAIN:
		run->explain = text;
		return 0;
	case OPTION_REBOOTS:
		run->reboots = true;
		return 0;
	case OPTION_FSDB:
		run->fsdb = true;
		return 0;
	case OPTION_PRIOR:
		return judge_take_prior(run, text);
	case OPTION_ZOOM:
		return judge_take_zoom(run, text);
	case OPTION_CAPTION:
		run->caption = text;
		return 0;
	case OPTION_BLOCK:
		return judge_take_block(run, text);
	case OPTION_VANTAGE:
		run->vantage = text;
		return 0;
	case OPTION_BY:
		return judge_take_by(run, text);
	case OPTION_COUNTRY:
		run->country = true;
		return 0;
	default:
		run->help = option == 'h';
		return option == 'h' ? 0 : -1;
	}
}

static int add_places(struct judge_run *run, const char **places, size_t count)
{
	struct diag why = {0};
	char text[640];

	if (count == 0)
		places[count++] = "-";
	for (size_t i = 0; i < count; i++)
		if (outputs_add(run->outputs, places[i], &why) < 0) {
			fprintf(stderr, "lightsout: %s\n", diag_format(&why, text, sizeof(text)));
			return -1;
		}
	return 0;
}

/* Options that contradict each other. */
static int check_options(const struct judge_run *run)
{
	const char *wrong = NULL;

	if (run->explain && run->reboots)
		wrong = "--explain and --reboots are two answers: expected one of them";
	else if (run->prior_given && run->reboots)
		wrong = "--reboots weighs no causes: expected it without --prior";
	else if (run->country && run->fsdb)
		wrong = "--fsdb has rounds of blocks: expected it without --country";
	else if (run->from.ns > run->to.ns)
		wrong = "--from is after --to";
	if (wrong)
		fprintf(stderr, "lightsout: %s\n", wrong);
	return wrong ? -1 : 0;
}

/* The one command that has it; NULL: all do. */
static const char *command_of(int option)
{
	switch (option) {
	case OPTION_EXPLAIN:
	case OPTION_REBOOTS:
	case OPTION_PRIOR:
		return "outages";
	case OPTION_FSDB:
	case OPTION_ZOOM:
	case OPTION_CAPTION:
	case OPTION_COUNTRY:
		return "timeline";
	case OPTION_BY:
		return "summary";
	default:
		return NULL;
	}
}

static int open_outputs(struct judge_run *run, const char *command, bool epoch, const char **places,
	size_t place_count)
{
	input_note_store(run->store);
	run->outputs = outputs_create(epoch);
	if (strcmp(command, "timeline") == 0)
		outputs_allow_pictures(run->outputs);
	if (run->fsdb)
		outputs_prefer(run->outputs, OUTPUT_FSDB);
	if (run->explain)
		outputs_prefer(run->outputs, OUTPUT_TABLE);
	if (add_places(run, places, place_count) < 0)
		return -1;
	if (run->explain && outputs_formats(run->outputs) != OUTPUT_TABLE) {
		fprintf(stderr, "lightsout: --explain writes sentences, no rows: expected -o "
				"FILE.txt or -o table:FILE\n");
		return -1;
	}
	bool pictured = outputs_formats(run->outputs) & OUTPUT_PICTURES;
	if (run->country && !(outputs_formats(run->outputs) & ~(unsigned)OUTPUT_PICTURES)) {
		fprintf(stderr, "lightsout: --country is for rows: expected csv, jsonl or table\n");
		return -1;
	}
	if ((run->zoomed || run->caption) && !pictured) {
		fprintf(stderr,
			"lightsout: %s is for pictures: expected -o svg:FILE, png:FILE or "
			"pdf:FILE\n",
			run->zoomed ? "--zoom" : "--caption");
		return -1;
	}
	return 0;
}

int judge_run_options(struct judge_run *run, const char *command, int argc, char **argv)
{
	const char *places[16];
	size_t place_count = 0;
	bool epoch = false;
	int option;

	*run = (struct judge_run){.from = {INT64_MIN},
		.to = {INT64_MAX},
		.as_of = {INT64_MAX},
		.now = clock_wall(),
		.by = PERIOD_MONTH,
		.scale = 1,
		.prior = prior_default};
	optind = 1;
	for (int which = 0; (option = command_option(argc, argv, "s:o:h", options, &which)) != -1;) {
		const char *owner = command_of(option);
		char expected[64];
		if (owner && strcmp(owner, command) != 0) {
			snprintf(expected, sizeof(expected), "it with %s only", owner);
			return complain("option", options[which].name, expected);
		}
		epoch |= option == OPTION_EPOCH;
		if (option != OPTION_EPOCH &&
			take(run, option, optarg, places, &place_count, 16) < 0)
			return -1;
		if (run->help)
			return 0;
	}
	if (optind < argc)
		return complain("argument", argv[optind], "options only");
	if (!run->store) {
		fprintf(stderr, "lightsout: %s needs -s STORE\n", command);
		return -1;
	}
	return check_options(run) < 0 ? -1 : open_outputs(run, command, epoch, places, place_count);
}
