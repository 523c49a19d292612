#include "prober/schedule/trial.h"

#include "core/clock.h"

/* Answers that make it learned; others that end it; silences that end a trial. */
enum { FITS_LEAST = 3, MISFITS_MOST = 3, SILENCES_MOST = 10 };
enum { BLOCKS_LEAST = 2 };
#define REFUSED_NS (7 * 86400 * NS_PER_S)

/* A router is in no hurry to say that a TTL ran out, and the way back may be another. */
#define RTT_SLACK_NS (30 * NS_PER_MS)
enum { HOPS_SLACK = 4 };

/* How many routers it passed, as far as its TTL tells: senders begin at 64, 128 or 255. */
static int hops_back(int reply_ttl)
{
	return (reply_ttl > 128 ? 255 : reply_ttl > 64 ? 128 : 64) - reply_ttl;
}

/* Did this come from where the hop is? */
static bool fits(const struct trial_router *router, const struct observation *o)
{
	int64_t low = router->rtt_ns / 2 - RTT_SLACK_NS;
	int64_t high = 2 * router->rtt_ns + RTT_SLACK_NS;

	if (o->rtt_ns >= 0 && router->rtt_ns >= 0 && (o->rtt_ns < low || o->rtt_ns > high))
		return false;
	if (o->reply_ttl <= 0)
		return true;
	int away = hops_back(o->reply_ttl) - (router->ttl - 1);
	return (away < 0 ? -away : away) <= HOPS_SLACK + router->ttl / 4;
}

static struct trial_router *router_at(struct trial *trial, struct ip4 address)
{
	for (size_t i = 0; i < trial->count; i++)
		if (ip4_equal(trial->routers[i].address, address))
			return &trial->routers[i];
	return NULL;
}

/* --- what the sweep says of those who are asked --- */

static void see_hops(struct trial *trial, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->hop_count && trial->count > 0; i++) {
		const struct hop *h = &sweep->hops[i];
		struct trial_router *router =
			h->has_responder ? router_at(trial, h->responder) : NULL;
		if (!router || h->outcome != OUTCOME_TTL_EXCEEDED)
			continue;
		if (router->ttl == 0 || h->ttl < router->ttl)
			router->ttl = h->ttl;
		if (h->rtt_ns >= 0 && (router->rtt_ns < 0 || h->rtt_ns < router->rtt_ns))
			router->rtt_ns = h->rtt_ns;
	}
}

static void see_answers(struct trial *trial, const struct sweep *sweep)
{
	for (size_t i = 0; i < sweep->observation_count && trial->count > 0; i++) {
		const struct observation *o = &sweep->observations[i];
		struct trial_router *router = router_at(trial, o->address);
		if (!router || router->ttl == 0 || o->outcome == OUTCOME_UNSENT)
			continue;
		if (!observation_is_life(o)) {
			router->silences++;
		} else if (!fits(router, o)) {
			router->misfits++;
		} else {
			router->fits++;
			router->misfits = router->learned ? 0 : router->misfits;
		}
	}
}

/* --- what follows --- */

static void refuse(struct trial *trial, struct ip4 address, struct wall now)
{
	size_t at = 0;

	if (trial->refused_count < TRIAL_REFUSED)
		at = trial->refused_count++;
	else
		for (size_t i = 1; i < TRIAL_REFUSED; i++)
			if (trial->refused[i].until.ns < trial->refused[at].until.ns)
				at = i;
	trial->refused[at].address = address;
	trial->refused[at].until = wall_after(now, REFUSED_NS);
}

static bool is_refused(const struct trial *trial, struct ip4 address, struct wall now)
{
	for (size_t i = 0; i < trial->refused_count; i++)
		if (ip4_equal(trial->refused[i].address, address) &&
			now.ns < trial->refused[i].until.ns)
			return true;
	return false;
}

/* Why it is asked no more; NULL: it is. */
static const char *why_ended(const struct trial_router *router, const struct routers *routers,
	const struct target_set *set, bool *ret_refused)
{
	const struct router_known *known = routers_find(routers, router->address);

	*ret_refused = true;
	if (!target_set_allows(set, router->address))
		return "it may not be asked any more";
	if (router->misfits >= MISFITS_MOST)
		return "it does not answer from where that hop is";
	if (!router->learned && router->silences >= SILENCES_MOST)
		return "it does not answer";
	*ret_refused = false;
	if (!known || known->role != router->role || known->blocks < BLOCKS_LEAST)
		return "the paths do not show it any more";
	return NULL;
}

static size_t end_some(struct trial *trial, const struct routers *routers, struct target_set *set,
	struct wall now, struct trial_news *news)
{
	size_t kept = 0;
	size_t told = 0;

	for (size_t i = 0; i < trial->count; i++) {
		struct trial_router *router = &trial->routers[i];
		bool refused;
		const char *why = why_ended(router, routers, set, &refused);
		if (!why) {
			trial->routers[kept++] = *router;
			continue;
		}
		if (refused)
			refuse(trial, router->address, now);
		target_set_forget(set, router->address);
		news[told++] = (struct trial_news){TRIAL_ENDS, router->address, router->role, why};
	}
	trial->count = kept;
	return told;
}

static size_t learn_some(struct trial *trial, struct target_set *set, struct trial_news *news)
{
	size_t told = 0;

	for (size_t i = 0; i < trial->count; i++) {
		struct trial_router *router = &trial->routers[i];
		if (router->learned || router->fits < FITS_LEAST)
			continue;
		router->learned = true;
		router->misfits = 0;
		target_set_learn(set, router->address, router->role);
		news[told++] =
			(struct trial_news){TRIAL_LEARNED, router->address, router->role, NULL};
	}
	return told;
}

static size_t begin_some(struct trial *trial, const struct routers *routers, struct target_set *set,
	struct wall now, struct trial_news *news)
{
	size_t told = 0;

	for (size_t i = 0; i < routers->known_count && trial->count < TRIAL_ROUTERS; i++) {
		const struct router_known *known = &routers->known[i];
		if (known->blocks < BLOCKS_LEAST || routers_is_inside(routers, known->address) ||
			router_at(trial, known->address) ||
			is_refused(trial, known->address, now) ||
			!target_set_ask(set, known->address))
			continue;
		trial->routers[trial->count++] = (struct trial_router){
			.address = known->address, .role = known->role, .rtt_ns = -1};
		news[told++] = (struct trial_news){TRIAL_BEGINS, known->address, known->role, NULL};
	}
	return told;
}

size_t trial_sweep(struct trial *trial, const struct routers *routers, const struct sweep *sweep,
	struct target_set *set, struct trial_news news[TRIAL_NEWS])
{
	struct wall now = sweep->info.end;
	size_t told = 0;

	see_answers(trial, sweep);
	told += end_some(trial, routers, set, now, news);
	told += learn_some(trial, set, news + told);
	if (trial->count < TRIAL_ROUTERS && sweep->hop_count > 0)
		told += begin_some(trial, routers, set, now, news + told);
	see_hops(trial, sweep);
	return told;
}

void trial_reload(const struct trial *trial, struct target_set *set)
{
	for (size_t i = 0; i < trial->count; i++) {
		const struct trial_router *router = &trial->routers[i];
		if (target_set_ask(set, router->address) && router->learned)
			target_set_learn(set, router->address, router->role);
	}
}
