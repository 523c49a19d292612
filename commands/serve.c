/* lightsout serve: a live page of one store or several. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/serve_records.h"
#include "commands/one_store.h"
#include "commands/options.h"
#include "commands/stores.h"
#include "core/inputs.h"
#include "core/mem.h"
#include "core/settings.h"
#include "live/serve/serve.h"
#include "live/told/journal.h"
#include "live/told/webhook.h"
#include "targets/file.h"

enum {
	HOSTS_MOST = 16,
	OPTION_LISTEN = 1,
	OPTION_HOST,
	OPTION_TITLE,
	OPTION_SCALE,
	OPTION_METRICS_FILE,
	OPTION_ON_CHANGE,
	OPTION_WEBHOOK,
	OPTION_TELL,
	OPTION_HOLD,
	OPTION_STATE
};
enum { TELLING_FIRST = OPTION_ON_CHANGE, TELLING_LAST = OPTION_HOLD };

struct serving {
	struct stores stores;
	const char *hosts[HOSTS_MOST];
	size_t host_count;
	char address[64];
	uint16_t port;
	double scale;
	const char *config;
	const char *metrics_file;
	struct settings settings;
	const char *telling[TELLING_LAST - TELLING_FIRST + 1]; /* options that are settings */
	const char *state;
	bool help;
};

