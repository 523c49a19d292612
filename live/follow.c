#include "live/follow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/store.h"

struct follow {
	char *path;
	struct parameters parameters;
	struct store *store; /* NULL: to be opened again */
	bool unread;         /* something was committed that is not read yet, or all is */
	struct store_mark mark;
	struct target_row *targets; /* owned; the judge's */
	struct judge *judge;        /* NULL: nothing was read yet */
	struct judgement judgement;
	struct series_facts facts;
};

int follow_open(const char *path, const struct parameters *parameters, struct diag *why,
	struct follow **ret)
{
	struct store *store;
	int r = store_open(path, STORE_READ, why, &store);

	if (r < 0)
		return r;
	struct follow *follow = mem_zeroed(1, sizeof(*follow));
	follow->path = mem_text(path);
	follow->parameters = *parameters;
	follow->store = store;
	follow->unread = true;
	*ret = follow;
	return 0;
}

static void drop(struct follow *follow)
{
	if (follow->judge) {
		judgement_finish(&follow->judgement);
		judge_destroy(follow->judge);
	}
	free(follow->targets);
	follow->judge = NULL;
	follow->targets = NULL;
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	drop(follow);
	store_close(follow->store);
	free(follow->path);
	free(follow);
}

static int fold(struct judge *judge, struct store_reader *reader, const char *path,
	struct series_facts *facts, struct diag *why)
{
	struct sweep sweep;
	int r;

	store_reader_spare_packets(reader);
	while ((r = store_next(reader, &sweep, why)) == 1) {
		r = judge_sweep(judge, &sweep);
		if (r == -E2BIG)
			diag_set(why,
				"%s: \"%s\" is vantage point number %d, expected at most %d in one "
				"store",
				path, sweep.info.vantage, VANTAGES_MOST + 1, VANTAGES_MOST);
		if (r < 0)
			break;
		facts_note(facts, &sweep.info);
	}
	return r;
}

/* From the start. */
static int read_all(struct follow *follow, struct store_reader *reader, struct diag *why)
{
	struct series_facts facts = {.readings = follow->facts.readings + 1};
	struct target_row *targets = NULL;
	size_t count = 0;
	int r = store_targets(follow->store, &targets, &count);

	if (r < 0) {
		diag_set(why, "%s: the store's targets: %s", follow->path, store_targets_error(r));
		return r;
	}
	struct judge *judge = judge_create(targets, count, &follow->parameters);
	r = fold(judge, reader, follow->path, &facts, why);
	if (r < 0) {
		judge_destroy(judge);
		free(targets);
		return r;
	}
	drop(follow);
	follow->targets = targets;
	follow->judge = judge;
	judge_end(judge, &follow->judgement);
	facts_settle(&facts, &follow->judgement);
	follow->facts = facts;
	return 0;
}

static int read_news(struct follow *follow, struct store_reader *reader, struct diag *why)
{
	struct store_growth growth;
	struct store_mark mark;
	int r = store_reader_mark(reader, &mark, why);

	if (r == 0)
		r = store_reader_grown(reader, &follow->mark, &growth, why);
	if (r == 0)
		r = read_all(follow, reader, why);
	if (r < 0)
		return r;
	follow->mark = mark;
	return growth.fresh > 0 ? (int)growth.fresh : 1;
}

/* The file of that name may be another one now. */
static int open_again(struct follow *follow, struct diag *why)
{
	if (follow->store && store_is_named(follow->store))
		return 0;
	store_close(follow->store);
	follow->store = NULL;
	follow->unread = true;
	follow->mark = (struct store_mark){0};
	return store_open(follow->path, STORE_READ, why, &follow->store);
}

int follow_poll(struct follow *follow, struct diag *why)
{
	struct store_reader *reader;
	int r = open_again(follow, why);

	if (r < 0)
		return r;
	follow->unread |= store_has_news(follow->store);
	if (!follow->unread)
		return 0;
	r = store_read(follow->store, (struct wall){INT64_MAX}, why, &reader);
	if (r < 0)
		return r;
	r = read_news(follow, reader, why);
	store_reader_close(reader);
	follow->unread = r < 0;
	return r;
}

void follow_now(struct follow *follow, follow_take_fn *take, void *ctx)
{
	static const struct judgement none;
	struct series_facts *facts = &follow->facts;

	facts->written = follow->store && store_is_written(follow->store);
	if (follow->store)
		memcpy(facts->epoch, store_epoch(follow->store), sizeof(facts->epoch));
	take(ctx, follow->judge ? &follow->judgement : &none, facts);
}
