#include "exchange/foreign/feed.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { CHUNK = 1 << 16 };

struct feed {
	char *name;
	struct unpack *source;
	char *chunk;
	size_t at, end;
	bool ended, looked;
	int failed; /* what the source said */

	unsigned long line;  /* that is being read */
	unsigned long began; /* on which the last piece began */
	char *piece;
	size_t piece_len, piece_capacity;

	bool in_array, was_array, wants_comma; /* of feed_object */
};

struct feed *feed_open(const char *name, struct feed_source source)
{
	struct feed *f = mem_zeroed(1, sizeof(*f));

	f->name = mem_text(name);
	f->source = unpack_create(source);
	f->chunk = mem_zeroed(1, CHUNK);
	f->line = 1;
	f->began = 1;
	return f;
}

void feed_close(struct feed *f)
{
	if (!f)
		return;
	unpack_destroy(f->source);
	free(f->name);
	free(f->chunk);
	free(f->piece);
	free(f);
}

const char *feed_name(const struct feed *f)
{
	return f->name;
}

unsigned long feed_at(const struct feed *f)
{
	return f->began;
}

static int place(const struct feed *f, unsigned long line, struct diag *why, const char *format,
	va_list args)
{
	*why = (struct diag){.line = line};
	snprintf(why->file, sizeof(why->file), "%.127s", f->name);
	vsnprintf(why->text, sizeof(why->text), format, args);
	return -EINVAL;
}

int feed_wrong_at(
	const struct feed *f, unsigned long line, struct diag *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int r = place(f, line, why, format, args);
	va_end(args);
	return r;
}

int feed_wrong(const struct feed *f, struct diag *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int r = place(f, f->began, why, format, args);
	va_end(args);
	return r;
}

static void fill(struct feed *f)
{
	while (f->end < CHUNK && !f->ended && !f->failed) {
		ssize_t got = unpack_read(f->source, f->chunk + f->end, CHUNK - f->end);
		f->failed = got < 0 ? (int)got : 0;
		f->ended = got == 0;
		f->end += got > 0 ? (size_t)got : 0;
	}
}

int feed_failed(const struct feed *f, int r, struct diag *why)
{
	if (r == 0 || r != f->failed)
		return r;
	if (unpack_trouble(f->source))
		feed_wrong_at(f, 0, why, "%s, expected a whole file", unpack_trouble(f->source));
	else
		feed_wrong_at(f, 0, why, "cannot read: %s", strerror(-r));
	return r;
}

/* What the first bytes tell. */
static int look(struct feed *f, struct diag *why)
{
	f->looked = true;
	fill(f);
	if (f->failed)
		return feed_failed(f, f->failed, why);
	const char *program = unpack_packed_by(f->chunk, f->end);
	if (program)
		return feed_wrong(f, why, "compressed by %s, expected text, or that by gzip or zstd, once",
			program);
	if (f->end >= 3 && memcmp(f->chunk, "\xef\xbb\xbf", 3) == 0)
		f->at += 3;
	return 0;
}

/* Are there bytes at hand? 1; 0 at the end. */
static int more(struct feed *f, struct diag *why)
{
	int r = f->looked ? 0 : look(f, why);

	if (r < 0 || f->at < f->end)
		return r < 0 ? r : 1;
	if (f->ended)
		return 0;
	f->at = 0;
	f->end = 0;
	fill(f);
	if (f->at == f->end && f->failed)
		return feed_failed(f, f->failed, why);
	return f->at < f->end;
}

int feed_begin(struct feed *f, struct diag *why)
{
	int r = more(f, why);

	return r < 0 ? r : 0;
}

int feed_first(struct feed *f, struct diag *why)
{
	int r = more(f, why);

	return r == 1 ? (unsigned char)f->chunk[f->at] : r;
}

int feed_hash(struct feed *f, uint64_t *ret, struct diag *why)
{
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
	int r = more(f, why);

	if (r < 0)
		return r;
	for (size_t i = f->at; i < f->end; i++)
		hash = (hash ^ (unsigned char)f->chunk[i]) * UINT64_C(1099511628211);
	*ret = hash;
	return 0;
}

