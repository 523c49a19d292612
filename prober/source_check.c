#include "prober/source_check.h"

#include "prober/io/route.h"

static bool is_loopback(struct ip4 address)
{
	return address.host >> 24 == 127;
}

/* Is everybody who is asked this machine itself? */
static bool all_are_us(const struct target_set *targets)
{
	for (size_t i = 0; i < targets->address_count + targets->control_count; i++) {
		bool control = i >= targets->address_count;
		const struct route_question question = {
			.target = control ? targets->controls[i - targets->address_count]
					  : targets->addresses[i],
		};
		struct route route;
		if (route_ask(&question, &route) < 0 || !route.is_local)
			return false;
	}
	return true;
}

int source_check(struct ip4 source, const struct target_set *targets, struct diag *why)
{
	static const char expected[] = "expected a unicast address of this machine";
	const struct route_question question = {.target = source};
	struct route route = {.is_local = false};
	char text[ADDRESS_TEXT_SIZE];

	ip4_format(source, text);
	if (source.host >> 24 == 0)
		return diag_set(why, "source %s means no address (0.0.0.0/8), %s", text, expected);
	if (source.host >> 28 == 0xe)
		return diag_set(why, "source %s is a multicast address, %s", text, expected);
	if (source.host == UINT32_MAX)
		return diag_set(why, "source %s is the broadcast address, %s", text, expected);
	if (source.host >> 28 == 0xf)
		return diag_set(why, "source %s is reserved (240.0.0.0/4), %s", text, expected);
	if (is_loopback(source) && !all_are_us(targets))
		return diag_set(why,
			"source %s is a loopback address: no answer to it comes from another "
			"machine, and not all targets are this one",
			text);
	route_ask(&question, &route);
	if (route.is_broadcast)
		return diag_set(why,
			"source %s is the broadcast address of a network that this machine is in, "
			"%s",
			text, expected);
	if (!route.is_local && route_owner(source) == 0)
		return diag_set(why, "source %s is no address of this machine, %s", text, expected);
	return 0;
}
