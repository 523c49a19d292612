#include "commands/check/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"

enum { MAP_WIDTH = 64, MAP_SIZE = 256, BOXES_TOLD = 16 };

/* Blue, orange and grey differ for colour-blind eyes too (Okabe and Ito). */
static const struct sign {
	const char *ascii, *utf8, *colour, *meaning;
} signs[CHECK_FINDINGS] = {
	[CHECK_NOT_ASKED] = {" ", " ", "", "not asked"},
	[CHECK_ECHO] = {"#", "█", "\033[38;5;32m", "answered"},
	[CHECK_TCP] = {"+", "▒", "\033[38;5;32m", "answered, but only tcp"},
	[CHECK_UNREACHABLE] = {"x", "×", "\033[38;5;172m", "unreachable"},
	[CHECK_SILENT] = {".", "·", "\033[38;5;244m", "silent"},
	[CHECK_UNMEASURED] = {"?", "?", "\033[1m", "not measured"},
};

/* A run of cells in one colour: one escape for all of it. */
static void put_cells(
	FILE *out, const enum check_finding *cells, size_t count, struct output_face face)
{
	while (count > 0 && cells[count - 1] == CHECK_NOT_ASKED)
		count--;
	for (size_t i = 0; i < count; i++) {
		const struct sign *sign = &signs[cells[i]];
		bool coloured = face.colour && *sign->colour;
		if (coloured && (i == 0 || cells[i] != cells[i - 1]))
			fputs(sign->colour, out);
		fputs(face.utf8 ? sign->utf8 : sign->ascii, out);
		if (coloured && (i + 1 == count || cells[i] != cells[i + 1]))
			fputs("\033[0m", out);
	}
	putc('\n', out);
}

static void put_block(FILE *out, const struct check *check, const struct check_block *block,
	struct output_face face)
{
	enum check_finding cells[MAP_SIZE] = {CHECK_NOT_ASKED};
	char prefix[ADDRESS_TEXT_SIZE];
	size_t answered = block->found[CHECK_ECHO] + block->found[CHECK_TCP];

	prefix_format(block->prefix, prefix);
	fprintf(out, "\n%s  %s  %zu of %zu answered\n", prefix, check_state_name(block->state),
		answered, block->count);
	if (block->found[CHECK_SILENT] == block->count)
		return;
	for (size_t i = block->first; i < block->first + block->count; i++)
		cells[check->addresses[i].address.host % MAP_SIZE] = check->addresses[i].finding;
	for (size_t row = 0; row < MAP_SIZE; row += MAP_WIDTH) {
		bool asked = false;
		for (size_t i = 0; i < MAP_WIDTH; i++)
			asked = asked || cells[row + i] != CHECK_NOT_ASKED;
		if (!asked)
			continue;
		fprintf(out, "%5s%-3zu ", ".", row);
		put_cells(out, cells + row, MAP_WIDTH, face);
	}
}

char *check_view_map(const void *ctx, struct output_face face)
{
	const struct check *check = ctx;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < check->block_count; i++)
		put_block(out, check, &check->blocks[i], face);
	fputc('\n', out);
	for (int i = CHECK_ECHO, any = 0; i < CHECK_FINDINGS; i++) {
		if (!check->found[i])
			continue;
		fprintf(out, "%s%s %s", any++ ? "   " : "    ",
			face.utf8 ? signs[i].utf8 : signs[i].ascii, signs[i].meaning);
	}
	fputc('\n', out);
	if (fclose(out) != 0)
		abort();
	return text;
}

/* "icmp;tcp:80" for people. */
static void put_methods(FILE *out, const char *methods)
{
	for (; *methods; methods++) {
		if (*methods == ';')
			fputs(", ", out);
		else
			putc(*methods, out);
	}
}

/* "2 packets sent": of one the word has no "s". Nothing where it was not measured. */
static void put_measured(
	FILE *out, const char *before, int64_t count, const char *word, const char *rest)
{
	if (count >= 0)
		fprintf(out, "%s%" PRId64 " %s%s%s", before, count, word,
			*word ? text_s((uint64_t)count) : "", rest);
}

static void put_addresses(FILE *out, const struct check *check)
{
	char source[ADDRESS_TEXT_SIZE];

	fprintf(out, "%zu address%s asked", check->address_count,
		check->address_count == 1 ? "" : "es");
	if (*check->info.methods) {
		fputs(" by ", out);
		put_methods(out, check->info.methods);
	}
	if (check->info.has_source) {
		ip4_format(check->info.source, source);
		fprintf(out, " from %s", source);
	}
	fprintf(out, ": %zu answered, %zu unreachable, %zu silent, %zu not measured",
		check->found[CHECK_ECHO] + check->found[CHECK_TCP], check->found[CHECK_UNREACHABLE],
		check->found[CHECK_SILENT], check->found[CHECK_UNMEASURED]);
	if (check->refused)
		fprintf(out, "; %zu not asked (blocklist or reserved)", check->refused);
	putc('\n', out);
}

/* Only what happened: most sweeps have no such line. */
static void put_oddities(FILE *out, const struct check *check)
{
	const char *between = "counted besides: ";

	for (int i = CHECK_ODDITIES; i < CHECK_COUNTS; i++) {
		if (check->counts[i] <= 0)
			continue;
		fprintf(out, "%s%" PRId64 " ", between, check->counts[i]);
		for (const char *c = check_count_name((enum check_count)i); *c; c++)
			putc(*c == '_' ? ' ' : *c, out);
		between = ", ";
	}
	if (*between == ',')
		putc('\n', out);
}

