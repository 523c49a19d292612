#ifndef ANALYSIS_EVIDENCE_NUMBERS_H
#define ANALYSIS_EVIDENCE_NUMBERS_H

/*
 * The numbers of the evidence that are no weights or shares (those: terms.c). (f): fitted on seeds
 * 60 to 63 of the bench. (j): judgement. docs/METHOD.md, "Evidence", has the reasons.
 */

/* A cause is stated from this probability on: three times as likely as all others. (j) */
#define STATE_P 0.75

/* Restarts of a host by itself, a day (16 of nine hosts in real scans of 25 days); and the share
 * of clocks that are misread. */
#define ALONE_PER_DAY 0.07
#define MISREAD 0.01
/* Nats: no count of restarts makes one way less likely than this, against the likeliest. (j) */
#define COUNT_MOST 7.0
/* Seconds until somebody despairs and restarts hosts; and in how many power fails once while
 * the line is cut, in the part of cuts in which it does. (j) */
#define DESPAIR_S 1800.0
#define DESPAIR_LEAST 0.05 /* the share of those who do in shorter cuts */
#define POWER_FAILS_S 86400.0
/* In this part of attacks that crash hosts somebody restarts them together; in this part of power
 * losses of the border alone, and of whatever else, a few hosts restart. (j) */
#define CRASH_TOGETHER 0.75
#define FEW_PART 0.3
/* Seconds: hosts that get power together boot within so long of each other, and are back within
 * so long of their boot. Set after a look at seeds 300 to 320 of F3 and F14. */
#define TOGETHER_S 180.0
#define LAG_S 300.0
/* How readily a boot is the host's own, and how readily its return follows it; each boot before
 * it weighs one. (j) */
#define OWN 0.5
#define LAG 2.0
/* Nats: where power comes back site by site, and the line after it, boots are scattered, too;
 * and boots that were together once are so again. (j) */
#define TIMES_LEAST (-2.0)
#define TIMES_MOST 7.0
/* Clocks that ran through: more than the one or two hosts that may have batteries. (j) */
#define CLOCKS_TOLD 3

/* Hosts of one block, from which on the shape of a loss is looked at. */
#define SHAPE_HOSTS 3
/* Seconds over which, and the largest share at one instant with which, returns and departures are
 * staggered, or spread. (f) */
#define STAGGERED_S 120.0
#define STAGGERED_MOST 0.6
#define SPREAD_S 60.0
#define SPREAD_MOST 0.8
#define ONSET_S 180.0
/* Errors for so many hosts are no chance. (j) */
#define ERRORS_MANY 3

/* Short silences of the day before against what is usual, and in so many of its hours. (j) */
#define UNSTABLE 8.0
#define UNSTABLE_HOURS 8.0
/* Minutes of loss or delay in the hour before: fewer are anybody's, more an attack's. (f) */
#define BUILDUP_NONE 4.0
#define BUILDUP_SURE 16.0
/* Minutes: attacks grow for so long, any order of size alike. So the chance not to see one
 * grow is never below BUILDUP_MISSED. (j) */
#define BUILDUP_SHORTEST 5.0
#define BUILDUP_LONGEST 90.0
#define BUILDUP_MISSED 0.05

#endif
