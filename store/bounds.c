#include "store/bounds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

bool time_within(struct wall t)
{
	return t.ns >= TIME_LEAST_NS && t.ns < TIME_MOST_NS;
}

bool probe_within(const struct sweep_info *info, struct wall at)
{
	return info->flags & SWEEP_CLOCK_STEP ||
	       (wall_since(at, info->start) >= -OUTSIDE_MOST_NS &&
		       wall_since(at, info->end) <= OUTSIDE_MOST_NS);
}

bool methods_known(const char *methods)
{
	char copy[METHODS_SIZE];
	char *rest;

	snprintf(copy, sizeof(copy), "%s", methods);
	for (char *m = strtok_r(copy, ";", &rest); m; m = strtok_r(NULL, ";", &rest)) {
		enum method method;
		uint16_t port;
		if (!method_parse(m, &method, &port))
			return false;
	}
	return true;
}

static bool contradicts(struct contradiction *ret, const char *column, const char *expected)
{
	*ret = (struct contradiction){column, expected};
	return true;
}

bool info_contradicts(const struct sweep_info *info, struct contradiction *ret)
{
	if (info->anchors_probed >= 0 && info->anchors_up > info->anchors_probed)
		return contradicts(ret, "anchors_up", "at most anchors_probed");
	return false;
}

/* Of a row that nobody answered: the first column that has something of an answer. */
static const char *answered_column(const struct observation *o)
{
	return o->rtt_ns >= 0      ? "rtt_us"
	       : o->has_responder  ? "responder"
	       : o->icmp_type >= 0 ? "icmp_type"
	       : o->icmp_code >= 0 ? "icmp_code"
	       : o->reply_ttl >= 0 ? "reply_ttl"
	       : o->ip_id >= 0     ? "ip_id"
	       : o->has_tcp_ts     ? "tcp_ts"
	       : o->attempt >= 0   ? "attempt"
				   : NULL;
}

static bool is_no_answer(enum outcome outcome)
{
	return outcome == OUTCOME_SILENT || outcome == OUTCOME_UNSENT;
}

static const char no_answer[] = "none, as nobody answered";

bool observation_contradicts(const struct observation *o, struct contradiction *ret)
{
	bool tcp = o->method == METHOD_TCP;

	if (tcp ? o->outcome == OUTCOME_ECHO_REPLY
		: o->outcome == OUTCOME_SYN_ACK || o->outcome == OUTCOME_RST)
		return contradicts(ret, "outcome",
			tcp ? "syn_ack, rst, unreachable, ttl_exceeded, silent or unsent of tcp"
			    : "echo_reply, unreachable, ttl_exceeded, silent or unsent of icmp");
	const char *column = is_no_answer(o->outcome) ? answered_column(o) : NULL;
	if (column)
		return contradicts(ret, column, no_answer);
	if (o->attempt == 0)
		return contradicts(ret, "attempt", "which attempt was answered, from 1");
	if (o->attempts >= 0 && o->attempt > o->attempts)
		return contradicts(ret, "attempt", "at most attempts");
	return false;
}

bool hop_contradicts(const struct hop *hop, struct contradiction *ret)
{
	if (hop->ttl == 0)
		return contradicts(ret, "ttl", "a whole number from 1 to 255");
	if (is_no_answer(hop->outcome) && (hop->has_responder || hop->rtt_ns >= 0))
		return contradicts(ret, hop->has_responder ? "responder" : "rtt_us", no_answer);
	return false;
}

static int beyond(const struct sweep_info *info, const char *what, struct diag *why)
{
	return diag_set(why, "sweep %llu of vantage \"%s\": %s", (unsigned long long)info->sweep,
		info->vantage, what);
}

int bounds_info(const struct sweep_info *info, struct diag *why)
{
	const int64_t counts[] = {info->probed, info->sent, info->received, info->capture_dropped,
		info->send_errors, info->anchors_probed, info->anchors_up, info->clock_error_us};
	bool stepped = info->flags & SWEEP_CLOCK_STEP;
	struct contradiction wrong;

	if (!text_printable(info->vantage) || !text_printable(info->epoch) ||
		!text_printable(info->counts))
		return beyond(info, "a text with control characters, or that is no UTF-8", why);
	if (info->sweep > INT64_MAX)
		return beyond(info, "a number out of range", why);
	if ((unsigned)info->tier > TIER_WATCH || info->flags >> SWEEP_FLAG_COUNT)
		return beyond(info, "a tier or flags that there are not", why);
	if (!time_within(info->start) || !time_within(info->end))
		return beyond(info, "a time outside the years 1970 to 2199", why);
	int64_t lasted = wall_since(info->end, info->start);
	if (!stepped && (lasted < 0 || lasted > INTERVAL_MOST_NS))
		return beyond(info, "it ends before it starts, or lasts more than a year", why);
	if (info->interval_ns < 0 || info->interval_ns > INTERVAL_MOST_NS)
		return beyond(info, "an interval of more than a year", why);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (counts[i] < -1 || counts[i] > COUNT_MOST)
			return beyond(info, "a count out of range", why);
	if (!methods_known(info->methods))
		return beyond(info, "methods that there are not", why);
	if (info_contradicts(info, &wrong))
		return beyond(info, "more anchors_up than anchors_probed", why);
	return 0;
}

