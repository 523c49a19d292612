/*
 * lightsout-prober: the half with CAP_NET_RAW. Opens its sockets, gives up
 * everything else, and only then reads what the user gave it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/settings.h"
#include "prober/confine.h"
#include "prober/confine_calls.h"
#include "prober/dryrun.h"
#include "prober/loop.h"
#include "targets/file.h"

enum { EXIT_DONE = 0, EXIT_STOPPED = 0, EXIT_BROKEN = 2 };

/* What main opened before it knew what it was for. */
struct doors {
	struct transmit *transmit;
	struct capture *capture;
	struct diag why; /* of what could not be opened */
	int result;
};

struct request {
	struct settings settings;
	struct target_set targets;
	const char *config;
	bool once, dry_run, check_config, print_config;
	enum report_face face;
};

static int complain(const struct diag *why)
{
	char text[640];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	return EXIT_BROKEN;
}

static void open_doors(struct doors *doors)
{
	struct settings defaults;
	struct diag why = {0};

	settings_init(&defaults);
	doors->result = confine_check(&doors->why);
	if (doors->result == 0)
		doors->result = transmit_open(&doors->why, &doors->transmit);
	if (doors->result == 0)
		doors->result = capture_open(defaults.source_port, &doors->why, &doors->capture);
	settings_finish(&defaults);
	int r = confine_drop(&why);
	if (r < 0 && doors->result == 0) {
		doors->result = r;
		doors->why = why;
	}
}

enum { OPTION_ONCE = 1, OPTION_PROGRESS, OPTION_CHECK_CONFIG, OPTION_PRINT_CONFIG, OPTION_VERSION };

static const struct option own_options[] = {
	{"once", no_argument, NULL, OPTION_ONCE},
	{"config", required_argument, NULL, 'C'},
	{"dry-run", no_argument, NULL, 'n'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"progress", required_argument, NULL, OPTION_PROGRESS},
	{"check-config", no_argument, NULL, OPTION_CHECK_CONFIG},
	{"print-config", no_argument, NULL, OPTION_PRINT_CONFIG},
	{"version", no_argument, NULL, OPTION_VERSION},
	{"help", no_argument, NULL, 'h'},
	{0},
};

static void usage(void)
{
	char *help = settings_help();

	printf("usage: lightsout-prober [OPTION...] [TARGET...]\n\n"
	       "Sends probes, captures what comes back, and puts whole sweeps into a store.\n"
	       "People type lightsout, which starts this program; see lightsout(1).\n\n"
	       "  -C, --config FILE     read settings from a YAML file\n"
	       "      --check-config    read the settings, say what is wrong with them, and end\n"
	       "      --print-config    print every setting, and end\n"
	       "      --once            one sweep now, instead of one each interval\n"
	       "  -n, --dry-run         print what would be sent, send nothing\n"
	       "  -q, --quiet           say nothing but errors\n"
	       "  -v, --verbose         say more\n"
	       "      --progress FACE   auto, never, or json: a JSON object a line, on stderr\n"
	       "      --version, -h, --help\n\nSettings, as options or in the file:\n%s",
		help);
	free(help);
}

static int set_face(struct request *request, const char *face, struct diag *why)
{
	if (strcmp(face, "json") == 0)
		request->face = REPORT_JSON;
	else if (strcmp(face, "never") == 0)
		request->face = REPORT_LOG;
	else if (strcmp(face, "auto") == 0)
		request->face = isatty(STDERR_FILENO) ? REPORT_TERMINAL : REPORT_LOG;
	else
		return diag_set(why, "--progress %s: expected auto, never or json", face);
	return 0;
}

/* 1: go on. 0: nothing to do but end well. Negative: *why says. */
static int take_option(struct request *request, int code, struct diag *why)
{
	switch (code) {
	case OPTION_ONCE:
		request->once = true;
		return 1;
	case 'C':
		request->config = optarg;
		return 1;
	case 'n':
		request->dry_run = true;
		return 1;
	case 'q':
		log_set_level(LOG_LEVEL_ERROR);
		request->face = REPORT_QUIET;
		return 1;
	case 'v':
		log_set_level(LOG_LEVEL_DEBUG);
		return 1;
	case OPTION_PROGRESS:
		return set_face(request, optarg, why) < 0 ? -EINVAL : 1;
	case OPTION_CHECK_CONFIG:
		request->check_config = true;
		return 1;
	case OPTION_PRINT_CONFIG:
		request->print_config = true;
		return 1;
	case OPTION_VERSION:
		puts("lightsout-prober " LIGHTSOUT_VERSION);
		return 0;
	case 'h':
		usage();
		return 0;
	default:
		return diag_set(why, "unknown option; --help lists them");
	}
}

static int read_config(struct request *request, struct diag *why)
{
	char *bytes;
	size_t len;

	if (!request->config)
		return 0;
	int r = file_read(request->config, &bytes, &len, why);
	if (r < 0)
		return r;
	r = settings_read(&request->settings, request->config, bytes, len, why);
	free(bytes);
	return r;
}

static int read_request(struct request *request, int argc, char **argv, struct diag *why)
{
	struct settings_options options;
	int r = 1;
	int code;

	settings_options_init(&options, "C:nqvh", own_options);
	opterr = 0;
	while (r > 0 &&
		(code = getopt_long(argc, argv, options.shorts, options.longs, NULL)) != -1) {
		r = settings_option(&request->settings, code, optarg, why);
		if (r == 0 && code == '?')
			r = diag_set(why,
				"%s: unknown option, or its value is missing; --help lists "
				"them",
				argv[optind - 1]);
		else if (r == 0)
			r = take_option(request, code, why);
	}
	settings_options_finish(&options);
	if (r <= 0)
		return r;
	r = read_config(request, why);
	return r < 0 ? r : 1;
}

