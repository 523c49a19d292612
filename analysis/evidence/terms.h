#ifndef ANALYSIS_EVIDENCE_TERMS_H
#define ANALYSIS_EVIDENCE_TERMS_H

#include <stdio.h>

#include "analysis/outage/verdict.h"

/*
 * The hypotheses that the causes are made of, and the terms: what was seen, and what it is
 * worth for each of them. METHOD.md, "Evidence". A new term is one row of the table in terms.c.
 */
enum hypothesis {
	HOSTS,      /* power: hosts have none */
	BORDER,     /* power: the border has none, all that answers has */
	CUT,        /* upstream: the line */
	MANUAL,     /* upstream: the line, and somebody restarts hosts meanwhile */
	ACCESS,     /* upstream: one access router or provider */
	WHILE_DOWN, /* upstream: the line, and power fails while all is down already */
	FLOOD,      /* congestion: loss and delay grow until nothing comes through */
	CRASH,      /* congestion: the same, and hosts crash */
	SIEGE,      /* congestion: failures for a day, then all at once */
	ROUTE,
	OTHER,
};
enum { HYPOTHESIS_COUNT = OTHER + 1 };

struct hypothesis_row {
	const char *name;
	enum cause cause;
	double share; /* of its cause */
};
extern const struct hypothesis_row hypotheses[HYPOTHESIS_COUNT];

struct term {
	const char *name; /* in the column `evidence`; rows of one name are told as one there */
	double (*observe)(const struct facts *facts); /* 0: it says nothing */
	double weight[HYPOTHESIS_COUNT];              /* nats for each 1 that is observed */
	/* Where this is above 0 it is a sign of the cause: one without any is not stated. */
	double (*sign)(const struct facts *facts);
	enum cause sign_of;
	/* A sentence of --explain: as it stands, or told by a function. */
	const char *says;
	void (*tell)(const struct facts *facts, FILE *out);
};
extern const struct term terms[];
extern const size_t term_count;

#endif
