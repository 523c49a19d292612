#include "live/serve/serve.h"

#include <errno.h>

int serve_run(const struct serve_config *config, struct diag *why)
{
	(void)config;
	diag_set(why, "serve: this program was built without libmicrohttpd");
	return -ENOSYS;
}
