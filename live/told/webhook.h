#ifndef LIVE_TOLD_WEBHOOK_H
#define LIVE_TOLD_WEBHOOK_H

#include <stdbool.h>

#include "core/text.h"

/* The door to libcurl: a JSON text is posted to an address, from any thread. */

/* Once, before any thread. False: this program was built without libcurl. */
bool webhook_begin(void);

/* Is this http:// or https://, and nothing else? */
bool webhook_is_url(const char *url);

/* 0: it was answered with 2xx. Else a negative errno with *why; the address is not in it, it may
 * be a secret. stop: set by another thread, then -ECANCELED. */
int webhook_post(
	const char *url, const char *id, const char *json, const bool *stop, struct diag *why);

#endif
