/* The command line of lightsout check. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/check/run.h"
#include "commands/exit_status.h"
#include "commands/options.h"
#include "core/mem.h"

enum { OPTION_EPOCH = 0x2000, OPTION_AT_LEAST, OPTION_NAGIOS, OPTION_RESOLVE };

const struct setting_standard check_standards[] = {
	{"tcp_ports", "80,443"},
	{"rate", "2000"},
	{"per_block_rate", "2"},
	{NULL, NULL},
};

static const struct option own_options[] = {
	{"config", required_argument, NULL, 'C'},
	{"file", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"dry-run", no_argument, NULL, 'n'},
	{"quiet", no_argument, NULL, 'q'},
	{"verbose", no_argument, NULL, 'v'},
	{"epoch", no_argument, NULL, OPTION_EPOCH},
	{"at-least", required_argument, NULL, OPTION_AT_LEAST},
	{"nagios", no_argument, NULL, OPTION_NAGIOS},
	{"resolve", no_argument, NULL, OPTION_RESOLVE},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static void usage(FILE *out)
{
	char *settings = settings_help(check_standards);

	fputs("usage: lightsout check [OPTION...] TARGET...\n"
	      "\n"
	      "One sweep now. TARGET: an address, CIDR, range FIRST-LAST, or country code.\n"
	      "\n"
	      "  -f, --file FILE                  targets from a file; - is standard input\n"
	      "  -o, --output [FORMAT:]FILE       csv, jsonl or table; - is standard output;\n"
	      "                                   may be given again\n"
	      "      --epoch                      times as Unix seconds\n"
	      "      --at-least N|N%              exit status 0 when so many addresses answer\n"
	      "      --nagios                     one line and the status of a Nagios plugin\n"
	      "      --resolve                    TARGET may be the name of a host\n"
	      "  -C, --config FILE                settings as YAML\n"
	      "  -n, --dry-run                    print what would be sent, send nothing\n"
	      "  -q, --quiet                      no progress, no summary\n"
	      "  -v, --verbose                    say more\n"
	      "  -h, --help                       this\n"
	      "\nSettings, with their defaults:\n",
		out);
	fputs(settings, out);
	fputs("\nExit status: 0 every TARGET has an answer, 1 one has none, 2 usage or system\n"
	      "error, 3 an address was not measured or its silence not proven.\n",
		out);
	free(settings);
}

int check_run_trouble(const struct diag *why)
{
	char text[640];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	return EXIT_TROUBLE;
}

/* A setting: kept for ourselves, and handed on as --name=value. */
static int take_setting(struct check_run *run, int code, const char *value, struct diag *why)
{
	int r = settings_option(&run->settings, code, value, why);

	if (r != 1)
		return r;
	for (const struct setting_row *row = settings_rows(); row->name; row++)
		if (code == SETTINGS_OPTION + (int)(row - settings_rows()) ||
			(row->short_option && code == row->short_option)) {
			prober_option(&run->prober, row->name, value);
			run->store_given |= strcmp(row->name, "store") == 0;
		}
	return 1;
}

/* One of our own. -1: go on; else the exit status. */
static int take_own(struct check_run *run, int code)
{
	switch (code) {
	case 'C':
		if (run->config && strcmp(run->config, optarg) != 0) {
			fputs("lightsout: -C is given twice, expected one file\n", stderr);
			return EXIT_TROUBLE;
		}
		run->config = optarg;
		return -1;
	case 'f':
		run->files = mem_grow(
			run->files, &run->file_capacity, run->file_count + 1, sizeof(*run->files));
		run->files[run->file_count++] = optarg;
		return -1;
	case 'o':
		run->places = mem_grow(run->places, &run->place_capacity, run->place_count + 1,
			sizeof(*run->places));
		run->places[run->place_count++] = optarg;
		return -1;
	case 'n':
		run->dry_run = true;
		prober_argument(&run->prober, "--dry-run");
		return -1;
	case 'q':
		run->quiet = true;
		return -1;
	case 'v':
		run->verbose = true;
		return -1;
	case OPTION_EPOCH:
		run->epoch = true;
		return -1;
	case OPTION_AT_LEAST: {
		struct diag why = {.line = 0};
		return goal_parse(optarg, &run->goal, &why) < 0 ? check_run_trouble(&why) : -1;
	}
	case OPTION_NAGIOS:
		run->nagios = true;
		return -1;
	case OPTION_RESOLVE:
		run->resolve = true;
		return -1;
	case 'h':
		usage(stdout);
		return 0;
	default: /* it has been told */
		return EXIT_TROUBLE;
	}
}

int check_run_options(struct check_run *run, int argc, char **argv)
{
	struct settings_options options;
	struct diag why = {.line = 0};
	int status = -1;
	int code;

	settings_options_init(&options, "C:f:o:nqvh", own_options);
	while (status < 0 &&
		(code = command_option(argc, argv, options.shorts, options.longs, NULL)) != -1) {
		int r = take_setting(run, code, optarg, &why);
		if (r < 0)
			status = check_run_trouble(&why);
		else if (r == 0)
			status = take_own(run, code);
	}
	settings_options_finish(&options);
	if (status < 0 && run->dry_run && run->place_count > 0) {
		diag_set(&why, "-n prints to standard output what would be sent, expected no -o");
		status = check_run_trouble(&why);
	}
	if (status < 0 && run->nagios && (run->place_count > 0 || run->dry_run)) {
		diag_set(&why, "--nagios is one line on standard output, expected no -o and no -n");
		status = check_run_trouble(&why);
	}
	run->quiet |= run->nagios;
	return status;
}
