/* lightsout targets: the reviewed list a scan is made with, and what changed between two. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/commands.h"
#include "commands/exit_status.h"
#include "commands/options.h"
#include "core/mem.h"
#include "exchange/output.h"
#include "exchange/output_file.h"
#include "targets/gather.h"
#include "targets/reserved.h"

static void usage(FILE *out)
{
	fputs("usage: lightsout targets TARGET... [--delegated FILE] [-f FILE] [-o FILE]\n"
	      "       lightsout targets diff OLD NEW\n\n"
	      "Writes a target list with where each prefix comes from, to be read by a person\n"
	      "and then given to check and watch. TARGET: an address, ADDRESS/LENGTH,\n"
	      "FIRST-LAST, a country code (KP) or a list's file name.\n\n"
	      "      --delegated FILE   a registry's delegated statistics file, for country codes\n"
	      "  -f, --file FILE        targets from a list; - is standard input\n"
	      "  -o, --output FILE      write there instead of to standard output; csv:FILE,\n"
	      "                         jsonl:FILE or table:FILE for the same as records\n"
	      "  -h, --help             this\n\n"
	      "diff compares what would be probed and its registration, not which file it was\n"
	      "read from: exit status 0 when both are the same, 1 when they differ.\n",
		out);
}

static int complain(const struct diag *why)
{
	char text[512];

	fprintf(stderr, "lightsout: %s\n", diag_format(why, text, sizeof(text)));
	return EXIT_TROUBLE;
}

/* A registry's file may hold what is no country's: that is not probed because
 * of a file, only because a person wrote it. */
static void leave_out_reserved(struct target_list *list, const char *argument)
{
	for (const struct reserved *r = reserved_rows(); r->what; r++) {
		struct range range = {r->prefix.base, prefix_last(r->prefix)};
		char text[RANGE_TEXT_SIZE];
		if (!list_remove(list, range))
			continue;
		range_format(range, text);
		fprintf(stderr, "lightsout: %s: what is in %s is left out: %s\n", argument, text,
			r->what);
	}
}

/* All arguments into one tidy list; owned by the caller. */
static int gather_all(char **arguments, size_t count, const char *delegated,
	struct target_list *ret, struct diag *why)
{
	struct target_list all = {.count = 0};

	for (size_t i = 0; i < count; i++) {
		struct gathered g;
		int r = gather(arguments[i], delegated, &g, why);
		if (r < 0) {
			list_finish(&all);
			return r;
		}
		if (g.by_country)
			leave_out_reserved(&g.list, arguments[i]);
		for (size_t e = 0; e < g.list.count; e++)
			list_append(&all, &g.list.entries[e]);
		list_finish(&g.list);
	}
	list_tidy(&all);
	*ret = all;
	return 0;
}

static void print_list(const struct target_list *list, FILE *out)
{
	fputs("# A target list of lightsout: PREFIX, where it comes from, label.\n", out);
	for (size_t i = 0; i < list->count; i++)
		list_entry_print(&list->entries[i], "", out);
}

static int write_file(const struct target_list *list, const char *path, struct diag *why)
{
	struct output_file file;
	int r = output_file_open(&file, path, why);

	if (r < 0)
		return r;
	print_list(list, file.out);
	r = ferror(file.out) ? -EIO : output_file_write(&file);
	if (r == 0)
		r = output_file_name(&file);
	output_file_finish(&file);
	if (r < 0)
		diag_set(why, "%.120s cannot be written: %s", path, strerror(-r));
	return r;
}

static const struct output_column columns[] = {
	{"prefix", COLUMN_PREFIX, 0},
	{"cc", COLUMN_TEXT, 0},
	{"registry", COLUMN_TEXT, 0},
	{"status", COLUMN_TEXT, 0},
	{"date", COLUMN_TEXT, 0},
	{"serial", COLUMN_TEXT, 0},
	{"source", COLUMN_TEXT, 0},
	{"sha256", COLUMN_TEXT, 0},
	{"label", COLUMN_TEXT, 0},
};

static const struct output_kind kind = {
	"target", columns, sizeof(columns) / sizeof(columns[0]), OUTPUT_ALL};

static void put_entry(struct outputs *outputs, const struct list_entry *entry)
{
	const struct provenance *from = &entry->from;

	for (uint64_t host = entry->range.first.host; host <= entry->range.last.host;) {
		struct prefix prefix =
			prefix_largest((struct ip4){(uint32_t)host}, entry->range.last);
		const struct output_value values[] = {
			value_prefix(prefix),
			value_text(from->cc),
			value_text(from->registry),
			value_text(from->status),
			value_text(from->date),
			value_text(from->serial),
			value_text(from->source),
			value_text(from->sha256),
			value_text(entry->label),
		};
		outputs_row(outputs, &kind, values);
		host += prefix_count(prefix);
	}
}

/* "FORMAT:FILE": for programs. */
static int write_records(const struct target_list *list, const char *place, struct diag *why)
{
	struct outputs *outputs = outputs_create(false);
	int r = outputs_add(outputs, place, why);

	if (r < 0) {
		outputs_abandon(outputs);
		return r;
	}
	outputs_declare(outputs, &kind);
	for (size_t i = 0; i < list->count; i++)
		put_entry(outputs, &list->entries[i]);
	return outputs_finish(outputs, why);
}

