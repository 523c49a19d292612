#ifndef REPORT_CANVAS_H
#define REPORT_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/clock.h"
#include "core/text.h"

/*
 * Something to draw on, in points from the top left: one drawing becomes SVG, PNG or PDF.
 *
 * SVG is written here, with text as text, so that its bytes depend on nothing but what is drawn.
 * PNG (300 dots an inch) and PDF are drawn by cairo with the fonts of this machine; a program
 * built without cairo has neither. No format holds a date but the one that is told.
 */
enum canvas_format {
	CANVAS_SVG,
	CANVAS_PNG,
	CANVAS_PDF,
};

/* What a colour is for. report/ink.h says what it looks like. */
enum ink {
	INK_NONE,
	INK_PAPER,
	INK_TEXT,
	INK_TEXT_2,
	INK_UP,
	INK_UP_EDGE,
	INK_UP_PALE, /* under a curve */
	INK_DOWN,
	INK_ON_DOWN, /* text on it */
	INK_HATCH,
	INK_GRID,
	INK_COUNT,
};

/* A path of straight lines. */
struct point {
	double x, y;
};
enum path_step { PATH_MOVE, PATH_LINE, PATH_CLOSE };
struct path {
	struct path_item {
		enum path_step step;
		struct point to;
	} * items; /* owned */
	size_t count, capacity;
};
void path_move(struct path *path, double x, double y);
void path_line(struct path *path, double x, double y);
void path_close(struct path *path);
void path_rectangle(struct path *path, double x, double y, double width, double height);
void path_finish(struct path *path);

struct stroke {
	enum ink ink;
	double width;
	double dash; /* length of dashes and of what is between; 0: none */
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
struct lettering {
	double size;
	enum ink ink;
	enum anchor anchor;
	bool bold;
	bool upward; /* turned by a quarter, to be read from below */
};

struct canvas_about {
	double width, height;
	const char *title;    /* for who does not see it; no file name */
	const char *language; /* NULL: English */
	struct wall date;     /* of what it shows: the only date in the file */
};

struct canvas;

/* NULL, with *why: this program cannot make that format. */
struct canvas *canvas_create(
	enum canvas_format format, const struct canvas_about *about, struct diag *why);
void canvas_destroy(struct canvas *canvas); /* NULL is fine */

void canvas_fill(struct canvas *canvas, const struct path *path, enum ink ink);
void canvas_stroke(struct canvas *canvas, const struct path *path, const struct stroke *stroke);
/* Not measured: lines that lean left, each 3 points. */
void canvas_hatch(struct canvas *canvas, double x, double y, double width, double height);
/* UTF-8, y at the base line. */
void canvas_text(
	struct canvas *canvas, double x, double y, const char *text, const struct lettering *how);

/* What is drawn until group_end belongs together and has this name, for who points at it. */
void canvas_group(struct canvas *canvas, const char *name);
void canvas_group_end(struct canvas *canvas);

/* Short cuts. */
void canvas_fill_rectangle(
	struct canvas *canvas, double x, double y, double width, double height, enum ink ink);
void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
	const struct stroke *stroke);

/* The whole picture, into `out`. 0 or a negative errno. Once. */
int canvas_write(struct canvas *canvas, FILE *out);

/* How wide a text is in the letters of Helvetica, which Arial and Liberation Sans share. */
double text_width(const char *text, double size, bool bold);

/* Can this program make that format? */
bool canvas_can(enum canvas_format format);

#endif
