#include "commands/judge_run.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"
#include "core/inputs.h"
#include "core/text.h"
#include "store/store.h"

enum {
	OPTION_EPOCH = 0x2000,
	OPTION_FROM,
	OPTION_TO,
	OPTION_AS_OF,
	OPTION_SCALE,
	OPTION_EXPLAIN,
	OPTION_REBOOTS,
	OPTION_FSDB,
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
	{NULL, 0, NULL, 0},
};

void judge_run_usage(FILE *out)
{
	fputs("  -s, --store FILE            the store to read\n"
	      "  -o, --output [FORMAT:]FILE  csv, jsonl, fsdb or table; - is standard output;\n"
	      "                              may be given again\n"
	      "      --epoch                 times as Unix seconds\n"
	      "      --from TIME, --to TIME  clip what is written, nothing else\n"
	      "      --as-of TIME            as it was known then: sweeps that ended later are\n"
	      "                              not read\n"
	      "      --scale N               the history was played N times faster than life:\n"
	      "                              every duration of the method is divided by N\n"
	      "  -h, --help\n"
	      "\n"
	      "TIME is RFC 3339 (2014-12-22T16:15:00Z, 2014-12-23T01:15:00+09:00, 2014-12-22) or Unix seconds.\n",
		out);
}

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

static int take_time(const char *what, const char *text, struct wall *ret)
{
	return wall_parse(text, ret) ? 0 : complain(what, text, "RFC 3339 with its zone, or Unix seconds");
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
		return take_time("--from", text, &run->from);
	case OPTION_TO:
		return take_time("--to", text, &run->to);
	case OPTION_AS_OF:
		run->as_of_given = true;
		return take_time("--as-of", text, &run->as_of);
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

int judge_run_options(struct judge_run *run, const char *command, int argc, char **argv)
{
	const char *places[16];
	size_t place_count = 0;
	bool epoch = false;
	int option;

	*run = (struct judge_run){
		.from = {INT64_MIN}, .to = {INT64_MAX}, .as_of = {INT64_MAX}, .scale = 1};
	optind = 1;
	while ((option = getopt_long(argc, argv, "s:o:h", options, NULL)) != -1) {
		if ((option == OPTION_EXPLAIN || option == OPTION_REBOOTS) &&
			strcmp(command, "outages") != 0)
			return complain("option", argv[optind - 1], "it with outages only");
		if (option == OPTION_FSDB && strcmp(command, "timeline") != 0)
			return complain("option", argv[optind - 1], "it with timeline only");
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
	if (run->explain && run->reboots) {
		fprintf(stderr, "lightsout: --explain and --reboots are two answers: expected one "
				"of them\n");
		return -1;
	}
	if (run->from.ns > run->to.ns) {
		fprintf(stderr, "lightsout: --from is after --to\n");
		return -1;
	}
	input_note_store(run->store);
	run->outputs = outputs_create(epoch);
	if (run->fsdb)
		outputs_prefer(run->outputs, OUTPUT_FSDB);
	if (run->explain)
		outputs_prefer(run->outputs, OUTPUT_TABLE);
	if (add_places(run, places, place_count) < 0)
		return -1;
	if (run->explain && outputs_formats(run->outputs) != OUTPUT_TABLE) {
		fprintf(stderr,
			"lightsout: --explain writes sentences, no rows: expected -o FILE.txt "
			"or -o table:FILE\n");
		return -1;
	}
	return 0;
}

static int tell(const char *store, const struct diag *why, int error)
{
	char text[640];

	if (why->text[0])
		fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	else
		fprintf(stderr, "lightsout: %s: %s\n", store, strerror(-error));
	return -1;
}

/* What was read, to say what a reader could miss. */
struct series_read {
	size_t sweeps, inside; /* inside: of --from and --to */
	size_t anchored;       /* asked an anchor */
	int64_t interval_ns;   /* the longest that a sweep names */
	struct sweep_name {
		char vantage[VANTAGE_SIZE];
		char epoch[EPOCH_SIZE];
		uint64_t number;
		struct wall start;
	} last, before, after; /* the longest time without a sweep was between these two */
	size_t until;          /* sweeps before it */
};

static struct sweep_name name_of(const struct sweep_info *info)
{
	struct sweep_name name = {.number = info->sweep, .start = info->start};

	memcpy(name.vantage, info->vantage, sizeof(name.vantage));
	memcpy(name.epoch, info->epoch, sizeof(name.epoch));
	return name;
}

static void note_gap(struct series_read *reading, const struct sweep_info *info)
{
	int64_t gap_ns = reading->sweeps ? wall_since(info->start, reading->last.start) : 0;
	struct sweep_name now = name_of(info);

	if (gap_ns > wall_since(reading->after.start, reading->before.start)) {
		reading->before = reading->last;
		reading->after = now;
		reading->until = reading->sweeps;
	}
	reading->last = now;
}

static void note_sweep(
	const struct judge_run *run, const struct sweep_info *info, struct series_read *reading)
{
	note_gap(reading, info);
	reading->sweeps++;
	reading->anchored += info->anchors_probed > 0;
	reading->inside += info->end.ns >= run->from.ns && info->start.ns < run->to.ns;
	if (info->interval_ns > reading->interval_ns)
		reading->interval_ns = info->interval_ns;
}

/* Years without a sweep are a clock that was wrong, nearly always: of the fewer sweeps, those
 * on one side of them. */
static void tell_gap(const struct judge_run *run, const struct series_read *reading)
{
	const double most_s = 366 * 86400;
	double gap_s =
		(double)wall_since(reading->after.start, reading->before.start) / (double)NS_PER_S;
	size_t later = reading->sweeps - reading->until;
	const struct sweep_name *odd = later < reading->until ? &reading->after : &reading->before;
	size_t count = later < reading->until ? later : reading->until;
	char start[CLOCK_TEXT_SIZE];
	char line[1024];

	if (gap_s * run->scale <= most_s)
		return;
	wall_format(odd->start, start);
	snprintf(line, sizeof(line),
		"%s: %.0f days without a sweep; if a clock was wrong in the %zu on one side, as in "
		"%s/%s/%llu of %s: lightsout store prune --sweep VANTAGE/EPOCH/NUMBER removes one",
		run->store, gap_s / 86400, count, odd->vantage, odd->epoch,
		(unsigned long long)odd->number, start);
	text_clean(line);
	fprintf(stderr, "lightsout: %s\n", line);
}

/* A series is swept each eleven minutes, or its history was played faster: a judgement
 * that waits minutes for what takes a second there is another one. */
static void tell_reading(const struct judge_run *run, const struct series_read *reading)
{
	const double least_s = 30;
	double interval_s = (double)reading->interval_ns / (double)NS_PER_S;

	tell_gap(run, reading);
	if (reading->sweeps == 0)
		fprintf(stderr, "lightsout: %s: no sweeps%s\n", run->store,
			run->as_of_given ? " that had ended by then" : "");
	else if (reading->inside == 0)
		fprintf(stderr, "lightsout: %s: no sweeps from --from to --to\n", run->store);
	if (interval_s > 0 && interval_s * run->scale < least_s)
		fprintf(stderr,
			"lightsout: %s: sweeps come each %g s, judged at --scale %g; of a history "
			"played faster than life tell how much faster by --scale N\n",
			run->store, interval_s, run->scale);
}

int judge_run_read(struct judge_run *run)
{
	struct series_read reading = {.sweeps = 0};
	struct constants constants = constants_of(run->scale);
	struct store_reader *reader = NULL;
	struct store *store = NULL;
	struct diag why = {0};
	struct sweep sweep;
	size_t target_count = 0;

	int result = store_open(run->store, STORE_READ, &why, &store);
	if (result == 0)
		result = store_targets(store, &run->targets, &target_count);
	if (result < 0 && !why.text[0])
		diag_set(&why, "%s: the store's targets: %s", run->store,
			store_targets_error(result));
	if (result == 0)
		result = store_read(store, run->as_of, &why, &reader);
	if (result == 0) {
		run->judge = judge_create(run->targets, target_count, &constants);
		store_reader_spare_packets(reader);
		while ((result = store_next(reader, &sweep, &why)) == 1) {
			note_sweep(run, &sweep.info, &reading);
			result = judge_sweep(run->judge, &sweep);
			if (result < 0)
				break;
		}
		if (result == -E2BIG)
			diag_set(&why,
				"%s: \"%s\" is vantage point number %d, expected at most %d in one "
				"store",
				run->store, sweep.info.vantage, VANTAGES_MOST + 1, VANTAGES_MOST);
		store_reader_close(reader);
	}
	store_close(store);
	if (result < 0)
		return tell(run->store, &why, result);
	judge_end(run->judge, &run->judgement);
	tell_reading(run, &reading);
	run->unanchored = reading.sweeps > 0 && reading.anchored == 0;
	return 0;
}

int judge_run_again(
	struct judge_run *run, void (*take_sweep)(void *ctx, const struct sweep *sweep), void *ctx)
{
	struct store_reader *reader = NULL;
	struct store *store = NULL;
	struct diag why = {0};
	struct sweep sweep;

	int result = store_open(run->store, STORE_READ, &why, &store);
	if (result == 0)
		result = store_read(store, run->judgement.end, &why, &reader);
	if (result == 0) {
		while ((result = store_next(reader, &sweep, &why)) == 1)
			take_sweep(ctx, &sweep);
		store_reader_close(reader);
	}
	store_close(store);
	return result < 0 ? tell(run->store, &why, result) : 0;
}

int judge_run_close(struct judge_run *run, int result)
{
	struct diag why = {0};

	if (run->outputs && result < 0) {
		outputs_abandon(run->outputs);
	} else if (run->outputs && outputs_finish(run->outputs, &why) < 0) {
		tell("output", &why, 0);
		result = -1;
	}
	if (run->judge) {
		judgement_finish(&run->judgement);
		judge_destroy(run->judge);
	}
	free(run->targets);
	return result < 0 ? EXIT_TROUBLE : EXIT_ANSWERED;
}
