#ifndef ANALYSIS_COUNTRY_PARTS_H
#define ANALYSIS_COUNTRY_PARTS_H

#include "analysis/country/view.h"

/* What the files of the view share with each other and with nobody else. */

/* A sweep as it is being read. */
struct view_reading {
	struct view *view;
	const struct sweep *sweep;
	size_t vantage;
	enum reason why;   /* silence of this sweep is void */
	enum reason blind; /* our uplink was bad when it began: silence measures nothing */
};

/* update.c */

/* NULL: outside all blocks. */
struct block *view_block_at(const struct view *view, struct ip4 address);

/* The control row of an address, one that was named before one that was learned; NULL. */
const struct target_row *view_control_of(const struct view *view, struct ip4 address);

/* The sweep asked this block; measured: something of it is known now. */
void view_touch(struct view_reading *reading, struct block *block, bool measured);

/* relocations.c: hosts that answer at other addresses now are lost no more. From time to
 * time; now_ns: of the sweep. */
void view_look_for_moves(struct view *view, int64_t now_ns);

/* in_order.c: sweeps overlap, so what is seen waits until its time is complete. */

/* Less the number of its row: in the place of a host's number, the result is of a control,
 * and its channel is the vantage point. */
#define VIEW_CONTROL UINT32_MAX
bool view_is_control(const struct view *view, uint32_t host);

static inline uint8_t view_attempts(const struct observation *o)
{
	int attempts = observation_is_life(o) ? o->attempt : o->attempts;

	return attempts < 1 ? 1 : attempts > 255 ? 255 : (uint8_t)attempts;
}
/* Of one instant. */
int view_result_order(const void *a, const void *b);
static inline void view_push(struct view *view, const struct probe_result *result)
{
	*(struct probe_result *)reorder_add(&view->results, result->at_ns) = *result;
}

/* Replies of this sweep prove our uplink at their times. */
void view_hear(struct view *view, const struct sweep *sweep, size_t vantage);
/* Was anything heard between the two? */
bool view_heard(const struct view *view, size_t vantage, int64_t from_ns, int64_t to_ns);
/* After view_release up to its start: the times in which this sweep proves nothing, or all. */
void view_note_uplink(struct view_reading *reading);

/* Is that vantage point's own line too bad for silence to mean anything? */
bool view_uplink_is_down(const struct view *view, size_t vantage);

/* Hand on all that was seen before then, in order: sweeps come in order of start. */
void view_release(struct view *view, int64_t before_ns);

/* read.c: addresses of blocks. */

/* Rows first..last are one address's. */
void view_read_address(struct view_reading *reading, struct block *block,
	const struct observation *first, const struct observation *last);

/* A full sweep asked every target: who has no row was silent, at some time
 * before its end. */
void view_read_absent(struct view_reading *reading);

/* routers.c: which routers are whose. */

/* By the one rule of targets/routers.h: named; else as the paths say; else as a list says that
 * learned it; else the provider's who has an address beside a named router of his. */
enum role view_role_of(const struct view *view, struct ip4 address);

/* A host is new: is it a border router? */
void view_join_border(struct view *view, uint32_t host);

/* The paths of this sweep, of one vantage point. */
void view_learn_routers(struct view_reading *reading);

/* Disruptions that are over by now: which learned routers went with the others? */
void view_note_borders(struct view *view);

/* path.c: routers, and what they say. */

/* An address outside the blocks: an anchor, or a router. */
void view_read_control(struct view_reading *reading, const struct observation *o);

/* Routers answer TTL-limited probes too. */
void view_read_hops(struct view_reading *reading);

/* Somebody on the path answered for this host. True: it was a router of the provider's or
 * of the country, to which our uplink must have led. */
bool view_read_error(struct view_reading *reading, const struct observation *o, uint32_t host);

#endif
