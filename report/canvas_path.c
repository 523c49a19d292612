#include "report/canvas.h"

#include <stdlib.h>

#include "core/mem.h"
#include "report/canvas_kinds.h"

static void add(struct path *path, enum path_step step, double x, double y)
{
	path->items = mem_grow(path->items, &path->capacity, path->count + 1, sizeof(*path->items));
	path->items[path->count++] = (struct path_item){step, {x, y}};
}

void path_move(struct path *path, double x, double y)
{
	add(path, PATH_MOVE, x, y);
}

void path_line(struct path *path, double x, double y)
{
	add(path, PATH_LINE, x, y);
}

void path_close(struct path *path)
{
	add(path, PATH_CLOSE, 0, 0);
}

void path_rectangle(struct path *path, double x, double y, double width, double height)
{
	path_move(path, x, y);
	path_line(path, x + width, y);
	path_line(path, x + width, y + height);
	path_line(path, x, y + height);
	path_close(path);
}

void path_finish(struct path *path)
{
	free(path->items);
	*path = (struct path){0};
}

struct canvas *canvas_create(
	enum canvas_format format, const struct canvas_about *about, struct diag *why)
{
	if (format == CANVAS_SVG)
		return canvas_svg(about);
	return canvas_cairo(format == CANVAS_PDF, about, why);
}

void canvas_destroy(struct canvas *canvas)
{
	if (canvas)
		canvas->kind->destroy(canvas);
}

void canvas_fill(struct canvas *canvas, const struct path *path, enum ink ink)
{
	if (path->count)
		canvas->kind->fill(canvas, path, ink);
}

void canvas_stroke(struct canvas *canvas, const struct path *path, const struct stroke *stroke)
{
	if (path->count)
		canvas->kind->stroke(canvas, path, stroke);
}

void canvas_hatch(struct canvas *canvas, double x, double y, double width, double height)
{
	canvas->kind->hatch(canvas, x, y, width, height);
}

void canvas_text(
	struct canvas *canvas, double x, double y, const char *text, const struct lettering *how)
{
	canvas->kind->text(canvas, x, y, text, how);
}

void canvas_group(struct canvas *canvas, const char *name)
{
	canvas->kind->group(canvas, name);
}

void canvas_group_end(struct canvas *canvas)
{
	canvas->kind->group_end(canvas);
}

void canvas_fill_rectangle(
	struct canvas *canvas, double x, double y, double width, double height, enum ink ink)
{
	struct path path = {0};

	path_rectangle(&path, x, y, width, height);
	canvas_fill(canvas, &path, ink);
	path_finish(&path);
}

void canvas_line(struct canvas *canvas, double x1, double y1, double x2, double y2,
	const struct stroke *stroke)
{
	struct path path = {0};

	path_move(&path, x1, y1);
	path_line(&path, x2, y2);
	canvas_stroke(canvas, &path, stroke);
	path_finish(&path);
}

int canvas_write(struct canvas *canvas, FILE *out)
{
	return canvas->kind->write(canvas, out);
}

bool canvas_can(enum canvas_format format)
{
	return format == CANVAS_SVG || canvas_has_cairo();
}

/* Of the printable characters of ASCII, in thousandths of the size (Adobe's metrics of Helvetica,
 * which Arial and Liberation Sans have too). */
static const short widths[] = {278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,
	278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
	722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500,
	556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556,
	500, 722, 500, 500, 500, 334, 260, 334, 584};
/* Of others, as most of them are. */
enum { WIDTH_OTHER = 600, WIDTH_BOLD_PERCENT = 107 };

double text_width(const char *text, double size, bool bold)
{
	long sum = 0;

	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at >= ' ' && *at <= '~')
			sum += widths[*at - ' '];
		else if ((*at & 0xc0) != 0x80) /* the first byte of a character */
			sum += WIDTH_OTHER;
	}
	return (double)sum * size / 1000 * (bold ? WIDTH_BOLD_PERCENT / 100.0 : 1);
}
