#ifndef ANALYSIS_EVIDENCE_PARTS_H
#define ANALYSIS_EVIDENCE_PARTS_H

#include "analysis/outage/outage.h"
#include "analysis/routes/routes.h"

/* What the files that gather an outage's facts share with each other and with nobody else. */

/* gather.c */

/* So many seconds, at the history's pace. */
int64_t outage_scaled(const struct outage_context *context, double seconds);
/* Its end, or the data's. */
int64_t outage_until(const struct outage *outage, const struct outage_context *context);
bool outage_has_block(const struct outage *outage, const struct view *view, uint32_t block);

/* clocks.c: who restarted, and who ran through. */
void outage_clocks(struct outage *outage, const struct outage_context *context);

/* shape.c: went they, and came they back, as one? */
void outage_shape(struct outage *outage, const struct view *view);

/* border.c: was the router before them there? */
void outage_border(struct outage *outage, const struct outage_context *context);

/* sites.c: was it lost, or did it return, by sites? */
void outage_sites(struct outage *outage, const struct outage_context *context);

/* path.c: who said so on the path, while it lasted? */
void outage_path(struct outage *outage, const struct outage_context *context);

/* flaps.c: how often were its blocks silent for moments, on the day before? */
void outage_flaps(struct outage *outage, const struct view *view);

/* vantages.c: what do the other vantage points say? */
void outage_vantages(struct outage *outage, const struct outage_context *context);

/* routes.c: were its routes withdrawn? */
void outage_routes(struct outage *outage, const struct outage_context *context);

#endif
