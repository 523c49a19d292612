/* What is expected of one block's rows, and of all. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/judgement/expect.h"

/* What is worth a row: a block that is silent so long is not up. */
#define ROW_NS (180 * NS_PER_S)

static bool same_prefix(struct prefix a, struct prefix b)
{
	return a.base.host == b.base.host && a.len == b.len;
}

void expect_tell_rows(const struct judged *judged, const struct prefix *block)
{
	char low[TIME_TEXT_SIZE];
	char start[TIME_TEXT_SIZE];
	char end[TIME_TEXT_SIZE];
	char name[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < judged->row_count; i++) {
		const struct judged_row *r = &judged->rows[i];
		if (block && !same_prefix(*block, r->block))
			continue;
		prefix_format(r->block, name);
		fprintf(stderr,
			"  %s [%s, %s] to %s %s %s belief %.4f fraction_up %.3f machines %zu %s\n",
			name, expect_time(r->low_ns, low), expect_time(r->start_ns, start),
			expect_time(r->end_ns, end), r->state, r->reason, r->belief, r->fraction_up,
			r->machines, r->outage);
	}
}

/* The rows of one block, walked in order. */
struct walk {
	const struct judged *judged;
	struct prefix block;
	size_t at;
};

static const struct judged_row *walk_row(struct walk *walk)
{
	while (walk->at < walk->judged->row_count &&
		!same_prefix(walk->judged->rows[walk->at].block, walk->block))
		walk->at++;
	return walk->at < walk->judged->row_count ? &walk->judged->rows[walk->at] : NULL;
}

static bool is_reason(const char *word)
{
	static const char *const reasons[] = {"never_answered", "learning", "unsent",
		"capture_drop", "anchors_down", "unproven", "no_sweep", "box", "machines", "loss"};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(word, reasons[i]) == 0)
			return true;
	return false;
}

struct wanted_state {
	const char *state, *reason; /* NULL: any */
};

static struct wanted_state take_state(struct cursor *c)
{
	struct wanted_state wanted = {cursor_word(c), NULL};

	if (strcmp(wanted.state, "up") != 0 && strcmp(wanted.state, "down") != 0 &&
		strcmp(wanted.state, "degraded") != 0 && strcmp(wanted.state, "unknown") != 0)
		script_wrong(c->line, "'%s', expected up, degraded, down or unknown", wanted.state);
	if (!cursor_end(c) && is_reason(c->line->words[c->at]))
		wanted.reason = cursor_word(c);
	return wanted;
}

static bool is_state(const struct judged_row *row, struct wanted_state wanted)
{
	return strcmp(row->state, wanted.state) == 0 &&
	       (!wanted.reason || strcmp(row->reason, wanted.reason) == 0);
}

static bool rows_differ(const struct cursor *c, const struct walk *walk)
{
	expect_failed(c, "other rows:");
	expect_tell_rows(walk->judged, &walk->block);
	return false;
}

/* STATE [REASON] until EDGE, STATE ... to the end */
static bool expect_states(const struct world *world, struct walk *walk, struct cursor *c)
{
	const struct judged_row *row;
	bool first = true;

	do {
		struct wanted_state wanted = take_state(c);
		for (; first && (row = walk_row(walk)) && strcmp(row->state, "unknown") == 0 &&
			strcmp(wanted.state, "unknown") != 0;
			walk->at++)
			if (strcmp(row->reason, "learning") != 0 &&
				strcmp(row->reason, "never_answered") != 0)
				break;
		first = false;
		row = walk_row(walk);
		if (!row || !is_state(row, wanted))
			return rows_differ(c, walk);
		while ((row = walk_row(walk)) && is_state(row, wanted))
			walk->at++;
		if (cursor_is(c, "to") && cursor_is(c, "the") && cursor_is(c, "end"))
			return !row || rows_differ(c, walk);
		if (!cursor_is(c, "until"))
			script_wrong(c->line, "expected: until TIME, or: to the end");
		struct edge edge = expect_edge(c);
		if (!row || !edge_met(world, edge, row->low_ns, row->start_ns))
			return rows_differ(c, walk);
		if (cursor_end(c))
			return true;
	} while (words_more(c));
	return true;
}

