#include <string.h>

#include "core/mem.h"
#include "report/series_inner.h"

static size_t vantage_of(struct series *series, const struct sweep_info *info)
{
	for (size_t i = 0; i < series->vantage_count; i++)
		if (strcmp(series->vantages[i].name, info->vantage) == 0)
			return i;
	if (series->vantage_count == VANTAGES_MOST)
		return VANTAGES_MOST;
	series->vantages = mem_grow(series->vantages, &series->vantage_capacity,
		series->vantage_count + 1, sizeof(*series->vantages));
	struct series_vantage *vantage = &series->vantages[series->vantage_count];
	*vantage = (struct series_vantage){.first = info->start};
	memcpy(vantage->name, info->vantage, sizeof(vantage->name));
	vantage->bins = mem_zeroed(series->bin_count, sizeof(*vantage->bins));
	return series->vantage_count++;
}

/* When the next sweep of it is overdue; INT64_MAX: it promised none. */
static int64_t due_ns(const struct series_vantage *vantage)
{
	int64_t due = 0;

	for (int tier = 0; tier < 2; tier++) {
		int64_t interval_ns = vantage->tier_interval_ns[tier];
		int64_t start_ns = vantage->tier_start[tier].ns;
		if (start_ns && !interval_ns)
			return INT64_MAX;
		if (start_ns && start_ns + 2 * interval_ns > due)
			due = start_ns + 2 * interval_ns;
	}
	return due;
}

static void note_away(struct series *series, struct series_vantage *vantage, struct wall now)
{
	int64_t due = due_ns(vantage);

	if (due >= now.ns || vantage->last.ns == 0)
		return;
	int64_t first = series_bin_at(series, (struct wall){due});
	int64_t last = series_bin_at(series, (struct wall){now.ns - 1});
	for (int64_t i = first < 0 ? 0 : first; i <= last && i < (int64_t)series->bin_count; i++)
		vantage->bins[i].away = true;
}

static void count_up(struct series *series)
{
	series->up = 0;
	for (size_t i = 0; i < series->host_count; i++)
		series->up += series_is_up(series, &series->hosts[i]);
}

/* Who sees now? Hosts are counted anew only if that changed. */
static void look_around(struct series *series, struct wall now)
{
	uint64_t seeing = 0;

	for (size_t i = 0; i < series->vantage_count; i++) {
		const struct series_vantage *v = &series->vantages[i];
		if (v->reason == REASON_NONE && due_ns(v) >= now.ns)
			seeing |= UINT64_C(1) << i;
	}
	if (seeing == series->seeing)
		return;
	series->seeing = seeing;
	count_up(series);
}

static void count_one(uint16_t *count)
{
	if (*count < UINT16_MAX)
		(*count)++;
}

static struct series_cell *cell_of(struct series *series, struct series_host *host, struct wall at)
{
	size_t bin = series->config.hosts ? series_bin_inside(series, at) : SIZE_MAX;

	if (bin == SIZE_MAX)
		return NULL;
	if (!host->cells)
		host->cells = mem_zeroed(series->bin_count, sizeof(*host->cells));
	return &host->cells[bin];
}

/* What one sweep says of one address. */
struct look {
	size_t vantage;
	bool answered, silent;
	struct wall at; /* of what it says */
	int64_t rtt_ns; /* of the first answer that has one; -1 */
};

static void count_look(
	const struct series *series, struct series_host *host, const struct look *look)
{
	if (look->at.ns < series->config.from.ns || look->at.ns >= series->config.to.ns)
		return;
	host->answered += look->answered;
	host->silent += !look->answered && look->silent;
	if (series->config.trips && look->answered && look->rtt_ns >= 0)
		round_trips_add(&host->trips, look->rtt_ns);
}

static void take_look(struct series *series, size_t number, const struct look *look)
{
	struct series_host *host = &series->hosts[number];
	struct series_cell *cell = cell_of(series, host, look->at);
	bool was_up = series_is_up(series, host);
	uint64_t bit = UINT64_C(1) << look->vantage;

	count_look(series, host, look);
	if (cell)
		count_one(look->answered ? &cell->answered
			  : look->silent ? &cell->silent
					 : &cell->unsent);
	if (look->answered) {
		if (look->at.ns > host->heard.ns)
			host->heard = look->at;
		if (host->answers < SERIES_KNOWN_SWEEPS)
			host->answers++;
		if (!host->known && host->answers == SERIES_KNOWN_SWEEPS) {
			host->known = true;
			series->known++;
		}
	}
	/* Sweeps overlap: what is older than its last word is no news. */
	if ((look->answered || look->silent) && look->at.ns >= series->inner->word_ns[number]) {
		host->up = look->answered ? host->up | bit : host->up & ~bit;
		series->inner->word_ns[number] = look->at.ns;
	}
	series->up += series_is_up(series, host);
	series->up -= was_up;
}

