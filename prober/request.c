#include "prober/request.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mem.h"
#include "core/options.h"
#include "prober/io/route.h"
#include "prober/source_check.h"
#include "targets/file.h"
#include "targets/given.h"

enum { OPTION_ONCE = 1, OPTION_PROGRESS, OPTION_CHECK_CONFIG, OPTION_PRINT_CONFIG, OPTION_VERSION,
	OPTION_INPUTS };

static const struct option own_options[] = {
	{"once", no_argument, NULL, OPTION_ONCE},
	{"config", required_argument, NULL, 'C'},
	{"dry-run", no_argument, NULL, 'n'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"progress", required_argument, NULL, OPTION_PROGRESS},
	{"check-config", no_argument, NULL, OPTION_CHECK_CONFIG},
	{"print-config", no_argument, NULL, OPTION_PRINT_CONFIG},
	{"inputs", required_argument, NULL, OPTION_INPUTS},
	{"version", no_argument, NULL, OPTION_VERSION},
	{"help", no_argument, NULL, 'h'},
	{0},
};

#define OWN_SHORTS "C:nqvh"

/* `lightsout watch` becomes this program under that name. */
static bool is_watch(const char *name)
{
	return strcmp(name, "lightsout watch") == 0;
}

static void usage(const char *name)
{
	char *help = settings_help(NULL);

	printf("usage: %s [OPTION...] [TARGET...]\n\n"
	       "Sends probes, captures what comes back, and puts whole sweeps into a store%s.\n%s\n"
	       "  -C, --config FILE     read settings from a YAML file\n"
	       "      --check-config    read the settings, say what is wrong with them, and end\n"
	       "      --print-config    print every setting, and end\n"
	       "      --once            one sweep now, instead of one each interval\n"
	       "  -n, --dry-run         print what would be sent, send nothing\n"
	       "  -q, --quiet           say nothing but errors\n"
	       "  -v, --verbose         say more\n"
	       "      --inputs FD       files as whoever started us has read them\n"
	       "      --progress FACE   auto, never, or json: a JSON object a line, on stderr [auto]\n"
	       "      --version         say which\n"
	       "  -h, --help            this\n\nSettings, as options or in the file:\n%s",
		is_watch(name) ? name : "lightsout-prober",
		is_watch(name) ? ",\nuntil it is stopped; see lightsout(1)" : "",
		is_watch(name)
			? ""
			: "People type lightsout, which starts this program; see lightsout(1).\n",
		help);
	free(help);
}

static int set_style(struct request *request, const char *style, struct diag *why)
{
	if (strcmp(style, "json") == 0)
		request->style = REPORT_JSON;
	else if (strcmp(style, "never") == 0)
		request->style = REPORT_LOG;
	else if (strcmp(style, "auto") == 0)
		request->style = isatty(STDERR_FILENO) ? REPORT_TERMINAL : REPORT_LOG;
	else
		return diag_set(why, "--progress %s: expected auto, never or json", style);
	log_set_json(request->style == REPORT_JSON);
	return 0;
}

/* A descriptor that whoever started us has left open. */
static int take_inputs(const char *text, struct diag *why)
{
	uint64_t fd;

	if (!text_u64(text, INT_MAX, &fd) || fd <= STDERR_FILENO)
		return diag_set(why, "--inputs %.60s: expected a descriptor, 3 or more", text);
	return given_receive((int)fd, why);
}

