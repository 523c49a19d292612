#include "analysis/disruption/coincidence.h"

#include <math.h>
#include <stdlib.h>

#include "core/mem.h"

/* Coincidences of machines failing each by itself: one in so many block-years at
 * most, for three false outages in ten are allowed from all causes. */
#define COINCIDENCE_YEARS 5.0
/* Of them a tenth by machines in several blocks: what truly takes several, takes many. */
#define COUNTRY_SHARE 10.0
/* Instants two minutes apart are of several machines; where one lost probe of a watch is a
 * wonder, one minute is enough. */
#define LOSS_WONDER 0.003
/* That one machine has, as long as nothing is known of them. */
enum { ADDRESSES_MOST = 4 };

bool outs_same_machine(const struct out *a, const struct out *b)
{
	return a->machine == b->machine ||
	       (a->clock_ns && b->clock_ns && !apart_holds(a->apart, b->address) &&
		       llabs(a->clock_ns - b->clock_ns) <= MACHINE_SAME_CLOCK_NS);
}

/* Those each of which is known to be another machine than all the others. */
struct company {
	const struct out **members;
	size_t count;
	size_t strangers; /* of them, other machines than all that were lost */
};

static void gather_company(const struct out **outs, size_t count, struct company *company)
{
	for (size_t i = 0; i < count; i++) {
		size_t apart = 0;
		size_t from_members = 0;
		for (size_t k = 0; k < count; k++)
			apart += apart_holds(outs[i]->apart, outs[k]->address);
		for (size_t k = 0; k < company->count; k++)
			from_members += apart_holds(outs[i]->apart, company->members[k]->address);
		if (from_members == company->count)
			company->members[company->count++] = outs[i];
		company->strangers += apart + 1 == count;
	}
}

size_t outs_distinct(const struct out *outs, size_t count)
{
	const struct out **kept = mem_zeroed(count + 1, sizeof(*kept));
	struct company company = {.members = mem_zeroed(count + 1, sizeof(*kept))};
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		bool repeated = false;
		for (size_t k = 0; k < i; k++)
			repeated |= outs_same_machine(&outs[k], &outs[i]);
		if (!repeated)
			kept[n++] = &outs[i];
	}
	gather_company(kept, n, &company);
	size_t by_count =
		company.strangers + (n - company.strangers + ADDRESSES_MOST - 1) / ADDRESSES_MOST;
	mem_free(kept);
	mem_free(company.members);
	return company.count > by_count ? company.count : by_count;
}

static double apart_s(double lost, const struct constants *constants)
{
	double minute_s = (double)constants->minute_ns / (double)NS_PER_S;

	return lost <= LOSS_WONDER ? minute_s : 2 * minute_s;
}

size_t loss_distinct(const struct loss *loss, const struct constants *constants)
{
	size_t machines = outs_distinct(loss->outs, loss->out_count);
	double going_lost = 0;
	double coming_lost = 0;

	for (size_t i = 0; i < loss->out_count; i++) {
		going_lost = fmax(going_lost, spell_first_lost(&loss->outs[i].spell));
		coming_lost = fmax(coming_lost, spell_last_lost(&loss->outs[i].spell));
	}
	/* One machine goes at once, and is back at once. */
	if (loss->coming > machines && loss->coming_s >= apart_s(coming_lost, constants))
		machines = loss->coming;
	if (loss->going > machines && loss->going_s >= apart_s(going_lost, constants))
		machines = loss->going;
	return machines;
}

static double years(const struct constants *constants)
{
	return COINCIDENCE_YEARS * 365.25 * (double)constants->day_ns;
}

/* How often machines that fail each by itself do so `machines` at a time. */
static double tail(double per_ns, size_t machines, int64_t spread_ns)
{
	double often = per_ns;

	for (size_t k = 1; k < machines; k++)
		often *= per_ns * (double)spread_ns / (double)k;
	return often;
}

/* Two that come back together after long, too, would have to do that by chance. */
static double return_chance(const struct loss *loss, const struct constants *constants)
{
	int64_t first_ns = INT64_MAX;
	int64_t last_ns = 0;
	int64_t gone_ns = INT64_MAX;

	for (size_t i = 0; i < loss->out_count; i++) {
		const struct spell *s = &loss->outs[i].spell;
		if (!s->back_ns)
			return 1;
		first_ns = s->back_ns < first_ns ? s->back_ns : first_ns;
		last_ns = s->back_ns > last_ns ? s->back_ns : last_ns;
		int64_t lasted_ns = s->back_ns - s->silent_ns[0];
		gone_ns = lasted_ns < gone_ns ? lasted_ns : gone_ns;
	}
	double spread = (double)(last_ns - first_ns + constants->flap_ns / 3);
	return fmin(1, 2 * spread / (double)gone_ns);
}

