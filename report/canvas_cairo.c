/* PNG and PDF: the one door for cairo. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cairo-pdf.h>
#include <cairo.h>

#include "core/mem.h"
#include "report/canvas_kinds.h"
#include "report/ink.h"

#define PNG_DOTS_AN_INCH 300.0

struct drawing {
	struct canvas canvas;
	bool pdf;
	cairo_surface_t *surface;
	cairo_t *cairo;
	struct bytes {
		char *items; /* owned: what a PDF is so far */
		size_t count, capacity;
	} bytes;
};

static struct drawing *drawing_of(struct canvas *canvas)
{
	return (struct drawing *)canvas;
}

static void set_ink(cairo_t *cairo, enum ink ink)
{
	uint32_t rgb = ink_rgb(ink);

	cairo_set_source_rgb(
		cairo, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

static void trace(cairo_t *cairo, const struct path *path)
{
	cairo_new_path(cairo);
	for (size_t i = 0; i < path->count; i++) {
		const struct path_item *item = &path->items[i];
		if (item->step == PATH_CLOSE)
			cairo_close_path(cairo);
		else if (item->step == PATH_MOVE)
			cairo_move_to(cairo, item->to.x, item->to.y);
		else
			cairo_line_to(cairo, item->to.x, item->to.y);
	}
}

static void drawing_fill(struct canvas *canvas, const struct path *path, enum ink ink)
{
	cairo_t *cairo = drawing_of(canvas)->cairo;

	if (ink == INK_NONE)
		return;
	trace(cairo, path);
	set_ink(cairo, ink);
	cairo_fill(cairo);
}

static void drawing_stroke(
	struct canvas *canvas, const struct path *path, const struct stroke *stroke)
{
	cairo_t *cairo = drawing_of(canvas)->cairo;

	trace(cairo, path);
	set_ink(cairo, stroke->ink);
	cairo_set_line_width(cairo, stroke->width);
	cairo_set_dash(cairo, &stroke->dash, stroke->dash > 0, 0);
	cairo_stroke(cairo);
}

static void drawing_hatch(struct canvas *canvas, double x, double y, double width, double height)
{
	cairo_t *cairo = drawing_of(canvas)->cairo;
	double step = HATCH_STEP * M_SQRT2;

	cairo_save(cairo);
	cairo_rectangle(cairo, x, y, width, height);
	cairo_clip(cairo);
	/* On one grid of the whole picture, so that neighbours join. */
	for (double at = floor((x + y) / step) * step; at < x + y + width + height; at += step) {
		cairo_move_to(cairo, at - y, y);
		cairo_line_to(cairo, at - y - height, y + height);
	}
	set_ink(cairo, INK_HATCH);
	cairo_set_line_width(cairo, 0.7);
	cairo_set_dash(cairo, NULL, 0, 0);
	cairo_stroke(cairo);
	cairo_restore(cairo);
}

/* Where there is no font like Helvetica, the letters are made as narrow as its are. */
static void drawing_text(
	struct canvas *canvas, double x, double y, const char *text, const struct lettering *how)
{
	cairo_t *cairo = drawing_of(canvas)->cairo;
	double width = text_width(text, how->size, how->bold);
	cairo_text_extents_t extents;

	cairo_save(cairo);
	cairo_select_font_face(cairo, "Helvetica", CAIRO_FONT_SLANT_NORMAL,
		how->bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(cairo, how->size);
	cairo_text_extents(cairo, text, &extents);
	cairo_translate(cairo, x, y);
	if (how->upward)
		cairo_rotate(cairo, -M_PI / 2);
	if (extents.x_advance > 1.03 * width)
		cairo_scale(cairo, width / extents.x_advance, 1);
	double room = extents.x_advance;
	double shift = how->anchor == ANCHOR_START ? 0
		       : how->anchor == ANCHOR_END ? room
						   : room / 2;
	cairo_move_to(cairo, -shift, 0);
	set_ink(cairo, how->ink);
	cairo_show_text(cairo, text);
	cairo_restore(cairo);
}

static void drawing_group(struct canvas *canvas, const char *name)
{
	(void)canvas;
	(void)name;
}

static void drawing_group_end(struct canvas *canvas)
{
	(void)canvas;
}

static cairo_status_t keep(void *closure, const unsigned char *data, unsigned int length)
{
	struct bytes *bytes = closure;

	bytes->items = mem_grow(bytes->items, &bytes->capacity, bytes->count + length, 1);
	memcpy(bytes->items + bytes->count, data, length);
	bytes->count += length;
	return CAIRO_STATUS_SUCCESS;
}

static int drawing_write(struct canvas *canvas, FILE *out)
{
	struct drawing *drawing = drawing_of(canvas);
	cairo_status_t status = cairo_status(drawing->cairo);

	if (status == CAIRO_STATUS_SUCCESS && !drawing->pdf)
		status = cairo_surface_write_to_png_stream(drawing->surface, keep, &drawing->bytes);
	cairo_surface_finish(drawing->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(drawing->surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : -EIO;
	size_t written = fwrite(drawing->bytes.items, 1, drawing->bytes.count, out);
	return written == drawing->bytes.count ? 0 : -errno;
}

static void drawing_destroy(struct canvas *canvas)
{
	struct drawing *drawing = drawing_of(canvas);

	cairo_destroy(drawing->cairo);
	cairo_surface_destroy(drawing->surface);
	free(drawing->bytes.items);
	free(drawing);
}

static const struct canvas_kind kind = {drawing_fill, drawing_stroke, drawing_hatch, drawing_text,
	drawing_group, drawing_group_end, drawing_write, drawing_destroy};

/* What a file says of itself: no clock of this machine's is in it. */
static void describe(cairo_surface_t *surface, const struct canvas_about *about)
{
	char date[CLOCK_TEXT_SIZE];

	date[wall_format(about->date, date) - strlen(".000Z")] = '\0';
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "lightsout");
}

struct canvas *canvas_cairo(bool pdf, const struct canvas_about *about, struct diag *why)
{
	struct drawing *drawing = mem_zeroed(1, sizeof(*drawing));
	double scale = PNG_DOTS_AN_INCH / 72;

	(void)why;
	drawing->canvas.kind = &kind;
	drawing->pdf = pdf;
	if (pdf) {
		drawing->surface = cairo_pdf_surface_create_for_stream(
			keep, &drawing->bytes, about->width, about->height);
		describe(drawing->surface, about);
	} else {
		drawing->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
			(int)ceil(about->width * scale), (int)ceil(about->height * scale));
	}
	drawing->cairo = cairo_create(drawing->surface);
	if (!pdf)
		cairo_scale(drawing->cairo, scale, scale);
	return &drawing->canvas;
}

bool canvas_has_cairo(void)
{
	return true;
}
