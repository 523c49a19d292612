#include <stdlib.h>

#include "analysis/clock/inner.h"
#include "analysis/clock/reboot_list.h"
#include "core/mem.h"

/* Did this track's clock run through (from, to]? */
static bool ran_through(const struct uptimes *uptimes, size_t track, int64_t from_ns, int64_t to_ns)
{
	const struct track *t = &uptimes->tracks[track];

	if ((!t->is_boot && !t->hz) || t->returns >= UPTIME_BALANCED)
		return false;
	if (t->readings >= UPTIME_TRUSTED && t->since_ns <= from_ns && t->last_ns >= to_ns)
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

/* One counter, read through two addresses or from two places, counts from one zero. */
static bool has_zero_of(const struct reboot *a, const struct reboot *b)
{
	return a->period_ns == b->period_ns && llabs(a->zero_ns - b->zero_ns) <= UPTIME_AGREE_NS;
}

/*
 * How a counter begins that may have begun either way: as it did in other restarts of the
 * host. Where none tells: who was at zero within minutes of its first reading had booted
 * then, for hosts answer that soon after their boot; of others, as most here do.
 */
static enum clock_start likely_start(const struct uptimes *uptimes, const struct reboot *one)
{
	long own = 0;
	long all = 0;

	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		const struct reboot *r = &uptimes->reboots[i];
		if (!r->dated || r->reckoned || r->revoked || r->start == START_OPEN)
			continue;
		long vote = r->start == START_BEFORE_ZERO ? 1 : -1;
		all += vote;
		if (ip4_equal(r->address, one->address) || has_zero_of(r, one))
			own += vote;
	}
	if (!own && one->latest_ns - one->zero_ns < UPTIME_BEFORE_ZERO_NS)
		return START_AT_ZERO;
	return (own ? own : all) > 0 ? START_BEFORE_ZERO : START_AT_ZERO;
}

static void set_boot(const struct uptimes *uptimes, struct reboot *r)
{
	enum clock_start start = r->start == START_OPEN ? likely_start(uptimes, r) : r->start;

	if (!r->dated || r->reckoned)
		return;
	r->boot_ns = r->zero_ns - (start == START_BEFORE_ZERO ? UPTIME_BEFORE_ZERO_NS : 0);
	if (r->boot_ns < r->earliest_ns)
		r->boot_ns = r->earliest_ns;
	if (r->boot_ns > r->latest_ns)
		r->boot_ns = r->latest_ns;
}

/* Of one address, and at one time as far as can be told. */
static bool told_twice(const struct reboot *a, const struct reboot *b)
{
	if (!ip4_equal(a->address, b->address))
		return false;
	if (a->dated && b->dated)
		return llabs(a->boot_ns - b->boot_ns) <= UPTIME_TWICE_NS;
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
			llabs(r->before_ns - one->before_ns) <= UPTIME_ONE_BOOT_NS)
			continue;
		at_once++;
		alike += llabs(r->shift_ns - one->shift_ns) <= UPTIME_AGREE_NS;
	}
	/* Among twenty that booted within minutes two are alike by chance. */
	return alike > 0 && 2 * alike >= at_once;
}

/* What is told of a reboot once more. */
static void add_word(struct reboot *to, const struct reboot *more)
{
	reboot_bracket(&to->earliest_ns, &to->latest_ns, more);
	if (!more->dated || (to->dated && (to->start != START_OPEN || more->start == START_OPEN)))
		return;
	to->dated = true;
	to->boot_ns = more->boot_ns;
	to->zero_ns = more->zero_ns;
	to->before_ns = more->before_ns;
	to->period_ns = more->period_ns;
	to->start = more->start;
}

/* Of the reboots kept, the last first, this address's that is the same; NULL. */
static struct reboot *same_reboot(struct uptimes *uptimes, size_t kept, const struct reboot *one)
{
	while (kept-- > 0 && ip4_equal(uptimes->reboots[kept].address, one->address))
		if (told_twice(&uptimes->reboots[kept], one))
			return &uptimes->reboots[kept];
	return NULL;
}

void uptimes_settle(struct uptimes *uptimes)
{
	size_t kept = 0;

	if (uptimes->reboot_count == 0)
		return;
	for (size_t i = 0; i < uptimes->reboot_count; i++)
		set_boot(uptimes, &uptimes->reboots[i]);
	qsort(uptimes->reboots, uptimes->reboot_count, sizeof(*uptimes->reboots), reboot_order);
	bool *ours = mem_zeroed(uptimes->reboot_count, sizeof(*ours));
	for (size_t i = 0; i < uptimes->reboot_count; i++)
		ours[i] = is_our_step(uptimes, &uptimes->reboots[i]);
	for (size_t i = 0; i < uptimes->reboot_count; i++) {
		struct reboot one = uptimes->reboots[i];
		if (contradicted(uptimes, &one) || ours[i])
			continue;
		struct reboot *same = same_reboot(uptimes, kept, &one);
		if (same)
			add_word(same, &one);
		else
			uptimes->reboots[kept++] = one;
	}
	uptimes->reboot_count = kept;
	mem_free(ours);
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
