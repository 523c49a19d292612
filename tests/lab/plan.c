#include "tests/lab/plan.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* What is drawn for a host; numbers name the draws, never change meaning. */
enum draw { DRAW_UPTIME = 1, DRAW_HOLDUP = 100, DRAW_STAGGER = 200, DRAW_BOOT = 300 };

/* A machine's clock starts with its kernel, some way into the boot. */
enum { BOOT_CLOCK_DIVISOR = 4 };

/* One host while its history is worked out. */
struct making {
	const struct scenario *s;
	struct lives *lives;
	const struct traits *traits;
	struct ip4 address;
	bool mains;
	int64_t lost_at; /* when it goes, or went, for want of mains; PLAN_FOREVER */
};

static int64_t drawn(const struct making *m, struct span span, enum draw what, size_t event)
{
	return span_draw(span, chance(m->s->seed, m->address.host, (uint64_t)what + event * 1000));
}

static void life_add(struct making *m, int64_t from, int64_t boot)
{
	struct lives *l = m->lives;

	l->at = mem_grow(l->at, &l->capacity, l->count + 1, sizeof(*l->at));
	l->at[l->count++] = (struct life){from, PLAN_FOREVER, boot};
}

static void life_end(struct making *m, int64_t at)
{
	struct life *last = &m->lives->at[m->lives->count - 1];

	if (last->until > at)
		last->until = at;
	if (last->until <= last->from && m->lives->count > 1)
		m->lives->count--; /* power went again before it had booted */
}

static void boot(struct making *m, int64_t at, size_t event)
{
	int64_t lag = drawn(m, m->traits->boot_ns, DRAW_BOOT, event);

	life_add(m, at + lag, at + lag / BOOT_CLOCK_DIVISOR);
}

static void happen(struct making *m, const struct event *e, size_t number)
{
	int64_t stagger = e->kind == EVENT_REBOOT
				  ? 0
				  : drawn(m, (struct span){0, e->span_ns}, DRAW_STAGGER, number);
	int64_t at = e->at_ns + stagger;

	switch ((int)e->kind) {
	case EVENT_POWER_OFF:
		if (!m->mains)
			return;
		m->mains = false;
		m->lost_at = at + drawn(m, m->traits->holdup_ns, DRAW_HOLDUP, number);
		break;
	case EVENT_POWER_ON:
		if (m->mains)
			return;
		m->mains = true;
		if (m->lost_at < at) {
			life_end(m, m->lost_at);
			boot(m, at, number);
		}
		m->lost_at = PLAN_FOREVER;
		break;
	case EVENT_REBOOT:
		if (m->lost_at <= at)
			return;
		life_end(m, at);
		boot(m, at, number);
		break;
	default:
		break;
	}
}

static void host_plan(struct making *m)
{
	life_add(m, -drawn(m, m->traits->uptime_ns, DRAW_UPTIME, 0),
		-drawn(m, m->traits->uptime_ns, DRAW_UPTIME, 0));
	for (size_t i = 0; i < m->s->event_count; i++) {
		const struct event *e = &m->s->events[i];
		bool power = e->kind == EVENT_POWER_OFF || e->kind == EVENT_POWER_ON;
		if ((power && !strcmp(e->site, m->traits->site)) ||
			(e->kind == EVENT_REBOOT && range_holds(e->range, m->address)))
			happen(m, e, i);
	}
	if (m->lost_at < PLAN_FOREVER)
		life_end(m, m->lost_at);
}

void plan_make(const struct scenario *s, struct plan *ret)
{
	struct plan plan = {mem_zeroed(s->host_count, sizeof(*plan.hosts)), s->host_count};

	for (size_t i = 0; i < s->host_count; i++) {
		struct making m = {s, &plan.hosts[i], &s->hosts[i], scenario_address(s, i), true,
			PLAN_FOREVER};
		if (s->hosts[i].present)
			host_plan(&m);
	}
	*ret = plan;
}

void plan_finish(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		free(plan->hosts[i].at);
	free(plan->hosts);
	*plan = (struct plan){0};
}

const struct life *plan_life(const struct plan *plan, size_t host, int64_t t)
{
	const struct lives *l = &plan->hosts[host];

	for (size_t i = 0; i < l->count; i++)
		if (l->at[i].from <= t && t < l->at[i].until)
			return &l->at[i];
	return NULL;
}
