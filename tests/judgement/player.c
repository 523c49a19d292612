/*
 * Plays a judgement scenario: a history that a text file tells in a few lines, judged by what
 * analysis/judge.h offers. Exits 0 if all that the script expects came true, 1 if not, 99 if
 * the script is wrong. The language: README.md beside this.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/judgement/expect.h"
#include "tests/judgement/history.h"
#include "tests/judgement/sweeps.h"

/* Whether a scenario may fail says nothing of a program that crashes. */
static void crashed(int signal)
{
	(void)signal;
	_exit(SCRIPT_WRONG);
}

static void read_history(struct world *world, const struct script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		struct cursor c = {&script->lines[i], 0};
		if (i == 0 && cursor_is(&c, "wanted"))
			continue;
		if (cursor_is(&c, "at") || cursor_is(&c, "as") || cursor_is(&c, "expect"))
			continue;
		if (!history_declare(world, &c))
			script_wrong(c.line, "what is '%s'?", cursor_word(&c));
	}
	if (world->schedule_count == 0 || world->end_ns == 0) {
		fprintf(stderr, "%s: expected lines that say: asked every, until\n",
			script->lines[0].file);
		exit(SCRIPT_WRONG);
	}
	history_settle(world);
	for (size_t i = 0; i < script->count; i++) {
		struct cursor c = {&script->lines[i], 0};
		if (cursor_is(&c, "at"))
			history_happens(world, &c);
	}
	history_settle(world);
}

/* "expect ...", or "as of TIME expect ...". */
static bool is_expectation(struct cursor *c, int64_t *ret_as_of_ns)
{
	*ret_as_of_ns = NEVER_NS;
	if (cursor_is(c, "as")) {
		if (!cursor_is(c, "of"))
			script_wrong(c->line, "expected: as of TIME expect");
		*ret_as_of_ns = words_time(c);
		if (!cursor_is(c, "expect"))
			script_wrong(c->line, "expected: as of TIME expect");
		return true;
	}
	return cursor_is(c, "expect");
}

static void tell_routes(const struct world *world, int64_t as_of_ns, struct judged *ret)
{
	struct heard heard = world->heard;
	int64_t until_ns = as_of_ns == NEVER_NS ? NEVER_NS : HISTORY_START_NS + as_of_ns;

	if (heard.end.ns > until_ns)
		heard.end.ns = until_ns;
	if (world->heard.end.ns)
		judged_heard(ret, &heard);
	for (size_t i = 0; i < world->route_count; i++)
		if (world->routes[i].at.ns <= until_ns)
			judged_route(ret, &world->routes[i]);
}

/* The judgement of all sweeps that had ended by then. */
static void judge_world(const struct world *world, int64_t as_of_ns, struct judged *ret)
{
	const struct sweep *sweep;
	struct sweeps sweeps;

	judged_begin(ret, world->targets, world->target_count, HISTORY_START_NS);
	sweeps_begin(&sweeps, world);
	while ((sweep = sweeps_next(&sweeps)))
		if (as_of_ns == NEVER_NS || sweep->info.end.ns - HISTORY_START_NS <= as_of_ns)
			judged_sweep(ret, sweep);
	sweeps_finish(&sweeps);
	tell_routes(world, as_of_ns, ret);
	judged_end(ret);
}

/* All lines that expect something as of one time, from line `first` on, which is one. */
static bool check_as_of(const struct world *world, const struct script *script, size_t first,
	int64_t as_of_ns, bool tell)
{
	const char *file = script->lines[0].file;
	struct judged judged;
	int64_t other_ns;

	judge_world(world, as_of_ns, &judged);
	if (tell) {
		expect_tell_rows(&judged, NULL);
		expect_tell_outages(&judged);
	}
	bool kept = expect_always(world, &judged, file);
	for (size_t i = first; i < script->count; i++) {
		struct cursor c = {&script->lines[i], 0};
		if (is_expectation(&c, &other_ns) && other_ns == as_of_ns)
			kept &= expect_check(world, &judged, &c);
	}
	judged_finish(&judged);
	return kept;
}

int main(int argc, char **argv)
{
	struct world world = {0};
	struct script script;
	bool kept = true;
	size_t expectations = 0;

	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "-v") != 0)) {
		fprintf(stderr, "usage: player SCENARIO [-v]\n");
		return SCRIPT_WRONG;
	}
	signal(SIGABRT, crashed);
	signal(SIGSEGV, crashed);
	script_read(argv[1], &script);
	read_history(&world, &script);
	for (size_t i = 0; i < script.count; i++) {
		struct cursor c = {&script.lines[i], 0};
		int64_t as_of_ns;
		int64_t before_ns;
		bool first = true;
		if (!is_expectation(&c, &as_of_ns))
			continue;
		expectations++;
		for (size_t k = 0; k < i && first; k++) {
			struct cursor other = {&script.lines[k], 0};
			first = !is_expectation(&other, &before_ns) || before_ns != as_of_ns;
		}
		if (first)
			kept &= check_as_of(&world, &script, i, as_of_ns, argc == 3);
	}
	if (expectations == 0) {
		fprintf(stderr, "%s: expects nothing\n", argv[1]);
		return SCRIPT_WRONG;
	}
	world_finish(&world);
	script_finish(&script);
	return kept ? 0 : 1;
}
