#include "live/told/delivery.h"

enum { FIRST_S = 1, MOST_S = 300, DOUBLINGS = 9 };

bool delivery_is_due(const struct delivery *delivery, struct mono now)
{
	return !delivery->busy && now.ns >= delivery->next.ns;
}

void delivery_begin(struct delivery *delivery)
{
	delivery->busy = true;
}

void delivery_end(struct delivery *delivery, bool good, struct mono now)
{
	delivery->busy = false;
	if (good) {
		delivery->failures = 0;
		delivery->next = now;
		return;
	}
	unsigned doublings = delivery->failures < DOUBLINGS ? delivery->failures : DOUBLINGS;
	int64_t wait_s = (int64_t)FIRST_S << doublings;
	delivery->failures++;
	delivery->next = mono_after(now, (wait_s < MOST_S ? wait_s : MOST_S) * NS_PER_S);
}