/* at TIME STATE [REASON][, fraction_up|machines|belief OP NUMBER]... */
static bool expect_instant(struct walk *walk, struct cursor *c)
{
	int64_t at_ns = words_time(c);
	struct wanted_state wanted = take_state(c);
	const struct judged_row *row;

	while ((row = walk_row(walk)) && row->end_ns <= at_ns)
		walk->at++;
	if (!row || !is_state(row, wanted))
		return rows_differ(c, walk);
	while (words_more(c)) {
		double got = cursor_is(c, "fraction_up") ? row->fraction_up
			     : cursor_is(c, "machines")  ? (double)row->machines
			     : cursor_is(c, "belief")    ? row->belief
							 : (double)NAN;
		if (!expect_compare(c, got))
			return rows_differ(c, walk);
	}
	return true;
}

/* never STATE [REASON] [after TIME] [before TIME] */
static bool expect_never(struct walk *walk, struct cursor *c)
{
	struct wanted_state wanted = take_state(c);
	int64_t after_ns = cursor_is(c, "after") ? words_time(c) : INT64_MIN;
	int64_t before_ns = cursor_is(c, "before") ? words_time(c) : NEVER_NS;
	const struct judged_row *row;

	for (; (row = walk_row(walk)); walk->at++)
		if (row->end_ns > after_ns && row->start_ns < before_ns && is_state(row, wanted))
			return rows_differ(c, walk);
	return true;
}

bool expect_block(const struct world *world, const struct judged *judged, struct cursor *c)
{
	struct walk walk = {judged, words_prefix(c), 0};
	const struct judged_row *row;

	if (!walk_row(&walk))
		script_wrong(c->line, "there is no such block");
	if (cursor_is(c, "at"))
		return expect_instant(&walk, c);
	if (cursor_is(c, "never"))
		return expect_never(&walk, c);
	if (cursor_is(c, "from")) {
		int64_t from_ns = words_time(c);
		while ((row = walk_row(&walk)) && row->end_ns <= from_ns)
			walk.at++;
	}
	return expect_states(world, &walk, c);
}

/* --- what holds of every history --- */

static bool __attribute__((format(printf, 3, 4)))
broken(const char *file, const struct judged *judged, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: ", file);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs(":\n", stderr);
	expect_tell_rows(judged, NULL);
	expect_tell_outages(judged);
	return false;
}

static bool row_is_sane(const struct judged_row *row)
{
	bool silent = row->fraction_up == 0 && row->end_ns - row->start_ns >= ROW_NS;
	bool answered = strcmp(row->state, "up") == 0 || strcmp(row->state, "degraded") == 0;

	return row->end_ns > row->start_ns && row->low_ns <= row->start_ns &&
	       !(silent && answered) && !(row->belief < 0) && !(row->belief > 1);
}

static bool outage_is_sane(const struct judged_outage *o)
{
	double sum = 0;
	double terms = 0;

	for (size_t i = 0; i < o->cause_count; i++)
		sum += o->p[i].value;
	for (size_t i = 0; i < o->term_count; i++)
		terms += o->terms[i].value;
	bool edges = o->start_low_ns <= o->start_high_ns &&
		     (!o->over || (o->end_low_ns <= o->end_high_ns &&
					  o->start_low_ns <= o->end_high_ns));
	double odds = log(o->p[0].value / o->p[1].value);
	return edges && o->block_count > 0 && o->machines_affected <= o->machines &&
	       fabs(sum - 1) < 1e-9 && fabs(odds - terms) < 1e-6;
}

bool expect_always(const struct world *world, const struct judged *judged, const char *file)
{
	(void)world;
	for (size_t i = 0; i < judged->row_count; i++) {
		const struct judged_row *row = &judged->rows[i];
		bool first = i == 0 || !same_prefix(row->block, row[-1].block);
		bool last = i + 1 == judged->row_count || !same_prefix(row->block, row[1].block);
		if (!row_is_sane(row))
			return broken(file, judged, "a row contradicts itself");
		if ((first ? judged->start_ns : row[-1].end_ns) != row->start_ns ||
			(last && row->end_ns != judged->end_ns))
			return broken(file, judged, "rows do not tile");
	}
	for (size_t i = 0; i < judged->outage_count; i++)
		if (!outage_is_sane(&judged->outages[i]))
			return broken(file, judged, "an outage contradicts itself");
	return true;
}
