#ifndef LIVE_PAGE_PAGE_H
#define LIVE_PAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/clock.h"
#include "live/page/window.h"
#include "live/picture.h"
#include "live/scene.h"

/*
 * The pages: from plain data to HTML and SVG, nothing else. Pure. They work with scripts off; a
 * script adds what moves. Nothing in them is a style or a script of its own, so that a browser
 * may refuse all such.
 */
struct page {
	const struct scene *scene;
	const struct picture *picture; /* of the window, or of an outage's; NULL: not read yet */
	struct window window;
	struct wall now;
	bool only;    /* the server has no other store */
	double scale; /* history runs so many times faster than life */
	bool fixed;   /* of a report: links lead to files beside it, nothing moves, `now` is the
			 data end, and what is listed is what the window has */
};

/* A series with its window: the page of a store. */
void page_store(FILE *out, const struct page *page);
/* One outage. asked: as of when; {INT64_MAX}: now. */
void page_outage(
	FILE *out, const struct page *page, const struct outage *outage, struct wall asked);
/* All stores, the head of each. */
void page_index(FILE *out, const struct scene *const *scenes, size_t count, struct wall now);
/* The same of a report, as files: the first page, and by page_outage the others. What it needs to
 * look as it should is inside of it. */
void page_report(FILE *out, const struct page *page);
/* Is this an outage that pages list? Two hosts at least, and in a report some of it in the window.
 */
bool page_shows(const struct page *page, const struct outage *outage);
/* "outage-20270305T2104Z.html": what page_report calls the page of that outage. */
enum { PAGE_FILE_SIZE = 128 };
char *page_outage_file(
	const struct scene *scene, const struct outage *outage, char name[PAGE_FILE_SIZE]);
/* What there is instead of a page. */
void page_trouble(FILE *out, const char *title, const char *text);

#endif
