#include <stdio.h>
#include <string.h>

#include "report/figure_parts.h"

enum sample { SAMPLE_UP, SAMPLE_PARTLY, SAMPLE_DOWN, SAMPLE_UNKNOWN, SAMPLE_SLANT };
#define SAMPLE_WIDTH 16.0
#define SAMPLE_HEIGHT 9.0
#define LINE_HEIGHT 14.0

static void lit_sample(struct canvas *canvas, double x, double y)
{
	const struct stroke edge = {INK_UP_EDGE, 0.5, 0};

	canvas_fill_rectangle(canvas, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT, INK_UP);
	canvas_line(canvas, x, y, x + SAMPLE_WIDTH, y, &edge);
	canvas_line(canvas, x, y + SAMPLE_HEIGHT, x + SAMPLE_WIDTH, y + SAMPLE_HEIGHT, &edge);
}

static void draw_sample(struct canvas *canvas, enum sample sample, double x, double y)
{
	struct path slant = {0};

	switch (sample) {
	case SAMPLE_UP:
		lit_sample(canvas, x, y);
		break;
	case SAMPLE_PARTLY:
		lit_sample(canvas, x, y);
		canvas_fill_rectangle(canvas, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT * 0.4, INK_DOWN);
		break;
	case SAMPLE_DOWN:
		canvas_fill_rectangle(canvas, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT, INK_DOWN);
		break;
	case SAMPLE_UNKNOWN:
		canvas_hatch(canvas, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT);
		break;
	case SAMPLE_SLANT:
		lit_sample(canvas, x, y);
		path_move(&slant, x + 10, y);
		path_line(&slant, x + SAMPLE_WIDTH, y);
		path_line(&slant, x + SAMPLE_WIDTH, y + SAMPLE_HEIGHT);
		path_line(&slant, x + 5, y + SAMPLE_HEIGHT);
		path_close(&slant);
		canvas_fill(canvas, &slant, INK_DOWN);
		path_finish(&slant);
		break;
	}
}

double figure_draw_legend(
	struct canvas *canvas, double left, double right, double y, const struct drawn *drawn)
{
	static const char *const words[] = {"up", "partly up: lit to the share of hosts up", "down",
		"not measured", "slanted edge: it changed in between"};
	const bool shown[] = {true, drawn->partly, true, drawn->unknown, drawn->slanted};
	const struct lettering how = {LETTER_SIZE, INK_TEXT, ANCHOR_START, false, false};
	double x = left;

	for (int i = SAMPLE_UP; i <= SAMPLE_SLANT; i++) {
		double room = SAMPLE_WIDTH + 4 + text_width(words[i], LETTER_SIZE, false);
		if (!shown[i])
			continue;
		if (x > left && x + room > right) {
			x = left;
			y += LINE_HEIGHT;
		}
		if (canvas) {
			draw_sample(canvas, (enum sample)i, x, y);
			canvas_text(canvas, x + SAMPLE_WIDTH + 4, y + 7.2, words[i], &how);
		}
		x += room + 13;
	}
	return y + LINE_HEIGHT;
}

double figure_draw_words(
	struct canvas *canvas, double left, double right, double y, const char *words)
{
	const struct lettering how = {LETTER_SIZE_2, INK_TEXT_2, ANCHOR_START, false, false};
	char line[1024];

	for (const char *at = words; *at;) {
		size_t taken = 0;
		/* As many words as fit; one at least. */
		for (size_t next = 0; at[next];) {
			next += strspn(at + next, " ");
			next += strcspn(at + next, " ");
			if (next >= sizeof(line))
				break;
			memcpy(line, at, next);
			line[next] = '\0';
			if (taken && text_width(line, LETTER_SIZE_2, false) > right - left)
				break;
			taken = next;
		}
		if (taken == 0) /* a word longer than any line */
			taken = strnlen(at, sizeof(line) - 1);
		memcpy(line, at, taken);
		line[taken] = '\0';
		if (canvas)
			canvas_text(canvas, left, y + LETTER_SIZE_2, line, &how);
		y += 9;
		at += taken;
		at += strspn(at, " ");
	}
	return y;
}
