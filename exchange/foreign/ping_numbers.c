#include "exchange/foreign/ping_numbers.h"

void ping_start(struct ping_numbers *n, int64_t number, struct wall at)
{
	n->any = true;
	n->first = number;
	n->last = number;
	n->first_at = at;
	n->last_at = at;
}

int64_t ping_count_on(const struct ping_numbers *n, int64_t printed, struct wall at)
{
	int64_t ahead = (printed - n->last) & (PING_NUMBERS - 1);

	if (ahead > PING_NUMBERS - 1024)
		return n->last + ahead - PING_NUMBERS;
	int64_t passed = n->period_ns > 0 ? wall_since(at, n->last_at) / n->period_ns : 0;
	if (passed > ahead + PING_NUMBERS / 2)
		ahead += (passed - ahead + PING_NUMBERS / 2) / PING_NUMBERS * PING_NUMBERS;
	return n->last + ahead;
}

static void learn_period(struct ping_numbers *n, int64_t number, struct wall at)
{
	int64_t passed = wall_since(at, n->last_at);

	if (number != n->last + 1 || passed <= 0)
		return;
	if (n->period_ns == 0)
		n->period_ns = passed;
	else if (passed / 2 < n->period_ns)
		n->period_ns += (passed - n->period_ns) / 8;
}

void ping_go_on(struct ping_numbers *n, int64_t number, struct wall at)
{
	learn_period(n, number, at);
	n->last = number;
	n->last_at = at;
}
