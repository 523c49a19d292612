#ifndef EXCHANGE_FOREIGN_JSON_H
#define EXCHANGE_FOREIGN_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/text.h"

/*
 * JSON values, read only: the door of the library that reads them. What is asked of a value
 * that is not there, or is another kind of value, is not there.
 */
struct json;

/* NULL and *why (its text alone) where it is none. */
struct json *json_read(const char *text, size_t len, struct diag *why);
void json_free(struct json *json); /* NULL is fine */

/* Of an object; borrowed. NULL: it is not there, or null. */
const struct json *json_member(const struct json *object, const char *name);

/* Of an array; 0: it is none. */
size_t json_count(const struct json *array);
const struct json *json_item(const struct json *array, size_t i);

/* NULL: no text. */
const char *json_text(const struct json *json);
bool json_is(const struct json *object, const char *name, const char *text);

/* A number, or one as text, times 10^decimals, from 0 to 10^18. */
bool json_number(const struct json *json, int decimals, int64_t *ret);
/* A member as such a whole number up to `most`; -1: it is not there. */
int json_small(const struct json *object, const char *name, int most);
bool json_address(const struct json *object, const char *name, struct ip4 *ret);

#endif
