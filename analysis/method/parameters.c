#include "analysis/method/parameters.h"

#include "core/clock.h"

struct parameters parameters_of(double scale)
{
	double second = (double)NS_PER_S / scale;

	return (struct parameters){
		.scale = scale,
		.flap_ns = (int64_t)(180 * second),
		.burst_ns = (int64_t)(10 * second),
		.loss_ns = (int64_t)(120 * second),
		.cluster_gap_ns = (int64_t)(1200 * second),
		.episode_ns = (int64_t)(6 * 3600 * second),
		.final_ns = (int64_t)(1800 * second),
		.counts_ns = (int64_t)(2640 * second),
		.steady_ns = (int64_t)(14 * 86400 * second),
		.away_ns = (int64_t)(3 * 86400 * second),
		.retired_ns = (int64_t)(21 * 86400 * second),
		.longest_ns = (int64_t)(30 * 86400 * second),
		.outage_ns = (int64_t)(1e6 * second),
		.failure_ns = (int64_t)(20 * 86400 * second),
		.minute_ns = (int64_t)(60 * second),
		.hour_ns = (int64_t)(3600 * second),
		.day_ns = (int64_t)(86400 * second),
		.prior = prior_default,
	};
}
