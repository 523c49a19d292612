#ifndef LIVE_TOLD_TOLD_H
#define LIVE_TOLD_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/settings.h"
#include "live/scene.h"

/*
 * What of a store has been told to who wants to be told, and what is still owed. A change is
 * told when it has lasted for a while (hold): a flap is told to nobody. What no vantage point can
 * see is told of the vantage point, never as an outage. Plain data that owns what it points to.
 * Pure: the data's clock says how long a state of the country lasted, `now` whether anybody
 * measures at all.
 */
enum told_channel { TOLD_COMMAND, TOLD_WEBHOOK };
enum { TOLD_CHANNELS = TOLD_WEBHOOK + 1, TOLD_EVENTS_MOST = 1000, TOLD_CAUSES_MOST = 64 };

/* A block's state, as it was told last. */
struct told_block {
	struct prefix prefix;
	enum block_state state; /* unknown: it never had another */
	struct wall since;      /* when the row began by which it is; -1: none */
	bool open;              /* that it is not up was told, that it is up again was not */
};

/* Does a vantage point see? */
enum told_sight { SIGHT_SEES, SIGHT_BLIND, SIGHT_LATE };
const char *told_sight_name(enum told_sight sight);
struct told_vantage {
	char name[VANTAGE_SIZE];
	enum told_sight sight; /* as told */
	bool open;
	bool looked; /* not kept, with the next two: what it is now, and since when */
	enum told_sight is;
	struct wall since;
};

/* The cause of an outage of which a block was told. */
struct told_cause {
	char outage[OUTAGE_ID_SIZE];
	int cause; /* as told */
	bool looked;
	int is;
	struct wall since;
};

struct told_event {
	uint64_t number;
	unsigned owed; /* 1 << enum told_channel: not acknowledged there */
	char *json;    /* one line, owned */
};

struct told {
	char run[17];              /* names this journal: an event's id is RUN-NUMBER */
	char epoch[EPOCH_SIZE];    /* of the store; "": nothing was looked at yet */
	uint64_t next;             /* number of the next event */
	struct wall seen;          /* the data end at the last look */
	struct told_block *blocks; /* by prefix */
	size_t block_count, block_capacity;
	struct told_vantage *vantages;
	size_t vantage_count, vantage_capacity;
	struct told_cause *causes;
	size_t cause_count, cause_capacity;
	struct told_event *events; /* owed, by number */
	size_t event_count, event_capacity;
	uint64_t lost; /* too many were owed: the oldest went */
};

/* What is to be told. */
struct told_rule {
	unsigned tell;     /* 1 << enum change_kind */
	unsigned channels; /* 1 << enum told_channel */
	int64_t hold_ns;   /* by the data's clock */
	bool lateness; /* the wall clock says whether anybody measures: not of a played history */
};

void told_init(struct told *told, uint64_t run);
void told_finish(struct told *told);

/*
 * Look at a scene: what has changed for long enough is owed from now on, in the order in which
 * it came to be so. At first, and of another store than before, what is so is taken as told.
 * Returns whether there is anything that must be kept before it is told.
 */
bool told_look(struct told *told, const struct scene *scene, const struct told_rule *rule,
	struct wall now);

/* The oldest that is owed to a channel; NULL: none. */
const struct told_event *told_owed(const struct told *told, enum told_channel channel);
void told_acknowledge(struct told *told, enum told_channel channel, uint64_t number);
/* What is owed to a channel that is no more is not owed. */
void told_drop_channels(struct told *told, unsigned channels);

/* Owe one more; json is owned by it. */
void told_owe(struct told *told, unsigned channels, char *json);
/* Found, or added; where it lies holds until the next is added. */
struct told_block *told_block_of(struct told *told, struct prefix prefix);
struct told_vantage *told_vantage_of(struct told *told, const char *name);
struct told_cause *told_cause_of(struct told *told, const char *outage);
struct told_cause *told_cause_add(struct told *told, const char *outage, int cause);

#endif
