#include <string.h>

#include "core/csv.h"
#include "core/mem.h"

static void put(struct csv_text *out, const char *text, size_t len)
{
	out->text = mem_grow(out->text, &out->capacity, out->len + len, 1);
	if (len)
		memcpy(out->text + out->len, text, len);
	out->len += len;
}

static void begin_field(struct csv_text *out)
{
	if (out->in_row)
		put(out, ",", 1);
	out->in_row = true;
}

void csv_put(struct csv_text *out, const char *field)
{
	begin_field(out);
	if (!field[strcspn(field, ",\"\r\n")]) {
		put(out, field, strlen(field));
		return;
	}
	put(out, "\"", 1);
	for (; *field; field++) {
		if (*field == '"')
			put(out, "\"", 1);
		put(out, field, 1);
	}
	put(out, "\"", 1);
}

void csv_put_plain(struct csv_text *out, const char *field, size_t len)
{
	begin_field(out);
	put(out, field, len);
}

void csv_put_empty(struct csv_text *out)
{
	begin_field(out);
}

void csv_put_i64(struct csv_text *out, int64_t value)
{
	char text[TEXT_NUMBER_SIZE];

	csv_put_plain(out, text, text_format_i64(value, text));
}

void csv_end_row(struct csv_text *out)
{
	put(out, "\n", 1);
	out->in_row = false;
}
