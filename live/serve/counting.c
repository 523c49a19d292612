#include "live/serve/counting.h"

static const int64_t kept_ns = 60 * NS_PER_S;    /* or ten times as long as it took */
static const int64_t awaited_ns = 15 * NS_PER_S; /* for who asked, before another question */

/* A clock that was set back makes everything old. */
static bool is_within(const struct counting *c, struct wall now, int64_t most_ns)
{
	int64_t age_ns = wall_since(now, c->counted_at);

	return age_ns >= 0 && age_ns < most_ns;
}

static bool is_fresh(const struct counting *c, struct wall now)
{
	return c->series && is_within(c, now, kept_ns > 10 * c->took_ns ? kept_ns : 10 * c->took_ns);
}

const struct series *counting_ask(
	struct counting *c, struct wall from, struct wall to, struct wall now)
{
	bool same = c->from.ns == from.ns && c->to.ns == to.ns;

	if (same && is_fresh(c, now))
		return c->series;
	if (c->asked || (c->series && !same && is_within(c, now, awaited_ns)))
		return NULL;
	series_destroy(c->series);
	c->series = NULL;
	c->from = from;
	c->to = to;
	c->asked = true;
	return NULL;
}

bool counting_is_due(const struct counting *c, struct wall now)
{
	return c->asked && !is_within(c, now, 9 * c->took_ns);
}

void counting_take(struct counting *c, struct series *series, struct wall now, int64_t took_ns)
{
	series_destroy(c->series);
	c->series = series;
	c->asked = false;
	c->counted_at = now;
	c->took_ns = took_ns;
}

void counting_finish(struct counting *c)
{
	series_destroy(c->series);
	c->series = NULL;
}