static int keep(struct feed *f, const char *bytes, size_t len, const char *what, struct diag *why)
{
	if (f->piece_len + len > FEED_PIECE_MAX)
		return feed_wrong(f, why, "%s longer than 1 MiB, expected text", what);
	f->piece = mem_grow(f->piece, &f->piece_capacity, f->piece_len + len + 1, 1);
	memcpy(f->piece + f->piece_len, bytes, len);
	f->piece_len += len;
	return 0;
}

int feed_line(struct feed *f, char **ret, size_t *ret_len, struct diag *why)
{
	bool whole = false;
	int r = more(f, why);

	if (r <= 0)
		return r;
	f->piece_len = 0;
	f->began = f->line;
	while (!whole && (r = more(f, why)) == 1) {
		const char *from = f->chunk + f->at;
		const char *to = memchr(from, '\n', f->end - f->at);
		size_t len = to ? (size_t)(to - from) : f->end - f->at;
		if (keep(f, from, len, "a line", why) < 0)
			return -EINVAL;
		whole = to != NULL;
		f->at += len + whole;
		f->line += whole;
	}
	if (r < 0)
		return r;
	if (f->piece_len && f->piece[f->piece_len - 1] == '\r')
		f->piece_len--;
	f->piece[f->piece_len] = '\0';
	if (memchr(f->piece, '\0', f->piece_len))
		return feed_wrong(f, why, "a zero byte, expected text");
	*ret = f->piece;
	*ret_len = f->piece_len;
	return 1;
}

/* To the beginning of the next object. 1: there is one. 0: the end. */
static int seek_object(struct feed *f, struct diag *why)
{
	int r;

	while ((r = more(f, why)) == 1) {
		char c = f->chunk[f->at];
		f->began = f->line;
		if (c == '{' && !f->wants_comma && (f->in_array || !f->was_array))
			return 1;
		f->at++;
		f->line += c == '\n';
		if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
			continue;
		if (c == '[' && !f->was_array)
			f->in_array = f->was_array = true;
		else if (c == ']' && f->in_array)
			f->in_array = f->wants_comma = false;
		else if (c == ',' && f->in_array)
			f->wants_comma = false;
		else
			return feed_wrong(f, why, "\"%c\" between objects, expected JSON objects", c);
	}
	if (r == 0 && f->in_array)
		return feed_wrong(f, why, "the file ends within its array, expected \"]\"");
	return r;
}

int feed_object(struct feed *f, char **ret, size_t *ret_len, struct diag *why)
{
	bool in_text = false;
	bool escaped = false;
	unsigned depth = 0;
	int r = seek_object(f, why);

	f->piece_len = 0;
	while (r == 1 && (r = more(f, why)) == 1) {
		size_t i = f->at;
		do {
			char c = f->chunk[i++];
			f->line += c == '\n';
			if (escaped)
				escaped = false;
			else if (in_text && c == '\\')
				escaped = true;
			else if (c == '"')
				in_text = !in_text;
			else if (!in_text && (c == '{' || c == '}'))
				depth = c == '{' ? depth + 1 : depth - 1;
		} while (depth > 0 && i < f->end);
		if (keep(f, f->chunk + f->at, i - f->at, "an object", why) < 0)
			return -EINVAL;
		f->at = i;
		if (depth == 0)
			break;
	}
	if (r == 0 && depth > 0)
		return feed_wrong(f, why, "the file ends within an object, expected \"}\"");
	if (r <= 0)
		return r;
	f->wants_comma = f->in_array;
	f->piece[f->piece_len] = '\0';
	*ret = f->piece;
	*ret_len = f->piece_len;
	return 1;
}

ssize_t feed_bytes(struct feed *f, char *bytes, size_t size)
{
	struct diag why;
	int r = more(f, &why);

	if (r <= 0)
		return r;
	size_t take = f->end - f->at < size ? f->end - f->at : size;
	memcpy(bytes, f->chunk + f->at, take);
	f->at += take;
	return (ssize_t)take;
}
