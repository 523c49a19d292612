#ifndef LIVE_TOLD_EVENT_H
#define LIVE_TOLD_EVENT_H

#include "live/told/told.h"

/*
 * What is told, as one line of JSON (docs/FORMATS.md), owned by the caller. Its id is that of
 * the next event of `told`. Pure.
 */
struct told_change {
	size_t block; /* of the scene */
	enum block_state from;
	const struct timeline_row *row;
	struct wall due;
};

/* Blocks that came to one state. */
char *event_of_blocks(const struct told *told, const struct scene *scene,
	const struct told_change *changes, size_t count);
/* tell: CHANGE_BLIND, CHANGE_NO_SWEEP, CHANGE_RECOVERED. */
char *event_of_vantage(const struct told *told, const struct scene *scene,
	const struct vantage_facts *facts, enum change_kind tell);
/* from: the cause as it was told before. */
char *event_of_cause(
	const struct told *told, const struct scene *scene, const struct outage *outage, int from);

#endif
