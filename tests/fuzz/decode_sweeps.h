#ifndef TESTS_FUZZ_DECODE_SWEEPS_H
#define TESTS_FUZZ_DECODE_SWEEPS_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "store/observation.h"

/*
 * Bytes as a series: targets and sweeps, such as a store may give, which are those that
 * the bounds of a store let through, in its order. Every sequence of bytes is one; where
 * they end, the rest is zeros.
 */
enum { FUZZ_TARGETS = 6, FUZZ_SWEEPS = 256, FUZZ_ROWS = 96, FUZZ_HOPS = 24 };

struct fuzz_series {
	double scale;
	struct target_row targets[FUZZ_TARGETS];
	size_t target_count;
	struct sweep *sweeps; /* owned, and their arrays */
	size_t sweep_count;
};

struct feed {
	const uint8_t *at, *end;
};

static inline unsigned feed_byte(struct feed *feed)
{
	return feed->at < feed->end ? *feed->at++ : 0;
}

/* Mostly of the size that sweeps have, sometimes of any. */
static inline int64_t feed_span(struct feed *feed)
{
	static const int64_t units[] = {1, NS_PER_MS, NS_PER_S, 10 * NS_PER_S, 60 * NS_PER_S,
		660 * NS_PER_S, 86400 * NS_PER_S, 30 * 86400 * NS_PER_S};
	unsigned unit = feed_byte(feed) % 8;

	return (int64_t)feed_byte(feed) * units[unit];
}

static inline int64_t feed_number(struct feed *feed, int64_t most)
{
	unsigned value = feed_byte(feed);

	if (value < 2)
		return (int64_t)value - 1;
	return value == 255 ? most : (int64_t)value % (most + 1);
}

/* Three blocks that are usually targets, the ends of all addresses, and routers. */
static inline struct ip4 feed_address(struct feed *feed)
{
	static const uint32_t bases[] = {0xc6120000, 0xc6120000, 0xc6120100, 0xc6120200, 0xc6336400,
		0xcb007100, 0, 0xffffff00};
	uint32_t base = bases[feed_byte(feed) % 8];

	return (struct ip4){base + feed_byte(feed)};
}

static inline void feed_targets(struct feed *feed, struct fuzz_series *series)
{
	series->targets[series->target_count++] =
		(struct target_row){{{0xc6120000}, 23}, ROLE_TARGET, "test"};
	for (size_t more = feed_byte(feed) % FUZZ_TARGETS; more > 0; more--) {
		struct target_row *row = &series->targets[series->target_count++];
		row->role = (enum role)(feed_byte(feed) % 4);
		uint8_t len = (uint8_t)(21 + feed_byte(feed) % 12);
		row->prefix = prefix_of(feed_address(feed), len);
	}
}

static inline struct sweep_info feed_info(struct feed *feed, int64_t *clock_ns)
{
	static const char *const methods[] = {"icmp", "", "icmp;tcp:80", "tcp"};
	struct sweep_info info = {.epoch = "e"};
	unsigned kind = feed_byte(feed);
	unsigned vantage = feed_byte(feed);

	snprintf(info.vantage, sizeof(info.vantage), "vp%u", vantage % (vantage < 240 ? 3 : 128));
	info.tier = kind & 1 ? TIER_FULL : TIER_WATCH;
	snprintf(info.methods, sizeof(info.methods), "%s", methods[kind >> 1 & 3]);
	*clock_ns += kind & 8 ? -feed_span(feed) : feed_span(feed);
	info.start.ns = *clock_ns;
	info.end.ns = info.start.ns + (kind & 16 ? -feed_span(feed) : feed_span(feed));
	info.interval_ns = kind & 32 ? feed_span(feed) : 60 * NS_PER_S;
	info.has_source = true;
	info.source.host = 0xc0000201;
	info.sent = info.probed = info.received = info.capture_dropped = info.send_errors = -1;
	info.anchors_probed = info.anchors_up = info.clock_error_us = -1;
	if (kind & 64) {
		info.has_source = feed_byte(feed) & 1;
		info.source.host += feed_byte(feed);
		info.sent = feed_number(feed, COUNT_MOST);
		info.received = feed_number(feed, COUNT_MOST);
		info.anchors_probed = feed_number(feed, COUNT_MOST);
		info.anchors_up = feed_number(feed, COUNT_MOST);
		if (info.anchors_up > info.anchors_probed && info.anchors_probed >= 0)
			info.anchors_up = info.anchors_probed;
		info.clock_error_us = feed_number(feed, COUNT_MOST);
	}
	if (kind & 128)
		info.flags =
			(feed_byte(feed) | feed_byte(feed) << 8) & ((1u << SWEEP_FLAG_COUNT) - 1);
	return info;
}

