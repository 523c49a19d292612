#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"
#include "store/observation.h"

/*
 * A scenario's text, cut into lines and words; a comma at the end of a word is one of
 * its own. `#` begins a comment. What is wrong with a script ends the player with
 * FILE:LINE: a scenario is source.
 */
enum { SCRIPT_WORDS = 64 };
/* The exit status then: no test result, but an error, also where a test should fail. */
enum { SCRIPT_WRONG = 99 };

struct line {
	const char *file;
	unsigned long number;
	char *words[SCRIPT_WORDS]; /* borrowed from the script */
	size_t count;
};

struct script {
	char *text; /* owned */
	struct line *lines;
	size_t count, capacity;
};

void script_read(const char *file, struct script *ret);
void script_finish(struct script *script);

/* Ends the program. */
_Noreturn void script_wrong(const struct line *line, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Walks along a line; every word must be used up. */
struct cursor {
	const struct line *line;
	size_t at;
};

bool cursor_end(const struct cursor *c);
bool cursor_is(struct cursor *c, const char *word); /* eats it if so */
const char *cursor_word(struct cursor *c);
uint64_t cursor_number(struct cursor *c);
double cursor_share(struct cursor *c);     /* 0..1 */
int64_t cursor_duration(struct cursor *c); /* with a unit; "0", "+1h" and "-1h" too */
struct ip4 cursor_address(struct cursor *c);
void cursor_method(struct cursor *c, enum method *ret, uint16_t *ret_port);

#endif
