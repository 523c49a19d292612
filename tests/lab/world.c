#include "tests/lab/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/mem.h"

void world_init(struct world *w, const struct scenario *s, const struct plan *plan)
{
	memset(w, 0, sizeof(*w));
	w->s = s;
	w->plan = plan;
	w->conditions = mem_zeroed(s->host_count, sizeof(*w->conditions));
	w->memories = mem_zeroed(s->host_count, sizeof(*w->memories));
	w->blocks = mem_zeroed(s->host_count / 256 + 1, sizeof(*w->blocks));
}

void world_finish(struct world *w)
{
	free(w->conditions);
	free(w->memories);
	free(w->blocks);
	pending_finish(&w->pending);
}

bool bucket_take(struct bucket *b, int64_t now)
{
	double most = b->rate > 1 ? b->rate : 1;

	if (b->rate <= 0)
		return true;
	b->tokens += b->rate * (double)(now - b->at_ns) / (double)NS_PER_S;
	b->at_ns = now;
	if (b->tokens > most)
		b->tokens = most;
	if (b->tokens < 1)
		return false;
	b->tokens -= 1;
	return true;
}

static struct bucket bucket_of(double rate, int64_t now)
{
	return (struct bucket){rate, rate > 1 ? rate : 1, now};
}

void condition_change(struct condition *c, const struct event *e)
{
	switch ((int)e->kind) {
	case EVENT_CUT:
		c->cut = e->where;
		c->unreachable = e->unreachable;
		c->code = (uint8_t)e->code;
		break;
	case EVENT_RESTORE:
		if (c->cut == e->where)
			c->cut = ROUTER_NONE;
		break;
	case EVENT_SILENCE:
		c->silenced = true;
		break;
	case EVENT_SPEAK:
		c->silenced = false;
		break;
	case EVENT_LOSS:
		c->loss = e->share;
		break;
	case EVENT_DELAY:
		c->delay_ns = e->span_ns;
		break;
	default: /* power and reboots are in the plan already */
		break;
	}
}

static void event_play(struct world *w, const struct event *e)
{
	const struct scenario *s = w->s;
	bool whole = range_holds(e->range, s->country.base) &&
		     range_holds(e->range, prefix_last(s->country));

	for (size_t i = 0; i < s->host_count; i++)
		if (range_holds(e->range, scenario_address(s, i)))
			condition_change(&w->conditions[i], e);
	if (e->kind == EVENT_LIMIT)
		for (size_t i = 0; i < s->host_count; i += 256)
			if (range_holds(e->range, scenario_address(s, i)))
				w->blocks[i / 256] = bucket_of(e->rate, e->at_ns);
	if (e->kind == EVENT_CUT)
		w->routers[e->where] = bucket_of(e->rate, e->at_ns);
	if ((e->kind == EVENT_CUT || e->kind == EVENT_RESTORE) && whole &&
		e->where == ROUTER_UPSTREAM)
		w->border_cut = e->kind == EVENT_CUT;
	if (e->kind == EVENT_FORGE)
		w->forgery = (struct forgery){e->rate, e->range, e->at_ns, w->forgery.made};
	if (e->kind == EVENT_END)
		w->over = true;
}

void world_turn(struct world *w, int64_t now)
{
	while (w->next_event < w->s->event_count && w->s->events[w->next_event].at_ns <= now)
		event_play(w, &w->s->events[w->next_event++]);
	while (w->forgery.rate > 0 && w->forgery.next_ns <= now) {
		w->forgery.next_ns += (int64_t)((double)NS_PER_S / w->forgery.rate);
		forge_one(w, now);
	}
}

int64_t world_next(const struct world *w)
{
	int64_t next =
		w->next_event < w->s->event_count ? w->s->events[w->next_event].at_ns : INT64_MAX;

	return w->forgery.rate > 0 && w->forgery.next_ns < next ? w->forgery.next_ns : next;
}

/* Remembered so that forged packets can be sent to somebody, at an open ear. */
static void asker_remember(struct world *w, const struct asked *asked)
{
	w->asker_known = true;
	w->asker = asked->source;
	if (asked->kind == ASKED_SYN) {
		w->asker_tcp = true;
		w->asker_port = asked->their_port;
		w->asked_port = asked->our_port;
	}
}

static void count_asked(struct counters *c, enum asked_kind kind)
{
	switch (kind) {
	case ASKED_ECHO:
		c->echo_asked++;
		break;
	case ASKED_SYN:
		c->syn_asked++;
		break;
	case ASKED_RST:
		c->rst_asked++;
		break;
	case ASKED_ACK:
	case ASKED_OTHER:
		c->other_asked++;
		break;
	}
}

/* The way to a host: false when the packet, or the errand, ends before it. */
static bool path_pass(
	struct world *w, int64_t now, const struct asked *asked, const struct condition *condition)
{
	enum router router = condition->cut;

	if (asked->ttl <= 1) {
		router_error(w, now, asked, ROUTER_UPSTREAM, 11, 0);
		return false;
	}
	if (router != ROUTER_UPSTREAM && asked->ttl == 2) {
		router_error(w, now, asked, ROUTER_BORDER, 11, 0);
		return false;
	}
	if (router == ROUTER_NONE)
		return true;
	w->counters.cut_off++;
	if (condition->unreachable && bucket_take(&w->routers[router], now))
		router_error(w, now, asked, router, 3, condition->code);
	return false;
}

static void host_receive(struct world *w, int64_t now, const struct asked *asked, size_t host)
{
	const struct condition *condition = &w->conditions[host];
	struct answering a = {w, asked, host, &w->s->hosts[host], plan_life(w->plan, host, now),
		&w->memories[host], now, now};

	if (!path_pass(w, now, asked, condition))
		return;
	if (!a.life) {
		if (a.traits->present)
			w->counters.powerless++;
		else
			w->counters.nobody_there++;
		if (w->s->absent_unreachable)
			router_error(w, now, asked, ROUTER_BORDER, 3, 1);
		return;
	}
	if (condition->silenced) {
		w->counters.silenced++;
		return;
	}
	a.due += condition->delay_ns;
	if (a.memory->life != a.life)
		*a.memory = (struct memory){.asked = a.memory->asked, .life = a.life};
	a.memory->asked++;
	if (condition->loss > 0 && chance_share(w->s->seed, asked->target.host,
					   a.memory->asked * 16 + 15) < condition->loss) {
		w->counters.lost++;
		return;
	}
	host_answer(&a);
}

void world_receive(struct world *w, int64_t now, const uint8_t *bytes, size_t len)
{
	struct asked asked;

	if (!packet_read(bytes, len, &asked)) {
		w->counters.malformed++;
		return;
	}
	count_asked(&w->counters, asked.kind);
	asker_remember(w, &asked);
	if (prefix_holds(w->s->country, asked.target))
		host_receive(w, now, &asked, asked.target.host - w->s->country.base.host);
	else if (ip4_equal(asked.target, w->s->upstream))
		router_echo(w, now, &asked, ROUTER_UPSTREAM);
	else if (ip4_equal(asked.target, w->s->border) && !w->border_cut)
		router_echo(w, now, &asked, ROUTER_BORDER);
	else
		w->counters.elsewhere++;
}
