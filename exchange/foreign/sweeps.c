#include "exchange/foreign/sweeps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "exchange/foreign/keyed.h"
#include "store/bounds.h"

#define SWEEP_NS (60 * NS_PER_S)
#define SWEEP_LEAST_NS (10 * NS_PER_S)

/* A scan of more kinds does not say of all of them who was silent. */
enum { KINDS_MOST = 32 };

/* What one sweep saw of an address by one kind of probe: the rest of an observation. */
struct row {
	uint64_t probes, answers;
	bool counted;     /* attempts were given */
	enum foreign_word before; /* what it said last, before this sweep */
};

struct foreign_sweeps {
	struct foreign_series series;
	struct foreign_sink sink;
	int64_t span_ns;
	uint64_t number;

	bool open, mixed;
	struct wall start, end;
	struct wall hurried; /* when one was last cut before its least length */
	struct row *rows; /* beside sweep.observations */
	size_t row_capacity;
	struct keyed index; /* of both, by what was asked */
	struct keyed words; /* the last word of everybody */
	uint32_t kinds[KINDS_MOST];
	size_t kind_count;

	struct sweep sweep;
	size_t observation_capacity, hop_capacity, boot_capacity;
};

struct foreign_sweeps *foreign_sweeps_create(
	const struct foreign_series *series, struct foreign_sink sink)
{
	struct foreign_sweeps *s = mem_zeroed(1, sizeof(*s));

	s->series = *series;
	s->sink = sink;
	s->span_ns = series->scan			     ? INTERVAL_MOST_NS / 2
		     : series->interval_ns / 2 > SWEEP_NS ? series->interval_ns / 2
							     : SWEEP_NS;
	return s;
}

void foreign_sweeps_destroy(struct foreign_sweeps *s)
{
	if (!s)
		return;
	keyed_finish(&s->index);
	keyed_finish(&s->words);
	free(s->rows);
	free(s->sweep.observations);
	free(s->sweep.hops);
	free(s->sweep.boots);
	free(s);
}

static void note_kind(struct foreign_sweeps *s, uint32_t kind)
{
	for (size_t i = 0; i < s->kind_count; i++)
		if (s->kinds[i] == kind)
			return;
	if (s->kind_count < KINDS_MOST)
		s->kinds[s->kind_count++] = kind;
}

static uint64_t probes_of(const struct observation *o)
{
	return o->attempts > 0 ? (uint64_t)o->attempts : 1;
}

static uint64_t answers_of(const struct foreign_record *record)
{
	return record->answered >= 0 ? (uint64_t)record->answered
				     : foreign_word_of(&record->observation) == WORD_ALIVE;
}

static void add_row(struct foreign_sweeps *s, const struct foreign_record *record)
{
	struct sweep *sweep = &s->sweep;
	size_t n = sweep->observation_count++;
	const struct observation *o = &record->observation;
	const uint32_t *word = keyed_find(&s->words, foreign_key_of(o));

	s->rows = mem_grow(s->rows, &s->row_capacity, n + 1, sizeof(*s->rows));
	sweep->observations = mem_grow(sweep->observations, &s->observation_capacity, n + 1,
		sizeof(*sweep->observations));
	sweep->observations[n] = *o;
	s->rows[n] = (struct row){.probes = foreign_word_of(o) == WORD_NONE ? 0 : probes_of(o),
		.answers = answers_of(record),
		.counted = o->attempts > 0,
		.before = word ? (enum foreign_word)*word : WORD_NONE};
	*keyed_put(&s->index, foreign_key_of(o)) = (uint32_t)n;
	note_kind(s, foreign_kind_of(o));
}

void foreign_sweeps_asked(struct foreign_sweeps *s, struct ip4 address, uint32_t kind)
{
	size_t count = !s->open ? 0 : kind == FOREIGN_KIND_ALL ? s->kind_count : 1;

	for (size_t i = 0; i < count; i++) {
		uint32_t by = kind == FOREIGN_KIND_ALL ? s->kinds[i] : kind;
		struct foreign_record record = {.answered = -1, .observation = observation_blank()};
		record.observation.address = address;
		record.observation.probed_at = s->start;
		record.observation.method = (enum method)(by >> 16);
		record.observation.port = (uint16_t)by;
		record.observation.outcome = OUTCOME_SILENT;
		if (!keyed_find(&s->index, foreign_key_of(&record.observation)))
			add_row(s, &record);
	}
}

/*
 * Another probe of the same address in the same sweep. Of words that are all the same the
 * first stands for all where it is news, else the last, so that the time between two rows brackets a
 * change. An answer behind silences says by its number how many were lost.
 */
static void merge_row(struct foreign_sweeps *s, uint32_t at, const struct foreign_record *record)
{
	struct observation *old = &s->sweep.observations[at];
	struct row *row = &s->rows[at];
	const struct observation *new = &record->observation;
	enum foreign_word word = foreign_word_of(new);

	if (word == WORD_NONE)
		return;
	s->mixed |= word != foreign_word_of(old) && foreign_word_of(old) != WORD_NONE;
	if (foreign_outranks(new, old)) {
		struct wall first = row->probes ? old->probed_at : new->probed_at;
		*old = *new;
		if (word == WORD_SILENT)
			old->probed_at = first;
		else if (row->probes)
			old->attempt = (int)row->probes + (new->attempt > 0 ? new->attempt : 1);
	} else if (word == foreign_word_of(old) && row->before == word && old->attempt <= 1 &&
		   new->probed_at.ns > old->probed_at.ns && new->outcome == old->outcome) {
		*old = *new;
		old->attempt = -1;
	}
	row->probes += probes_of(new);
	row->answers += answers_of(record);
	old->attempts = (int)(row->probes < INT32_MAX ? row->probes : INT32_MAX);
}

