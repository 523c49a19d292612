#ifndef REPORT_CANVAS_KINDS_H
#define REPORT_CANVAS_KINDS_H

#include "report/canvas.h"

/* What the kinds of canvas are to canvas.c, and to nobody else. */
struct canvas_kind {
	void (*fill)(struct canvas *canvas, const struct path *path, enum ink ink);
	void (*stroke)(struct canvas *canvas, const struct path *path, const struct stroke *stroke);
	void (*hatch)(struct canvas *canvas, double x, double y, double width, double height);
	void (*text)(struct canvas *canvas, double x, double y, const char *text,
		const struct lettering *how);
	void (*group)(struct canvas *canvas, const char *name);
	void (*group_end)(struct canvas *canvas);
	int (*write)(struct canvas *canvas, FILE *out);
	void (*destroy)(struct canvas *canvas);
};

/* Each kind has this first. */
struct canvas {
	const struct canvas_kind *kind;
};

enum { HATCH_STEP = 3 };

struct canvas *canvas_svg(const struct canvas_about *about);
/* NULL, with *why, in a program without cairo. */
struct canvas *canvas_cairo(bool pdf, const struct canvas_about *about, struct diag *why);
bool canvas_has_cairo(void);

#endif
