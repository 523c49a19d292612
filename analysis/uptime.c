#include "analysis/uptime.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* Reckoned boot times of one boot agree this well: reading jitter, and a real
 * clock is off by up to 100 ppm (10-72 ppm are seen). */
#define AGREE_NS (2 * NS_PER_S)
#define SKEW_PPM 100
/* Linux counts from five minutes before zero until it wraps. */
#define BEFORE_ZERO_NS (330 * NS_PER_S)
/* An undated step is worth something only after this many readings in a row. */
enum { TRUSTED_READINGS = 3, BALANCED_RETURNS = 2, FORGIVING_READINGS = 500 };

static const uint16_t rates_hz[] = {10, 100, 250, 1000};

void uptimes_init(struct uptimes *uptimes)
{
	*uptimes = (struct uptimes){0};
}

void uptimes_finish(struct uptimes *uptimes)
{
	free(uptimes->tracks);
	free(uptimes->slots);
	free(uptimes->runs);
	free(uptimes->reboots);
}

static size_t slot_of(const struct uptimes *uptimes, const struct reading *r)
{
	uint64_t h = r->address.host * UINT64_C(0x9e3779b97f4a7c15);

	h ^= (r->source.host + r->vantage * 131 + r->port * UINT64_C(65537) + r->is_boot) *
	     UINT64_C(0xff51afd7ed558ccd);
	h ^= h >> 29;
	return (size_t)h & (uptimes->slot_count - 1);
}

static bool same(const struct track *t, const struct reading *r)
{
	return ip4_equal(t->address, r->address) && t->has_source == r->has_source &&
	       ip4_equal(t->source, r->source) && t->vantage == r->vantage && t->port == r->port &&
	       t->is_boot == r->is_boot;
}

static struct reading key_of(const struct track *t)
{
	return (struct reading){.address = t->address,
		.source = t->source,
		.vantage = t->vantage,
		.port = t->port,
		.is_boot = t->is_boot};
}

static void rehash(struct uptimes *uptimes)
{
	free(uptimes->slots);
	uptimes->slot_count = uptimes->slot_count ? 2 * uptimes->slot_count : 64;
	uptimes->slots = mem_zeroed(uptimes->slot_count, sizeof(*uptimes->slots));
	for (size_t i = 0; i < uptimes->track_count; i++) {
		struct reading key = key_of(&uptimes->tracks[i]);
		size_t slot = slot_of(uptimes, &key);
		while (uptimes->slots[slot])
			slot = (slot + 1) & (uptimes->slot_count - 1);
		uptimes->slots[slot] = (uint32_t)i + 1;
	}
}

static struct track *track_of(struct uptimes *uptimes, const struct reading *r, bool *ret_new)
{
	if (2 * (uptimes->track_count + 1) > uptimes->slot_count)
		rehash(uptimes);
	size_t slot = slot_of(uptimes, r);
	*ret_new = false;
	for (; uptimes->slots[slot]; slot = (slot + 1) & (uptimes->slot_count - 1))
		if (same(&uptimes->tracks[uptimes->slots[slot] - 1], r))
			return &uptimes->tracks[uptimes->slots[slot] - 1];
	uptimes->tracks = mem_grow(uptimes->tracks, &uptimes->track_capacity,
		uptimes->track_count + 1, sizeof(*uptimes->tracks));
	struct track *t = &uptimes->tracks[uptimes->track_count++];
	uptimes->slots[slot] = (uint32_t)uptimes->track_count;
	*t = (struct track){.address = r->address,
		.source = r->source,
		.has_source = r->has_source,
		.is_boot = r->is_boot,
		.vantage = r->vantage,
		.port = r->port};
	*ret_new = true;
	return t;
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

