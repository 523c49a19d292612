/* lightsout report: the pages of a store as files, to keep, to send and to cite. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/one_store.h"
#include "commands/options.h"
#include "commands/report_folder.h"
#include "commands/serve_records.h"
#include "commands/stores.h"
#include "core/when.h"
#include "live/page/page.h"

enum { OPTION_FROM = 1, OPTION_TO, OPTION_TITLE, OPTION_SCALE };

struct report {
	struct stores stores; /* one */
	const char *folder, *title;
	struct wall from, to; /* INT64_MIN, INT64_MAX: not given */
	double scale;
	bool help;
};

static const struct option options[] = {
	{"store", required_argument, NULL, 's'},
	{"output", required_argument, NULL, 'o'},
	{"from", required_argument, NULL, OPTION_FROM},
	{"to", required_argument, NULL, OPTION_TO},
	{"title", required_argument, NULL, OPTION_TITLE},
	{"scale", required_argument, NULL, OPTION_SCALE},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

static int complain(const char *what, const char *text, const char *expected)
{
	fprintf(stderr, "lightsout: %s \"%s\": expected %s\n", what, text, expected);
	return -1;
}

static int take_time(const char *option, const char *text, struct wall *ret)
{
	struct diag why = {0};

	if (when_parse(text, clock_wall(), ret, &why) == 0)
		return 0;
	fprintf(stderr, "lightsout: %s \"%s\" %s\n", option, text, why.text);
	return -1;
}

static int take(struct report *report, int option, const char *text)
{
	switch (option) {
	case 's':
		if (report->stores.count)
			return complain("-s", text, "one store");
		return stores_add(&report->stores, text);
	case 'o':
		if (report->folder || !*text)
			return complain("-o", text, "one folder");
		report->folder = text;
		return 0;
	case OPTION_FROM:
		return take_time("--from", text, &report->from);
	case OPTION_TO:
		return take_time("--to", text, &report->to);
	case OPTION_TITLE:
		if (!*text || strlen(text) >= sizeof(report->stores.items[0].title) ||
			!text_printable(text))
			return complain("--title", text, "a text of at most 127 bytes");
		report->title = text;
		return 0;
	case OPTION_SCALE:
		if (!text_double(text, &report->scale) || report->scale < 1e-3 ||
			report->scale > 1e6)
			return complain("--scale", text, "a number from 0.001 to 1000000");
		return 0;
	default:
		report->help = option == 'h';
		return report->help ? 0 : -1;
	}
}

static int read_options(struct report *report, int argc, char **argv)
{
	int option;

	*report = (struct report){.from = {INT64_MIN}, .to = {INT64_MAX}, .scale = 1};
	optind = 1;
	while ((option = command_option(argc, argv, "s:o:h", options, NULL)) != -1) {
		if (take(report, option, optarg) < 0)
			return -1;
		if (report->help)
			return 0;
	}
	if (optind < argc)
		return complain("argument", argv[optind], "options only");
	if (report->stores.count && report->folder)
		return 0;
	fprintf(stderr, "lightsout: report needs -s STORE and -o DIR\n");
	return -1;
}

static void usage(void)
{
	fputs("usage: lightsout report -s STORE -o DIR [OPTION...]\n\n"
	      "Writes index.html, a page for each outage, and the tables as CSV. The pages need\n"
	      "no server, no script and no other file.\n\n"
	      "  -s, --store FILE    the store\n"
	      "  -o, --output DIR    new, empty, or a report's, which is replaced\n"
	      "      --from TIME     the time that is shown: all there is by default\n"
	      "      --to TIME\n"
	      "      --title TEXT    what the store is called on the pages\n"
	      "      --scale N       the history was played N times faster than life\n"
	      "  -h, --help\n",
		stdout);
}

/* --- what is written --- */

static int write_first(struct report_folder *folder, const struct page *page, struct diag *why)
{
	FILE *out = report_folder_open(folder, "index.html", why);

	if (!out)
		return -EIO;
	page_report(out, page);
	return report_folder_close(out, "index.html", why);
}

static int write_outages(struct report_folder *folder, const struct page *page, struct diag *why)
{
	const struct scene *scene = page->scene;
	char name[PAGE_FILE_SIZE];

	for (size_t i = 0; i < scene->outage_count; i++) {
		const struct outage *outage = &scene->outages[i];
		if (!page_shows(page, outage))
			continue;
		FILE *out = report_folder_open(folder, page_outage_file(scene, outage, name), why);
		if (!out)
			return -EIO;
		page_outage(out, page, outage, (struct wall){INT64_MAX});
		int r = report_folder_close(out, name, why);
		if (r < 0)
			return r;
	}
	return 0;
}

static int write_tables(struct report_folder *folder, const struct page *page, struct diag *why)
{
	static const char *const tables[][2] = {{"timeline", "timeline.csv"},
		{"country", "country.csv"}, {"outages", "outages.csv"},
		{"summary/month", "summary.csv"}};
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(tables) / sizeof(tables[0]); i++) {
		size_t len;
		char *text = serve_records(
			page->scene, NULL, tables[i][0], page->window.from, page->window.to, true, &len);
		FILE *out = report_folder_open(folder, tables[i][1], why);
		if (out) {
			fwrite(text, 1, len, out);
			r = report_folder_close(out, tables[i][1], why);
		} else {
			r = -EIO;
		}
		free(text);
	}
	return r;
}

