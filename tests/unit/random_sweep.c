#include "tests/unit/random_sweep.h"

#include <stdio.h>

#include "core/mem.h"
#include "store/bounds.h"
#include "tests/unit/unit.h"

uint64_t random_u64(struct random *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

uint64_t random_below(struct random *random, uint64_t limit)
{
	return random_u64(random) % limit;
}

/* -1 in a quarter, one of the ends in a quarter, else anything between. */
static int64_t wild(struct random *random, int64_t most)
{
	switch (random_below(random, 8)) {
	case 0:
	case 1:
		return -1;
	case 2:
		return 0;
	case 3:
		return most;
	default:
		return (int64_t)(random_u64(random) >> 1) % most;
	}
}

/* Who did not answer gave nothing of an answer. */
static struct observation unanswered(const struct observation *o)
{
	struct observation blank = observation_blank();

	blank.address = o->address;
	blank.method = o->method;
	blank.port = o->port;
	blank.probed_at = o->probed_at;
	blank.outcome = o->outcome;
	blank.attempts = o->attempts;
	return blank;
}

struct observation random_observation(
	struct random *random, struct ip4 address, enum method method, struct wall start)
{
	static const int64_t units[] = {1, 1000, 1000000, 1000000000};
	struct observation o = observation_blank();
	struct contradiction wrong;
	int64_t unit = units[random_below(random, 4)];

	o.address = address;
	o.method = method;
	o.port = method == METHOD_TCP ? (uint16_t)random_below(random, 4) * 443 : 0;
	o.probed_at.ns =
		start.ns + (int64_t)random_below(random, (uint64_t)(60 * NS_PER_S / unit)) * unit;
	do
		o.outcome = (enum outcome)random_below(random, OUTCOME_COUNT);
	while (observation_contradicts(&o, &wrong));
	o.rtt_ns = wild(random, random_below(random, 9) ? NS_PER_S : RTT_MOST_NS);
	int64_t responder = wild(random, UINT32_MAX);
	o.has_responder = responder >= 0;
	o.responder = o.has_responder && random_below(random, 2)
			      ? address
			      : (struct ip4){o.has_responder ? (uint32_t)responder : 0};
	o.icmp_type = (int)wild(random, 255);
	o.icmp_code = (int)wild(random, 255);
	o.reply_ttl = (int)wild(random, 255);
	o.ip_id = (int)wild(random, 65535);
	int64_t tcp_ts = wild(random, UINT32_MAX);
	o.has_tcp_ts = tcp_ts >= 0;
	o.tcp_ts = o.has_tcp_ts ? (uint32_t)tcp_ts : 0;
	o.attempts = (int)wild(random, ATTEMPTS_MOST);
	o.attempt = o.attempts < 1 ? -1 : 1 + (int)random_below(random, (uint64_t)o.attempts);
	return o.outcome == OUTCOME_SILENT || o.outcome == OUTCOME_UNSENT ? unanswered(&o) : o;
}

static void random_info(struct random *random, uint64_t number, struct sweep_info *info)
{
	info->sweep = number;
	snprintf(info->vantage, sizeof(info->vantage), "vp%u", (unsigned)random_below(random, 3));
	snprintf(info->epoch, sizeof(info->epoch), "%s", random_below(random, 2) ? "e1" : "");
	info->tier = (enum tier)random_below(random, 2);
	info->start.ns = (int64_t)random_below(random, 40) * 60 * NS_PER_S;
	info->end.ns = info->start.ns + (int64_t)random_below(random, 60) * NS_PER_S + 1;
	info->interval_ns = random_below(random, 2) ? 60 * NS_PER_S : 0;
	snprintf(info->methods, sizeof(info->methods), "%s",
		random_below(random, 2) ? "icmp;tcp:80" : "");
	info->has_source = random_below(random, 2);
	info->source.host = info->has_source ? (uint32_t)random_u64(random) : 0;
	info->probed = wild(random, 1024);
	info->sent = wild(random, COUNT_MOST);
	info->received = wild(random, 1024);
	info->capture_dropped = wild(random, 9);
	info->send_errors = wild(random, 9);
	info->anchors_probed = wild(random, 9);
	info->anchors_up = info->anchors_probed < 0
				   ? wild(random, 9)
				   : (int64_t)random_below(
					     random, (uint64_t)info->anchors_probed + 1);
	info->clock_error_us = wild(random, 100000);
	info->flags = (uint32_t)random_below(random, 1u << SWEEP_FLAG_COUNT);
	snprintf(info->counts, sizeof(info->counts), "%s",
		random_below(random, 2) ? "left=1024;retried=3" : "");
}

static void random_rest(struct random *random, struct sweep *s)
{
	s->hop_count = random_below(random, 3) ? 0 : random_below(random, 20);
	s->hops = mem_zeroed(s->hop_count, sizeof(*s->hops));
	for (size_t i = 0; i < s->hop_count; i++) {
		bool has = random_below(random, 2);
		int64_t rtt = has ? wild(random, NS_PER_S) : -1;
		s->hops[i] = (struct hop){
			.address = {0xaf2db000 + (uint32_t)(i / 8)},
			.ttl = (uint8_t)(i % 8 + 1),
			.probed_at = {s->info.start.ns + (int64_t)i},
			.outcome = has ? OUTCOME_TTL_EXCEEDED : OUTCOME_SILENT,
			.has_responder = has,
			.responder = {has ? (uint32_t)random_u64(random) : 0},
			.rtt_ns = rtt,
		};
	}
	s->boot_count = random_below(random, 3) ? 0 : random_below(random, 20);
	s->boots = mem_zeroed(s->boot_count, sizeof(*s->boots));
	for (size_t i = 0; i < s->boot_count; i++)
		s->boots[i] = (struct boot){{UINT32_MAX - 100 + (uint32_t)i},
			{(int64_t)random_below(random, 1u << 30)}};
}

struct sweep random_sweep(struct random *random, uint64_t number, size_t most)
{
	struct sweep s = {0};
	size_t want = random_below(random, most + 1);

	random_info(random, number, &s.info);
	s.observations = mem_zeroed(want, sizeof(*s.observations));
	for (size_t i = 0; i < want; i++) {
		struct ip4 address = {
			(random_below(random, 9) ? 0xaf2db000 : 0xffffff00) +
			(uint32_t)random_below(random, random_below(random, 2) ? 256 : 1024)};
		s.observations[i] = random_observation(
			random, address, (enum method)random_below(random, 2), s.info.start);
	}
	qsort(s.observations, want, sizeof(*s.observations), observation_order);
	for (size_t i = 0; i < want; i++)
		if (s.observation_count == 0 ||
			observation_order(
				&s.observations[s.observation_count - 1], &s.observations[i]) != 0)
			s.observations[s.observation_count++] = s.observations[i];
	random_rest(random, &s);
	return s;
}

void random_sweep_free(struct sweep *sweep)
{
	free(sweep->observations);
	free(sweep->hops);
	free(sweep->boots);
}

void assert_same_observation(const struct observation *a, const struct observation *b)
{
	assert_int_equal(a->address.host, b->address.host);
	assert_int_equal(a->probed_at.ns, b->probed_at.ns);
	assert_int_equal(a->method, b->method);
	assert_int_equal(a->port, b->port);
	assert_int_equal(a->outcome, b->outcome);
	assert_int_equal(a->rtt_ns, b->rtt_ns);
	assert_int_equal(a->has_responder, b->has_responder);
	assert_int_equal(a->responder.host, b->responder.host);
	assert_int_equal(a->icmp_type, b->icmp_type);
	assert_int_equal(a->icmp_code, b->icmp_code);
	assert_int_equal(a->reply_ttl, b->reply_ttl);
	assert_int_equal(a->ip_id, b->ip_id);
	assert_int_equal(a->has_tcp_ts, b->has_tcp_ts);
	assert_int_equal(a->tcp_ts, b->tcp_ts);
	assert_int_equal(a->attempt, b->attempt);
	assert_int_equal(a->attempts, b->attempts);
}

static void assert_same_info(const struct sweep_info *a, const struct sweep_info *b)
{
	assert_int_equal(a->sweep, b->sweep);
	assert_string_equal(a->vantage, b->vantage);
	assert_string_equal(a->epoch, b->epoch);
	assert_int_equal(a->tier, b->tier);
	assert_int_equal(a->start.ns, b->start.ns);
	assert_int_equal(a->end.ns, b->end.ns);
	assert_int_equal(a->interval_ns, b->interval_ns);
	assert_string_equal(a->methods, b->methods);
	assert_int_equal(a->has_source, b->has_source);
	assert_int_equal(a->source.host, b->source.host);
	assert_int_equal(a->probed, b->probed);
	assert_int_equal(a->sent, b->sent);
	assert_int_equal(a->received, b->received);
	assert_int_equal(a->capture_dropped, b->capture_dropped);
	assert_int_equal(a->send_errors, b->send_errors);
	assert_int_equal(a->anchors_probed, b->anchors_probed);
	assert_int_equal(a->anchors_up, b->anchors_up);
	assert_int_equal(a->clock_error_us, b->clock_error_us);
	assert_int_equal(a->flags, b->flags);
	assert_string_equal(a->counts, b->counts);
}

void assert_same_sweep(const struct sweep *a, const struct sweep *b)
{
	assert_same_info(&a->info, &b->info);
	assert_int_equal(a->observation_count, b->observation_count);
	for (size_t i = 0; i < a->observation_count; i++)
		assert_same_observation(&a->observations[i], &b->observations[i]);
	assert_int_equal(a->hop_count, b->hop_count);
	for (size_t i = 0; i < a->hop_count; i++) {
		assert_int_equal(a->hops[i].address.host, b->hops[i].address.host);
		assert_int_equal(a->hops[i].ttl, b->hops[i].ttl);
		assert_int_equal(a->hops[i].probed_at.ns, b->hops[i].probed_at.ns);
		assert_int_equal(a->hops[i].outcome, b->hops[i].outcome);
		assert_int_equal(a->hops[i].has_responder, b->hops[i].has_responder);
		assert_int_equal(a->hops[i].responder.host, b->hops[i].responder.host);
		assert_int_equal(a->hops[i].rtt_ns, b->hops[i].rtt_ns);
	}
	assert_int_equal(a->boot_count, b->boot_count);
	for (size_t i = 0; i < a->boot_count; i++) {
		assert_int_equal(a->boots[i].address.host, b->boots[i].address.host);
		assert_int_equal(a->boots[i].boot_at.ns, b->boots[i].boot_at.ns);
	}
}
