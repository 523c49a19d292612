#ifndef CORE_SETTINGS_KINDS_H
#define CORE_SETTINGS_KINDS_H

#include <stdio.h>

#include "core/settings.h"

/*
 * What a kind of setting takes and how it is printed: the part of the settings
 * that only core/settings*.c see.
 */

/* Is it written as a list? */
bool setting_is_list(enum setting_kind kind);

/*
 * Set a row from its items: one, where it is no list. 0, or -EINVAL with *why
 * and nothing changed.
 */
int setting_set_items(const struct setting_row *row, struct settings *settings,
	const char *const *items, size_t count, struct diag *why);

/* The value in YAML flow style: `60s`, `[icmp, tcp]`, `"a b"`. */
void setting_print(const struct setting_row *row, const struct settings *settings, FILE *out);

/* The row of this name, - and _ alike, or NULL. */
const struct setting_row *setting_find(const char *name);

/* A copy that owns its lists. */
void settings_copy(const struct settings *from, struct settings *to);

/* Two lists of who must not be asked: taking one of them would ask those of the other.
 * 0 where both are the same, else -EINVAL with *why. settings_options.c */
int settings_one_blocklist(const char *one, const char *other, struct diag *why);

#endif
