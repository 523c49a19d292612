#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include <stdio.h>

/*
 * Text into HTML and SVG. Whatever comes from a store, a label or a name, goes through here:
 * it cannot become markup, and what is no UTF-8 or a control character becomes U+FFFD.
 */
void html_text(FILE *out, const char *text); /* also between double quotes of an attribute */

/* printf, the whole of it escaped. */
void html_format(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