	if (!period)
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
	int64_t room = AGREE_NS + since_ns / 1000000 * SKEW_PPM;

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
		if (rate > 0.9 * rates_hz[i] && rate < 1.1 * rates_hz[i])
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
	if (t->readings < TRUSTED_READINGS)
		return;
	uptimes->runs = mem_grow(uptimes->runs, &uptimes->run_capacity, uptimes->run_count + 1,
		sizeof(*uptimes->runs));
	uptimes->runs[uptimes->run_count++] =
		(struct run){(size_t)(t - uptimes->tracks), t->since_ns, t->last_ns, t->readings};
}

/* The offset before the last reboot is back: two machines behind one address,
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
		if (t->returns < BALANCED_RETURNS)
			t->returns = BALANCED_RETURNS;
		return true;
	}
	return false;
}

/* Two readings agree on another offset than before. */
static void step(struct uptimes *uptimes, struct track *t, int64_t boot_ns)
{
	int64_t period = period_ns(t);
	if (!t->is_boot && revoke(uptimes, t, boot_ns))
		return;
	int64_t slack = AGREE_NS + (t->is_boot ? 0 : BEFORE_ZERO_NS);
	struct reboot reboot = {.address = t->address,
		.vantage = t->vantage,
		.earliest_ns = t->last_ns,
		.latest_ns = t->maybe_at_ns,
		.before_ns = t->boot_ns,
		.shift_ns = apart_ns(t, boot_ns, t->boot_ns),
		.track = (size_t)(t - uptimes->tracks)};

	/* The representative that lies between the readings, if one does. */
	int64_t boot = boot_ns;
	if (period) {
		boot = reboot.latest_ns + slack;
		boot -= ((boot - boot_ns) % period + period) % period;
	}
	reboot.dated = boot > reboot.earliest_ns - slack && boot <= reboot.latest_ns + slack;
	reboot.boot_ns = boot < reboot.earliest_ns ? reboot.earliest_ns
			 : boot > reboot.latest_ns ? reboot.latest_ns
						   : boot;
	if (t->is_boot)
		reboot.boot_ns = boot;
	bool trusted = t->readings >= TRUSTED_READINGS && t->returns < BALANCED_RETURNS;
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
	if (t->readings % FORGIVING_READINGS == 0 && t->returns > 0)
		t->returns--;
}

static void follow(struct uptimes *uptimes, struct track *t, const struct reading *r, bool is_new);

