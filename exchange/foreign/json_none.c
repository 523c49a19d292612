/* What JSON is without jansson: refused, with the reason. */
#include "exchange/foreign/json.h"

struct json *json_read(const char *text, size_t len, struct diag *why)
{
	(void)text;
	(void)len;
	diag_set(why, "this lightsout was built without jansson and reads no JSON");
	return NULL;
}

void json_free(struct json *json)
{
	(void)json;
}

const struct json *json_member(const struct json *object, const char *name)
{
	(void)object;
	(void)name;
	return NULL;
}

size_t json_count(const struct json *array)
{
	(void)array;
	return 0;
}

const struct json *json_item(const struct json *array, size_t i)
{
	(void)array;
	(void)i;
	return NULL;
}

const char *json_text(const struct json *json)
{
	(void)json;
	return NULL;
}

bool json_is(const struct json *object, const char *name, const char *text)
{
	(void)object;
	(void)name;
	(void)text;
	return false;
}

bool json_number(const struct json *json, int decimals, int64_t *ret)
{
	(void)json;
	(void)decimals;
	(void)ret;
	return false;
}

int json_small(const struct json *object, const char *name, int most)
{
	(void)object;
	(void)name;
	(void)most;
	return -1;
}

bool json_address(const struct json *object, const char *name, struct ip4 *ret)
{
	(void)object;
	(void)name;
	(void)ret;
	return false;
}
