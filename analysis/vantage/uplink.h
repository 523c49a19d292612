#ifndef ANALYSIS_VANTAGE_UPLINK_H
#define ANALYSIS_VANTAGE_UPLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/method/loss_rate.h"
#include "analysis/method/parameters.h"

/*
 * Our own uplink, of one vantage point, by its controls: the anchors; where there are
 * none, the routers of the provider, which are outside the country too. A line that
 * loses most but not all looks like trouble of the country to who has no control.
 *
 * Bad is found by a cumulative sum (Page, Biometrika 1954) of ln P(bad)/P(usual), over
 * the probes of each control that follow an answered one: so one that is gone, be it
 * behind a cut nearer to the country, tells nothing after its first silence; and half of
 * the anchors, all of the routers, must have lost some lately. Without
 * anchors all routers silent are no proof of the line either; and while the whole country
 * loses packets, whose line it is that loses them is as good as open beforehand. Pure.
 */
struct control {
	bool met;         /* has answered */
	uint32_t streak;  /* of silences */
	float sum;        /* its own part of the line's; above 0: it lost some lately */
	float usual;      /* share of its probes lost, learned */
	uint32_t learned; /* probes */
};

struct uplink {
	struct control *controls; /* owned */
	size_t control_count;
	size_t met;            /* controls that have answered */
	bool anchored;         /* an anchor was asked: then routers say nothing */
	struct loss_rate loss; /* of anchors, all probes */
	uint32_t silences;     /* of controls, in a row */
	double sum;            /* nats for "bad", 0 at least */
	bool bad;
	int64_t heard_ns; /* last answer of a control, or error of a router */

	/* The country behind it. */
	struct loss_rate gone;    /* hosts' probes, silent ones */
	struct loss_rate country; /* packets lost, of those that an answer followed */
};

void uplink_finish(struct uplink *uplink);

/* A control was asked, so many times; number: which, small. */
void uplink_see(struct uplink *uplink, size_t number, bool is_anchor, bool answered,
	unsigned attempts, int64_t at_ns, const struct parameters *parameters);

/* A router beyond our own said that it could not reach somebody. */
void uplink_hears_router(struct uplink *uplink, int64_t at_ns);

/* A host was asked: packets lost since its last answer. Of a silence only that it was. */
void uplink_hears_host(struct uplink *uplink, bool answered, unsigned lost, int64_t at_ns,
	const struct parameters *parameters);

/* So bad that silence beyond it means nothing? */
bool uplink_is_down(const struct uplink *uplink);

#endif
