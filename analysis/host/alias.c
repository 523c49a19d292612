#include "analysis/host/alias.h"

#include <math.h>

/* Were it one host all the same, then loss silenced the one and let the other
 * through: whatever the loss was, with this chance at most. */
static double not_alias_nats(double silences, double replies)
{
	double all = silences + replies;

	return -silences * log(silences / all) - replies * log(replies / all);
}

/* The kinds of probe that it mostly answers. */
static unsigned live_kinds(const struct host *host)
{
	unsigned kinds = 0;

	for (unsigned c = 0; c < CHANNEL_COUNT; c++)
		if (host_kinds(host) & 1u << c &&
			responsiveness_availability(&host->channels[c]) >= HOST_MOSTLY)
			kinds |= 1u << c;
	return kinds;
}

bool host_rules_out_alias(const struct host *host, const struct silence_run *run,
	const struct host *other, const struct parameters *parameters)
{
	int64_t from_ns = other->since_ns;
	int64_t to_ns = other->run.replied_ns;

	if (run->count < HOST_TELLING_SILENCES || from_ns > run->last_ns[1] ||
		to_ns < run->silent_ns[1] || !host_is_known(host) || !host_is_known(other) ||
		run->last_ns[0] - run->silent_ns[0] < parameters->flap_ns / 2)
		return false;
	/* A filter of one kind silences one address of a host and not the next. */
	if (!(live_kinds(host) & live_kinds(other)))
		return false;
	double each_ns = (double)(run->last_ns[0] - run->silent_ns[0]) / (run->count - 1);
	bool throughout = from_ns <= run->silent_ns[0] && to_ns >= run->last_ns[0];
	double replies = fmin((double)(to_ns - from_ns) / each_ns, NOT_ALIAS_REPLIES);
	if (from_ns < run->silent_ns[0])
		from_ns = run->silent_ns[0];
	if (to_ns > run->last_ns[0])
		to_ns = run->last_ns[0];
	double silences = (double)(to_ns - from_ns) / each_ns + 1;
	/* One that went or came meanwhile may itself have been lost in a rising loss:
	 * then only what it answered beside the silence counts. */
	return not_alias_nats(silences, throughout ? replies + 1 : silences) >= NOT_ALIAS_NATS;
}

static void set_not_alias(uint32_t not_alias[8], struct ip4 address)
{
	not_alias[(address.host & 255) / 32] |= UINT32_C(1) << (address.host & 31);
}

void host_set_not_alias(struct host *a, struct host *b)
{
	set_not_alias(a->not_alias, b->address);
	set_not_alias(b->not_alias, a->address);
}

bool not_alias_holds(const uint32_t not_alias[8], struct ip4 address)
{
	return not_alias[(address.host & 255) / 32] & UINT32_C(1) << (address.host & 31);
}
