#ifndef LIVE_SCENE_H
#define LIVE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/clock/reboot_list.h"
#include "analysis/judge.h"
#include "analysis/vantage/proof.h"
#include "core/text.h"
#include "live/facts.h"
#include "live/known_hosts.h"

/*
 * A judgement, kept: what pages, events and metrics are made of, after the judge has gone on.
 * Plain data that owns what it points to. Pure.
 */
struct scene_block {
	struct prefix prefix;
	size_t first, count; /* its rows */
	size_t known, up;    /* hosts */
};

/* A host that an outage took: it went and came back between two times each. */
struct scene_host {
	struct ip4 address;
	int64_t went_low_ns, went_high_ns;
	int64_t back_low_ns, back_high_ns; /* 0: it is still out */
	bool restarted, ran;               /* its clock says so; neither: no clock to read */
};

struct scene_outage {
	struct scene_host *hosts; /* by going */
	size_t host_count;
};

struct scene {
	char name[64];          /* in addresses: "kp" */
	char title[128];        /* for people: "North Korea" */
	struct wall start, end; /* of the data */
	struct series_facts facts;
	struct timeline_row *rows; /* by block, then start */
	size_t row_count;
	size_t *row_outage; /* 1 + index, 0: none */
	size_t *outage_of;  /* the same, by the row's disruption */
	struct scene_block *blocks;
	size_t block_count;
	struct outage *outages;    /* by start; of their arrays only `blocks` is there */
	struct scene_outage *lost; /* beside them */
	size_t outage_count;
	struct host_reboots reboots;  /* of vantage points as facts has them */
	struct known_hosts hosts;
	struct proof proof; /* without targets */
	bool proven;        /* there is one */
	struct timeline_row *country; /* its rows */
	size_t country_count;
	struct prefix *ranges; /* what is probed, as few prefixes as it takes */
	size_t range_count;
	uint64_t generation; /* given by who takes it: another for each */
	bool late; /* nobody measures any more: of now nothing can be said. See scene_look */
};

/* What a store is called. */
struct scene_names {
	const char *name;  /* in addresses */
	const char *title; /* for people */
};

/* Keep it. */
struct scene *scene_of(const struct scene_names *names, const struct judgement *judgement,
	const struct series_facts *facts);

/* Read the store up to as_of and judge it: from a thread of its own. stop is looked at now and
 * then. 0, or a negative errno with *why. */
int scene_read(const char *path, const struct scene_names *names, struct wall as_of, double scale,
	const bool *stop, struct diag *why, struct scene **ret);
void scene_destroy(struct scene *scene); /* NULL is fine */

/* Every vantage point is later than its schedule: then all blocks and the country are unknown,
 * for want of a sweep, since the data end. Returns whether that changed. */
bool scene_look(struct scene *scene, struct wall now);

/* The block's row at the data end; NULL: it has none. */
const struct timeline_row *scene_last(const struct scene *scene, const struct scene_block *block);
/* What is said of the block now: that row, or an unknown one. */
struct timeline_row scene_now(const struct scene *scene, const struct scene_block *block);

/* All its hosts, as of the data end. */
void scene_hosts(const struct scene *scene, size_t *ret_up, size_t *ret_known);

/* The country now, and between which times that began. */
struct country_now {
	enum block_state state;
	enum reason reason;
	bool learning; /* unknown, and no block was ever anything else */
	struct wall since_low, since_high;
};
struct country_now scene_country(const struct scene *scene);
const char *country_word(const struct country_now *country); /* "Up", "Learning" */

/* Its outage of this id; NULL: there is none. */
const struct outage *scene_outage(const struct scene *scene, const char *id);

/* Between which times a row began: the true change lies there. */
static inline struct wall row_earliest(const struct timeline_row *row)
{
	return wall_after(row->start, -(int64_t)(row->uncertainty_s * 1e9));
}

#endif