static bool is_anchor(const struct foreign_sweeps *s, struct ip4 address)
{
	for (size_t i = 0; i < s->series.anchor_count; i++)
		if (ip4_equal(s->series.anchors[i], address))
			return true;
	return false;
}

/* What the rows come to; and remember what everybody said. */
static void count_rows(struct foreign_sweeps *s)
{
	struct sweep_info *info = &s->sweep.info;
	int64_t sent = 0, received = 0, anchors = 0, up = 0;
	bool counted = s->sweep.observation_count > 0;

	for (size_t i = 0; i < s->sweep.observation_count; i++) {
		const struct observation *o = &s->sweep.observations[i];
		enum foreign_word word = foreign_word_of(o);
		counted = counted && s->rows[i].counted;
		sent += (int64_t)s->rows[i].probes;
		received += (int64_t)s->rows[i].answers;
		if (word == WORD_NONE)
			continue;
		*keyed_put(&s->words, foreign_key_of(o)) = word;
		if (!is_anchor(s, o->address))
			continue;
		anchors++;
		up += word == WORD_ALIVE;
	}
	info->probed = (int64_t)s->sweep.observation_count;
	info->sent = counted ? sent : -1;
	info->received = counted ? received : -1;
	info->anchors_probed = anchors ? anchors : -1;
	info->anchors_up = anchors ? up : -1;
}

static int end_sweep(struct foreign_sweeps *s, struct diag *why)
{
	struct sweep_info *info = &s->sweep.info;

	*info = (struct sweep_info){.sweep = ++s->number,
		.tier = TIER_WATCH,
		.start = s->start,
		.end = s->end,
		.interval_ns = s->series.interval_ns,
		.capture_dropped = -1,
		.send_errors = -1,
		.clock_error_us = -1};
	/* What is promised of each address is not kept by sweeps that are a minute long. */
	if (info->interval_ns && !s->series.scan && info->interval_ns < SWEEP_NS)
		info->interval_ns = SWEEP_NS;
	count_rows(s);
	snprintf(info->vantage, sizeof(info->vantage), "%s", s->series.vantage);
	snprintf(info->epoch, sizeof(info->epoch), "%s", s->series.epoch);
	return s->sink.sweep(s->sink.ctx, &s->sweep, why);
}

int foreign_sweeps_cut(struct foreign_sweeps *s, struct diag *why)
{
	if (!s->open)
		return 0;
	int r = end_sweep(s, why);
	keyed_clear(&s->index);
	s->sweep.observation_count = 0;
	s->sweep.hop_count = 0;
	s->sweep.boot_count = 0;
	s->kind_count = 0;
	s->open = false;
	return r;
}

static bool is_over(struct foreign_sweeps *s, const struct foreign_record *record)
{
	int64_t ahead_ns = wall_since(record->at, s->start);
	int64_t behind_ns = wall_since(s->end, record->at); /* of a file that has the newest first */
	int64_t age_ns = ahead_ns > behind_ns ? ahead_ns : behind_ns;
	const struct observation *o = &record->observation;

	if (age_ns >= s->span_ns)
		return true;
	if (s->series.scan || record->kind != FOREIGN_OBSERVATION)
		return false;
	if (s->mixed && age_ns >= SWEEP_LEAST_NS)
		return true;
	const uint32_t *row = keyed_find(&s->index, foreign_key_of(o));
	enum foreign_word old = row ? foreign_word_of(&s->sweep.observations[*row]) : WORD_NONE;
	if (old == WORD_NONE || foreign_word_of(o) == WORD_NONE || old == foreign_word_of(o))
		return false;
	/* Once a minute a change need not wait. */
	bool hurry = age_ns < SWEEP_LEAST_NS;
	if (hurry && wall_since(record->at, s->hurried) < SWEEP_NS)
		return false;
	if (hurry)
		s->hurried = record->at;
	return true;
}

/* A scan goes on for as long as it does, but all its probes must lie in it. */
static void widen(struct foreign_sweeps *s, struct wall at)
{
	if (!s->open) {
		s->open = true;
		s->mixed = false;
		s->start = at;
		s->end = at;
	}
	if (at.ns < s->start.ns)
		s->start = at;
	if (at.ns > s->end.ns)
		s->end = at;
}

int foreign_sweeps_add(
	struct foreign_sweeps *s, const struct foreign_record *record, struct diag *why)
{
	struct sweep *w = &s->sweep;
	int r = s->open && is_over(s, record) ? foreign_sweeps_cut(s, why) : 0;

	if (r < 0)
		return r;
	widen(s, record->at);
	if (record->kind == FOREIGN_HOP) {
		w->hops = mem_grow(w->hops, &s->hop_capacity, w->hop_count + 1, sizeof(*w->hops));
		w->hops[w->hop_count++] = record->hop;
	} else if (record->kind == FOREIGN_BOOT) {
		w->boots = mem_grow(w->boots, &s->boot_capacity, w->boot_count + 1, sizeof(*w->boots));
		w->boots[w->boot_count++] = record->boot;
	} else {
		const uint32_t *row = keyed_find(&s->index, foreign_key_of(&record->observation));
		if (row)
			merge_row(s, *row, record);
		else
			add_row(s, record);
	}
	return 0;
}
