/* What is expected of one outage. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/judgement/expect.h"

enum { BLOCKS_MOST = 16 };

void expect_tell_outages(const struct judged *judged)
{
	char text[4][TIME_TEXT_SIZE];
	char name[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < judged->outage_count; i++) {
		const struct judged_outage *o = &judged->outages[i];
		fprintf(stderr, "  %s from [%s, %s] ", o->id, expect_time(o->start_low_ns, text[0]),
			expect_time(o->start_high_ns, text[1]));
		if (o->over)
			fprintf(stderr, "until [%s, %s]", expect_time(o->end_low_ns, text[2]),
				expect_time(o->end_high_ns, text[3]));
		else
			fputs("lasts", stderr);
		fprintf(stderr, " %s %s %s machines %zu of %zu fraction %.3f flaps %.0f\n   ",
			o->extent, o->stage, o->cause, o->machines_affected, o->machines,
			o->fraction_lost, o->flaps);
		for (size_t k = 0; k < o->block_count && k < BLOCKS_MOST; k++) {
			prefix_format(o->blocks[k], name);
			fprintf(stderr, " %s", name);
		}
		for (size_t k = 0; k < o->cause_count; k++)
			fprintf(stderr, " %s %.4f", o->p[k].name, o->p[k].value);
		for (size_t k = 0; k < o->term_count; k++)
			if (o->terms[k].value != 0)
				fprintf(stderr, " %s:%+.2f", o->terms[k].name, o->terms[k].value);
		fprintf(stderr, " episode %s\n", o->episode);
	}
}

static bool outage_differs(const struct cursor *c, const struct judged *judged, const char *what)
{
	expect_failed(c, "%s:", what);
	expect_tell_outages(judged);
	return false;
}

/* Which blocks: PREFIX and PREFIX..., or all. */
struct wanted_blocks {
	struct prefix blocks[BLOCKS_MOST];
	size_t count; /* 0: all */
};

static struct wanted_blocks take_blocks(struct cursor *c)
{
	struct wanted_blocks wanted = {.count = 0};

	if (!cursor_is(c, "of"))
		script_wrong(c->line, "expected: outage of PREFIX, or of all");
	if (cursor_is(c, "all"))
		return wanted;
	do {
		if (wanted.count == BLOCKS_MOST)
			script_wrong(c->line, "more than %d blocks", BLOCKS_MOST);
		wanted.blocks[wanted.count++] = words_prefix(c);
	} while (cursor_is(c, "and"));
	return wanted;
}

static bool are_blocks(const struct judged_outage *o, const struct wanted_blocks *wanted)
{
	if (wanted->count == 0)
		return strcmp(o->extent, "country") == 0;
	if (o->block_count != wanted->count)
		return false;
	for (size_t i = 0; i < wanted->count; i++) {
		bool met = false;
		for (size_t k = 0; k < o->block_count; k++)
			met |= o->blocks[k].base.host == wanted->blocks[i].base.host &&
			       o->blocks[k].len == wanted->blocks[i].len;
		if (!met)
			return false;
	}
	return true;
}

static const struct judged_outage *find_outage(
	const struct judged *judged, const struct wanted_blocks *wanted, struct edge from)
{
	const struct judged_outage *best = NULL;
	int64_t best_ns = NEVER_NS;

	for (size_t i = 0; i < judged->outage_count; i++) {
		const struct judged_outage *o = &judged->outages[i];
		int64_t middle_ns = o->start_low_ns / 2 + o->start_high_ns / 2;
		int64_t off_ns = llabs(middle_ns - from.from_ns);
		if (!are_blocks(o, wanted) || off_ns >= best_ns)
			continue;
		best = o;
		best_ns = off_ns;
	}
	return best;
}

static double share_of(
	const struct judged_share *shares, size_t count, const char *name, const struct cursor *c)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(shares[i].name, name) == 0)
			return shares[i].value;
	script_wrong(c->line, "there is no '%s'", name);
}

/* p [CAUSE] OP NUMBER */
static bool check_p(const struct judged_outage *o, struct cursor *c)
{
	const char *name = o->cause;

	if (!cursor_end(c) && strchr("<>=", c->line->words[c->at][0]) == NULL)
		name = cursor_word(c);
	else if (strcmp(name, "undetermined") == 0)
		return false;
	return expect_compare(c, share_of(o->p, o->cause_count, name, c));
}

