#include "analysis/vantage/near.h"

#include <string.h>

#include "analysis/vantage/proof.h"
#include "core/clock.h"
#include "core/mem.h"

void nears_finish(struct nears *nears)
{
	for (size_t i = 0; i < VANTAGES_MOST; i++)
		mem_free(nears->items[i]);
	*nears = (struct nears){0};
}

static struct distance *distance_at(struct nears *nears, size_t vantage, uint32_t host)
{
	size_t had = nears->count[vantage];
	struct distance **items = &nears->items[vantage];

	if (host >= had) {
		*items =
			mem_grow(*items, &nears->count[vantage], (size_t)host + 1, sizeof(**items));
		memset(*items + had, 0, (nears->count[vantage] - had) * sizeof(**items));
	}
	return &(*items)[host];
}

bool near_is_doubtful(const struct nears *nears, size_t vantage, uint32_t host, int64_t rtt_ns)
{
	const struct distance *d =
		host < nears->count[vantage] ? &nears->items[vantage][host] : NULL;

	if (!d || d->low_s <= 0)
		return near_is_strange(nears, vantage, rtt_ns);
	return !d->is_nearer && proof_is_near(rtt_ns, (double)d->low_s);
}

bool near_is_strange(const struct nears *nears, size_t vantage, int64_t rtt_ns)
{
	return nears->heard[vantage] >= NEAR_ANSWERS &&
	       proof_is_near(rtt_ns, nears->usual_s[vantage]);
}

/* A mean at first; then a quantile, by steps of a share of itself: up by a quarter of one, down
 * by the rest. */
static void learn_usual(struct nears *nears, size_t vantage, double level_s)
{
	double *usual_s = &nears->usual_s[vantage];
	uint32_t *heard = &nears->heard[vantage];

	if (*heard < NEAR_ANSWERS) {
		*usual_s += (level_s - *usual_s) / ++*heard;
		return;
	}
	double share = level_s > *usual_s ? NEAR_QUANTILE : NEAR_QUANTILE - 1;
	double to_s = *usual_s * (1 + share * NEAR_STEP);
	*usual_s = (to_s > level_s) == (*usual_s > level_s) ? to_s : level_s;
}

static void take(uint8_t *nearer, unsigned takes)
{
	*nearer = *nearer > takes ? (uint8_t)(*nearer - takes) : 0;
}

void near_hear(
	struct nears *nears, size_t vantage, uint32_t host, int64_t rtt_ns, unsigned attempts)
{
	if (rtt_ns <= 0)
		return;
	struct distance *d = distance_at(nears, vantage, host);
	float rtt_s = (float)((double)rtt_ns / (double)NS_PER_S);
	bool near = proof_is_near(rtt_ns, (double)d->low_s);

	take(&d->nearer, near ? SILENCE_TAKES * (attempts - 1) : AFAR_TAKES);
	if (near && d->nearer < NEARER)
		d->nearer++;
	if (d->nearer == NEARER)
		d->is_nearer = true;
	else if (d->nearer == 0)
		d->is_nearer = false;
	float part = rtt_s > d->low_s ? NEAR_RISE
		     : !near          ? NEAR_FALL
		     : d->is_nearer   ? NEAR_FALL_NEARER
				      : NEAR_FALL_DOUBTED;
	d->low_s += d->low_s > 0 ? (rtt_s - d->low_s) / part : rtt_s;
	if (!near || d->is_nearer)
		learn_usual(nears, vantage, (double)(near ? rtt_s : d->low_s));
}

void near_miss(struct nears *nears, size_t vantage, uint32_t host, unsigned attempts)
{
	struct distance *d = host < nears->count[vantage] ? &nears->items[vantage][host] : NULL;

	if (!d || !d->nearer)
		return;
	take(&d->nearer, SILENCE_TAKES * attempts);
	d->is_nearer &= d->nearer > 0;
}

void stranger_hear(struct stranger *stranger, uint64_t sweep)
{
	if (stranger->nearer < NEARER)
		stranger->nearer++;
	stranger->seen = (uint8_t)sweep;
}

void stranger_miss(struct stranger *stranger)
{
	take(&stranger->nearer, SILENCE_TAKES);
}

bool stranger_is_somebody(const struct stranger *stranger)
{
	return stranger->nearer == NEARER;
}
