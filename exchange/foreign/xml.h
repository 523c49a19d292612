#ifndef EXCHANGE_FOREIGN_XML_H
#define EXCHANGE_FOREIGN_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/text.h"

/* XML as it comes, element by element: the door of the library that reads it. */
struct xml;

struct xml_events {
	/* An element begins. False: stop here. `attributes`: names and values in turn, then NULL. */
	bool (*begin)(void *ctx, const char *name, const char *const *attributes);
	bool (*end)(void *ctx, const char *name);
	void *ctx;
};

/* NULL: this lightsout was built without it. */
struct xml *xml_open(struct xml_events events);
void xml_close(struct xml *xml); /* NULL is fine */

/* The next bytes; `last`: the document must end here. 0, or -EINVAL and why->text. Who stopped it
 * knows why: then the text is empty. */
int xml_feed(struct xml *xml, const char *bytes, size_t len, bool last, struct diag *why);

/* Where it is, from 1. */
unsigned long xml_line(const struct xml *xml);

/* "" where there is no such attribute. */
const char *xml_attribute(const char *const *attributes, const char *name);

#endif