/* Of those in order of going, is there a run of them, none longer than its machines
 * explain, that is no chance? Sizes grow by half, which is near enough. */
static bool has_cluster(double per_ns, const struct loss *loss, const struct constants *constants)
{
	for (size_t size = 2; size <= loss->out_count; size += 1 + size / 2)
		for (size_t i = 0; i + size <= loss->out_count; i++) {
			const struct out *first = &loss->outs[i];
			const struct out *last = &loss->outs[i + size - 1];
			int64_t spread_ns = last->spell.silent_ns[0] - first->spell.silent_ns[0] +
					    constants->flap_ns / 3;
			size_t machines = outs_distinct(first, size);
			if (machines >= 2 &&
				tail(per_ns, machines, spread_ns) * years(constants) <= 1)
				return true;
		}
	return false;
}

bool loss_coincides(
	double per_ns, size_t machines, const struct loss *loss, const struct constants *constants)
{
	int64_t spread_ns = (int64_t)(loss->going_s * 1e9) + constants->flap_ns / 3;
	double often = tail(per_ns, machines, spread_ns);

	return often * return_chance(loss, constants) * years(constants) > 1 &&
	       !has_cluster(per_ns, loss, constants);
}

void losses_note(struct losses *losses, const struct event *event, uint32_t block)
{
	for (size_t i = 0; i < event->out_count; i++) {
		if (event->outs[i].availability < MACHINE_SOLID)
			continue;
		losses->lones = mem_grow(losses->lones, &losses->lone_capacity,
			losses->lone_count + 1, sizeof(*losses->lones));
		losses->lones[losses->lone_count++] = (struct lone){block, event->outs[i]};
	}
}

static int lone_order(const void *a, const void *b)
{
	const struct lone *x = a;
	const struct lone *y = b;

	if (x->out.spell.silent_ns[0] != y->out.spell.silent_ns[0])
		return x->out.spell.silent_ns[0] < y->out.spell.silent_ns[0] ? -1 : 1;
	return ip4_order(&x->out.address, &y->out.address);
}

void losses_settle(struct losses *losses)
{
	if (losses->lone_count)
		qsort(losses->lones, losses->lone_count, sizeof(*losses->lones), lone_order);
}

size_t losses_first_lone(const struct losses *losses, int64_t at_ns)
{
	size_t low = 0;
	size_t high = losses->lone_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (losses->lones[middle].out.spell.silent_ns[0] < at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int block_order(const void *a, const void *b)
{
	const struct lone *x = a;
	const struct lone *y = b;

	return x->block != y->block ? (x->block < y->block ? -1 : 1) : lone_order(a, b);
}

/* Of all blocks, each by itself. */
static size_t count_machines(const struct lone *lones, size_t count)
{
	struct lone *sorted = mem_zeroed(count + 1, sizeof(*sorted));
	struct out *outs = mem_zeroed(count + 1, sizeof(*outs));
	size_t machines = 0;

	for (size_t i = 0; i < count; i++)
		sorted[i] = lones[i];
	qsort(sorted, count, sizeof(*sorted), block_order);
	for (size_t i = 0, n; i < count; i += n) {
		for (n = 0; i + n < count && sorted[i + n].block == sorted[i].block; n++)
			outs[n] = sorted[i + n].out;
		machines += outs_distinct(outs, n);
	}
	mem_free(outs);
	mem_free(sorted);
	return machines;
}

bool losses_coincide(const struct losses *losses, const struct loss *loss, double per_ns,
	size_t blocks, const struct constants *constants)
{
	int64_t widths_ns[] = {constants->flap_ns / 3, constants->flap_ns, constants->chain_ns / 2,
		constants->chain_ns};
	double most = (double)blocks / (years(constants) * COUNTRY_SHARE);

	for (size_t i = 0; i < loss->out_count; i++)
		for (size_t k = 0; k < sizeof(widths_ns) / sizeof(widths_ns[0]); k++) {
			int64_t from_ns = loss->outs[i].spell.silent_ns[0] - widths_ns[k] / 2;
			size_t first = losses_first_lone(losses, from_ns);
			size_t count = losses_first_lone(losses, from_ns + widths_ns[k] + 1);
			size_t machines = count_machines(losses->lones + first, count - first);
			if (machines >= 3 && tail(per_ns, machines, widths_ns[k]) <= most)
				return false;
		}
	return true;
}
