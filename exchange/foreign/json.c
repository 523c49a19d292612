#include "exchange/foreign/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "exchange/foreign/words.h"

/* A struct json is a json_t under another name. */
static const json_t *in(const struct json *json)
{
	return (const void *)json;
}

static const struct json *out(const json_t *json)
{
	return (const void *)json;
}

struct json *json_read(const char *text, size_t len, struct diag *why)
{
	json_error_t error;
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

	if (!json)
		diag_set(why, "no JSON: %.120s", error.text);
	return (void *)json;
}

void json_free(struct json *json)
{
	json_decref((void *)json);
}

const struct json *json_member(const struct json *object, const char *name)
{
	const json_t *member = object ? json_object_get(in(object), name) : NULL;

	return member && !json_is_null(member) ? out(member) : NULL;
}

size_t json_count(const struct json *array)
{
	return json_array_size(in(array));
}

const struct json *json_item(const struct json *array, size_t i)
{
	return out(json_array_get(in(array), i));
}

const char *json_text(const struct json *json)
{
	return json ? json_string_value(in(json)) : NULL;
}

bool json_is(const struct json *object, const char *name, const char *text)
{
	const char *value = json_text(json_member(object, name));

	return value && strcmp(value, text) == 0;
}

static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

bool json_number(const struct json *json, int decimals, int64_t *ret)
{
	const char *text = json_text(json);
	double value;

	if (text)
		return take_decimal(&text, decimals, ret) && !*text;
	if (!json || !json_is_number(in(json)))
		return false;
	value = json_number_value(in(json)) * powers[decimals];
	if (!(value >= 0 && value <= 1e18))
		return false;
	/* A double holds no nanoseconds of our days: whole numbers stay whole. */
	*ret = json_is_integer(in(json)) ? json_integer_value(in(json)) * (int64_t)powers[decimals]
					 : llround(value);
	return true;
}

int json_small(const struct json *object, const char *name, int most)
{
	int64_t value;

	return json_number(json_member(object, name), 0, &value) && value <= most ? (int)value : -1;
}

bool json_address(const struct json *object, const char *name, struct ip4 *ret)
{
	const char *text = json_text(json_member(object, name));

	return text && ip4_parse(text, ret);
}
