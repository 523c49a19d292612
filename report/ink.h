#ifndef REPORT_INK_H
#define REPORT_INK_H

#include <stdint.h>

#include "report/canvas.h"

/* The colours of paper, 0xRRGGBB. Only one hue beside black says what state it was, and its
 * lightness alone tells it apart: a grey print loses nothing. */
uint32_t ink_rgb(enum ink ink);

#endif
