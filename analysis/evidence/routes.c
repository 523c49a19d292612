/* Were the routes to an outage's blocks withdrawn when it began? */
#include <math.h>

#include "analysis/evidence/parts.h"
#include "analysis/method/parameters.h"

/* Times an outage's block is looked at. */
struct window {
	int64_t before_ns; /* before anything of it happened */
	int64_t onset_ns;  /* what withdraws a route has done so by then */
	int64_t until_ns;  /* as long as it lasts and routes are heard */
};

/* Mean over its blocks that have one; NaN: none has. */
static double mean(const struct outage *outage, const struct outage_context *context,
	double (*of)(const struct route_steps *steps, const struct window *w), const struct window *w)
{
	double sum = 0;
	size_t known = 0;

	for (size_t i = 0; i < context->routes->block_count; i++) {
		if (!outage_has_block(outage, context->view, (uint32_t)i))
			continue;
		double value = of(&context->routes->blocks[i], w);
		if (isnan(value))
			return value;
		sum += value;
		known++;
	}
	return known ? sum / (double)known : (double)NAN;
}

static double before(const struct route_steps *steps, const struct window *w)
{
	return route_share(steps, w->before_ns);
}

static double at_onset(const struct route_steps *steps, const struct window *w)
{
	return route_share_least(steps, w->before_ns, w->onset_ns);
}

static double throughout(const struct route_steps *steps, const struct window *w)
{
	return route_share_least(steps, w->before_ns, w->until_ns);
}

void outage_routes(struct outage *outage, const struct outage_context *context)
{
	struct facts *f = &outage->facts;
	struct window w = {
		.before_ns = outage->start_low_ns - outage_scaled(context, ROUTE_BEFORE_S),
		.onset_ns = outage->start_high_ns + outage_scaled(context, ROUTE_AFTER_S),
		.until_ns = outage_until(outage, context)};

	f->route_before = f->route_onset = f->route_least = (double)NAN;
	if (!context->routes || !context->routes->block_count)
		return;
	int64_t heard_ns = routes_heard_until(context->routes, w.before_ns);
	if (heard_ns < w.onset_ns)
		return;
	w.until_ns = heard_ns < w.until_ns ? heard_ns : w.until_ns;
	f->route_before = mean(outage, context, before, &w);
	f->route_onset = mean(outage, context, at_onset, &w);
	if (w.until_ns >= w.onset_ns)
		f->route_least = mean(outage, context, throughout, &w);
}
