#include "analysis/evidence/attribution.h"
#include "analysis/method/parameters.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence/terms.h"

const char *cause_name(int cause)
{
	static const char *const names[] = {"power_loss", "upstream_disconnect", "congestion",
		"routing", "other", "undetermined"};

	return names[cause];
}

/* ln of the sum over each cause's hypotheses. */
static void sum_up(const double score[HYPOTHESIS_COUNT], double ret[CAUSE_COUNT])
{
	double sum[CAUSE_COUNT] = {0};

	for (int h = 0; h < HYPOTHESIS_COUNT; h++)
		sum[hypotheses[h].cause] += exp(score[h]);
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret[c] = log(sum[c]);
}

/* What the last step added, against upstream. */
static void note_step(
	const double before[CAUSE_COUNT], const double after[CAUSE_COUNT], double ret[CAUSE_COUNT])
{
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret[c] = (after[c] - after[CAUSE_UPSTREAM]) - (before[c] - before[CAUSE_UPSTREAM]);
}

static bool has_sign(const struct facts *facts, enum cause cause)
{
	for (size_t t = 0; t < term_count; t++)
		if (terms[t].sign && terms[t].sign_of == cause && terms[t].sign(facts) > 0)
			return true;
	return false;
}

static int state(const struct facts *facts, const double p[CAUSE_COUNT])
{
	for (int c = 0; c < CAUSE_COUNT; c++)
		if (p[c] >= STATE_P && has_sign(facts, (enum cause)c))
			return c;
	return CAUSE_UNDETERMINED;
}

void verdict_reach(const struct facts *facts, struct verdict *ret)
{
	const struct prior *prior = facts->prior ? facts->prior : &prior_default;
	double score[HYPOTHESIS_COUNT];
	double before[CAUSE_COUNT] = {0};
	double after[CAUSE_COUNT];
	double all = 0;

	*ret = (struct verdict){.cause = CAUSE_UNDETERMINED};
	for (int h = 0; h < HYPOTHESIS_COUNT; h++)
		score[h] = log(prior->share[hypotheses[h].cause] * hypotheses[h].share);
	sum_up(score, after);
	note_step(before, after, ret->prior);
	for (size_t t = 0; t < term_count; t++) {
		double seen = terms[t].observe(facts);
		if (seen == 0)
			continue;
		for (int h = 0; h < HYPOTHESIS_COUNT; h++)
			score[h] += seen * terms[t].weight[h];
		for (int c = 0; c < CAUSE_COUNT; c++)
			before[c] = after[c];
		sum_up(score, after);
		note_step(before, after, ret->nats[t]);
	}
	for (int c = 0; c < CAUSE_COUNT; c++)
		all += exp(after[c]);
	for (int c = 0; c < CAUSE_COUNT; c++)
		ret->p[c] = exp(after[c]) / all;
	for (int h = 0; h < HYPOTHESIS_COUNT; h++)
		ret->p_hypothesis[h] = exp(score[h]) / all;
	ret->cause = state(facts, ret->p);
}

size_t verdict_lines(const struct verdict *verdict, struct evidence_line lines[TERMS_MOST + 1])
{
	size_t count = 1;

	lines[0] = (struct evidence_line){"prior", verdict->prior[CAUSE_POWER]};
	for (size_t t = 0; t < term_count; t++) {
		if (strcmp(lines[count - 1].name, terms[t].name) != 0)
			lines[count++] = (struct evidence_line){terms[t].name, 0};
		lines[count - 1].nats += verdict->nats[t][CAUSE_POWER];
	}
	return count;
}

static int by_size(const void *a, const void *b)
{
	const struct evidence_line *x = a;
	const struct evidence_line *y = b;
	double more = fabs(y->nats) - fabs(x->nats);

	return more != 0 ? (more > 0) - (more < 0) : strcmp(x->name, y->name);
}

void verdict_print(const struct verdict *verdict, char text[EVIDENCE_TEXT_SIZE])
{
	struct evidence_line lines[TERMS_MOST + 1];
	size_t count = verdict_lines(verdict, lines);
	size_t len = 0;

	qsort(lines, count, sizeof(lines[0]), by_size);
	for (size_t i = 0; i < count; i++)
		if (lines[i].nats != 0 || strcmp(lines[i].name, "prior") == 0)
			len += (size_t)snprintf(text + len, EVIDENCE_TEXT_SIZE - len, "%s%s:%+.3f",
				len ? ";" : "", lines[i].name, lines[i].nats);
}
