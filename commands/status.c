/* lightsout status: what it is like now, a line a block and one for the country. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "commands/options.h"
#include "commands/status_rows.h"
#include "commands/stores.h"
#include "core/mem.h"
#include "live/follow.h"
#include "live/health.h"
#include "live/snapshot.h"

enum { PLACES_MOST = 16, OPTION_EPOCH = 0x2000, OPTION_SCALE, OPTION_NAGIOS };

struct status {
	struct stores stores;
	struct scene *scenes[STORES_MOST];
	const char *places[PLACES_MOST];
	size_t place_count;
	double scale;
	bool epoch, nagios, help;
	struct outputs *outputs;
	struct wall now;
};

static const struct option options[] = {
	{"store", required_argument, NULL, 's'},
	{"output", required_argument, NULL, 'o'},
	{"epoch", no_argument, NULL, OPTION_EPOCH},
	{"nagios", no_argument, NULL, OPTION_NAGIOS},
	{"scale", required_argument, NULL, OPTION_SCALE},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

static int take(struct status *status, int option, const char *text)
{
	switch (option) {
	case 's':
		return stores_add(&status->stores, text);
	case 'o':
		if (status->place_count == PLACES_MOST)
			return complain("-o", text, "fewer outputs");
		status->places[status->place_count++] = text;
		return 0;
	case OPTION_EPOCH:
		status->epoch = true;
		return 0;
	case OPTION_NAGIOS:
		status->nagios = true;
		return 0;
	case OPTION_SCALE:
		if (!text_double(text, &status->scale) || status->scale < 1e-3 ||
			status->scale > 1e6)
			return complain("--scale", text, "a number from 0.001 to 1000000");
		return 0;
	default:
		status->help = option == 'h';
		return status->help ? 0 : -1;
	}
}

static int read_options(struct status *status, int argc, char **argv)
{
	int option;

	optind = 1;
	while ((option = command_option(argc, argv, "s:o:h", options, NULL)) != -1) {
		if (take(status, option, optarg) < 0)
			return -1;
		if (status->help)
			return 0;
	}
	if (optind < argc)
		return complain("argument", argv[optind], "options only");
	if (status->stores.count == 0) {
		fprintf(stderr, "lightsout: status needs -s STORE\n");
		return -1;
	}
	if (status->nagios && status->place_count > 0)
		return complain("-o", status->places[0], "it without --nagios, which is one line");
	return 0;
}

static int open_outputs(struct status *status)
{
	struct diag why = {0};

	status->outputs = outputs_create(status->epoch);
	if (status->place_count == 0)
		status->places[status->place_count++] = "-";
	for (size_t i = 0; i < status->place_count; i++)
		if (outputs_add(status->outputs, status->places[i], &why) < 0) {
			command_trouble(&why);
			return -1;
		}
	return 0;
}

struct taking {
	const struct serve_store *store;
	struct scene *scene;
};

static void take_scene(
	void *ctx, const struct judgement *judgement, const struct series_facts *facts)
{
	struct taking *taking = ctx;
	const struct scene_names names = {taking->store->name, taking->store->title};

	taking->scene = scene_of(&names, judgement, facts);
}

/* As serve reads them: from what was judged before, where it is kept. */
static int read_stores(struct status *status, struct diag *why)
{
	struct parameters parameters = parameters_of(status->scale);
	char *folder = snapshot_folder();
	int r = 0;

	for (size_t i = 0; r >= 0 && i < status->stores.count; i++) {
		struct taking taking = {.store = &status->stores.items[i]};
		struct follow *follow = NULL;
		r = follow_open(taking.store->path, &parameters, why, &follow);
		if (r == 0) {
			follow_keep(follow, folder);
			r = follow_poll(follow, why);
		}
		if (r >= 0)
			follow_now(follow, take_scene, &taking);
		else if (!why->text[0])
			diag_set(why, "%s: %s", taking.store->path, strerror(-r));
		status->scenes[i] = taking.scene;
		follow_close(follow);
	}
	mem_free(folder);
	return r;
}

/* The clock on the wall; a history that is played faster than life ends now. */
static void look(struct status *status)
{
	status->now = status->scale == 1 ? clock_wall() : (struct wall){INT64_MIN};
	for (size_t i = 0; i < status->stores.count; i++) {
		const struct series_facts *facts = &status->scenes[i]->facts;
		if (status->scale == 1)
			scene_look(status->scenes[i], status->now);
		else if (facts->end.ns > status->now.ns)
			status->now = facts->end;
	}
}

static void write_rows(const struct status *status)
{
	struct status_sheet sheet = {
		.outputs = status->outputs, .now = status->now, .named = status->stores.count > 1};

	status_declare(status->outputs);
	for (size_t i = 0; i < status->stores.count; i++)
		status_blocks(&sheet, status->scenes[i]);
	for (size_t i = 0; i < status->stores.count; i++)
		status_vantages(&sheet, status->scenes[i]);
}

/* A plugin's status: what could not be looked at is unknown, never critical. */
static int nagios(struct status *status, int result, const struct diag *why)
{
	char text[640];

	if (result < 0) {
		printf("LIGHTSOUT %s: %s\n", health_name(HEALTH_UNKNOWN),
			diag_format(why, text, sizeof(text)));
		return HEALTH_UNKNOWN;
	}
	return (int)health_write(stdout, (const struct scene *const *)status->scenes,
		status->stores.count, status->now);
}

static int run(struct status *status)
{
	struct diag why = {0};

	if (!status->nagios && open_outputs(status) < 0) {
		outputs_abandon(status->outputs);
		return EXIT_TROUBLE;
	}
	int result = read_stores(status, &why);
	if (result >= 0)
		look(status);
	if (status->nagios)
		return nagios(status, result, &why);
	if (result < 0) {
		outputs_abandon(status->outputs);
		return command_trouble(&why);
	}
	write_rows(status);
	return outputs_finish(status->outputs, &why) < 0 ? command_trouble(&why) : EXIT_ANSWERED;
}

static void usage(void)
{
	fputs("usage: lightsout status -s STORE [-s STORE...] [OPTION...]\n\n"
	      "  -s, --store FILE            a store to read; may be given again\n"
	      "  -o, --output [FORMAT:]FILE  csv, jsonl, fsdb or table; - is standard output;\n"
	      "                              may be given again\n"
	      "      --epoch                 times as Unix seconds\n"
	      "      --nagios                one line and the exit status of a plugin of Nagios\n"
	      "      --scale N               the history is played N times faster than life\n"
	      "  -h, --help\n",
		stdout);
}

int command_status(int argc, char **argv)
{
	struct status status = {.scale = 1};
	bool plugin = false;

	for (int i = 1; i < argc; i++) /* also where something before it is wrong */
		plugin |= strcmp(argv[i], "--nagios") == 0;
	if (read_options(&status, argc, argv) < 0) {
		if (!plugin)
			return EXIT_TROUBLE;
		puts("LIGHTSOUT UNKNOWN: wrong options");
		return HEALTH_UNKNOWN;
	}
	if (status.help) {
		usage();
		return EXIT_ANSWERED;
	}
	int result = run(&status);
	for (size_t i = 0; i < status.stores.count; i++)
		scene_destroy(status.scenes[i]);
	return result;
}
