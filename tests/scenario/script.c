#include "tests/scenario/script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/text.h"

enum { SCRIPT_SIZE = 1 << 16 };

void script_wrong(const struct line *line, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s:%lu: ", line->file, line->number);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(SCRIPT_WRONG);
}

static void cut(struct script *script, const char *file, unsigned long number, char *text)
{
	struct line line = {.file = file, .number = number};
	char *save = NULL;

	text[strcspn(text, "#")] = '\0';
	for (char *w = strtok_r(text, " \t\r", &save); w; w = strtok_r(NULL, " \t\r", &save)) {
		static char comma[] = ",";
		char *end = w + strlen(w) - 1;
		if (line.count > SCRIPT_WORDS - 2)
			script_wrong(&line, "more than %d words", SCRIPT_WORDS);
		line.words[line.count++] = w;
		if (end > w && *end == ',') {
			*end = '\0';
			line.words[line.count++] = comma;
		}
	}
	if (line.count == 0)
		return;
	script->lines = mem_grow(
		script->lines, &script->capacity, script->count + 1, sizeof(*script->lines));
	script->lines[script->count++] = line;
}

void script_read(const char *file, struct script *ret)
{
	FILE *f = fopen(file, "re");
	unsigned long number = 0;

	*ret = (struct script){.text = mem_zeroed(SCRIPT_SIZE, 1)};
	if (!f) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		exit(SCRIPT_WRONG);
	}
	ret->text[fread(ret->text, 1, SCRIPT_SIZE - 1, f)] = '\0';
	fclose(f);
	for (char *at = ret->text; *at;) {
		char *end = at + strcspn(at, "\n");
		bool last = *end == '\0';
		*end = '\0';
		cut(ret, file, ++number, at);
		at = last ? end : end + 1;
	}
}

void script_finish(struct script *script)
{
	free(script->lines);
	free(script->text);
}

bool cursor_end(const struct cursor *c)
{
	return c->at == c->line->count;
}

bool cursor_is(struct cursor *c, const char *word)
{
	if (cursor_end(c) || strcmp(c->line->words[c->at], word) != 0)
		return false;
	c->at++;
	return true;
}

const char *cursor_word(struct cursor *c)
{
	if (cursor_end(c))
		script_wrong(c->line, "the line ends too early");
	return c->line->words[c->at++];
}

uint64_t cursor_number(struct cursor *c)
{
	const char *word = cursor_word(c);
	uint64_t n;

	if (!text_u64(word, UINT64_MAX, &n))
		script_wrong(c->line, "'%s', expected a number", word);
	return n;
}

double cursor_share(struct cursor *c)
{
	const char *word = cursor_word(c);
	double share;

	if (!text_double(word, &share) || share < 0 || share > 1)
		script_wrong(c->line, "'%s', expected a share from 0 to 1", word);
	return share;
}

int64_t cursor_duration(struct cursor *c)
{
	const char *word = cursor_word(c);
	const char *digits = word + strspn(word, "+-");
	int64_t ns = 0;

	if (strcmp(digits, "0") != 0 && !text_duration(digits, &ns))
		script_wrong(c->line, "'%s', expected a duration, 40ms say", word);
	return word[0] == '-' ? -ns : ns;
}

struct ip4 cursor_address(struct cursor *c)
{
	const char *word = cursor_word(c);
	struct ip4 address;

	if (!ip4_parse(word, &address))
		script_wrong(c->line, "'%s', expected an address", word);
	return address;
}

void cursor_method(struct cursor *c, enum method *ret, uint16_t *ret_port)
{
	const char *word = cursor_word(c);

	*ret_port = 0;
	if (!method_parse(word, ret, ret_port))
		script_wrong(c->line, "'%s', expected icmp or tcp:PORT", word);
}