/* What bounds refuse as contradicting itself would leave most series empty. */
static inline void fuzz_agree(struct observation *o)
{
	struct observation blank = observation_blank();

	if (o->method == METHOD_TCP && o->outcome == OUTCOME_ECHO_REPLY)
		o->outcome = OUTCOME_SYN_ACK;
	if (o->method == METHOD_ICMP && outcome_is_life(o->outcome))
		o->outcome = OUTCOME_ECHO_REPLY;
	if (o->attempt == 0 || (o->attempts >= 0 && o->attempt > o->attempts))
		o->attempt = -1;
	if (o->outcome != OUTCOME_SILENT && o->outcome != OUTCOME_UNSENT)
		return;
	blank.address = o->address;
	blank.method = o->method;
	blank.port = o->port;
	blank.probed_at = o->probed_at;
	blank.outcome = o->outcome;
	blank.attempts = o->attempts;
	*o = blank;
}

/* Neighbours that were seen alike. */
static inline void feed_observations(struct feed *feed, struct sweep *sweep)
{
	static const uint16_t ports[] = {0, 80, 443, 65535};
	struct observation o = observation_blank();
	unsigned kind = feed_byte(feed);
	unsigned what = feed_byte(feed);
	unsigned count = 1 + (feed_byte(feed) & 31);
	int64_t step_ns = 0;

	o.address = feed_address(feed);
	o.outcome = (enum outcome)(what % OUTCOME_COUNT);
	o.method = kind & 1 ? METHOD_TCP : METHOD_ICMP;
	o.port = kind & 1 ? ports[kind >> 1 & 3] : 0;
	o.probed_at = wall_after(sweep->info.start, kind & 8 ? -feed_span(feed) : 0);
	if (kind & 16)
		step_ns = feed_span(feed) % (86400 * NS_PER_S);
	if (kind & 32)
		o.rtt_ns = feed_span(feed) % (RTT_MOST_NS + 1);
	o.has_responder = kind & 64;
	if (o.has_responder)
		o.responder = feed_address(feed);
	if (kind & 128) {
		o.icmp_type = (int)feed_number(feed, 255);
		o.icmp_code = (int)feed_number(feed, 255);
		o.reply_ttl = (int)feed_number(feed, 255);
		o.ip_id = (int)feed_number(feed, 65535);
		o.attempt = (int)feed_number(feed, ATTEMPTS_MOST);
		o.attempts = (int)feed_number(feed, ATTEMPTS_MOST);
		o.has_tcp_ts = true;
		o.tcp_ts = feed_byte(feed) << 24 | feed_byte(feed) << 8;
	}
	fuzz_agree(&o);
	for (; count > 0 && sweep->observation_count < FUZZ_ROWS; count--) {
		sweep->observations[sweep->observation_count++] = o;
		o.address.host++;
		if (what & 128)
			o.responder.host++;
		o.probed_at.ns += step_ns;
	}
}

static inline void feed_hops(struct feed *feed, struct sweep *sweep)
{
	struct hop hop = {.address = feed_address(feed), .ttl = (uint8_t)feed_byte(feed)};
	unsigned kind = feed_byte(feed);

	hop.outcome = (enum outcome)(kind % OUTCOME_COUNT);
	hop.has_responder = kind & 128;
	hop.responder = feed_address(feed);
	hop.probed_at = wall_after(sweep->info.start, feed_span(feed));
	hop.rtt_ns = feed_number(feed, RTT_MOST_NS);
	if (hop.outcome == OUTCOME_SILENT || hop.outcome == OUTCOME_UNSENT) {
		hop.has_responder = false;
		hop.rtt_ns = -1;
	}
	unsigned count = 1 + (kind >> 4 & 7);
	for (; count > 0 && sweep->hop_count < FUZZ_HOPS; count--) {
		hop.ttl = hop.ttl ? hop.ttl : 1;
		sweep->hops[sweep->hop_count++] = hop;
		hop.ttl++;
		hop.responder.host++;
	}
}

static inline void feed_boot(struct feed *feed, struct sweep *sweep)
{
	struct boot boot = {feed_address(feed), sweep->info.end};

	boot.boot_at.ns -= feed_span(feed);
	boot.boot_at.ns += feed_byte(feed);
	sweep->boots[sweep->boot_count++] = boot;
}

static inline int fuzz_hop_order(const void *a, const void *b)
{
	const struct hop *x = a;
	const struct hop *y = b;
	int by_address = ip4_order(&x->address, &y->address);

	return by_address ? by_address : x->ttl - y->ttl;
}

/* As a store gives it: in order, of one address by one method one. */
static inline void fuzz_sort(struct sweep *sweep)
{
	struct observation *rows = sweep->observations;
	size_t kept = 0;

	qsort(rows, sweep->observation_count, sizeof(*rows), observation_order);
	for (size_t i = 0; i < sweep->observation_count; i++)
		if (kept == 0 || observation_order(&rows[kept - 1], &rows[i]) != 0)
			rows[kept++] = rows[i];
	sweep->observation_count = kept;
	qsort(sweep->hops, sweep->hop_count, sizeof(*sweep->hops), fuzz_hop_order);
}

