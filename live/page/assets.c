#include "live/page/assets.h"

#include <string.h>

#include "icon_svg.asset.h"
#include "page_css.asset.h"
#include "page_js.asset.h"

static const struct asset assets[] = {
	{"page.css", "text/css; charset=utf-8", asset_page_css, sizeof(asset_page_css)},
	{"page.js", "text/javascript; charset=utf-8", asset_page_js, sizeof(asset_page_js)},
	{"icon.svg", "image/svg+xml", asset_icon_svg, sizeof(asset_icon_svg)},
};

const struct asset *asset_find(const char *name)
{
	for (size_t i = 0; i < sizeof(assets) / sizeof(assets[0]); i++)
		if (strcmp(assets[i].name, name) == 0)
			return &assets[i];
	return NULL;
}
