#ifndef REPORT_INK_H
#define REPORT_INK_H

#include <stdint.h>

#include "report/canvas.h"

/* The colours of paper, and the names of a page's. Only one hue beside black says what state it
 * was, and its lightness alone tells it apart: a grey print loses nothing. */
uint32_t ink_rgb(enum ink ink);         /* 0xRRGGBB */
const char *ink_variable(enum ink ink); /* "up": the page says what --up is */

#endif
