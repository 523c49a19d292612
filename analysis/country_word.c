#include "analysis/country_word.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "analysis/method/parameters.h"
#include "core/mem.h"

/* What a block says from one time on. */
struct change {
	int64_t at_ns;
	const struct timeline_row *row;
	const struct timeline_row *before; /* of the same block; NULL */
	double hosts, hosts_before; /* by which they count: while unknown, as when last measured */
};

/* What all say at one time. */
struct sums {
	double hosts, up; /* of measured blocks */
	double well;      /* all of blocks that are up; of the others, those that are */
	double unseen;    /* hosts of blocks that are not measured now, but were */
	size_t measured, down;
};

static int change_order(const void *a, const void *b)
{
	const struct change *x = a;
	const struct change *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return prefix_order(&x->row->block, &y->row->block);
}

static struct change *changes_of(const struct timeline_row *rows, size_t count)
{
	struct change *changes = mem_zeroed(count + 1, sizeof(*changes));

	for (size_t i = 0; i < count; i++) {
		bool same = i && prefix_order(&rows[i - 1].block, &rows[i].block) == 0;
		struct change *c = &changes[i];
		*c = (struct change){.at_ns = rows[i].start.ns, .row = &rows[i]};
		if (same) {
			c->before = &rows[i - 1];
			c->hosts_before = changes[i - 1].hosts;
		}
		c->hosts = rows[i].state == BLOCK_UNKNOWN ? c->hosts_before : (double)rows[i].hosts;
	}
	qsort(changes, count, sizeof(*changes), change_order);
	return changes;
}

/* sign: 1 when the row begins, -1 when it ends. */
static void add(struct sums *sums, const struct timeline_row *row, double hosts, int sign)
{
	double share = row->state == BLOCK_DOWN  ? 0
		       : isnan(row->fraction_up) ? 1
						 : row->fraction_up;

	if (row->state == BLOCK_UNKNOWN) {
		sums->unseen += sign * hosts;
		return;
	}
	sums->hosts += sign * hosts;
	sums->up += sign * hosts * share;
	sums->well += sign * hosts * (row->state == BLOCK_UP ? 1 : share);
	sums->measured += (size_t)sign;
	sums->down += row->state == BLOCK_DOWN ? (size_t)sign : 0;
}

static enum block_state word_of(const struct sums *sums)
{
	const double none = 1e-6; /* what adding and taking away may leave */

	if (sums->measured == 0 || sums->unseen > none + 0.5 * (sums->hosts + sums->unseen))
		return BLOCK_UNKNOWN;
	if (sums->down == sums->measured)
		return BLOCK_DOWN;
	return sums->well + none >= BACK_SHARE * sums->hosts ? BLOCK_UP : BLOCK_DEGRADED;
}

struct fold {
	struct sums sums;
	double up_time, time; /* of the row being made */
	struct timeline_rows *rows;
};

static void pass(struct fold *fold, int64_t from_ns, int64_t to_ns)
{
	double s = (double)(to_ns - from_ns) / 1e9;

	if (fold->sums.hosts > 0) {
		fold->up_time += s * fold->sums.up / fold->sums.hosts;
		fold->time += s;
	}
}

static void close_row(struct fold *fold, int64_t end_ns)
{
	if (fold->rows->count == 0)
		return;
	struct timeline_row *row = &fold->rows->items[fold->rows->count - 1];
	row->end.ns = end_ns;
	row->fraction_up = row->state == BLOCK_UNKNOWN || fold->time <= 0
				   ? (double)NAN
				   : fmin(1, fmax(0, fold->up_time / fold->time));
	fold->up_time = fold->time = 0;
}

static void open_row(struct fold *fold, const struct timeline_row *by, enum block_state state)
{
	struct timeline_rows *rows = fold->rows;

	rows->items = mem_grow(rows->items, &rows->capacity, rows->count + 1, sizeof(*rows->items));
	rows->items[rows->count++] = (struct timeline_row){
		.start = by->start,
		.uncertainty_s = by->uncertainty_s,
		.state = state,
		.reason = state == BLOCK_UNKNOWN    ? by->reason
			  : state == BLOCK_DEGRADED ? REASON_HOSTS
						    : REASON_NONE,
		.belief = NAN,
		.fraction_up = NAN,
		.hosts = (size_t)llround(fold->sums.hosts),
	};
}

void country_rows(const struct timeline_row *rows, size_t count, struct timeline_rows *ret)
{
	struct change *changes = changes_of(rows, count);
	struct fold fold = {.rows = ret};
	int64_t end_ns = INT64_MIN;

	*ret = (struct timeline_rows){0};
	for (size_t i = 0; i < count; i++) {
		const struct change *c = &changes[i];
		if (c->row->end.ns > end_ns)
			end_ns = c->row->end.ns;
		if (i)
			pass(&fold, changes[i - 1].at_ns, c->at_ns);
		if (c->before)
			add(&fold.sums, c->before, c->hosts_before, -1);
		add(&fold.sums, c->row, c->hosts, 1);
		if (i + 1 < count && changes[i + 1].at_ns == c->at_ns)
			continue;
		enum block_state state = word_of(&fold.sums);
		if (ret->count && ret->items[ret->count - 1].state == state)
			continue;
		close_row(&fold, c->at_ns);
		open_row(&fold, c->row, state);
	}
	if (count)
		pass(&fold, changes[count - 1].at_ns, end_ns);
	close_row(&fold, end_ns);
	free(changes);
}
