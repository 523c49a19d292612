#ifndef ANALYSIS_EVIDENCE_ATTRIBUTION_H
#define ANALYSIS_EVIDENCE_ATTRIBUTION_H

#include <stddef.h>

#include "analysis/outage/verdict.h"

/* What the facts of an outage come to. Pure. */
const char *cause_name(int cause); /* with undetermined */

void verdict_reach(const struct facts *facts, struct verdict *ret);

/* What was seen, by the name it has in the column `evidence`, in nats for power over upstream:
 * the prior, then the terms. Together they are ln(p power / p upstream). Returns how many. */
struct evidence_line {
	const char *name;
	double nats;
};
size_t verdict_lines(const struct verdict *verdict, struct evidence_line lines[TERMS_MOST + 1]);

/* The same as "name:+1.50;name:-0.40", strongest first, without what says nothing. */
enum { EVIDENCE_TEXT_SIZE = 320 };
void verdict_print(const struct verdict *verdict, char text[EVIDENCE_TEXT_SIZE]);

#endif
