#include "live/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/mem.h"
#include "live/snapshot.h"
#include "live/tell_routes.h"
#include "store/store.h"

/*
 * The judge lies in an arena, with all sweeps in it that no sweep to come can begin before; the
 * rest is told to it for the moment, each time there is news. A full sweep is committed minutes
 * after watch sweeps that began after it did, so the last sweeps always are the rest. One that
 * comes later still makes all be read again.
 */
struct follow {
	char *path;
	const char *only; /* the vantage point whose sweeps are read; NULL: all are */
	char *folder;  /* of snapshots; NULL: none are kept */
	uint64_t kept; /* sweeps in the snapshot */
	struct wall until;
	struct store *store;        /* NULL: to be opened again */
	bool unread;                /* something was committed that is not read yet, or all is */
	struct settled settled;     /* what is in the judge for good */
	struct target_row *targets; /* owned: those that the judge has */
	struct arena *arena;        /* NULL: there is no room for one, and all is read each time */
	struct judge *judge;        /* NULL: nothing was read yet */
	bool judged;                /* it has ended, for the moment; with the next two */
	struct judgement judgement;
	struct series_facts facts;
};

/* A snapshot is made anew after so many sweeps: to judge them again costs less than to write it. */
enum { KEPT_EACH = 1024 };

int follow_open(const char *path, const struct parameters *parameters, struct diag *why,
	struct follow **ret)
{
	struct store *store;
	int r = store_open(path, STORE_READ, why, &store);

	if (r < 0)
		return r;
	struct follow *follow = mem_zeroed(1, sizeof(*follow));
	follow->path = mem_text(path);
	follow->settled.parameters = *parameters;
	follow->store = store;
	follow->until.ns = INT64_MAX;
	follow->unread = true;
	*ret = follow;
	return 0;
}

void follow_keep(struct follow *follow, const char *folder)
{
	mem_free(follow->folder);
	follow->folder = folder ? mem_text(folder) : NULL;
}

void follow_until(struct follow *follow, struct wall as_of)
{
	follow->until = as_of;
	follow_keep(follow, NULL);
}

void follow_only(struct follow *follow, const char *vantage)
{
	follow->only = vantage;
	follow_keep(follow, NULL);
}

/* What was for the moment. */
static void forget_moment(struct follow *follow)
{
	if (follow->arena && arena_is_tried(follow->arena))
		arena_undo(follow->arena);
	else if (follow->judged)
		judgement_finish(&follow->judgement);
	follow->judged = false;
}

static void drop(struct follow *follow)
{
	forget_moment(follow);
	if (!follow->arena)
		judge_destroy(follow->judge);
	arena_destroy(follow->arena);
	free(follow->targets);
	follow->arena = NULL;
	follow->judge = NULL;
	follow->targets = NULL;
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	drop(follow);
	store_close(follow->store);
	mem_free(follow->folder);
	mem_free(follow->path);
	mem_free(follow);
}

static void enter(struct follow *follow)
{
	if (follow->arena)
		arena_enter(follow->arena);
}

static void leave(struct follow *follow)
{
	if (follow->arena)
		arena_leave(follow->arena);
}

/* From the start, with these targets. */
static void begin(struct follow *follow, struct target_row *targets, size_t count)
{
	const struct parameters parameters = follow->settled.parameters;
	uint64_t readings = follow->settled.facts.readings;

	drop(follow);
	follow->targets = targets;
	follow->arena = arena_create();
	enter(follow);
	follow->judge = judge_create(targets, count, &parameters);
	leave(follow);
	if (follow->arena)
		arena_set_root(follow->arena, follow->judge);
	follow->settled = (struct settled){.parameters = parameters,
		.target_count = count,
		.facts.readings = readings + 1,
		.from.ns = INT64_MIN};
	memcpy(follow->settled.epoch, store_epoch(follow->store), sizeof(follow->settled.epoch));
	follow->kept = 0;
}

/* As begin, and the first sweeps are in it. */
static void begin_kept(struct follow *follow)
{
	struct target_row *targets;
	struct arena *arena;
	struct settled settled;

	if (!follow->folder ||
		!snapshot_read(follow->folder, follow->path, store_epoch(follow->store),
			&follow->settled.parameters, &settled, &targets, &arena))
		return;
	settled.facts.readings = follow->settled.facts.readings + 1;
	follow->settled = settled;
	follow->targets = targets;
	follow->arena = arena;
	follow->judge = arena_root(arena);
	follow->kept = settled.facts.sweeps;
}

static void keep(struct follow *follow)
{
	uint64_t sweeps = follow->settled.facts.sweeps;

	if (!follow->folder || sweeps - follow->kept < KEPT_EACH)
		return;
	follow->kept = sweeps; /* whether or not it could be written */
	snapshot_write(
		follow->folder, follow->path, &follow->settled, follow->targets, follow->arena);
}

/* Can no sweep to come begin before this one? Two of the longest is what a sweep may be late. */
static bool is_settled(
	const struct follow *follow, const struct sweep_info *info, struct wall latest)
{
	const struct settled *s = &follow->settled;

	return follow->arena &&
	       (info->start.ns < s->from.ns || wall_since(latest, info->start) > 2 * s->longest_ns);
}

