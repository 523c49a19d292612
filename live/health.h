#ifndef LIVE_HEALTH_H
#define LIVE_HEALTH_H

#include <stdio.h>

#include "live/scene.h"

/*
 * Is it well? As monitors ask it: in one word, which is also the exit status of a plugin of
 * Nagios, and in one line. Pure.
 */
enum health { HEALTH_OK, HEALTH_WARNING, HEALTH_CRITICAL, HEALTH_UNKNOWN };

/*
 * Critical: the country is down. Unknown: of the country nothing can be said. Warning: the country
 * is degraded, or a block that ever answered is not up, or a vantage point is blind or late.
 * The scene was looked at (scene_look) if its clock is that on the wall.
 */
enum health health_of(const struct scene *scene, struct wall now);

/* Of several: critical before warning before unknown before ok. */
enum health health_worse(enum health a, enum health b);
const char *health_name(enum health health); /* "WARNING" */

/* What a vantage point does: "sees", "blind", "late". */
const char *vantage_does(const struct vantage_facts *vantage, struct wall now);

/* "LIGHTSOUT OK: kp up since ...; 27 of 31 hosts up; last sweep 43 s ago | hosts_up=27;;;0;31 ..."
 * and its end. Returns the worst. */
enum health health_write(
	FILE *out, const struct scene *const *scenes, size_t count, struct wall now);

#endif