static inline void fuzz_sweep_free(struct sweep *sweep)
{
	free(sweep->observations);
	free(sweep->hops);
	free(sweep->boots);
}

/* The same once more, that much later. */
static inline struct sweep fuzz_later(const struct sweep *sweep, int64_t step_ns)
{
	struct sweep later = *sweep;

	later.info.start.ns += step_ns;
	later.info.end.ns += step_ns;
	later.observations = mem_copy(
		sweep->observations, sweep->observation_count * sizeof(*sweep->observations));
	later.hops = mem_copy(sweep->hops, sweep->hop_count * sizeof(*sweep->hops));
	later.boots = mem_copy(sweep->boots, sweep->boot_count * sizeof(*sweep->boots));
	for (size_t i = 0; i < later.observation_count; i++) {
		later.observations[i].probed_at.ns += step_ns;
		later.observations[i].tcp_ts += (uint32_t)(step_ns / NS_PER_MS);
	}
	for (size_t i = 0; i < later.hop_count; i++)
		later.hops[i].probed_at.ns += step_ns;
	return later;
}

/* Takes it over. False: it is none that a store gives, or there are enough. */
static inline bool fuzz_add(struct fuzz_series *series, struct sweep *sweep)
{
	struct diag why = {0};

	sweep->info.sweep = series->sweep_count + 1;
	if (series->sweep_count < FUZZ_SWEEPS && bounds_sweep(sweep, &why) == 0) {
		series->sweeps[series->sweep_count++] = *sweep;
		return true;
	}
	fuzz_sweep_free(sweep);
	return false;
}

static inline void feed_sweep(struct feed *feed, struct fuzz_series *series, int64_t *clock_ns)
{
	struct sweep sweep = {.info = feed_info(feed, clock_ns)};
	unsigned parts = feed_byte(feed);

	sweep.observations = mem_zeroed(FUZZ_ROWS, sizeof(*sweep.observations));
	sweep.hops = mem_zeroed(FUZZ_HOPS, sizeof(*sweep.hops));
	sweep.boots = mem_zeroed(1, sizeof(*sweep.boots));
	for (unsigned i = 0; i < (parts & 7); i++)
		feed_observations(feed, &sweep);
	for (unsigned i = 0; i < (parts >> 3 & 3); i++)
		feed_hops(feed, &sweep);
	if (parts & 32)
		feed_boot(feed, &sweep);
	fuzz_sort(&sweep);
	bool again = parts & 64;
	unsigned count = again ? feed_byte(feed) % 128 : 0;
	int64_t step_ns = again ? feed_span(feed) : 0;
	while (fuzz_add(series, &sweep) && count-- > 0) {
		sweep = fuzz_later(&series->sweeps[series->sweep_count - 1], step_ns);
		*clock_ns = sweep.info.start.ns;
	}
}

static inline int fuzz_sweep_order(const void *a, const void *b)
{
	const struct sweep_info *x = &((const struct sweep *)a)->info;
	const struct sweep_info *y = &((const struct sweep *)b)->info;

	if (x->start.ns != y->start.ns)
		return x->start.ns < y->start.ns ? -1 : 1;
	int by_vantage = strcmp(x->vantage, y->vantage);
	if (by_vantage)
		return by_vantage;
	return (x->sweep > y->sweep) - (x->sweep < y->sweep);
}

static inline void fuzz_series_decode(const uint8_t *bytes, size_t len, struct fuzz_series *series)
{
	static const double scales[] = {1, 60, 1e-3, 1e6};
	static const int64_t starts[] = {
		1600000000 * NS_PER_S, TIME_LEAST_NS, TIME_MOST_NS - 86400 * NS_PER_S, 1};
	struct feed feed = {bytes, bytes + len};
	unsigned world = feed_byte(&feed);
	int64_t clock_ns = starts[world >> 2 & 3];

	*series = (struct fuzz_series){.scale = scales[world & 3]};
	series->sweeps = mem_zeroed(FUZZ_SWEEPS, sizeof(*series->sweeps));
	feed_targets(&feed, series);
	while (feed.at < feed.end && series->sweep_count < FUZZ_SWEEPS &&
		time_within((struct wall){clock_ns}))
		feed_sweep(&feed, series, &clock_ns);
	qsort(series->sweeps, series->sweep_count, sizeof(*series->sweeps), fuzz_sweep_order);
}

static inline void fuzz_series_finish(struct fuzz_series *series)
{
	for (size_t i = 0; i < series->sweep_count; i++)
		fuzz_sweep_free(&series->sweeps[i]);
	free(series->sweeps);
}

#endif
