/* SVG as text: its bytes depend on nothing but what is drawn. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "report/canvas_kinds.h"
#include "report/html.h"
#include "report/ink.h"

struct svg {
	struct canvas canvas;
	FILE *out; /* into text */
	char *text;
	size_t len;
};

static struct svg *svg_of(struct canvas *canvas)
{
	return (struct svg *)canvas;
}

/* Two decimals at most, as short as it can be written; whatever the locale. */
static void write_number(struct svg *svg, double value)
{
	char text[TEXT_DECIMAL_SIZE];
	size_t len = text_format_decimal(value, 2, text);

	while (text[len - 1] == '0')
		len--;
	len -= text[len - 1] == '.';
	text[len] = '\0';
	fputs(strcmp(text, "-0") == 0 ? "0" : text, svg->out);
}

static void put_ink(struct svg *svg, const char *attribute, enum ink ink)
{
	if (ink == INK_NONE)
		fprintf(svg->out, " %s=\"none\"", attribute);
	else
		fprintf(svg->out, " %s=\"#%06x\"", attribute, ink_rgb(ink));
}

static void put_number(struct svg *svg, const char *attribute, double number)
{
	fprintf(svg->out, " %s=\"", attribute);
	write_number(svg, number);
	fputs("\"", svg->out);
}

static void put_pair(struct svg *svg, char step, struct point to)
{
	char text[2] = {step, '\0'};

	fputs(text, svg->out);
	write_number(svg, to.x);
	fputs(" ", svg->out);
	write_number(svg, to.y);
}

/* Level and upright lines have a shorter form. */
static void put_line(struct svg *svg, struct point from, struct point to)
{
	if (from.y == to.y) {
		fputs("H", svg->out);
		write_number(svg, to.x);
	} else if (from.x == to.x) {
		fputs("V", svg->out);
		write_number(svg, to.y);
	} else {
		put_pair(svg, 'L', to);
	}
}

static void put_path(struct svg *svg, const struct path *path)
{
	struct point at = {0, 0};

	fputs("<path d=\"", svg->out);
	for (size_t i = 0; i < path->count; i++) {
		const struct path_item *item = &path->items[i];
		if (item->step == PATH_CLOSE)
			fputs("z", svg->out);
		else if (item->step == PATH_MOVE)
			put_pair(svg, 'M', item->to);
		else
			put_line(svg, at, item->to);
		at = item->to;
	}
	fputs("\"", svg->out);
}

static void svg_fill(struct canvas *canvas, const struct path *path, enum ink ink)
{
	struct svg *svg = svg_of(canvas);

	put_path(svg, path);
	put_ink(svg, "fill", ink);
	fputs("/>\n", svg->out);
}

static void svg_stroke(struct canvas *canvas, const struct path *path, const struct stroke *stroke)
{
	struct svg *svg = svg_of(canvas);

	put_path(svg, path);
	put_ink(svg, "fill", INK_NONE);
	put_ink(svg, "stroke", stroke->ink);
	put_number(svg, "stroke-width", stroke->width);
	if (stroke->dash > 0)
		put_number(svg, "stroke-dasharray", stroke->dash);
	fputs("/>\n", svg->out);
}

static void svg_hatch(struct canvas *canvas, double x, double y, double width, double height)
{
	struct svg *svg = svg_of(canvas);

	fputs("<rect", svg->out);
	put_number(svg, "x", x);
	put_number(svg, "y", y);
	put_number(svg, "width", width);
	put_number(svg, "height", height);
	fputs(" fill=\"url(#hatch)\"/>\n", svg->out);
}

static void svg_text(
	struct canvas *canvas, double x, double y, const char *text, const struct lettering *how)
{
	static const char *const anchors[] = {NULL, "middle", "end"};
	struct svg *svg = svg_of(canvas);

	fputs("<text", svg->out);
	if (how->upward) {
		fputs(" transform=\"translate(", svg->out);
		write_number(svg, x);
		fputs(" ", svg->out);
		write_number(svg, y);
		fputs(")rotate(-90)\"", svg->out);
	} else {
		put_number(svg, "x", x);
		put_number(svg, "y", y);
	}
	put_number(svg, "font-size", how->size);
	if (how->bold)
		fputs(" font-weight=\"bold\"", svg->out);
	if (anchors[how->anchor])
		fprintf(svg->out, " text-anchor=\"%s\"", anchors[how->anchor]);
	put_ink(svg, "fill", how->ink);
	fputs(">", svg->out);
	html_text(svg->out, text);
	fputs("</text>\n", svg->out);
}

static void svg_group(struct canvas *canvas, const char *name)
{
	struct svg *svg = svg_of(canvas);

	fputs("<g>\n", svg->out);
	if (name) {
		fputs("<title>", svg->out);
		html_text(svg->out, name);
		fputs("</title>\n", svg->out);
	}
}

static void svg_group_end(struct canvas *canvas)
{
	fputs("</g>\n", svg_of(canvas)->out);
}

static int svg_write(struct canvas *canvas, FILE *out)
{
	struct svg *svg = svg_of(canvas);

	fputs("</svg>\n", svg->out);
	if (fflush(svg->out) != 0)
		return -errno;
	return fwrite(svg->text, 1, svg->len, out) == svg->len ? 0 : -errno;
}

static void svg_destroy(struct canvas *canvas)
{
	struct svg *svg = svg_of(canvas);

	fclose(svg->out);
	free(svg->text);
	free(svg);
}

static const struct canvas_kind kind = {svg_fill, svg_stroke, svg_hatch, svg_text, svg_group,
	svg_group_end, svg_write, svg_destroy};

/* The font is the reader's: what is like Helvetica where he is. */
static void begin_file(struct svg *svg, const struct canvas_about *about)
{
	const double mm = 25.4 / 72;

	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\"", svg->out);
	fputs(" width=\"", svg->out);
	write_number(svg, about->width * mm);
	fputs("mm\" height=\"", svg->out);
	write_number(svg, about->height * mm);
	fputs("mm\" font-family=\"Helvetica,Arial,'Liberation Sans',sans-serif\"", svg->out);
	fputs(" viewBox=\"0 0 ", svg->out);
	write_number(svg, about->width);
	fputs(" ", svg->out);
	write_number(svg, about->height);
	fputs("\" role=\"img\" aria-label=\"", svg->out);
	html_text(svg->out, about->title);
	fputs("\">\n<title>", svg->out);
	html_text(svg->out, about->title);
	fputs("</title>\n", svg->out);
	fprintf(svg->out,
		"<defs><pattern id=\"hatch\" width=\"%d\" height=\"%d\" "
		"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
		"<path d=\"M.5 0V%d\"",
		HATCH_STEP, HATCH_STEP, HATCH_STEP);
	put_ink(svg, "stroke", INK_HATCH);
	fputs(" stroke-width=\".7\"/></pattern></defs>\n", svg->out);
}

struct canvas *canvas_svg(const struct canvas_about *about)
{
	struct svg *svg = mem_zeroed(1, sizeof(*svg));

	svg->canvas.kind = &kind;
	svg->out = mem_checked(open_memstream(&svg->text, &svg->len));
	begin_file(svg, about);
	return &svg->canvas;
}
