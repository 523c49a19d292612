#include "report/series.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "report/series_inner.h"

int64_t series_bin_ns(struct wall from, struct wall to, size_t most)
{
	static const int64_t widths_s[] = {1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 900, 1200,
		1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400, 2 * 86400, 7 * 86400,
		14 * 86400, 28 * 86400, 91 * 86400, 366 * 86400};
	size_t count = sizeof(widths_s) / sizeof(widths_s[0]);
	int64_t span_ns = wall_since(to, from);

	for (size_t i = 0; i < count; i++)
		if (span_ns / (widths_s[i] * NS_PER_S) < (int64_t)most)
			return widths_s[i] * NS_PER_S;
	return span_ns / (int64_t)most + 1;
}

bool series_is_target(const struct series *series, struct ip4 address)
{
	const struct series_inner *inner = series->inner;

	return ranges_hold(inner->targets, inner->target_count, address) &&
	       !ranges_hold(inner->controls, inner->control_count, address);
}

struct series *series_create(const struct series_config *config)
{
	struct series *series = mem_zeroed(1, sizeof(*series));
	int64_t span_ns = wall_since(config->to, config->from);

	series->config = *config;
	series->bin_count = span_ns > 0 ? (size_t)((span_ns - 1) / config->bin_ns + 1) : 0;
	series->bins = mem_zeroed(series->bin_count, sizeof(*series->bins));
	series->inner = mem_zeroed(1, sizeof(*series->inner));
	series->inner->targets = ranges_of(
		config->targets, config->target_count, true, &series->inner->target_count);
	series->inner->controls = ranges_of(
		config->targets, config->target_count, false, &series->inner->control_count);
	series->config.targets = NULL;
	return series;
}

struct series *series_of_hosts(const struct series_config *config)
{
	enum { BINS = 64 }; /* of a curve that nobody looks at */
	struct wall to = wall_after(config->to, 1);

	return series_create(&(struct series_config){.from = config->from,
		.to = to,
		.bin_ns = series_bin_ns(config->from, to, BINS),
		.targets = config->targets,
		.target_count = config->target_count,
		.trips = true});
}

void series_destroy(struct series *series)
{
	if (!series)
		return;
	for (size_t i = 0; i < series->host_count; i++) {
		free(series->hosts[i].cells);
		round_trips_finish(&series->hosts[i].trips);
	}
	for (size_t i = 0; i < series->vantage_count; i++) {
		free(series->vantages[i].bins);
		boxes_finish(&series->inner->boxes[i]);
	}
	free(series->inner->came);
	free(series->inner->word_ns);
	free(series->inner->targets);
	free(series->inner->controls);
	free(series->inner);
	free(series->hosts);
	free(series->vantages);
	free(series->bins);
	free(series);
}

int64_t series_bin_at(const struct series *series, struct wall at)
{
	int64_t since_ns = wall_since(at, series->config.from);

	return since_ns < 0 ? -1 : since_ns / series->config.bin_ns;
}

struct wall series_bin_start(const struct series *series, size_t bin)
{
	return wall_after(series->config.from, (int64_t)bin * series->config.bin_ns);
}

size_t series_bin_inside(const struct series *series, struct wall at)
{
	int64_t bin = series_bin_at(series, at);

	return bin < 0 || bin >= (int64_t)series->bin_count ? SIZE_MAX : (size_t)bin;
}

void series_take_hosts(struct series *series)
{
	struct series_inner *inner = series->inner;
	size_t old = series->host_count;
	size_t left = inner->came_count;

	if (left == 0)
		return;
	series->hosts =
		mem_grow(series->hosts, &series->host_capacity, old + left, sizeof(*series->hosts));
	inner->word_ns = mem_grow(
		inner->word_ns, &inner->word_capacity, old + left, sizeof(*inner->word_ns));
	for (size_t to = old + left; left > 0;) {
		struct ip4 came = inner->came[left - 1];
		to--;
		if (old > 0 && series->hosts[old - 1].address.host > came.host) {
			series->hosts[to] = series->hosts[--old];
			inner->word_ns[to] = inner->word_ns[old];
		} else {
			series->hosts[to] = (struct series_host){.address = came};
			inner->word_ns[to] = 0;
			left--;
		}
	}
	series->host_count += inner->came_count;
	inner->came_count = 0;
}

void series_note_new(struct series *series, struct ip4 address)
{
	struct series_inner *inner = series->inner;

	if (inner->came_count && ip4_equal(inner->came[inner->came_count - 1], address))
		return;
	inner->came = mem_grow(
		inner->came, &inner->came_capacity, inner->came_count + 1, sizeof(*inner->came));
	inner->came[inner->came_count++] = address;
}

void series_know(struct series *series, struct ip4 address)
{
	size_t at = series_host_of(series, address);

	if (at == SIZE_MAX) {
		series_note_new(series, address);
		series_take_hosts(series);
		at = series_host_of(series, address);
	}
	if (series->hosts[at].known)
		return;
	series->hosts[at].known = true;
	series->known++;
	series->up += series_is_up(series, &series->hosts[at]);
}
