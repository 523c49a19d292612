#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/clock.h"
#include "tests/lab/scenario.h"

static const char *const routers[] = {"upstream", "border", NULL};

/* A range may be left out, and then what follows it can be a rate: "0.5/s". */
static int range_or_all(struct words *w, const struct scenario *s, struct range *ret)
{
	int dots = 0;

	for (const char *c = words_peek(w); *c; c++)
		dots += *c == '.';
	*ret = (struct range){s->country.base, prefix_last(s->country)};
	return dots >= 3 ? words_range(w, ret) : 0;
}

static int where_read(struct words *w, const struct scenario *s, struct event *e)
{
	int which = 0;

	if (words_choice(w, routers, &which) < 0)
		return -EINVAL;
	e->where = which ? ROUTER_BORDER : ROUTER_UPSTREAM;
	return range_or_all(w, s, &e->range);
}

/* cut upstream [RANGE] [silent | unreachable [code N] [N/s]] */
static int cut_read(struct words *w, const struct scenario *s, struct event *e)
{
	int64_t code = 0;

	if (where_read(w, s, e) < 0)
		return -EINVAL;
	if (words_take(w, "silent") || !words_take(w, "unreachable"))
		return 0;
	e->unreachable = true;
	if (words_take(w, "code") &&
		words_number(w, "a code of ICMP type 3, 0 to 15", 0, 15, &code) < 0)
		return -EINVAL;
	e->code = (int)code;
	return words_left(w) ? words_rate(w, &e->rate) : 0;
}

/* power off site NAME [over DURATION] */
static int power_read(struct words *w, const struct scenario *s, struct event *e)
{
	int on = 0;

	if (words_choice(w, (const char *const[]){"off", "on", NULL}, &on) < 0)
		return -EINVAL;
	e->kind = on ? EVENT_POWER_ON : EVENT_POWER_OFF;
	if (!words_take(w, "site"))
		return diag_set(w->why, "\"%s\", expected site NAME", words_peek(w));
	if (words_text(w, "the name of a site", e->site, sizeof(e->site)) < 0)
		return -EINVAL;
	for (size_t i = 0; i < s->host_count; i++)
		if (!strcmp(s->hosts[i].site, e->site))
			goto known;
	return diag_set(w->why, "no host is at a site \"%s\"", e->site);
known:
	if (words_take(w, "over")) {
		if (words_duration(w, &e->span_ns) < 0)
			return -EINVAL;
		e->span_ns = (int64_t)((double)e->span_ns / s->scale);
	}
	return 0;
}

static int rate_or_off(struct words *w, struct event *e)
{
	return words_take(w, "off") ? (e->rate = 0, 0) : words_rate(w, &e->rate);
}

static int kind_read(struct words *w, const struct scenario *s, struct event *e)
{
	enum { CUT, RESTORE, POWER, REBOOT, SILENCE, SPEAK, LOSS, DELAY, LIMIT, FORGE, END };
	static const char *const names[] = {"cut", "restore", "power", "reboot", "silence", "speak",
		"loss", "delay", "limit", "forge", "end", NULL};
	static const enum event_kind kinds[] = {EVENT_CUT, EVENT_RESTORE, EVENT_POWER_OFF,
		EVENT_REBOOT, EVENT_SILENCE, EVENT_SPEAK, EVENT_LOSS, EVENT_DELAY, EVENT_LIMIT,
		EVENT_FORGE, EVENT_END};
	int which = 0;
	int r = words_choice(w, names, &which);

	if (r < 0)
		return r;
	e->kind = kinds[which];
	switch (which) {
	case CUT:
		return cut_read(w, s, e);
	case RESTORE:
		return where_read(w, s, e);
	case POWER:
		return power_read(w, s, e);
	case LOSS:
		r = words_share(w, &e->share);
		break;
	case DELAY:
		r = words_duration(w, &e->span_ns);
		break;
	case LIMIT:
	case FORGE:
		r = rate_or_off(w, e);
		break;
	case END:
		return 0;
	default:
		break;
	}
	return r < 0 ? r : range_or_all(w, s, &e->range);
}

int event_read(struct words *w, const struct scenario *s, struct event *ret)
{
	struct event e = {.kind = EVENT_END};

	if (words_duration(w, &e.at_ns) < 0)
		return -EINVAL;
	e.at_ns = (int64_t)((double)e.at_ns / s->scale);
	for (size_t i = w->next, len = 0; i < w->count && len < sizeof(e.text); i++)
		len += (size_t)snprintf(e.text + len, sizeof(e.text) - len, "%s%s",
			i > w->next ? " " : "", w->at[i]);
	if (kind_read(w, s, &e) < 0)
		return -EINVAL;
	if (words_end(w) < 0)
		return -EINVAL;
	*ret = e;
	return 0;
}