static int tell(struct follow *follow, const struct sweep *sweep, struct diag *why)
{
	enter(follow);
	int r = judge_sweep(follow->judge, sweep);
	leave(follow);
	if (r == -E2BIG)
		diag_set(why,
			"%s: \"%s\" is vantage point number %d, expected at most %d in one store",
			follow->path, sweep->info.vantage, VANTAGES_MOST + 1, VANTAGES_MOST);
	return r;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* All that is told from here on is for the moment. */
static void begin_moment(struct follow *follow)
{
	follow->facts = follow->settled.facts;
	if (!follow->arena)
		return;
	keep(follow);
	arena_try(follow->arena);
}

static int fold(
	struct follow *follow, struct store_reader *reader, struct wall latest, struct diag *why)
{
	struct settled *in = &follow->settled;
	bool settled = true;
	struct sweep sweep;
	int r;

	while ((r = store_next(reader, &sweep, why)) == 1) {
		const struct sweep_info *info = &sweep.info;
		if (follow->only && strcmp(follow->only, info->vantage) != 0)
			continue;
		in->longest_ns = longer(in->longest_ns,
			longer(info->interval_ns, wall_since(info->end, info->start)));
		if (settled && !is_settled(follow, info, latest)) {
			settled = false;
			begin_moment(follow);
		}
		r = tell(follow, &sweep, why);
		if (r < 0)
			break;
		facts_note(settled ? &in->facts : &follow->facts, info);
		if (settled)
			in->from.ns = info->start.ns + 1;
	}
	if (settled && r == 0)
		begin_moment(follow);
	else if (settled)
		follow->facts = in->facts;
	return r;
}

static int end(struct follow *follow, struct diag *why)
{
	int r = tell_routes(follow->store, follow->judge, follow->arena, follow->until, why);

	if (r < 0)
		return r;
	enter(follow);
	judge_end(follow->judge, &follow->judgement);
	leave(follow);
	facts_settle(&follow->facts, &follow->judgement);
	follow->judged = true;
	return 0;
}

/* May it be read on, from where the judge is? *ret_fresh: sweeps since, at least 1. */
static int may_go_on(struct follow *follow, struct store_reader *reader,
	const struct target_row *targets, size_t count, int *ret_fresh, struct diag *why)
{
	struct store_growth growth;
	int r = store_reader_grown(reader, &follow->settled.mark, &growth, why);

	if (r < 0)
		return r;
	*ret_fresh = growth.fresh > 0 ? (int)growth.fresh : 1;
	return follow->arena && growth.whole &&
	       (growth.fresh == 0 || growth.first.ns >= follow->settled.from.ns) &&
	       count == follow->settled.target_count &&
	       memcmp(targets, follow->targets, count * sizeof(*targets)) == 0;
}

static int read_on(struct follow *follow, struct store_reader *reader, struct diag *why)
{
	struct store_mark mark;
	int r = store_reader_mark(reader, &mark, why);

	if (r < 0)
		return r;
	store_reader_spare_packets(reader);
	forget_moment(follow);
	follow->settled.mark = mark;
	r = fold(follow, reader, mark.latest, why);
	if (r == 0)
		r = end(follow, why);
	if (r < 0) { /* what is settled stays so; what was not may be in it now, without an arena */
		if (!follow->arena)
			drop(follow);
		forget_moment(follow);
		return r;
	}
	return 0;
}

static int read_news(struct follow *follow, struct diag *why)
{
	const struct wall until = follow->until;
	struct target_row *targets = NULL;
	struct store_reader *reader = NULL;
	size_t count = 0;
	int fresh = 1;
	int r = store_targets(follow->store, why, &targets, &count);

	if (r < 0)
		return r;
	if (!follow->judge)
		begin_kept(follow);
	r = follow->judge
		    ? store_read_from(follow->store, follow->settled.from, until, why, &reader)
		    : store_read(follow->store, until, why, &reader);
	if (r == 0)
		r = may_go_on(follow, reader, targets, count, &fresh, why);
	if (r == 0) {
		if (follow->judge) {
			store_reader_close(reader);
			reader = NULL;
			r = store_read(follow->store, until, why, &reader);
		}
		if (r == 0) {
			begin(follow, targets, count);
			targets = NULL;
		}
	}
	free(targets);
	if (r >= 0)
		r = read_on(follow, reader, why);
	store_reader_close(reader);
	return r < 0 ? r : fresh;
}

/* The file of that name may be another one now. */
static int open_again(struct follow *follow, struct diag *why)
{
	if (follow->store && store_is_named(follow->store))
		return 0;
	store_close(follow->store);
	follow->store = NULL;
	int r = store_open(follow->path, STORE_READ, why, &follow->store);
	if (r == 0) {
		follow->unread = true;
		follow->settled.mark = (struct store_mark){.sweeps = -1}; /* nothing is as it was */
	}
	return r;
}

int follow_poll(struct follow *follow, struct diag *why)
{
	int r = open_again(follow, why);

	if (r < 0)
		return r;
	follow->unread |= store_has_news(follow->store);
	if (!follow->unread)
		return 0;
	r = read_news(follow, why);
	follow->unread = r < 0;
	return r;
}

const struct judgement *follow_judgement(struct follow *follow, const struct series_facts **ret)
{
	static const struct judgement none;
	struct series_facts *facts = &follow->facts;

	facts->written = follow->store && store_is_written(follow->store);
	if (follow->store)
		memcpy(facts->epoch, store_epoch(follow->store), sizeof(facts->epoch));
	if (follow->arena)
		arena_show(follow->arena);
	*ret = facts;
	return follow->judged ? &follow->judgement : &none;
}

void follow_now(struct follow *follow, follow_take_fn *take, void *ctx)
{
	const struct series_facts *facts;
	const struct judgement *judgement = follow_judgement(follow, &facts);

	take(ctx, judgement, facts);
}

const struct target_row *follow_targets(const struct follow *follow, size_t *ret_count)
{
	*ret_count = follow->settled.target_count;
	return follow->targets;
}
