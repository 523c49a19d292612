#include "exchange/foreign/format.h"

#include <string.h>

const struct foreign_format *const foreign_formats[] = {
	&format_csv,
	&format_alive,
	&format_ping,
	&format_fping,
	&format_masscan,
	&format_zmap,
	&format_scamper,
	&format_atlas,
	&format_nmap,
	&format_routes,
	&format_bgpdump,
	&format_ris_live,
	NULL,
};

const struct foreign_format *foreign_format_find(const char *name)
{
	for (size_t i = 0; foreign_formats[i]; i++)
		if (strcmp(foreign_formats[i]->name, name) == 0)
			return foreign_formats[i];
	return NULL;
}
