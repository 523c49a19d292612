#include "live/http/held.h"

#include <sys/socket.h>

bool held_is_over(const struct held *held, struct mono now)
{
	static const int64_t most_s[] = {
		[HELD_ASKING] = 10, [HELD_ANSWERED] = 60, [HELD_IDLE] = 30, [HELD_STREAM] = 60};

	return mono_since(now, held->since) > most_s[held->phase] * NS_PER_S;
}

void held_add(struct held **all, struct held *held)
{
	held->next = *all;
	held->link = all;
	if (held->next)
		held->next->link = &held->next;
	*all = held;
}

void held_remove(struct held *held)
{
	*held->link = held->next;
	if (held->next)
		held->next->link = held->link;
}

void held_cut(struct held *all, struct mono now)
{
	for (struct held *held = all; held; held = held->next)
		if (held_is_over(held, now))
			shutdown(held->fd, SHUT_RDWR);
}