static void read_row(
	struct look *look, const struct boxes *boxes, const struct observation *o, bool earned)
{
	if (o->outcome == OUTCOME_UNSENT)
		return;
	bool answered = observation_is_life(o);
	if (answered && boxes_gave(boxes, o))
		return;
	if (answered && look->rtt_ns < 0)
		look->rtt_ns = o->rtt_ns;
	if (look->answered && !answered)
		return;
	if (!answered && !earned)
		return;
	look->at = o->probed_at;
	look->answered |= answered;
	look->silent |= !answered;
}

static void note_came(struct series *series, const struct sweep *sweep, size_t vantage)
{
	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		if (observation_is_life(o) && series_is_target(series, o->address) &&
			series_host_of(series, o->address) == SIZE_MAX &&
			!boxes_gave(&series->inner->boxes[vantage], o))
			series_note_new(series, o->address);
	}
	series_take_hosts(series);
}

static void silent_by_default(struct series *series, const struct sweep *sweep, size_t from,
	size_t to, struct look look, bool earned)
{
	look.silent = earned;
	look.answered = false;
	look.at = sweep->info.start;
	for (size_t i = from; i < to; i++)
		take_look(series, i, &look);
}

static void read_rows(struct series *series, const struct sweep *sweep, size_t vantage, bool earned)
{
	const struct boxes *boxes = &series->inner->boxes[vantage];
	bool full = sweep->info.tier == TIER_FULL;
	struct look look = {.vantage = vantage};
	size_t past = 0; /* hosts before it have their look */

	for (size_t i = 0; i < sweep->observation_count;) {
		struct ip4 address = sweep->observations[i].address;
		size_t number = series_host_of(series, address);

		look.answered = look.silent = false;
		look.rtt_ns = -1;
		look.at = sweep->observations[i].probed_at;
		for (; i < sweep->observation_count &&
			ip4_equal(sweep->observations[i].address, address);
			i++)
			if (number != SIZE_MAX)
				read_row(&look, boxes, &sweep->observations[i], earned);
		if (number == SIZE_MAX)
			continue;
		if (full)
			silent_by_default(series, sweep, past, number, look, earned);
		take_look(series, number, &look);
		past = number + 1;
	}
	if (full)
		silent_by_default(series, sweep, past, series->host_count, look, earned);
}

static void note_view(struct series *series, struct series_vantage *vantage,
	const struct sweep_info *info, enum reason reason)
{
	size_t bin = series_bin_inside(series, info->start);

	note_away(series, vantage, info->start);
	vantage->last = info->start;
	vantage->reason = reason;
	vantage->tier_start[info->tier] = info->start;
	vantage->tier_interval_ns[info->tier] = info->interval_ns;
	if (bin == SIZE_MAX)
		return;
	struct series_view *view = &vantage->bins[bin];
	count_one(reason == REASON_NONE ? &view->sees : &view->blind);
	if (reason != REASON_NONE)
		view->reason = (uint8_t)reason;
}

static void note_curve(struct series *series, struct wall at)
{
	size_t bin = series_bin_inside(series, at);
	bool before = at.ns < series->config.from.ns;

	if ((bin == SIZE_MAX && !before) || !series->seeing)
		return;
	struct series_bin *b = before ? &series->before : &series->bins[bin];
	if (before)
		*b = (struct series_bin){0};
	uint32_t up = (uint32_t)series->up;
	if (b->sweeps == 0 || up < b->up_least)
		b->up_least = up;
	if (up > b->up_most)
		b->up_most = up;
	b->up_last = up;
	b->up_sum += up;
	b->known = (uint32_t)series->known;
	b->sweeps++;
}

void series_sweep(struct series *series, const struct sweep *sweep, const struct proof *proof)
{
	size_t vantage = vantage_of(series, &sweep->info);
	enum reason reason = reason_of_sweep(sweep, proof);

	if (vantage == VANTAGES_MOST)
		return;
	boxes_see(&series->inner->boxes[vantage], sweep, NULL);
	note_view(series, &series->vantages[vantage], &sweep->info, reason);
	look_around(series, sweep->info.start);
	note_came(series, sweep, vantage);
	read_rows(series, sweep, vantage, reason == REASON_NONE);
	if (reason == REASON_NONE)
		note_curve(series, wall_after(sweep->info.start,
					   wall_since(sweep->info.end, sweep->info.start) / 2));
}

void series_until(struct series *series, struct wall now)
{
	for (size_t i = 0; i < series->vantage_count; i++)
		note_away(series, &series->vantages[i], now);
	look_around(series, now);
}
