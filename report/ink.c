#include "report/ink.h"

static const struct {
	uint32_t rgb;
	const char *variable;
} inks[INK_COUNT] = {
	[INK_NONE] = {0, "none"},
	[INK_PAPER] = {0xffffff, "page"},
	[INK_TEXT] = {0x111111, "ink"},
	[INK_TEXT_2] = {0x444444, "ink-2"},
	[INK_UP] = {0xc3ddd6, "up"},
	[INK_UP_EDGE] = {0x3f8f83, "up-edge"},
	[INK_UP_PALE] = {0xdbebe6, "up-pale"},
	[INK_DOWN] = {0x111317, "down"},
	[INK_ON_DOWN] = {0xffffff, "on-down"},
	[INK_HATCH] = {0x767d86, "hatch"},
	[INK_GRID] = {0xdedede, "grid"},
	[INK_BLIND] = {0xb3261e, "blind"},
	[INK_POWER] = {0xb06f00, "power"},
	[INK_LINE] = {0x2a62ad, "line"},
	[INK_OTHER] = {0x8a9098, "other"},
	[INK_SILENT_1] = {0x98b0ab, "silent-1"},
	[INK_SILENT_2] = {0x6c7d7a, "silent-2"},
	[INK_SILENT_3] = {0x404b4b, "silent-3"},
};

uint32_t ink_rgb(enum ink ink)
{
	return inks[ink].rgb;
}

const char *ink_variable(enum ink ink)
{
	return inks[ink].variable;
}
