#ifndef ANALYSIS_BLOCK_INNER_H
#define ANALYSIS_BLOCK_INNER_H

#include "analysis/block/block.h"

/*
 * What the files of a block call of each other; nobody else includes it.
 * hosts is always the array that block->hosts points into.
 */

/* members.c: who is here, and what they weigh. */
void block_count_members(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
void block_share_weights(struct block *block, struct host *hosts);

/* Whom this silence shows to be other hosts than this one. */
void block_rule_out_aliases(struct block *block, struct host *hosts, struct host *host,
	const struct silence_run *run, const struct parameters *parameters);

/* diurnal.c: at the end of each hour, who is away by habit; and was falling silent then
 * a habit of it? */
bool block_sleeps(const struct host *host, const struct silence_run *run,
	const struct parameters *parameters);
int64_t block_hour(int64_t now_ns, const struct parameters *parameters);
void block_learn_rhythm(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);

/* departures.c: who is out, and what ails the block. */
void block_incident_opens(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
void block_note_buildup(
	struct block *block, int64_t before_ns, const struct parameters *parameters);
void block_goes_out(struct block *block, struct host *hosts, uint32_t number, int64_t now_ns,
	const struct parameters *parameters);
void block_comes_back(struct block *block, const struct host *host, uint32_t number,
	const struct silence_run *run, int64_t now_ns, const struct parameters *parameters);
/* Did nothing else befall the block when this silence began, nor while it lasted? */
bool block_failed_alone(const struct block *block, const struct host *host,
	const struct silence_run *run, const struct parameters *parameters);
/* This silence, now over: was it the host's own? */
void block_count_absence(struct block *block, struct host *host, const struct silence_run *run,
	const struct parameters *parameters);
void block_drop_out(struct block *block, uint32_t number, int64_t now_ns);
void block_impairment_begins(struct block *block, struct host *hosts, enum impairment_kind kind,
	int64_t since_ns, int64_t now_ns, const struct parameters *parameters);
void block_impairment_ends(struct block *block, enum impairment_kind kind, int64_t since_ns,
	int64_t now_ns, const struct parameters *parameters);
/* The one that lasts; there must be one. */
struct impairment *block_open_impairment(struct block *block, enum impairment_kind kind);

/* From start_ns on the block is up, or unknown since nobody there is known. */
void block_add_segment(struct block *block, int64_t start_ns, enum block_state state);

/* down.c: the silence of all. Is it down, by now? */
bool block_is_down(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
/* Silent to every vantage point that looks at it and had heard it? */
bool block_host_is_silent(const struct block *block, const struct host *host, int64_t now_ns);
/* Has every host of it been asked since it last replied, and was silent? */
bool block_is_silent(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
/* No reply for long, in silence that was seen, though not enough of it, or of
 * hosts too little known, to call the block down: then it is not up either. */
bool block_is_unanswered(const struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
void block_goes_down(struct block *block, struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
void block_comes_up(struct block *block, int64_t now_ns);
/* A reply ends a silence: was it one of all, though too brief to be down? */
void block_note_brief_down(struct block *block, const struct host *hosts, int64_t now_ns,
	const struct parameters *parameters);
/* Nothing is silent any more. */
void block_silence_ends(struct block *block);
void block_silence(struct block *block, struct host *hosts, const struct probe_result *result,
	double nats, const struct parameters *parameters);

/* congestion.c: how much of what is asked comes back, and how late. */
void block_path_quality(struct block *block, struct host *hosts, const struct probe_result *result,
	double anchor_loss, const struct parameters *parameters);

#endif
