#include "analysis/clock/uptime.h"

#include <math.h>

#include "analysis/clock/inner.h"
#include "core/mem.h"

static const uint16_t rates_hz[] = {10, 100, 250, 1000};

void uptimes_init(struct uptimes *uptimes)
{
	*uptimes = (struct uptimes){0};
}

void uptimes_finish(struct uptimes *uptimes)
{
	mem_free(uptimes->tracks);
	mem_free(uptimes->slots);
	mem_free(uptimes->runs);
	mem_free(uptimes->reboots);
}

/* After how long the counter is the same again; 0: never. */
static int64_t period_ns(const struct track *t)
{
	return t->is_boot ? 0 : (INT64_C(1) << 32) * (NS_PER_S / t->hz);
}

/* a - b, the short way round. */
static int64_t apart_ns(const struct track *t, int64_t a_ns, int64_t b_ns)
{
	int64_t period = period_ns(t);
	int64_t d = a_ns - b_ns;

	if (!period || (d >= -(period / 2) && d <= period / 2))
		return d;
	d %= period;
	if (d > period / 2)
		d -= period;
	if (d < -period / 2)
		d += period;
	return d;
}

static bool agree(const struct track *t, int64_t a_ns, int64_t b_ns, int64_t since_ns)
{
	int64_t d = apart_ns(t, a_ns, b_ns);
	int64_t room = UPTIME_AGREE_NS + since_ns / 1000000 * UPTIME_SKEW_PPM;

	return d >= -room && d <= room;
}

/* The boot time a reading implies, one of many a period apart. */
static int64_t implied(const struct track *t, const struct reading *r)
{
	if (t->is_boot)
		return r->boot_ns;
	return r->at_ns - (int64_t)r->tcp_ts * (NS_PER_S / t->hz);
}

/* Two readings tell the rate. Not a known one: offsets per connection, and no
 * evidence. */
static void find_rate(struct track *t, const struct reading *r)
{
	double seconds = (double)(r->at_ns - t->last_ns) / (double)NS_PER_S;

	if (seconds < 0.5)
		return;
	double rate = (double)(uint32_t)(r->tcp_ts - t->last_ts) / seconds;
	for (size_t i = 0; i < sizeof(rates_hz) / sizeof(rates_hz[0]); i++)
		if (fabs(rate - rates_hz[i]) < UPTIME_RATE_ROOM * rates_hz[i])
			t->hz = rates_hz[i];
	t->since_ns = t->hz ? t->last_ns : r->at_ns;
	t->last_ts = r->tcp_ts;
	t->last_ns = r->at_ns;
	t->readings = t->hz ? 2 : 1;
	if (t->hz)
		t->boot_ns = implied(t, r);
}

/* The offset is given up: remember how long it held. */
static void end_run(struct uptimes *uptimes, const struct track *t)
{
	/* Of several hosts behind one address short runs say nothing, and come
	 * without end. */
	bool several = t->returns >= UPTIME_BALANCED && t->readings < UPTIME_FORGIVING;
	if (t->readings < UPTIME_TRUSTED || several)
		return;
	uptimes->runs = mem_grow(uptimes->runs, &uptimes->run_capacity, uptimes->run_count + 1,
		sizeof(*uptimes->runs));
	uptimes->runs[uptimes->run_count++] =
		(struct run){(size_t)(t - uptimes->tracks), t->since_ns, t->last_ns, t->readings};
}

/* The offset before the last reboot is back: two hosts behind one address,
 * and no reboot. */
static bool revoke(struct uptimes *uptimes, struct track *t, int64_t boot_ns)
{
	for (size_t i = uptimes->reboot_count; i-- > 0;) {
		struct reboot *r = &uptimes->reboots[i];
		if (r->track != (size_t)(t - uptimes->tracks))
			continue;
		if (!agree(t, boot_ns, r->before_ns, t->maybe_at_ns - r->earliest_ns))
			return false;
		r->revoked = true;
		if (t->returns < UPTIME_BALANCED)
			t->returns = UPTIME_BALANCED;
		return true;
	}
	return false;
}

/* Booted between the readings, as nearly as they are read? */
static bool lies_between(const struct reboot *r, int64_t boot_ns)
{
	return boot_ns > r->earliest_ns - UPTIME_AGREE_NS &&
	       boot_ns <= r->latest_ns + UPTIME_AGREE_NS;
}

/* A counter that began between the readings dates the boot. Where both ways to begin are
 * possible, settling asks the other restarts. */
static void date(struct reboot *r, int64_t implied_ns)
{
	int64_t latest_ns = r->latest_ns + UPTIME_AGREE_NS + UPTIME_BEFORE_ZERO_NS;
	int64_t period = r->period_ns;

	r->zero_ns = implied_ns;
	if (period)
		r->zero_ns = latest_ns - ((latest_ns - implied_ns) % period + period) % period;
	bool at_zero = lies_between(r, r->zero_ns);
	bool before = !r->reckoned && lies_between(r, r->zero_ns - UPTIME_BEFORE_ZERO_NS);
	r->dated = at_zero || before;
	r->start = at_zero && before ? START_OPEN : before ? START_BEFORE_ZERO : START_AT_ZERO;
	r->boot_ns = r->zero_ns;
}