char *check_view_summary(const struct check *check)
{
	const struct sweep_info *info = &check->info;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	put_addresses(out, check);
	fprintf(out, "%zu probe%s planned", check->record_count, text_s(check->record_count));
	put_measured(out, "; ", info->sent, "packet", " sent");
	put_measured(out, ", ", check->counts[CHECK_COUNT_RETRIED], "",
		check->counts[CHECK_COUNT_RETRIED] == 1 ? "of them a retry" : "of them retries");
	put_measured(out, ", ", check->counts[CHECK_COUNT_LEFT], "", "seen leaving");
	if (check->counts[CHECK_COUNT_HELD_BACK] > 0)
		put_measured(out, ", ", check->counts[CHECK_COUNT_HELD_BACK], "first probe",
			" not sent (per_block_rate)");
	if (check->counts[CHECK_COUNT_RETRIES_HELD] > 0)
		put_measured(out, ", ", check->counts[CHECK_COUNT_RETRIES_HELD], "",
			check->counts[CHECK_COUNT_RETRIES_HELD] == 1
				? "retry not sent (per_block_rate)"
				: "retries not sent (per_block_rate)");
	put_measured(out, ", ", info->received, "answer", "");
	put_measured(out, ", ", info->capture_dropped, "", "dropped by the capture");
	if (info->send_errors > 0)
		put_measured(out, ", ", info->send_errors, "send error", "");
	if (info->anchors_probed > 0) {
		put_measured(out, ", ", info->anchors_up, "", "of ");
		fprintf(out, "%" PRId64 " anchor%s up", info->anchors_probed,
			text_s((uint64_t)info->anchors_probed));
	}
	fprintf(out, "; %.3f s\n", (double)wall_since(info->end, info->start) / 1e9);
	put_oddities(out, check);
	if (info->flags) {
		char flags[FLAGS_TEXT_SIZE];
		flags_format(info->flags, flags);
		fputs("flags: ", out);
		put_methods(out, flags);
		putc('\n', out);
	}
	if (fclose(out) != 0)
		abort();
	return text;
}

static void put_unanswered(FILE *out, const struct check *check)
{
	bool any = false;

	fputs("no answer from", out);
	for (size_t i = 0; i < check->argument_count; i++) {
		if (check->arguments[i].answered)
			continue;
		fprintf(out, "%s %s", any ? "," : "", check->arguments[i].text);
		any = true;
	}
}

static void put_unmeasured(FILE *out, const struct check *check)
{
	const char *between = "";

	if (check->found[CHECK_UNMEASURED]) {
		size_t missing = check->found[CHECK_UNMEASURED];
		fprintf(out, "%zu of %zu address%s %s not measured", missing, check->address_count,
			check->address_count == 1 ? "" : "es", missing == 1 ? "was" : "were");
		if (check->boxed)
			fprintf(out, " (for %zu a box may have answered)", check->boxed);
		between = "; ";
	}
	if (check->doubted) {
		char flags[FLAGS_TEXT_SIZE];
		flags_format(check->doubts, flags);
		fprintf(out, "%sthe silence of %zu is not proven", between, check->doubted);
		if (check->doubts == SWEEP_UNPROVEN) {
			fputs(": nothing beyond this host answered (anchors would tell)", out);
		} else {
			fputs(": ", out);
			put_methods(out, flags);
		}
		between = "; ";
	}
	for (size_t i = 0; i < check->argument_count; i++) {
		if (check->arguments[i].asked)
			continue;
		fprintf(out, "%snothing of %s may be asked (blocklist or reserved)", between,
			check->arguments[i].text);
		between = "; ";
	}
}

char *check_view_boxes(const struct check *check)
{
	char *text = NULL;
	size_t size = 0;
	size_t told = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (size_t i = 0; i < check->boxes.count; i++) {
		const struct box *box = &check->boxes.items[i].box;
		char words[BOX_TEXT_SIZE];
		if (box->why == BOX_NONE || told++ >= BOXES_TOLD)
			continue;
		box_format(box, words);
		fprintf(out, "lightsout: %s: a box may answer for them\n", words);
	}
	if (told > BOXES_TOLD)
		fprintf(out, "lightsout: %zu more box%s may answer for others\n",
			told - BOXES_TOLD, told - BOXES_TOLD == 1 ? "" : "es");
	if (fclose(out) != 0)
		abort();
	return text;
}

char *check_view_unsent(const struct check *check)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++)
		if (check->unsent[i] > 0)
			fprintf(out, "lightsout: %" PRId64 " probe%s not count: %s\n",
				check->unsent[i], check->unsent[i] == 1 ? " does" : "s do",
				unsent_words((enum unsent)i));
	if (fclose(out) != 0)
		abort();
	return text;
}

char *check_view_reason(const struct check *check)
{
	char *text = NULL;
	size_t size = 0;

	if (check->status != EXIT_NO_ANSWER && check->status != EXIT_UNMEASURED)
		return NULL;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort();
	if (check->status == EXIT_NO_ANSWER)
		put_unanswered(out, check);
	else
		put_unmeasured(out, check);
	if (fclose(out) != 0)
		abort();
	return text;
}