static int write_all(const char *name, const struct page *page, struct diag *why)
{
	struct report_folder folder;
	int r = report_folder_begin(&folder, name, why);

	if (r < 0)
		return r;
	r = write_first(&folder, page, why);
	if (r == 0)
		r = write_outages(&folder, page, why);
	if (r == 0)
		r = write_tables(&folder, page, why);
	if (r == 0)
		return report_folder_finish(&folder, why);
	report_folder_abandon(&folder);
	return r;
}

/* The time to show. False: there is none, with *why. */
static bool window_of(const struct report *report, const struct scene *scene, struct window *window,
	struct diag *why)
{
	*window = (struct window){report->from, report->to, ZOOM_OTHER, false};
	if (report->from.ns == INT64_MIN)
		window->from = scene->start;
	if (report->to.ns == INT64_MAX)
		window->to = scene->end;
	if (scene->facts.sweeps && window->from.ns < scene->end.ns &&
		window->to.ns > scene->start.ns && window->from.ns < window->to.ns)
		return true;
	diag_set(why, "%s: no sweeps%s", report->stores.items[0].path,
		scene->facts.sweeps ? " from --from to --to" : "");
	return false;
}

static int run(struct report *report, struct diag *why)
{
	const struct serve_store *store = &report->stores.items[0];
	struct scene_names names = {store->name, report->title ? report->title : store->title};
	struct page page = {.only = true, .scale = report->scale, .fixed = true};
	struct picture *picture = NULL;
	struct scene *scene = NULL;
	const bool stop = false;

	int r = scene_read(
		store->path, &names, (struct wall){INT64_MAX}, report->scale, &stop, why, &scene);
	if (r == 0 && !window_of(report, scene, &page.window, why))
		r = -EINVAL;
	if (r == 0)
		r = picture_read(store->path, page.window.from, page.window.to,
			series_bin_ns(page.window.from, page.window.to, PICTURE_BINS),
			picture_lead_ns(&scene->facts), &stop, why, &picture);
	if (r == 0) {
		page.scene = scene;
		page.picture = picture;
		page.now = scene->end;
		r = write_all(report->folder, &page, why);
	}
	picture_destroy(picture);
	scene_destroy(scene);
	return r;
}

int command_report(int argc, char **argv)
{
	struct diag why = {0};
	struct report report;

	if (read_options(&report, argc, argv) < 0)
		return EXIT_TROUBLE;
	if (report.help) {
		usage();
		return EXIT_ANSWERED;
	}
	return run(&report, &why) < 0 ? command_trouble(&why) : EXIT_ANSWERED;
}
