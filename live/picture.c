#include "live/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/store.h"

static uint8_t mark_of(const struct observation *o)
{
	if (observation_is_life(o) && o->method == METHOD_ICMP && o->outcome == OUTCOME_ECHO_REPLY)
		return MARK_ANSWERED;
	if (outcome_is_life(o->outcome))
		return MARK_TCP;
	if (o->outcome == OUTCOME_UNREACHABLE || o->outcome == OUTCOME_TTL_EXCEEDED)
		return MARK_ERROR;
	return o->outcome == OUTCOME_UNSENT ? MARK_UNSENT : MARK_SILENT;
}

/* Which of two marks of one address tells more. */
static int strength(uint8_t mark)
{
	static const int strengths[MARK_COUNT] = {[MARK_SILENT] = 2,
		[MARK_ANSWERED] = 5,
		[MARK_TCP] = 4,
		[MARK_KNOWN] = 2,
		[MARK_ERROR] = 3,
		[MARK_UNSENT] = 1};

	return strengths[mark];
}

void picture_take_full(struct picture *picture, const struct sweep *sweep)
{
	struct address_mark *marks =
		mem_zeroed(sweep->observation_count + 1, sizeof(*picture->marks));
	size_t count = 0;

	for (size_t i = 0; i < sweep->observation_count; i++) {
		const struct observation *o = &sweep->observations[i];
		uint8_t mark = mark_of(o);
		if (count && ip4_equal(marks[count - 1].address, o->address)) {
			if (strength(mark) > strength(marks[count - 1].mark))
				marks[count - 1].mark = mark;
		} else {
			marks[count++] = (struct address_mark){o->address, mark};
		}
	}
	free(picture->marks);
	picture->marks = marks;
	picture->mark_count = count;
	picture->full = sweep->info;
	picture->has_full = true;
}

static int read_sweeps(struct store *store, struct picture *picture, struct wall from,
	const bool *stop, struct diag *why)
{
	struct store_reader *reader = NULL;
	struct sweep sweep;
	int r = store_read_from(store, from, (struct wall){INT64_MAX}, why, &reader);

	if (r < 0)
		return r;
	store_reader_spare_packets(reader);
	while ((r = store_next(reader, &sweep, why)) == 1) {
		if (sweep.info.start.ns >= picture->to.ns)
			break;
		series_sweep(picture->series, &sweep, NULL);
		if (sweep.info.tier == TIER_FULL)
			picture_take_full(picture, &sweep);
		if (__atomic_load_n(stop, __ATOMIC_RELAXED)) {
			r = -ECANCELED;
			break;
		}
	}
	store_reader_close(reader);
	return r < 0 ? r : 0;
}

int64_t picture_lead_ns(const struct series_facts *facts)
{
	const int64_t hour_ns = 3600 * NS_PER_S;
	int64_t longest = 0;

	for (size_t v = 0; v < facts->vantage_count; v++)
		for (int t = 0; t < 2; t++)
			if (facts->interval_of[v][t] > longest)
				longest = facts->interval_of[v][t];
	return 8 * longest > hour_ns ? 8 * longest : hour_ns;
}

int picture_read(const char *path, struct wall from, struct wall to, int64_t bin_ns,
	int64_t lead_ns, const bool *stop, struct diag *why, struct picture **ret)
{
	struct picture *picture = mem_zeroed(1, sizeof(*picture));
	struct series_config config = {
		.from = from, .to = to, .bin_ns = bin_ns, .hosts = true, .trips = true};
	struct target_row *targets = NULL;
	struct store *store = NULL;
	int r = store_open(path, STORE_READ, why, &store);

	picture->from = from;
	picture->to = to;
	if (r == 0)
		r = store_targets(store, why, &targets, &config.target_count);
	if (r == 0) {
		config.targets = targets;
		picture->series = series_create(&config);
		r = read_sweeps(store, picture, wall_after(from, -lead_ns), stop, why);
	}
	store_close(store);
	free(targets);
	if (r < 0) {
		picture_destroy(picture);
		return r;
	}
	*ret = picture;
	return 0;
}

void picture_destroy(struct picture *picture)
{
	if (!picture)
		return;
	series_destroy(picture->series);
	free(picture->marks);
	free(picture);
}
