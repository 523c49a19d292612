#include "live/told/webhook.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

enum { CONNECT_S = 10, WHOLE_S = 30 };

bool webhook_begin(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const bool *stop = ctx;

	(void)a, (void)b, (void)c, (void)d;
	return __atomic_load_n(stop, __ATOMIC_RELAXED);
}

/* What it answers is of no use to us. */
static size_t on_answer(char *bytes, size_t size, size_t count, void *ctx)
{
	(void)bytes;
	(void)ctx;
	return size * count;
}

static void set_up(
	CURL *curl, const char *url, struct curl_slist *headers, const char *json, const bool *stop)
{
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "lightsout/" LIGHTSOUT_VERSION);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)(uintptr_t)stop);
}

static int judge(CURL *curl, CURLcode code, struct diag *why)
{
	long status = 0;

	if (code == CURLE_ABORTED_BY_CALLBACK) {
		diag_set(why, "webhook: given up");
		return -ECANCELED;
	}
	if (code != CURLE_OK) {
		diag_set(why, "webhook: %s", curl_easy_strerror(code));
		return -EIO;
	}
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status >= 200 && status < 300)
		return 0;
	diag_set(why, "webhook: answered with status %ld, expected 2xx", status);
	return -EIO;
}

int webhook_post(
	const char *url, const char *id, const char *json, const bool *stop, struct diag *why)
{
	struct curl_slist *headers = NULL;
	char key[96];
	CURL *curl = curl_easy_init();

	if (!curl)
		return diag_set(why, "webhook: libcurl does not start");
	snprintf(key, sizeof(key), "Idempotency-Key: %s", id);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, key);
	headers = curl_slist_append(headers, "Expect:");
	set_up(curl, url, headers, json, stop);
	CURLcode code = curl_easy_perform(curl);
	int r = judge(curl, code, why);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return r;
}