static bool names_format(const char *file)
{
	static const char *const formats[] = {"csv:", "jsonl:", "table:"};

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strncmp(file, formats[i], strlen(formats[i])) == 0)
			return true;
	return false;
}

static int write_list(const struct target_list *list, const char *file, struct diag *why)
{
	*why = (struct diag){.line = 0};
	if (file && names_format(file))
		return write_records(list, file, why);
	if (file && strcmp(file, "-") != 0)
		return write_file(list, file, why);
	if (output_spare_fd(STDOUT_FILENO, "standard output", why) < 0)
		return -EINVAL;
	print_list(list, stdout);
	if (fflush(stdout) != 0)
		return diag_set(why, "standard output cannot be written: %s", strerror(errno));
	return 0;
}

static int run_list(char **arguments, size_t count, const char *delegated, const char *output)
{
	struct target_list list;
	struct diag why = {.line = 0};

	if (count == 0) {
		usage(stderr);
		return EXIT_TROUBLE;
	}
	int r = gather_all(arguments, count, delegated, &list, &why);
	if (r < 0)
		return complain(&why);
	if (list.count == 0)
		r = diag_set(&why, "nothing is left of what was named");
	else
		r = write_list(&list, output, &why);
	list_finish(&list);
	return r < 0 ? complain(&why) : EXIT_ANSWERED;
}

/* Which file it was read from, and what a person called it, is no change. */
static void forget_file(struct target_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct list_entry *e = &list->entries[i];
		*e->from.source = *e->from.serial = *e->from.sha256 = *e->label = '\0';
	}
	list_tidy(list);
}

/* Both are sorted: what only one of them has, with - or +. Returns how many. */
static size_t print_difference(const struct target_list *old, const struct target_list *new)
{
	size_t differences = 0;
	size_t i = 0;
	size_t j = 0;

	while (i < old->count || j < new->count) {
		int by = i == old->count   ? 1
			 : j == new->count ? -1
					   : list_entry_order(&old->entries[i], &new->entries[j]);
		if (by < 0)
			list_entry_print(&old->entries[i], "- ", stdout);
		else if (by > 0)
			list_entry_print(&new->entries[j], "+ ", stdout);
		i += by <= 0;
		j += by >= 0;
		differences += by != 0;
	}
	return differences;
}

static int run_diff(char **arguments, size_t count, const char *delegated)
{
	struct target_list lists[2];
	struct diag why = {.line = 0};

	if (count != 2) {
		fputs("lightsout: targets diff takes OLD and NEW\n", stderr);
		return EXIT_TROUBLE;
	}
	for (size_t i = 0; i < 2; i++) {
		if (gather_all(&arguments[i], 1, delegated, &lists[i], &why) < 0) {
			if (i > 0)
				list_finish(&lists[0]);
			return complain(&why);
		}
		forget_file(&lists[i]);
	}
	size_t differences = print_difference(&lists[0], &lists[1]);
	list_finish(&lists[0]);
	list_finish(&lists[1]);
	if (fflush(stdout) != 0) {
		diag_set(&why, "standard output cannot be written: %s", strerror(errno));
		return complain(&why);
	}
	return differences ? EXIT_NO_ANSWER : EXIT_ANSWERED;
}

static const struct option options[] = {
	{"delegated", required_argument, NULL, 'd'},
	{"file", required_argument, NULL, 'f'},
	{"output", required_argument, NULL, 'o'},
	{"help", no_argument, NULL, 'h'},
	{NULL, 0, NULL, 0},
};

/* "-f FILE" is the argument "@FILE", in its place among the others. */
static char *file_argument(const char *file)
{
	size_t size = strlen(file) + 2;
	char *text = mem_zeroed(size, 1);

	snprintf(text, size, "@%s", file);
	return text;
}

int command_targets(int argc, char **argv)
{
	const char *delegated = NULL;
	const char *output = NULL;
	bool diff = argc > 1 && strcmp(argv[1], "diff") == 0;
	char **arguments = mem_zeroed((size_t)argc, sizeof(*arguments));
	size_t count = 0;
	int status = -1;
	int c;

	/* '-' first: arguments come in their place, as option 1. */
	while (status < 0 && (c = command_option(argc, argv, "-f:o:h", options, NULL)) != -1) {
		if (c == 1 && !(diff && optind == 2))
			arguments[count++] = mem_text(optarg);
		else if (c == 'd')
			delegated = optarg;
		else if (c == 'f')
			arguments[count++] = file_argument(optarg);
		else if (c == 'o')
			output = optarg;
		else if (c == 'h')
			status = EXIT_ANSWERED;
		else if (c == '?')
			status = EXIT_TROUBLE;
	}
	for (int i = optind; status < 0 && i < argc; i++) /* behind "--" */
		arguments[count++] = mem_text(argv[i]);
	if (status == EXIT_ANSWERED)
		usage(stdout);
	else if (status < 0)
		status = diff ? run_diff(arguments, count, delegated)
			      : run_list(arguments, count, delegated, output);
	for (size_t i = 0; i < count; i++)
		free(arguments[i]);
	free(arguments);
	return status;
}