int64_t uptimes_read(struct uptimes *uptimes, const struct reading *r)
{
	bool is_new;
	struct track *t = track_of(uptimes, r, &is_new);

	follow(uptimes, t, r, is_new);
	bool known = t->readings >= TRUSTED_READINGS && (t->is_boot || t->hz) &&
		     t->returns < BALANCED_RETURNS;
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
	if (++t->misfits >
		3) { /* no two agree: the rate was a chance, or offsets are per connection */
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

/* Did this track's clock run through (from, to]? */
static bool ran_through(const struct uptimes *uptimes, size_t track, int64_t from_ns, int64_t to_ns)
{
	const struct track *t = &uptimes->tracks[track];

	if ((!t->is_boot && !t->hz) || t->returns >= BALANCED_RETURNS)
		return false;
	if (t->readings >= TRUSTED_READINGS && t->since_ns <= from_ns && t->last_ns >= to_ns)
		return true;
	for (size_t i = 0; i < uptimes->run_count; i++)
		if (uptimes->runs[i].track == track && uptimes->runs[i].since_ns <= from_ns &&
			uptimes->runs[i].last_ns >= to_ns)
			return true;
	return false;
}

/* Another source's clock ran through it. */
static bool contradicted(const struct uptimes *uptimes, const struct reboot *reboot)
{
	const struct track *own = &uptimes->tracks[reboot->track];

	if (reboot->revoked)
		return true;
	for (size_t i = 0; i < uptimes->track_count; i++) {
		const struct track *t = &uptimes->tracks[i];
		bool other = !ip4_equal(t->source, own->source) || t->vantage != own->vantage;
		if (i != reboot->track && other && ip4_equal(t->address, reboot->address) &&
			t->port == own->port &&
			ran_through(uptimes, i, reboot->earliest_ns, reboot->latest_ns))
			return true;
	}
	return false;
}

static int reboot_order(const void *a, const void *b)
{
	const struct reboot *x = a;
	const struct reboot *y = b;
	int64_t p = x->dated ? x->boot_ns : x->latest_ns;
	int64_t q = y->dated ? y->boot_ns : y->latest_ns;

	if (!ip4_equal(x->address, y->address))
		return x->address.host < y->address.host ? -1 : 1;
	if (p != q)
		return p < q ? -1 : 1;
	return x->track < y->track ? -1 : x->track > y->track;
}

/* Of one address, and at one time as far as can be told. */
static bool told_twice(const struct reboot *a, const struct reboot *b)
{
	if (!ip4_equal(a->address, b->address))
		return false;
	if (a->dated && b->dated)
		return llabs(a->boot_ns - b->boot_ns) <= 30 * NS_PER_S;
	return a->earliest_ns < b->latest_ns && b->earliest_ns < a->latest_ns;
}

/* Clocks of different boots that jump together by as much: it is ours that did. */
static bool is_our_step(const struct uptimes *uptimes, const struct reboot *one)
{
	size_t at_once = 0;
	size_t alike = 0;

	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		const struct reboot *r = &uptimes->reboots[i];
		if (r->vantage != one->vantage || r->earliest_ns >= one->latest_ns ||
			one->earliest_ns >= r->latest_ns ||
			llabs(r->before_ns - one->before_ns) <= 60 * NS_PER_S)
			continue;
		at_once++;
		alike += llabs(r->shift_ns - one->shift_ns) <= AGREE_NS;
	}
	/* Among twenty that booted within minutes two are alike by chance. */
	return alike > 0 && 2 * alike >= at_once;
}

void uptimes_settle(struct uptimes *uptimes)
{
	size_t kept = 0;

	if (uptimes->reboot_count == 0)
		return;
	qsort(uptimes->reboots, uptimes->reboot_count, sizeof(*uptimes->reboots), reboot_order);
	bool *ours = mem_zeroed(uptimes->reboot_count, sizeof(*ours));
	for (size_t i = 0; i < uptimes->reboot_count; i++)
		ours[i] = is_our_step(uptimes, &uptimes->reboots[i]);
	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		struct reboot one = uptimes->reboots[i];
		if (contradicted(uptimes, &one) || ours[i])
			continue;
		if (kept && told_twice(&uptimes->reboots[kept - 1], &one)) {
			struct reboot *last = &uptimes->reboots[kept - 1];
			if (one.earliest_ns > last->earliest_ns)
				last->earliest_ns = one.earliest_ns;
			if (one.latest_ns < last->latest_ns)
				last->latest_ns = one.latest_ns;
			if (one.dated && !last->dated) {
				last->dated = true;
				last->boot_ns = one.boot_ns;
			}
			continue;
		}
		uptimes->reboots[kept++] = one;
	}
	uptimes->reboot_count = kept;
	free(ours);
}

enum uptime_verdict uptimes_between(const struct uptimes *uptimes, struct ip4 address,
	int64_t from_ns, int64_t to_ns, const struct reboot **ret_reboot)
{
	enum uptime_verdict verdict = UPTIME_SILENT;

	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		const struct reboot *r = &uptimes->reboots[i];
		if (!ip4_equal(r->address, address))
			continue;
		bool in = r->dated ? r->boot_ns > from_ns && r->boot_ns <= to_ns
				   : r->latest_ns > from_ns && r->earliest_ns <= to_ns;
		if (in) {
			*ret_reboot = r;
			return UPTIME_REBOOTED;
		}
	}
	for (size_t i = 0; i < uptimes->track_count; i++)
		if (ip4_equal(uptimes->tracks[i].address, address) &&
			ran_through(uptimes, i, from_ns, to_ns))
			verdict = UPTIME_RAN_THROUGH;
	return verdict;
}
