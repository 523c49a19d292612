/*
 * Plays a scenario: the prober's deciding code against a world that a text file
 * describes, in virtual time. Exits 0 if all that the script expects came true,
 * 1 if not, 99 if the script is wrong. The language: README.md beside this.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tests/scenario/events.h"
#include "tests/scenario/expect.h"

/* A scenario that plays longer than this does not end. */
#define MOST_NS (30 * 86400 * NS_PER_S)
/* So many steps without time going on are a loop. */
enum { MOST_STEPS = 100000000 };

struct event {
	int64_t at_ns;
	struct cursor cursor; /* behind the time */
};

struct player {
	struct script script;
	struct play play;
	struct event *events; /* owned; by time */
	size_t event_count, event_capacity, next_event;
	int64_t until_ns;
	struct wall begin;
};

static void add_event(struct player *p, int64_t at_ns, const struct cursor *c)
{
	p->events = mem_grow(p->events, &p->event_capacity, p->event_count + 1, sizeof(*p->events));
	size_t i = p->event_count++;
	for (; i > 0 && p->events[i - 1].at_ns > at_ns; i--)
		p->events[i] = p->events[i - 1];
	p->events[i] = (struct event){at_ns, *c};
}

static void read_line(struct player *p, const struct line *line)
{
	struct cursor c = {line, 0};

	if (cursor_is(&c, "at")) {
		int64_t at = cursor_duration(&c);
		add_event(p, at, &c);
	} else if (cursor_is(&c, "host") || cursor_is(&c, "path") || cursor_is(&c, "no")) {
		c.at--;
		event_apply(&p->play, &c);
	} else if (cursor_is(&c, "set")) {
		event_set(&p->play, cursor_word(&c), &c);
	} else if (cursor_is(&c, "targets")) {
		event_set(&p->play, "targets", &c);
	} else if (cursor_is(&c, "anchors")) {
		event_set(&p->play, "anchors", &c);
	} else if (cursor_is(&c, "blocked")) {
		event_blocked(&p->play, &c);
	} else if (cursor_is(&c, "scheduled")) {
		p->play.mode = PLAY_SCHEDULED;
	} else if (cursor_is(&c, "by") && cursor_is(&c, "hand")) {
		p->play.mode = PLAY_BY_HAND;
	} else if (cursor_is(&c, "until")) {
		p->until_ns = cursor_duration(&c);
	} else if (cursor_is(&c, "begin")) {
		const char *text = cursor_word(&c);
		if (!wall_parse(text, &p->begin))
			script_wrong(line, "'%s' is no time", text);
	} else if (!cursor_is(&c, "expect")) {
		script_wrong(line, "what is '%s'?", cursor_word(&c));
	}
}

static void apply_events(struct player *p)
{
	struct world *world = &p->play.world;

	while (p->next_event < p->event_count &&
		p->events[p->next_event].at_ns <= mono_since(world->now, p->play.start)) {
		event_apply(&p->play, &p->events[p->next_event++].cursor);
		world_arrive(world);
	}
}

static struct mono next_event(const struct player *p)
{
	return p->next_event < p->event_count
		       ? mono_after(p->play.start, p->events[p->next_event].at_ns)
		       : MONO_NEVER;
}

static void run(struct player *p)
{
	struct play *play = &p->play;
	struct world *world = &play->world;

	for (int steps = 0; steps < MOST_STEPS; steps++) {
		world_arrive(world);
		apply_events(p);
		struct mono wake = play->stopped_until;
		if (wake.ns <= world->now.ns)
			wake = play_step(play);
		int64_t elapsed = mono_since(world->now, play->start);
		if ((p->next_event == p->event_count && runs_done(&play->runs)) ||
			(p->until_ns && elapsed >= p->until_ns))
			return;
		if (elapsed > MOST_NS)
			break;
		wake = mono_min(wake, mono_min(world_next(world), next_event(p)));
		world->now = wake.ns > world->now.ns ? wake : mono_after(world->now, NS_PER_US);
	}
	fprintf(stderr, "%s: does not end\n", p->script.lines[0].file);
	exit(1);
}

static void resolve_targets(struct player *p, const char *file)
{
	struct diag why = {0};

	if (play_resolve(&p->play, &p->play.set, &why) < 0) {
		fprintf(stderr, "%s: %s\n", file, why.text);
		exit(2);
	}
}

static void prepare(struct player *p, const char *file)
{

	settings_init(&p->play.settings);
	wall_parse("2026-01-01T00:00:00Z", &p->begin);
	world_init(&p->play.world, p->begin);
	script_read(file, &p->script);
	for (size_t i = 0; i < p->script.count; i++)
		read_line(p, &p->script.lines[i]);
	p->play.world.wall_base = wall_after(p->begin, -p->play.world.now.ns);
	resolve_targets(p, file);
	play_prepare(&p->play);
}

/* For whoever writes a scenario: what came, sweep by sweep. */
static void tell(const struct play *play)
{
	static const char *const what[] = {"", "full", "watch", "zoom"};

	for (size_t i = 0; i < play->ended_count; i++) {
		const struct ended *ended = &play->ended[i];
		char flags[FLAGS_TEXT_SIZE];
		flags_format(ended->sweep.info.flags, flags);
		printf("%3zu %s %.3fs to %.3fs %s %s\n", (size_t)ended->sweep.info.sweep,
			what[ended->what], (double)mono_since(ended->began, play->start) / 1e9,
			(double)mono_since(ended->ended, play->start) / 1e9,
			ended->sweep.info.counts, flags);
	}
}

int main(int argc, char **argv)
{
	struct player p = {0};
	bool kept = true;
	size_t expectations = 0;

	if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "-v") != 0)) {
		fprintf(stderr, "usage: player SCENARIO [-v]\n");
		return 2;
	}
	prepare(&p, argv[1]);
	run(&p);
	if (argc == 3)
		tell(&p.play);
	for (size_t i = 0; i < p.script.count; i++) {
		struct cursor c = {&p.script.lines[i], 0};
		if (!cursor_is(&c, "expect"))
			continue;
		kept &= expect_check(&p.play, &c);
		expectations++;
	}
	if (expectations == 0) {
		fprintf(stderr, "%s: expects nothing\n", argv[1]);
		kept = false;
	}
	play_finish(&p.play);
	free(p.events);
	script_finish(&p.script);
	return kept ? 0 : 1;
}
