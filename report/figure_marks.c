#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence/attribution.h"
#include "core/mem.h"
#include "report/figure_parts.h"
#include "report/words.h"

/* A bracket over the strips and what is written above it. */
struct mark {
	const struct outage *outage;
	int64_t duration_ns;
	double begin, end;
	bool cut_left, cut_right; /* it began before the panel, or goes on behind it */
};

/* A wide one has room to say between which instants its ends lie. */
enum { TEXTS = 3, MARK_TEXT_SIZE = 512 };

static struct wall middle_of(int64_t low_ns, int64_t high_ns)
{
	return (struct wall){low_ns / 2 + high_ns / 2};
}

static struct mark mark_of(const struct panel *panel, const struct outage *o, struct wall now)
{
	struct wall start = middle_of(o->start_low_ns, o->start_high_ns);
	struct wall end = o->end_high_ns ? middle_of(o->end_low_ns, o->end_high_ns) : now;

	return (struct mark){.outage = o,
		.duration_ns = wall_since(end, start),
		.begin = panel_x(panel, start),
		.end = panel_x(panel, end),
		.cut_left = start.ns<panel->from.ns, .cut_right = end.ns> panel->to.ns ||
			    o->end_high_ns == 0};
}

/* "power 0.99": the words of the page. */
static void cause_words(const struct outage *o, char *text, size_t size)
{
	static const char *const words[CAUSE_COUNT] = {[CAUSE_POWER] = "power",
		[CAUSE_UPSTREAM] = "line",
		[CAUSE_CONGESTION] = "congestion",
		[CAUSE_ROUTING] = "routing",
		[CAUSE_OTHER] = "other"};
	const struct verdict *v = &o->verdict;

	char p[WORDS_SIZE];

	if (v->cause >= CAUSE_COUNT)
		snprintf(text, size, "cause undetermined");
	else
		snprintf(text, size, "%s %s", words[v->cause],
			words_probability(v->p[v->cause], 2, p));
}

/* From the shortest to the longest. */
static void mark_texts(const struct mark *mark, char texts[TEXTS][MARK_TEXT_SIZE])
{
	const struct outage *o = mark->outage;
	char duration[WORDS_SIZE];
	char cause[64];
	char start[WORDS_SIZE];
	char end[WORDS_SIZE];

	words_duration(mark->duration_ns, duration);
	cause_words(o, cause, sizeof(cause));
	words_clock_between((struct wall){o->start_low_ns}, (struct wall){o->start_high_ns}, start);
	words_clock_between((struct wall){o->end_low_ns}, (struct wall){o->end_high_ns}, end);
	const char *least = o->end_high_ns ? "" : "\xe2\x89\xa5 ";
	snprintf(texts[0], MARK_TEXT_SIZE, "%s%s", least, duration);
	/* What is not known is said where there is room for it. */
	snprintf(texts[1], MARK_TEXT_SIZE, "%s%s%s%s", least, duration,
		o->verdict.cause < CAUSE_COUNT ? ", " : "",
		o->verdict.cause < CAUSE_COUNT ? cause : "");
	if (o->end_high_ns)
		snprintf(texts[2], MARK_TEXT_SIZE, "%s, %s; from %s to %s", duration, cause, start,
			end);
	else
		snprintf(texts[2], MARK_TEXT_SIZE, "%s%s, %s; since %s", least, duration, cause,
			start);
}

/* Stretches of the line of texts that are taken. */
struct taken {
	struct span {
		double from, to;
	} * items; /* owned */
	size_t count, capacity;
};

static bool is_free(const struct taken *taken, double from, double to)
{
	for (size_t i = 0; i < taken->count; i++)
		if (from < taken->items[i].to && to > taken->items[i].from)
			return false;
	return true;
}

/* Above its middle, else to the right of its begin, else to the left of its end. */
static bool place_text(struct canvas *canvas, const struct panel *panel, const struct mark *mark,
	const char *text, bool within, struct taken *taken)
{
	const struct lettering how = {LETTER_SIZE, INK_TEXT, ANCHOR_MIDDLE, false, false};
	double half = text_width(text, LETTER_SIZE, false) / 2;
	const double middles[] = {
		(mark->begin + mark->end) / 2, mark->begin + half, mark->end - half};
	double right = panel->right + 20;

	if (within && 2 * half > mark->end - mark->begin)
		return false;
	for (size_t i = 0; i < 3; i++) {
		double middle = fmin(fmax(middles[i], panel->left + half), right - half);
		if (!is_free(taken, middle - half - 5, middle + half + 5))
			continue;
		canvas_text(canvas, middle, panel->marks + 7, text, &how);
		taken->items = mem_grow(
			taken->items, &taken->capacity, taken->count + 1, sizeof(*taken->items));
		taken->items[taken->count++] = (struct span){middle - half, middle + half};
		return true;
	}
	return false;
}

/* Brackets are never narrower than this. */
#define BRACKET_LEAST 1.4

static void draw_bracket(struct canvas *canvas, const struct panel *panel, const struct mark *mark)
{
	double top = panel->marks + 10;
	double foot = panel->marks + 16;
	double middle = (mark->begin + mark->end) / 2;
	double half = fmax(mark->end - mark->begin, BRACKET_LEAST) / 2;
	struct path path = {0};

	if (mark->cut_left) {
		path_move(&path, middle - half, top);
	} else {
		path_move(&path, middle - half, foot);
		path_line(&path, middle - half, top);
	}
	path_line(&path, middle + half, top);
	if (!mark->cut_right)
		path_line(&path, middle + half, foot);
	canvas_stroke(canvas, &path, &(struct stroke){INK_TEXT, 0.6, 0});
	path_finish(&path);
}

/* The longest has its words first. */
static int by_duration(const void *a, const void *b)
{
	const struct mark *x = a;
	const struct mark *y = b;

	if (x->duration_ns != y->duration_ns)
		return x->duration_ns > y->duration_ns ? -1 : 1;
	return strcmp(x->outage->id, y->outage->id);
}

void figure_draw_marks(
	struct canvas *canvas, const struct panel *panel, const struct judgement *judgement)
{
	const struct outages *outages = &judgement->outages;
	struct mark *marks = mem_zeroed(outages->count, sizeof(*marks));
	struct taken taken = {0};
	size_t count = 0;

	for (size_t i = 0; i < outages->count; i++) {
		const struct outage *o = &outages->items[i];
		int64_t end_ns = o->end_high_ns ? o->end_high_ns : judgement->end.ns;
		/* What one vantage point alone has lost is no state of a strip. */
		if (!o->partial && end_ns > panel->from.ns && o->start_low_ns < panel->to.ns)
			marks[count++] = mark_of(panel, o, judgement->end);
	}
	if (count)
		qsort(marks, count, sizeof(*marks), by_duration);
	for (size_t i = 0; i < count; i++) {
		char texts[TEXTS][MARK_TEXT_SIZE];
		draw_bracket(canvas, panel, &marks[i]);
		mark_texts(&marks[i], texts);
		for (int k = TEXTS; k-- > 0;)
			if (place_text(canvas, panel, &marks[i], texts[k], k == TEXTS - 1, &taken))
				break;
	}
	free(marks);
	free(taken.items);
}