static const struct option options[] = {
	{"store", required_argument, NULL, 's'},
	{"listen", required_argument, NULL, OPTION_LISTEN},
	{"host", required_argument, NULL, OPTION_HOST},
	{"title", required_argument, NULL, OPTION_TITLE},
	{"metrics-file", required_argument, NULL, OPTION_METRICS_FILE},
	{"config", required_argument, NULL, 'C'},
	{"on-change", required_argument, NULL, OPTION_ON_CHANGE},
	{"webhook", required_argument, NULL, OPTION_WEBHOOK},
	{"tell", required_argument, NULL, OPTION_TELL},
	{"hold", required_argument, NULL, OPTION_HOLD},
	{"state", required_argument, NULL, OPTION_STATE},
	{"scale", required_argument, NULL, OPTION_SCALE},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

static int take_listen(struct serving *serving, const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *expected = "ADDRESS:PORT, as 127.0.0.1:8377 or [::1]:8377";
	bool six = text[0] == '[';
	uint64_t port;

	if (!colon || colon == text || !text_u64(colon + 1, 65535, &port) ||
		(six && colon[-1] != ']'))
		return complain("--listen", text, expected);
	size_t len = (size_t)(colon - text) - (six ? 2 : 0);
	if (len == 0 || len >= sizeof(serving->address))
		return complain("--listen", text, expected);
	memcpy(serving->address, text + six, len);
	serving->address[len] = '\0';
	serving->port = (uint16_t)port;
	return 0;
}

/* "North Korea", of the store named last. */
static int take_title(struct serving *serving, const char *text)
{
	if (serving->stores.count == 0)
		return complain("--title", text, "it behind the -s that it is of");
	struct serve_store *store = &serving->stores.items[serving->stores.count - 1];
	if (!*text || strlen(text) >= sizeof(store->title) || !text_printable(text))
		return complain("--title", text, "a text of at most 127 bytes");
	snprintf(store->title, sizeof(store->title), "%s", text);
	return 0;
}

static int take(struct serving *serving, int option, const char *text)
{
	switch (option) {
	case 's':
		return stores_add(&serving->stores, text);
	case OPTION_LISTEN:
		return take_listen(serving, text);
	case OPTION_HOST:
		if (serving->host_count == HOSTS_MOST)
			return complain("--host", text, "at most 16 names");
		serving->hosts[serving->host_count++] = text;
		return 0;
	case OPTION_TITLE:
		return take_title(serving, text);
	case OPTION_METRICS_FILE:
		serving->metrics_file = text;
		return 0;
	case 'C':
		if (serving->config && strcmp(serving->config, text) != 0)
			return complain("-C", text, "one file");
		serving->config = text;
		return 0;
	case OPTION_ON_CHANGE:
	case OPTION_WEBHOOK:
	case OPTION_TELL:
	case OPTION_HOLD:
		serving->telling[option - TELLING_FIRST] = text;
		return 0;
	case OPTION_STATE:
		serving->state = text;
		return 0;
	case OPTION_SCALE:
		if (!text_double(text, &serving->scale) || serving->scale < 1e-3 ||
			serving->scale > 1e6)
			return complain("--scale", text, "a number from 0.001 to 1000000");
		return 0;
	default:
		serving->help = option == 'h';
		return serving->help ? 0 : -1;
	}
}

/* The settings of lightsout watch: its store is the one to show, unless -s names any. */
static int read_config(struct serving *serving)
{
	struct diag why = {0};
	char *bytes = NULL;
	size_t len = 0;

	if (!serving->config)
		return 0;
	int r = file_read(serving->config, &bytes, &len, &why);
	if (r >= 0)
		r = settings_read(
			&serving->settings, file_label(serving->config), bytes, len, &why);
	free(bytes);
	if (r < 0)
		return command_trouble(&why), -1;
	if (serving->stores.count == 0 && *serving->settings.store)
		return stores_add(&serving->stores, serving->settings.store);
	return 0;
}

/* Options that are settings count more than the file, in whichever order they come. */
static int set_telling(struct serving *serving)
{
	static const char *const names[] = {"on_change", "webhook", "tell", "hold"};
	struct diag why = {0};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (serving->telling[i] &&
			settings_set(&serving->settings, names[i], serving->telling[i], &why) < 0)
			return command_trouble(&why), -1;
	if (*serving->settings.webhook && !webhook_is_url(serving->settings.webhook))
		return complain("webhook", serving->settings.webhook, "http:// or https://");
	return 0;
}

static int read_options(struct serving *serving, int argc, char **argv)
{
	int option;

	*serving = (struct serving){.address = "127.0.0.1", .port = 8377, .scale = 1};
	settings_init(&serving->settings);
	optind = 1;
	while ((option = command_option(argc, argv, "s:C:h", options, NULL)) != -1) {
		if (take(serving, option, optarg) < 0)
			return -1;
		if (serving->help)
			return 0;
	}
	if (optind < argc)
		return complain("argument", argv[optind], "options only");
	if (read_config(serving) < 0 || set_telling(serving) < 0)
		return -1;
	if (serving->stores.count > 0)
		return 0;
	fprintf(stderr, "lightsout: serve needs -s STORE, or -C FILE that names one\n");
	return -1;
}

static void listening(uint16_t port)
{
	fprintf(stderr, "lightsout: serving on port %u\n", port);
}

static void usage(void)
{
	fputs("usage: lightsout serve {-s STORE... | -C FILE} [OPTION...]\n\n"
	      "  -s, --store FILE            a store to show; may be given again\n"
	      "      --title TEXT            what the store before it is called on the page\n"
	      "      --listen ADDRESS:PORT   127.0.0.1:8377 by default; port 0 is any that is "
	      "free\n"
	      "      --host NAME             a name that requests may ask for, beside localhost "
	      "and\n"
	      "                              the address; may be given again\n"
	      "  -C, --config FILE           settings as YAML: the store, where there is no -s\n"
	      "      --metrics-file FILE     write /metrics there too, each 15 seconds\n"
	      "      --on-change COMMAND     run at a change, which is JSON on its standard input\n"
	      "      --webhook URL           post each change there, as JSON\n"
	      "      --tell LIST             down,degraded,recovered,cause,blind,no_sweep: which\n"
	      "      --hold DURATION         how long a change lasts before a message: 180s\n"
	      "      --state DIR             where is kept which messages were sent\n"
	      "      --scale N               the history is played N times faster than life\n"
	      "  -h, --help\n",
		stdout);
}

static int serve(const struct serving *given)
{
	struct serving serving = *given;
	struct diag why = {0};

	if (serving.metrics_file && output_spare(serving.metrics_file, &why) < 0)
		return command_trouble(&why);
	char *folder = serving.state ? mem_text(serving.state) : journal_folder();
	if (!folder && (*serving.settings.on_change || *serving.settings.webhook)) {
		diag_set(&why, "no folder is known to keep which messages were sent: expected "
			       "--state DIR");
		return command_trouble(&why);
	}
	struct serve_config config = {.stores = serving.stores.items,
		.store_count = serving.stores.count,
		.address = serving.address,
		.port = serving.port,
		.hosts = {serving.address, serving.hosts, serving.host_count},
		.scale = serving.scale,
		.telling = {serving.settings.on_change, serving.settings.webhook,
			serving.settings.tell, serving.settings.hold_ns, folder},
		.metrics_file = serving.metrics_file,
		.records = serve_records,
		.listening = listening};
	int r = serve_run(&config, &why);
	mem_free(folder);
	return r < 0 ? command_trouble(&why) : EXIT_ANSWERED;
}

int command_serve(int argc, char **argv)
{
	struct serving serving;
	int status = EXIT_TROUBLE;

	if (read_options(&serving, argc, argv) == 0) {
		if (serving.help)
			usage();
		status = serving.help ? EXIT_ANSWERED : serve(&serving);
	}
	settings_finish(&serving.settings);
	return status;
}
