#include "report/ink.h"

static const uint32_t inks[INK_COUNT] = {
	[INK_PAPER] = 0xffffff,
	[INK_TEXT] = 0x111111,
	[INK_TEXT_2] = 0x444444,
	[INK_UP] = 0xc3ddd6,
	[INK_UP_EDGE] = 0x3f8f83,
	[INK_UP_PALE] = 0xdbebe6,
	[INK_DOWN] = 0x111317,
	[INK_ON_DOWN] = 0xffffff,
	[INK_HATCH] = 0x767d86,
	[INK_GRID] = 0xdedede,
};

uint32_t ink_rgb(enum ink ink)
{
	return inks[ink];
}
