#include "tests/bench/histories/world_draw.h"

/*
 * The one country whose live addresses are known from public scans (September
 * and October 2021, six vantage points): who answers what, which addresses are
 * one machine, which clocks tell. Sites, batteries and boot times are not known and are drawn.
 */
struct known_host {
	uint8_t block, host;
	uint8_t machine; /* hosts with the same number are one */
	uint16_t port;
	bool icmp;
	double availability;
	enum clock_kind clock;
};

static const struct known_host known[] = {
	{0, 8, 0, 53, false, 1, CLOCK_PAIR},
	{0, 9, 1, 53, false, 1, CLOCK_PAIR},
	{0, 15, 2, 53, false, 1, CLOCK_PAIR},
	{0, 20, 3, 25, false, 1, CLOCK_GLOBAL},
	{0, 21, 4, 443, true, 1, CLOCK_GLOBAL},
	{0, 22, 4, 443, true, 1, CLOCK_GLOBAL},
	{0, 28, 5, 21, false, 1, CLOCK_GLOBAL},
	{0, 29, 6, 21, false, 1, CLOCK_GLOBAL},
	{0, 30, 7, 21, false, 1, CLOCK_GLOBAL},
	{0, 31, 8, 80, true, 0.024, CLOCK_GLOBAL},
	{0, 32, 9, 443, false, 1, CLOCK_GLOBAL},
	{0, 67, 10, 80, false, 1, CLOCK_BALANCED},
	{0, 68, 11, 80, true, 1, CLOCK_GLOBAL},
	{0, 69, 12, 80, true, 1, CLOCK_GLOBAL},
	{0, 71, 13, 80, true, 0.707, CLOCK_GLOBAL},
	{0, 72, 14, 80, true, 1, CLOCK_GLOBAL},
	{0, 73, 15, 80, true, 1, CLOCK_GLOBAL},
	{0, 83, 15, 80, true, 1, CLOCK_GLOBAL},
	{0, 75, 16, 80, true, 1, CLOCK_GLOBAL},
	{0, 85, 16, 80, true, 1, CLOCK_GLOBAL},
	{0, 76, 17, 80, true, 1, CLOCK_GLOBAL},
	{0, 77, 10, 80, false, 1, CLOCK_BALANCED},
	{0, 78, 18, 0, true, 0.366, CLOCK_NONE},
	{0, 79, 19, 80, true, 1, CLOCK_GLOBAL},
	{0, 80, 20, 443, true, 1, CLOCK_PAIR},
	{0, 81, 21, 443, true, 1, CLOCK_PAIR},
	{0, 91, 21, 443, true, 1, CLOCK_PAIR},
	{2, 56, 22, 25, false, 1, CLOCK_PAIR},
	{2, 57, 23, 25, false, 1, CLOCK_PAIR},
	{2, 130, 24, 0, true, 1, CLOCK_NONE},
	{2, 139, 25, 80, true, 0.049, CLOCK_NONE},
	{2, 140, 26, 22, true, 0.1, CLOCK_NONE},
	{2, 161, 27, 22, true, 1, CLOCK_NONE},
};

void draw_known_machines(struct world *world, const struct world_wish *wish, double ups_share)
{
	int machine_of[32];

	for (int i = 0; i < 32; i++)
		machine_of[i] = -1;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct known_host *host = &known[i];
		int *machine = &machine_of[host->machine];
		if (*machine < 0)
			*machine = draw_machine(world, wish, ups_share, 0);
		world->machines[*machine].clock = host->clock;
		world->machines[*machine].distance_ns = SECONDS(0.002 * host->machine);
		struct endpoint *endpoint = draw_endpoint(world, *machine, host->block, host->host);
		endpoint->port = host->port;
		endpoint->icmp = host->icmp;
		endpoint->refuses = false;
		endpoint->availability = host->availability;
		if (host->availability < 1)
			draw_flakiness(world, endpoint);
	}
}