/* 1: go on. 0: nothing to do but end well. Negative: *why says. */
static int take_option(struct request *request, const char *name, int code, struct diag *why)
{
	switch (code) {
	case OPTION_ONCE:
		request->once = true;
		return 1;
	case 'C':
		if (request->config && strcmp(request->config, optarg) != 0)
			return diag_set(why, "-C is given twice, expected one file");
		request->config = optarg;
		return 1;
	case 'n':
		request->dry_run = true;
		return 1;
	case 'q':
		log_set_level(LOG_LEVEL_ERROR);
		request->style = REPORT_QUIET;
		return 1;
	case 'v':
		log_set_level(LOG_LEVEL_DEBUG);
		return 1;
	case OPTION_PROGRESS:
		return set_style(request, optarg, why) < 0 ? -EINVAL : 1;
	case OPTION_INPUTS:
		return take_inputs(optarg, why) < 0 ? -EINVAL : 1;
	case OPTION_CHECK_CONFIG:
		request->check_config = true;
		return 1;
	case OPTION_PRINT_CONFIG:
		request->print_config = true;
		return 1;
	case OPTION_VERSION:
		printf("%s " LIGHTSOUT_VERSION "\n",
			is_watch(name) ? "lightsout" : "lightsout-prober");
		return 0;
	case 'h':
		usage(name);
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
	r = settings_read(&request->settings, file_label(request->config), bytes, len, why);
	free(bytes);
	return r;
}

uint32_t request_fwmark(int argc, char **argv)
{
	struct settings_options options;
	struct settings settings;
	struct diag why = {.line = 0};
	int code;

	settings_init(&settings);
	settings_options_init(&options, OWN_SHORTS, own_options);
	opterr = 0;
	while ((code = getopt_long(argc, argv, options.shorts, options.longs, NULL)) != -1) {
		int row = code - SETTINGS_OPTION;
		if (row >= 0 && row < SETTINGS_OPTIONS_MAX &&
			settings_rows()[row].offset == offsetof(struct settings, fwmark))
			settings_option(&settings, code, optarg, &why);
	}
	optind = 0; /* whoever reads them all begins anew */
	uint32_t mark = settings.fwmark;
	settings_options_finish(&options);
	settings_finish(&settings);
	return mark;
}

int request_read(struct request *request, int argc, char **argv, struct diag *why)
{
	struct settings_options options;
	int r = 1;
	int code;

	request->argc = argc;
	request->argv = argv;
	settings_options_init(&options, OWN_SHORTS, own_options);
	while (r > 0 && (code = options_next(argc, argv, options.shorts, options.longs, NULL,
				 why)) != -1) {
		r = settings_option(&request->settings, code, optarg, why);
		if (r == 0 && code == '?')
			r = -EINVAL;
		else if (r == 0)
			r = take_option(request, argv[0], code, why);
	}
	settings_options_finish(&options);
	request->arguments = argv + optind;
	request->argument_count = (size_t)(argc - optind);
	if (r <= 0)
		return r;
	r = read_config(request, why);
	return r < 0 ? r : 1;
}

int request_targets(struct request *request, struct diag *why)
{
	const struct settings *settings = &request->settings;
	char **arguments = request->arguments;
	size_t count = request->argument_count;
	const struct target_sources sources = {
		.delegated = settings->delegated[0] ? settings->delegated : NULL,
		.blocklist = settings->blocklist[0] ? settings->blocklist : NULL,
		.anchors = (const char *const *)settings->anchors.items,
		.anchor_count = settings->anchors.count,
		.upstream = (const char *const *)settings->upstream.items,
		.upstream_count = settings->upstream.count,
		.again = request->again,
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

int request_adopt(struct request *request, struct diag *why)
{
	char *list = NULL;
	size_t size = 0;

	if (request->argument_count == 0)
		return 0;
	FILE *out = mem_checked(open_memstream(&list, &size));
	for (size_t i = 0; i < request->argument_count; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", request->arguments[i]);
	fclose(out);
	int r = settings_set(&request->settings, "targets", list, why);
	free(list);
	return r;
}

int request_check(const struct request *request, struct diag *why)
{
	const struct settings *settings = &request->settings;
	struct ip4 source;
	uint16_t first = 0;
	uint16_t last = 0;

	if (!settings->store[0] && !request->dry_run)
		return diag_set(why, "no store: name one with --store FILE, or store: in the file");
	if (!request->again && settings->interface[0] && if_nametoindex(settings->interface) == 0)
		return diag_set(why, "interface %s: %s", settings->interface, strerror(errno));
	if (settings->source[0] && ip4_parse(settings->source, &source)) {
		int r = source_check(source, &request->targets, why);
		if (r < 0)
			return r;
	}
	route_ephemeral(&first, &last);
	if (settings->tcp && last && settings->source_port >= first &&
		settings->source_port <= last)
		return diag_set(why,
			"source_port %u lies in the range that the kernel gives to others, "
			"%u to %u; expected one outside",
			settings->source_port, first, last);
	return 0;
}

void request_init(struct request *request)
{
	struct diag why;

	*request = (struct request){.style = REPORT_LOG};
	settings_init(&request->settings);
	set_style(request, "auto", &why);
}

void request_finish(struct request *request)
{
	target_set_finish(&request->targets);
	settings_finish(&request->settings);
}
