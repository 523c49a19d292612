#ifndef TARGETS_LIST_H
#define TARGETS_LIST_H

#include <stddef.h>
#include <stdio.h>

#include "targets/lines.h"

/*
 * Target lists: what to probe, and how we know. An address, prefix or range a
 * line, in one of the forms of targets/entry.h, then perhaps where it comes
 * from, as name=value, then perhaps a label in free words; `#` begins a comment.
 *
 *   175.45.176.0/22 cc=KP registry=apnic status=allocated date=20091221 source=...
 *   198.18.0.0/24 first block of the lab
 *
 * Pure: bytes in, text out, and what is written reads back as the same.
 */
struct provenance {
	char cc[4];
	char registry[12];
	char status[12];
	char date[12];
	char serial[24]; /* of the registry's file */
	char source[64]; /* the file's name, without its directory */
	char sha256[65]; /* of that file */
};

enum { LIST_LABEL_SIZE = 64 };

struct list_entry {
	struct range range;
	struct provenance from;
	char label[LIST_LABEL_SIZE];
	unsigned long line; /* 0: not from a file */
};

struct target_list {
	struct list_entry *entries; /* owned */
	size_t count, capacity;
	size_t ipv6; /* lines of the other family: passed over */
};

/* 0, or -EINVAL with *why naming `file` and the line, and *ret untouched. */
int list_parse(
	const char *file, const char *bytes, size_t len, struct target_list *ret, struct diag *why);
void list_finish(struct target_list *list);

void list_append(struct target_list *list, const struct list_entry *entry);

/*
 * Sorted by address; what comes twice with equal provenance and label is
 * merged, neighbours too. Where these differ, both stay.
 */
void list_tidy(struct target_list *list);

/* By range, then provenance, then label: the order of a tidy list. */
int list_entry_order(const void *a, const void *b);

/* Cut a range out of every entry. True if there was something of it. */
bool list_remove(struct target_list *list, struct range range);

/* One line a prefix, after `lead`: ranges are cut into the fewest prefixes. */
void list_entry_print(const struct list_entry *entry, const char *lead, FILE *out);

/* Copy `text` where a value stands: blanks, '#' and '=' would not read back and become '_'. */
void list_value(char *ret, size_t size, const char *text);

#endif
