#include "analysis/evidence/parts.h"

static bool was_lost(const struct outage *outage, const struct view *view, uint32_t host)
{
	for (size_t i = 0; i < outage->disruption_count; i++) {
		const struct disruption *l = &view->disruptions.items[outage->disruptions[i]];
		for (size_t k = 0; k < l->out_count; k++)
			if (l->outs[k].host == host)
				return true;
	}
	for (size_t i = 0; i < outage->isolated_count; i++)
		if (view->disruptions.isolated[outage->isolated[i]].out.host == host)
			return true;
	return false;
}

/* The same of the same host, earlier in this outage. */
static bool told_before(
	const struct outage *outage, const struct view *view, size_t error, int64_t to_ns)
{
	const struct path_error *e = &view->errors[error];

	for (size_t i = error; i-- > 0;) {
		const struct path_error *f = &view->errors[i];
		if (f->host == e->host && f->from == e->from &&
			f->first_ns > outage->start_low_ns && f->first_ns < to_ns)
			return true;
		if (f->last_ns < outage->start_low_ns - view->parameters.day_ns)
			break;
	}
	return false;
}

/* Errors for hosts that were lost, and that began with it: those that were
 * there before tell of something else. */
void outage_path(struct outage *outage, const struct outage_context *context)
{
	const struct view *view = context->view;
	struct facts *f = &outage->facts;
	int64_t to_ns = outage_until(outage, context);

	f->errors_heard = view->errors_heard_ns && view->errors_heard_ns <= to_ns;
	for (size_t i = 0; i < view->error_count; i++) {
		const struct path_error *e = &view->errors[i];
		if (e->first_ns <= outage->start_low_ns || e->first_ns >= to_ns ||
			!was_lost(outage, view, e->host) || told_before(outage, view, i, to_ns))
			continue;
		f->errors_upstream += e->from == ERROR_UPSTREAM;
		f->errors_border += e->from == ERROR_BORDER;
		f->errors_transit += e->from == ERROR_TRANSIT;
	}
}