static int outside(
	const struct sweep_info *info, struct ip4 address, const char *what, struct diag *why)
{
	char text[ADDRESS_TEXT_SIZE];
	char sentence[128];

	ip4_format(address, text);
	snprintf(sentence, sizeof(sentence), "%s of %s", what, text);
	return beyond(info, sentence, why);
}

static int contradictory(const struct sweep_info *info, struct ip4 address,
	const struct contradiction *wrong, struct diag *why)
{
	char text[ADDRESS_TEXT_SIZE];
	char sentence[160];

	ip4_format(address, text);
	snprintf(sentence, sizeof(sentence), "%s has a wrong %s, expected %s", text, wrong->column,
		wrong->expected);
	return beyond(info, sentence, why);
}

int bounds_sweep(const struct sweep *sweep, struct diag *why)
{
	const struct sweep_info *info = &sweep->info;
	struct contradiction wrong;
	int r = bounds_info(info, why);

	for (size_t i = 0; i < sweep->observation_count && r == 0; i++) {
		const struct observation *o = &sweep->observations[i];
		if (!time_within(o->probed_at) || !probe_within(info, o->probed_at))
			r = outside(info, o->address, "a time outside its sweep", why);
		else if (o->rtt_ns < -1 || o->rtt_ns > RTT_MOST_NS)
			r = outside(info, o->address, "a round trip of more than an hour", why);
		else if (o->attempt > ATTEMPTS_MOST || o->attempts > ATTEMPTS_MOST)
			r = outside(info, o->address, "too many attempts", why);
		else if (observation_contradicts(o, &wrong))
			r = contradictory(info, o->address, &wrong, why);
	}
	for (size_t i = 0; i < sweep->hop_count && r == 0; i++) {
		const struct hop *h = &sweep->hops[i];
		if (!time_within(h->probed_at) || !probe_within(info, h->probed_at))
			r = outside(info, h->address, "a time outside its sweep, towards", why);
		else if (h->rtt_ns < -1 || h->rtt_ns > RTT_MOST_NS)
			r = outside(info, h->address, "a round trip of more than an hour", why);
		else if (hop_contradicts(h, &wrong))
			r = contradictory(info, h->address, &wrong, why);
	}
	for (size_t i = 0; i < sweep->boot_count && r == 0; i++)
		if (!time_within(sweep->boots[i].boot_at))
			r = outside(info, sweep->boots[i].address,
				"a boot outside the years 1970 to 2199", why);
	return r;
}

static int row_order(const void *a, const void *b)
{
	const struct target_row *x = *(const struct target_row *const *)a;
	const struct target_row *y = *(const struct target_row *const *)b;
	int by = prefix_order(&x->prefix, &y->prefix);

	return by ? by : (int)x->role - (int)y->role;
}

/* In that order a target stands before whatever else the same prefix is. */
static int one_role_each(const struct target_row *rows, size_t count, struct diag *why)
{
	const struct target_row **sorted = mem_zeroed(count, sizeof(*sorted));
	char prefix[ADDRESS_TEXT_SIZE];
	int r = 0;

	for (size_t i = 0; i < count; i++)
		sorted[i] = &rows[i];
	if (count > 0)
		qsort(sorted, count, sizeof(*sorted), row_order);
	for (size_t i = 1; i < count && r == 0; i++) {
		const struct target_row *a = sorted[i - 1];
		const struct target_row *b = sorted[i];
		if (prefix_order(&a->prefix, &b->prefix) != 0 || role_joins(a->role, b->role))
			continue;
		prefix_format(a->prefix, prefix);
		r = diag_set(why, "%s has the role %s and the role %s, expected one of them", prefix,
			role_name(a->role), role_name(b->role));
	}
	free(sorted);
	return r;
}

int bounds_targets(const struct target_row *rows, size_t count, struct diag *why)
{
	char label[LABEL_SIZE];
	uint64_t targets = 0;
	uint64_t others = 0;

	for (size_t i = 0; i < count; i++) /* an older program let Latin-1 in */
		if (!text_adopt(rows[i].label, label, sizeof(label)))
			return diag_set(why, "a label with control characters");

	for (size_t i = 0; i < count; i++)
		*(rows[i].role == ROLE_TARGET ? &targets : &others) += prefix_count(rows[i].prefix);
	if (targets <= TARGETS_MOST && others <= TARGETS_MOST)
		return one_role_each(rows, count, why);
	return diag_set(why, "the targets name %" PRIu64 " addresses, expected at most %d",
		targets > TARGETS_MOST ? targets : others, TARGETS_MOST);
}
