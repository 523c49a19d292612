/*
 * The journal's text: a line a thing, what may hold blanks last on its line.
 *
 *	lightsout-told 1 RUN EPOCH NEXT SEEN
 *	block PREFIX STATE SINCE OPEN
 *	vantage SIGHT OPEN NAME
 *	cause NUMBER OUTAGE
 *	event NUMBER OWED JSON
 *	end LINES
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "live/told/journal.h"

enum { VERSION = 1, FIELDS_MOST = 6 };

char *journal_print(const struct told *told, size_t *ret_len)
{
	char prefix[ADDRESS_TEXT_SIZE];
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		abort();
	fprintf(out, "lightsout-told %d %s %s %" PRIu64 " %" PRId64 "\n", VERSION, told->run,
		*told->epoch ? told->epoch : "-", told->next, told->seen.ns);
	for (size_t i = 0; i < told->block_count; i++) {
		const struct told_block *b = &told->blocks[i];
		prefix_format(b->prefix, prefix);
		fprintf(out, "block %s %s %" PRId64 " %d\n", prefix, block_state_name(b->state),
			b->since.ns, b->open);
	}
	for (size_t i = 0; i < told->vantage_count; i++)
		fprintf(out, "vantage %s %d %s\n", told_sight_name(told->vantages[i].sight),
			told->vantages[i].open, told->vantages[i].name);
	for (size_t i = 0; i < told->cause_count; i++)
		fprintf(out, "cause %d %s\n", told->causes[i].cause, told->causes[i].outage);
	for (size_t i = 0; i < told->event_count; i++)
		fprintf(out, "event %" PRIu64 " %u %s\n", told->events[i].number,
			told->events[i].owed, told->events[i].json);
	fprintf(out, "end %zu\n",
		told->block_count + told->vantage_count + told->cause_count + told->event_count);
	fclose(out);
	return text;
}

/* Cut a line at its first blanks: `count` fields, the last is the rest. */
static bool cut(char *line, char *fields[FIELDS_MOST], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!line)
			return false;
		fields[i] = i + 1 < count ? strsep(&line, " ") : line;
		if (!*fields[i])
			return false;
	}
	return true;
}

static bool read_flag(const char *text, bool *ret)
{
	*ret = text[0] == '1';
	return (text[0] == '0' || text[0] == '1') && !text[1];
}

static bool read_block(struct told *told, char *rest)
{
	char *f[FIELDS_MOST];
	struct prefix prefix;
	struct told_block b;
	unsigned s = BLOCK_UP;

	if (!cut(rest, f, 4) || !prefix_parse(f[0], &prefix) || !text_i64(f[2], &b.since.ns) ||
		!read_flag(f[3], &b.open))
		return false;
	while (s <= BLOCK_UNKNOWN && strcmp(f[1], block_state_name((enum block_state)s)) != 0)
		s++;
	if (s > BLOCK_UNKNOWN)
		return false;
	b.prefix = prefix;
	b.state = (enum block_state)s;
	*told_block_of(told, prefix) = b;
	return true;
}

static bool read_vantage(struct told *told, char *rest)
{
	char *f[FIELDS_MOST];
	unsigned s = SIGHT_SEES;
	bool open;

	if (!cut(rest, f, 3) || !read_flag(f[1], &open) || strlen(f[2]) >= VANTAGE_SIZE)
		return false;
	while (s <= SIGHT_LATE && strcmp(f[0], told_sight_name((enum told_sight)s)) != 0)
		s++;
	if (s > SIGHT_LATE)
		return false;
	struct told_vantage *vantage = told_vantage_of(told, f[2]);
	vantage->sight = (enum told_sight)s;
	vantage->open = open;
	return true;
}

static bool read_cause(struct told *told, char *rest)
{
	char *f[FIELDS_MOST];
	uint64_t cause;

	if (!cut(rest, f, 2) || !text_u64(f[0], CAUSE_UNDETERMINED, &cause) ||
		strlen(f[1]) >= OUTAGE_ID_SIZE || told->cause_count == TOLD_CAUSES_MOST)
		return false;
	told_cause_add(told, f[1], (int)cause);
	return true;
}

static bool read_event(struct told *told, char *rest)
{
	const uint64_t before = told->next;
	char *f[FIELDS_MOST];
	uint64_t number, owed;

	if (!cut(rest, f, 3) || !text_u64(f[0], before - 1, &number) ||
		!text_u64(f[1], (1U << TOLD_CHANNELS) - 1, &owed) || f[2][0] != '{' ||
		told->event_count == TOLD_EVENTS_MOST ||
		(told->event_count && number <= told->events[told->event_count - 1].number))
		return false;
	told->next = number;
	told_owe(told, (unsigned)owed, mem_text(f[2]));
	told->next = before;
	return true;
}

static bool read_head(struct told *told, char *line)
{
	char *f[FIELDS_MOST];

	if (!cut(line, f, 6) || strcmp(f[0], "lightsout-told") != 0 || strcmp(f[1], "1") != 0 ||
		strlen(f[2]) != sizeof(told->run) - 1 || strlen(f[3]) >= EPOCH_SIZE ||
		!text_u64(f[4], UINT64_MAX, &told->next) || told->next == 0 ||
		!text_i64(f[5], &told->seen.ns))
		return false;
	strcpy(told->run, f[2]);
	strcpy(told->epoch, strcmp(f[3], "-") == 0 ? "" : f[3]);
	return true;
}

static bool read_line(struct told *told, char *line)
{
	static const struct {
		const char *word;
		bool (*read)(struct told *told, char *rest);
	} kinds[] = {{"block", read_block}, {"vantage", read_vantage}, {"cause", read_cause},
		{"event", read_event}};
	char *word = strsep(&line, " ");

	for (size_t i = 0; line && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(word, kinds[i].word) == 0)
			return kinds[i].read(told, line);
	return false;
}

int journal_read(const char *text, size_t len, struct told *told, struct diag *why)
{
	char *copy = mem_zeroed(len + 1, 1);
	char *at = copy;
	char last[32];
	size_t lines = 0;
	bool good, ended = false;

	memcpy(copy, text, len);
	told_init(told, 0);
	good = strlen(copy) == len && len && copy[len - 1] == '\n' &&
	       read_head(told, strsep(&at, "\n"));
	why->line = 1;
	while (good && at && *at && !ended) {
		char *line = strsep(&at, "\n");
		snprintf(last, sizeof(last), "end %zu", lines++);
		why->line++;
		ended = strcmp(line, last) == 0;
		good = ended ? !*at : read_line(told, line);
	}
	free(copy);
	if (good && ended)
		return 0;
	told_finish(told);
	diag_set(why,
		"this is no journal of messages sent, expected one as lightsout serve writes it");
	return -EBADMSG;
}
