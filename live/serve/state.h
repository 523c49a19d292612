#ifndef LIVE_SERVE_STATE_H
#define LIVE_SERVE_STATE_H

#include <stdio.h>

#include "live/scene.h"

/* What it is like now, as JSON and as metrics. Pure. */

/* One state that changed: of a block, or of a vantage point. */
struct state_change {
	const struct scene *scene;
	const struct scene_block *block;
	enum block_state from;
	const struct timeline_row *row;
	const struct vantage_facts *vantage;
};

/* JSON objects, one line without its end. */
void state_write_change(FILE *out, const struct state_change *change);
void state_write_sweep(FILE *out, const struct scene *scene);
void state_write_all(FILE *out, const struct scene *const *scenes, size_t count);

/* Prometheus text: few series, a block and not an address. */
void state_write_metrics(
	FILE *out, const struct scene *const *scenes, size_t count, struct wall now);

#endif
