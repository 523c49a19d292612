#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include <stdint.h>

#include "core/clock.h"

/*
 * Times, durations and numbers as people read them on a page or in a picture: UTC, 24 hours,
 * durations of two units at most, en dashes. Each writes into the caller's room and returns it.
 * Pure.
 */
enum { WORDS_SIZE = 96 };

/* "13 h 31 min", "52 min", "4 min 12 s", "3 d 10 h"; rounded down to what is shown. */
char *words_duration(int64_t ns, char text[WORDS_SIZE]);
/* Three units at most: "5 h 28 min 29 s". */
char *words_duration_exact(int64_t ns, char text[WORDS_SIZE]);

/* A width that divides, in its largest unit: "60 s", "15 min", "12 h", "7 d". */
char *words_width(int64_t ns, char text[WORDS_SIZE]);

/* "16:04:37"; "6 Mar"; "6 Mar 2027". */
char *words_clock(struct wall t, char text[WORDS_SIZE]);
char *words_day(struct wall t, char text[WORDS_SIZE]);
char *words_date(struct wall t, char text[WORDS_SIZE]);

/* "6 Mar 15:12:04"; in another year than `now`'s, "19 Dec 2026 18:30:11". */
char *words_time(struct wall t, struct wall now, char text[WORDS_SIZE]);
/* An instant that lies between two: "6 Mar 15:12:04–15:12:47", one time where they are of one
 * second. */
char *words_between(struct wall low, struct wall high, struct wall now, char text[WORDS_SIZE]);

/* Without the days: "16:10–16:21"; "16:14:59–16:15:01" where they are nearer than ten minutes. */
char *words_clock_between(struct wall low, struct wall high, char text[WORDS_SIZE]);

/* "0.98", "< 0.01", "> 0.99"; decimals 2 or 3. */
char *words_probability(double p, int decimals, char text[WORDS_SIZE]);
/* "+7.00", with a true minus. */
char *words_nats(double nats, char text[WORDS_SIZE]);
/* "1,024". */
char *words_count(uint64_t count, char text[WORDS_SIZE]);
/* "four" up to twelve, then digits. */
char *words_small(uint64_t count, char text[WORDS_SIZE]);

/* "2027-03-06T16:04:37Z": a time in an address; with its fraction where it has one. */
char *words_iso(struct wall t, char text[WORDS_SIZE]);

#endif
