#ifndef LIVE_PAGE_DRAW_H
#define LIVE_PAGE_DRAW_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/evidence/terms.h"
#include "analysis/outage/outage.h"
#include "live/page/page.h"
#include "live/page/window.h"

/*
 * What the pages' parts share. SVG that stretches: horizontal places are percentages, so that
 * hatches keep their angle, letters their form, and no style is written into the page.
 */

/* The document up to its content, and its end. */
void draw_begin(FILE *out, const char *title, bool narrow, bool fixed);
void draw_end(FILE *out);

/* Where links lead, between the quotes of href: to the store's page, to an outage's, to a table of
 * records ("outages"). Of a report these are files beside the page. */
void link_store(FILE *out, const struct page *page);
void link_outage(FILE *out, const struct page *page, const struct outage *outage);
void link_table(FILE *out, const struct page *page, const char *kind);

/* A rectangle from x0 to x1 (percent), y, height (pixels), of a class. Clipped to the picture. */
void draw_bar(FILE *out, const char *class, double x0, double x1, double y, double height);
/* At least so many pixels wide. */
void draw_least(FILE *out, const char *class, double x, double y, double width, double height);

/* One state, of a strip's height: lit, dark, lit from below, or hatched. */
void draw_state(
	FILE *out, enum block_state state, double fraction_up, double x0, double x1, double height);

char state_letter(enum block_state state);
const char *state_word(enum block_state state); /* "partly up" */
const char *state_long(enum reason reason);     /* why it is not measured, in words */

/* Of an outage: the class of its cause, and "power loss 0.98", "undetermined". */
const char *cause_class(int cause);
const char *cause_words(int cause);
void draw_cause(FILE *out, const struct outage *outage);
/* Where it is, in short: "country", ".178", "part of .178". */
void draw_extent(FILE *out, const struct scene *scene, const struct outage *outage);
/* How long it lasted, "≥" while it does. */
void draw_lasted(FILE *out, const struct outage *outage, struct wall end);
/* What was seen, in a sentence. */
void draw_sentence(FILE *out, const struct term *term, const struct facts *facts);
/* The probabilities as one bar. */
void draw_probabilities(FILE *out, const struct outage *outage);

/* ".176.0/24" where all blocks share what stands before. */
void draw_block(FILE *out, const struct scene *scene, struct prefix block);

/* Parts of a store's page. */
void draw_now(FILE *out, const struct page *page, int heading);
void draw_stack(FILE *out, const struct page *page);
void draw_strip(FILE *out, const struct page *page, const struct scene_block *block, int height);
void draw_brackets(FILE *out, const struct page *page);
void draw_vantages(FILE *out, const struct page *page);
void draw_block_hosts(FILE *out, const struct page *page, struct prefix block);
void draw_curve(FILE *out, const struct page *page);
void draw_heat(FILE *out, const struct page *page);
void draw_table(FILE *out, const struct page *page);
void draw_outages(FILE *out, const struct page *page);
void draw_map(FILE *out, const struct page *page);
void draw_months(FILE *out, const struct page *page);

/* Parts of a report. */
void draw_hosts(FILE *out, const struct page *page);
void draw_unmeasured(FILE *out, const struct page *page);
void draw_report_cite(FILE *out, const struct page *page);

/* Parts of an outage's page. */
void draw_evidence(FILE *out, const struct outage *outage);
void draw_gantt(FILE *out, const struct page *page, const struct outage *outage);

#endif
