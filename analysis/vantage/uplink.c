#include "analysis/vantage/uplink.h"

#include <math.h>
#include <string.h>

#include "core/mem.h"

void uplink_finish(struct uplink *uplink)
{
	mem_free(uplink->controls);
}

static struct control *control_at(struct uplink *uplink, size_t number)
{
	if (number >= uplink->control_count) {
		struct control *more = mem_zeroed(number + 1, sizeof(*more));
		if (uplink->control_count)
			memcpy(more, uplink->controls, uplink->control_count * sizeof(*more));
		mem_free(uplink->controls);
		uplink->controls = more;
		uplink->control_count = number + 1;
	}
	return &uplink->controls[number];
}

static void learn(struct control *control, double share, bool bad)
{
	uint32_t n = control->learned + UPLINK_PRIOR_PROBES;
	float step = 1.0F / (float)(n < UPLINK_PROBES ? n : UPLINK_PROBES);

	control->learned++;
	control->usual += (bad ? step / BAD_COUNTS : step) * ((float)share - control->usual);
}

static double nats_of(const struct control *control, bool answered, double lost)
{
	double usual = fmin(fmax((double)control->usual, LOSS_LEAST), UPLINK_LOSS_MOST);
	double bad = usual + UPLINK_LOSS * (1 - usual);
	double nats = lost * log(bad / usual);

	if (nats > SILENCE_SAYS)
		nats = SILENCE_SAYS;
	return answered ? nats + log((1 - bad) / (1 - usual)) : nats;
}

static bool is_lossy(const struct uplink *uplink)
{
	return loss_rate_now(&uplink->country) > COUNTRY_LOSSY;
}

/* A line that is bad is so for all. One anchor may be too by itself, one router be behind
 * the cut; but not every router. */
static bool is_common(const struct uplink *uplink)
{
	size_t lossy = 0;

	for (size_t i = 0; i < uplink->control_count; i++)
		lossy += uplink->controls[i].met && uplink->controls[i].sum > 0;
	return uplink->anchored ? 2 * lossy >= uplink->met : lossy == uplink->met;
}

static void add(struct uplink *uplink, struct control *control, double nats)
{
	double limit = is_lossy(uplink) ? UPLINK_BAD_LOSSY : UPLINK_BAD;

	control->sum = (float)fmin(fmax((double)control->sum + nats, 0), SILENCE_SAYS);
	uplink->sum = fmin(fmax(uplink->sum + nats, 0), UPLINK_SUM_MOST);
	if (uplink->sum >= limit)
		uplink->bad = uplink->bad || is_common(uplink);
	else if (uplink->sum <= limit - UPLINK_GOOD_LESS)
		uplink->bad = false;
}

static void weigh(struct uplink *uplink, struct control *control, bool answered, double lost)
{
	double nats = nats_of(control, answered, lost);

	if (!control->met || (double)control->usual >= UPLINK_LOSS_MOST)
		return;
	if (answered || control->streak == 0)
		add(uplink, control, nats);
	else if (!uplink->anchored && control->streak < UPLINK_SILENCES && is_lossy(uplink))
		add(uplink, control, nats / 2);
}

void uplink_see(struct uplink *uplink, size_t number, bool is_anchor, bool answered,
	unsigned attempts, int64_t at_ns, const struct parameters *parameters)
{
	struct control *control = control_at(uplink, number);
	double lost = answered ? attempts - 1 : attempts;

	if (is_anchor) {
		uplink->anchored = true;
		loss_rate_add(&uplink->loss, lost, attempts, at_ns, parameters);
	} else if (uplink->anchored) {
		return;
	}
	uplink->met += answered && !control->met;
	control->met |= answered;
	weigh(uplink, control, answered, lost);
	if (answered || control->streak == 0)
		learn(control, lost / attempts, uplink->bad);
	control->streak = answered ? 0 : control->streak + 1;
	uplink->silences = answered ? 0 : uplink->silences + (is_anchor || control->met);
	if (answered)
		uplink->heard_ns = at_ns;
}

void uplink_hears_router(struct uplink *uplink, int64_t at_ns)
{
	if (!uplink->anchored)
		uplink->silences = 0;
	uplink->heard_ns = at_ns;
}

void uplink_hears_host(struct uplink *uplink, bool answered, unsigned lost, int64_t at_ns,
	const struct parameters *parameters)
{
	loss_rate_add(&uplink->gone, answered ? 0 : 1, 1, at_ns, parameters);
	if (answered)
		loss_rate_add(&uplink->country, lost, lost + 1, at_ns, parameters);
	/* Routers that are silent for long, with the country there, are no controls any more. */
	if (uplink->anchored || at_ns - uplink->heard_ns < parameters->cluster_gap_ns ||
		uplink->gone.lost >= COUNTRY_GONE * uplink->gone.asked)
		return;
	uplink->sum = 0;
	uplink->bad = false;
	uplink->silences = 0;
}

bool uplink_is_down(const struct uplink *uplink)
{
	if (uplink->bad)
		return true;
	if (uplink->anchored)
		return uplink->silences >= UPLINK_SILENCES ||
		       loss_rate_now(&uplink->loss) > UPLINK_LOSS;
	return uplink->met > 0 && uplink->silences >= 2 * uplink->met;
}
