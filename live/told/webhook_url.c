#include <string.h>
#include <strings.h>

#include "live/told/webhook.h"

bool webhook_is_url(const char *url)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		size_t len = strlen(schemes[i]);
		if (strncasecmp(url, schemes[i], len) == 0)
			return url[len] && url[len] != '/' && !strpbrk(url, " \t\\\"<>");
	}
	return false;
}
