/* In place of canvas_cairo.c, in a program without it. */
#include "report/canvas_kinds.h"

struct canvas *canvas_cairo(bool pdf, const struct canvas_about *about, struct diag *why)
{
	(void)about;
	diag_set(why, "this program was built without cairo, which %s needs: expected svg",
		pdf ? "pdf" : "png");
	return NULL;
}

bool canvas_has_cairo(void)
{
	return false;
}