/* evidence TERM [OP NUMBER]: it says something; no evidence TERM: nothing */
static bool check_evidence(const struct judged_outage *o, struct cursor *c)
{
	double nats = share_of(o->terms, o->term_count, cursor_word(c), c);

	if (cursor_end(c) || strcmp(c->line->words[c->at], ",") == 0)
		return nats != 0;
	return expect_compare(c, nats);
}

static bool check_one(const struct judged_outage *o, struct cursor *c)
{
	if (cursor_is(c, "p"))
		return check_p(o, c);
	if (cursor_is(c, "evidence"))
		return check_evidence(o, c);
	if (cursor_is(c, "extent"))
		return strcmp(cursor_word(c), o->extent) == 0;
	if (cursor_is(c, "machines"))
		return expect_compare(c, (double)o->machines_affected);
	if (cursor_is(c, "known"))
		return expect_compare(c, (double)o->machines);
	if (cursor_is(c, "fraction"))
		return expect_compare(c, o->fraction_lost);
	if (cursor_is(c, "flaps"))
		return expect_compare(c, o->flaps);
	if (cursor_is(c, "stage"))
		return strcmp(cursor_word(c), o->stage) == 0;
	if (cursor_is(c, "wide")) { /* the onset's interval, seconds */
		return expect_compare(c, (double)(o->start_high_ns - o->start_low_ns) / 1e9);
	}
	if (cursor_is(c, "no")) {
		if (!cursor_is(c, "evidence"))
			script_wrong(c->line, "expected: no evidence TERM");
		return share_of(o->terms, o->term_count, cursor_word(c), c) == 0;
	}
	if (cursor_is(c, "not"))
		return strcmp(cursor_word(c), o->cause) != 0;
	const char *cause = cursor_word(c);
	if (strcmp(cause, "undetermined") != 0)
		share_of(o->p, o->cause_count, cause, c);
	return strcmp(cause, o->cause) == 0;
}

static bool has_sign_of_power(const struct judged_outage *o)
{
	static const char *const signs[] = {"reboots", "border", "unreachable"};

	for (size_t i = 0; i < o->term_count; i++)
		for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
			if (strcmp(o->terms[i].name, signs[k]) == 0 && o->terms[i].value > 0)
				return true;
	return false;
}

/* power only with a sign of it: a restart, a border router that answered, errors from inside */
bool expect_power_sign(const struct judged *judged, struct cursor *c)
{
	if (!cursor_is(c, "only") || !cursor_is(c, "with") || !cursor_is(c, "a") ||
		!cursor_is(c, "sign") || !cursor_is(c, "of") || !cursor_is(c, "it"))
		script_wrong(c->line, "expected: power only with a sign of it");
	for (size_t i = 0; i < judged->outage_count; i++)
		if (strcmp(judged->outages[i].cause, "power_loss") == 0 &&
			!has_sign_of_power(&judged->outages[i]))
			return outage_differs(c, judged, "power without one");
	return true;
}

/* outage of BLOCKS from EDGE until EDGE|lasts[, WHAT]... */
bool expect_outage(const struct world *world, const struct judged *judged, struct cursor *c)
{
	struct wanted_blocks wanted = take_blocks(c);

	if (!cursor_is(c, "from"))
		script_wrong(c->line, "expected: from TIME");
	struct edge from = expect_edge(c);
	const struct judged_outage *o = find_outage(judged, &wanted, from);
	if (!o)
		return outage_differs(c, judged, "no outage of these blocks");
	if (!edge_met(world, from, o->start_low_ns, o->start_high_ns))
		return outage_differs(c, judged, "another beginning");
	if (cursor_is(c, "lasts")) {
		if (o->over)
			return outage_differs(c, judged, "an end");
	} else if (cursor_is(c, "until")) {
		struct edge until = expect_edge(c);
		if (!o->over || !edge_met(world, until, o->end_low_ns, o->end_high_ns))
			return outage_differs(c, judged, "another end");
	} else {
		script_wrong(c->line, "expected: until TIME, or lasts");
	}
	while (words_more(c)) {
		const char *what = cursor_end(c) ? "" : c->line->words[c->at];
		if (!check_one(o, c))
			return outage_differs(c, judged, what);
	}
	return true;
}