/* Two readings agree on another offset than before. */
static void step(struct uptimes *uptimes, struct track *t, int64_t boot_ns)
{
	if (!t->is_boot && revoke(uptimes, t, boot_ns))
		return;
	struct reboot reboot = {.address = t->address,
		.vantage = t->vantage,
		.earliest_ns = t->last_ns,
		.latest_ns = t->maybe_at_ns,
		.before_ns = t->boot_ns,
		.shift_ns = apart_ns(t, boot_ns, t->boot_ns),
		.period_ns = period_ns(t),
		.track = (size_t)(t - uptimes->tracks),
		.reckoned = t->is_boot};

	date(&reboot, boot_ns);
	bool trusted = t->readings >= UPTIME_TRUSTED && t->returns < UPTIME_BALANCED;
	if (!(t->is_boot ? reboot.dated : trusted && (reboot.dated || t->has_source)))
		return;
	uptimes->reboots = mem_grow(uptimes->reboots, &uptimes->reboot_capacity,
		uptimes->reboot_count + 1, sizeof(*uptimes->reboots));
	uptimes->reboots[uptimes->reboot_count++] = reboot;
}

static void fits(struct track *t, const struct reading *r, int64_t boot_ns)
{
	/* Sweeps overlap: a reading before the doubtful one says nothing of it. */
	bool after = r->at_ns > t->maybe_at_ns;
	if (t->maybe_at_ns && after && t->returns < UINT8_MAX)
		t->returns += !t->is_boot;
	t->boot_ns = boot_ns;
	t->last_ns = r->at_ns;
	t->last_ts = r->tcp_ts;
	if (after)
		t->maybe_at_ns = 0;
	t->misfits = 0;
	t->readings++;
	if (t->readings % UPTIME_FORGIVING == 0 && t->returns > 0)
		t->returns--;
}

static void follow(struct uptimes *uptimes, struct track *t, const struct reading *r, bool is_new);

int64_t uptimes_read(struct uptimes *uptimes, const struct reading *r)
{
	bool is_new;
	struct track *t = uptimes_track(uptimes, r, &is_new);

	follow(uptimes, t, r, is_new);
	bool known = t->readings >= UPTIME_TRUSTED && (t->is_boot || t->hz) &&
		     t->returns < UPTIME_BALANCED;
	return known ? t->boot_ns : 0;
}

static void follow(struct uptimes *uptimes, struct track *t, const struct reading *r, bool is_new)
{
	if (is_new) {
		t->last_ns = t->since_ns = r->at_ns;
		t->last_ts = r->tcp_ts;
		t->boot_ns = r->boot_ns;
		t->readings = 1;
		return;
	}
	if (r->at_ns <= t->last_ns)
		return;
	if (t->readings == 0) {
		t->last_ns = t->since_ns = r->at_ns;
		t->last_ts = r->tcp_ts;
		t->boot_ns = t->hz ? implied(t, r) : r->boot_ns;
		t->readings = 1;
		return;
	}
	if (!t->is_boot && !t->hz) {
		find_rate(t, r);
		return;
	}
	int64_t boot_ns = implied(t, r);
	if (agree(t, boot_ns, t->boot_ns, r->at_ns - t->last_ns)) {
		fits(t, r, boot_ns);
		return;
	}
	if (t->maybe_at_ns && agree(t, boot_ns, t->maybe_ns, r->at_ns - t->maybe_at_ns)) {
		step(uptimes, t, boot_ns);
		end_run(uptimes, t);
		t->since_ns = t->maybe_at_ns;
		t->maybe_at_ns = 0;
		t->readings = 1;
		fits(t, r, boot_ns);
		return;
	}
	t->maybe_ns = boot_ns;
	t->maybe_at_ns = r->at_ns;
	if (++t->misfits > UPTIME_TRUSTED) { /* no two agree: the rate was a chance, or offsets are
						per connection */
		end_run(uptimes, t);
		t->hz = 0;
		t->readings = 1;
		t->misfits = 0;
		t->maybe_at_ns = 0;
		t->last_ns = t->since_ns = r->at_ns;
		t->last_ts = r->tcp_ts;
		t->boot_ns = r->boot_ns;
	}
}

void uptimes_restart(struct uptimes *uptimes, size_t vantage)
{
	for (size_t i = 0; i < uptimes->track_count; i++) {
		struct track *t = &uptimes->tracks[i];
		if (t->vantage != vantage || t->is_boot || t->readings == 0)
			continue;
		end_run(uptimes, t);
		t->readings = 0;
		t->misfits = 0;
		t->maybe_at_ns = 0;
	}
}