static int resolve_targets(
	struct request *request, char **arguments, size_t count, struct diag *why)
{
	const struct settings *settings = &request->settings;
	const struct target_sources sources = {
		.delegated = settings->delegated[0] ? settings->delegated : NULL,
		.blocklist = settings->blocklist[0] ? settings->blocklist : NULL,
		.anchors = (const char *const *)settings->anchors.items,
		.anchor_count = settings->anchors.count,
		.upstream = (const char *const *)settings->upstream.items,
		.upstream_count = settings->upstream.count,
	};

	if (count == 0) {
		arguments = settings->targets.items;
		count = settings->targets.count;
	}
	if (count == 0)
		return diag_set(
			why, "no targets: name a country code, an address, a prefix or a file");
	return target_set_resolve(
		(const char *const *)arguments, count, &sources, &request->targets, why);
}

/*
 * A watch's targets are the store's. A single sweep adds what the store does not
 * have yet: a check of one address must not take the rest out of a series.
 */
static int put_targets(const struct request *request, struct store *store, struct diag *why)
{
	const struct target_set *set = &request->targets;
	struct target_row *rows = NULL;
	size_t count = 0;

	if (!request->once)
		return store_put_targets(store, set->rows, set->row_count, why);
	int r = store_targets(store, &rows, &count);
	if (r < 0) {
		diag_set(why, "the store's targets cannot be read: %s", strerror(-r));
		return r;
	}
	size_t capacity = count;
	for (size_t i = 0; i < set->row_count; i++) {
		bool there = false;
		for (size_t k = 0; k < count && !there; k++)
			there = rows[k].role == set->rows[i].role &&
				rows[k].prefix.len <= set->rows[i].prefix.len &&
				prefix_holds(rows[k].prefix, set->rows[i].prefix.base);
		if (there)
			continue;
		rows = mem_grow(rows, &capacity, count + 1, sizeof(*rows));
		rows[count++] = set->rows[i];
	}
	r = store_put_targets(store, rows, count, why);
	free(rows);
	return r;
}

static int open_store(const struct request *request, struct store **ret, struct diag *why)
{
	const struct settings *settings = &request->settings;

	if (!settings->store[0])
		return diag_set(why, "no store: name one with --store FILE, or store: in the file");
	int r = store_open(settings->store, STORE_WRITE, why, ret);
	if (r < 0)
		return r;
	r = put_targets(request, *ret, why);
	if (r < 0) {
		store_close(*ret);
		return r;
	}
	return 0;
}

static int probe(struct request *request, const struct doors *doors, struct diag *why)
{
	const struct settings *settings = &request->settings;
	struct notify notify;
	struct store *store;
	int r = open_store(request, &store, why);

	if (r < 0)
		return r;
	if (!request->once && request->targets.control_count == 0)
		log_warn("anchors: none are set; silence counts only while something answers");
	transmit_set_contact(doors->transmit, settings->contact);
	if (settings->interface[0]) {
		r = transmit_bind_interface(doors->transmit, settings->interface);
		if (r < 0)
			diag_set(why, "interface %s: %s", settings->interface, strerror(-r));
	}
	if (r == 0) {
		r = capture_set_port(doors->capture, settings->source_port);
		if (r < 0)
			diag_set(why, "the capture takes no other port: %s", strerror(-r));
	}
	if (r == 0)
		r = confine_calls(why);
	notify_open(&notify);
	const struct loop_config config = {
		.settings = settings,
		.targets = &request->targets,
		.transmit = doors->transmit,
		.capture = doors->capture,
		.store = store,
		.notify = &notify,
		.once = request->once,
		.face = request->face,
	};
	if (r == 0)
		r = loop_run(&config, why);
	notify_close(&notify);
	store_close(store);
	return r;
}

static int serve(
	struct request *request, const struct doors *doors, int argc, char **argv, struct diag *why)
{
	int r = read_request(request, argc, argv, why);

	if (r <= 0)
		return r;
	if (request->print_config) {
		char *text = settings_print(&request->settings);
		fputs(text, stdout);
		free(text);
		return 0;
	}
	r = resolve_targets(request, argv + optind, (size_t)(argc - optind), why);
	if (r < 0 || request->check_config)
		return r;
	if (request->dry_run)
		return dryrun(&request->settings, &request->targets, request->once, stdout);
	if (doors->result < 0) {
		*why = doors->why;
		return doors->result;
	}
	return probe(request, doors, why);
}

int main(int argc, char **argv)
{
	struct doors doors = {0};
	struct request request = {.face = REPORT_LOG};
	struct diag why = {0};

	open_doors(&doors);
	log_set_level(LOG_LEVEL_INFO);
	settings_init(&request.settings);
	set_face(&request, "auto", &why);
	int r = serve(&request, &doors, argc, argv, &why);
	int status = EXIT_DONE;
	if (r < 0)
		status = complain(&why);
	else if (r > 0) /* a signal: expected of a watch, not of a single sweep */
		status = request.once ? EXIT_BROKEN : EXIT_STOPPED;
	target_set_finish(&request.targets);
	settings_finish(&request.settings);
	/* All is told and stored. The kernel takes some 30 ms to close a capture:
	 * whoever waits for our output need not wait for that. */
	fclose(stdout);
	capture_close(doors.capture);
	transmit_close(doors.transmit);
	return status;
}
