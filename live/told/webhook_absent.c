#include <errno.h>

#include "live/told/webhook.h"

bool webhook_begin(void)
{
	return false;
}

int webhook_post(
	const char *url, const char *id, const char *json, const bool *stop, struct diag *why)
{
	(void)url;
	(void)id;
	(void)json;
	(void)stop;
	diag_set(why, "webhook: this program was built without libcurl");
	return -ENOSYS;
}
