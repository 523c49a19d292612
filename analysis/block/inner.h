#ifndef ANALYSIS_BLOCK_INNER_H
#define ANALYSIS_BLOCK_INNER_H

#include "analysis/block/block.h"

/*
 * What the files of a block call of each other; nobody else includes it.
 * machines is always the array that block->machines points into.
 */

/* members.c: who is here, and what they weigh. */
void block_survey(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants);
void block_share_weights(struct block *block, struct machine *machines);

/* Whom this silence shows to be other machines than this one. */
void block_tell_apart(struct block *block, struct machine *machines, struct machine *machine,
	const struct spell *spell, const struct constants *constants);

/* diurnal.c: at the end of each hour, who is away by habit; and was falling silent then
 * a habit of it? */
bool block_sleeps(const struct machine *machine, const struct spell *spell,
	const struct constants *constants);
int64_t block_hour(int64_t now_ns, const struct constants *constants);
void block_learn_rhythm(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants);

/* departures.c: who is out, and what ails the block. */
void block_event_opens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants);
void block_note_ramp(struct block *block, int64_t before_ns, const struct constants *constants);
void block_goes_out(struct block *block, struct machine *machines, uint32_t number, int64_t now_ns,
	const struct constants *constants);
void block_comes_back(struct block *block, const struct machine *machine, uint32_t number,
	const struct spell *spell, int64_t now_ns, const struct constants *constants);
/* Did nothing else befall the block when this silence began, nor while it lasted? */
bool block_failed_alone(const struct block *block, const struct machine *machine,
	const struct spell *spell, const struct constants *constants);
/* This silence, now over: was it the machine's own? */
void block_count_absence(struct block *block, struct machine *machine,
	const struct spell *spell, const struct constants *constants);
void block_drop_out(struct block *block, uint32_t number, int64_t now_ns);
void block_plight_begins(struct block *block, struct machine *machines, enum plight_kind kind,
	int64_t since_ns, int64_t now_ns, const struct constants *constants);
void block_plight_ends(struct block *block, enum plight_kind kind, int64_t since_ns, int64_t now_ns,
	const struct constants *constants);
/* The one that lasts; there must be one. */
struct plight *block_open_plight(struct block *block, enum plight_kind kind);

/* From start_ns on the block is up, or unknown since nobody there is known. */
void block_add_segment(struct block *block, int64_t start_ns, enum block_state state);

/* down.c: the silence of all. Is it down, by now? */
bool block_is_dark(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants);
/* Silent to every vantage point that looks at it and had heard it? */
bool block_is_quiet(const struct block *block, const struct machine *machine, int64_t now_ns);
/* Has every machine of it been asked since it last replied, and was silent? */
bool block_is_silent(const struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants);
void block_darkens(struct block *block, struct machine *machines, int64_t now_ns,
	const struct constants *constants);
void block_lightens(struct block *block, int64_t now_ns);
/* A reply ends a silence: was it one of all, though too brief to be dark? */
void block_note_blink(struct block *block, const struct machine *machines, int64_t now_ns,
	const struct constants *constants);
/* Silence of all that is more than loss: less likely than one in e^8.5. */
#define BLOCK_SHARED_NATS 8.5
/* Nothing is silent any more. */
void block_hush_ends(struct block *block);
void block_silence(struct block *block, struct machine *machines, const struct sight *sight,
	double nats, const struct constants *constants);

/* congestion.c: how much of what is asked comes back, and how late. */
void block_weather(struct block *block, struct machine *machines, const struct sight *sight,
	double anchor_loss, const struct constants *constants);

#endif
