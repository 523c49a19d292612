#include "tests/bench/histories/families.h"

#include <string.h>

#include "tests/bench/histories/schedule.h"

#define ANY .ups_share = -1, .clock_share = -1, .flaky_share = -1

const struct family families[] = {
	{"F0", true, 120, {ANY}, script_quiet, "a quiet year: loss, bursts, single failures"},
	{"F1", true, 40, {ANY}, script_cuts, "upstream cut, one provider or all"},
	{"F2", true, 30, {ANY}, script_flap_trains, "routes flapping in trains"},
	{"F3", true, 40, {ANY, .sites = 3}, script_site_power, "power loss of a site"},
	{"F4", true, 40, {ANY}, script_national_power, "power loss everywhere"},
	{"F5", true, 40, {ANY}, script_brown_out, "a day of brown-outs, then dark"},
	{"F6", true, 40, {ANY}, script_congestion, "attack: loss and delay ramp up"},
	{"F7", true, 40, {ANY}, script_ordered, "ordered shutdown on the hour"},
	{"F8", true, 40, {ANY, .vantages = 2}, script_partial,
		"lost from one of two vantage points"},
	{"F9", true, 40, {ANY}, script_vantage_faults, "the vantage point fails"},
	{"F10", true, 40, {ANY}, script_renumbering, "addresses move"},
	{"F11", true, 40, {.ups_share = -1, .clock_share = -1, .flaky_share = 0.1}, script_diurnal,
		"machines that sleep at night"},
	{"F12", true, 40, {ANY}, script_maintenance, "restarts without loss of reach"},
	{"F13", true, 40, {ANY}, script_rate_limit, "ICMP rate limits and filters"},
	{"F14", true, 40, {ANY}, script_compound, "power, then the line comes late"},
	{"F15", true, 40, {ANY}, script_forged, "boxes near us that answer for others"},
	{"F16", true, 40,
		{.ups_share = -1, .clock_share = 0.4, .flaky_share = -1, .harsh_clocks = true},
		script_mixed, "timestamp traps around cuts and power losses"},
	{"F17", true, 40, {.ups_share = -1, .clock_share = -1}, script_mixed,
		"sparse ladder: 1, 2, 3, 5, 10, 20 machines"},
	{"TW", true, 40, {.ups_share = -1, .flaky_share = -1}, script_twins,
		"twins: same sight, other cause"},
	{"N1", false, 40, {ANY, .blocks = 4}, script_staggered_routes,
		"prefixes return one by one"},
	{"N2", false, 40, {.ups_share = 0.999, .clock_share = -1, .flaky_share = -1},
		script_all_ups, "power loss, machines on UPS"},
	{"N3", false, 40, {ANY, .sites = 4}, script_stepwise_power, "power returns step by step"},
	{"N4", false, 40, {ANY}, script_restarts_in_cut, "restarts by hand during a cut"},
	{"N5", false, 40, {ANY}, script_crashing_attack, "an attack that crashes machines"},
	{"N6", false, 60, {ANY}, script_heavy_bursts, "heavy-tailed loss bursts, either side"},
	{"K1", false, 0, {ANY}, script_2014_reboots, "December 2014, machines reboot"},
	{"K2", false, 0, {ANY}, script_2014_ramp, "December 2014, loss and delay ramp"},
	{"K3", false, 0, {ANY}, script_2014_neither, "December 2014, neither"},
	{"A1", true, 40, {ANY}, script_access_router, "a router in front of part of a prefix"},
	{"A2", true, 40, {ANY}, script_detour, "the long way round by satellite"},
	{"A3", true, 60, {ANY}, script_gone_for_good, "hosts and blocks that go for good"},
	{"A4", true, 40, {ANY}, script_answering_box, "a box that answers for a whole block"},
	{"A5", true, 40, {ANY}, script_two_paths, "one of two paths loses"},
	{"A6", true, 40, {ANY, .play = {.kinds = PLAY_TCP}}, script_mixed,
		"hosts that answer TCP only"},
	{.name = NULL},
};

const struct family *family_named(const char *name)
{
	for (const struct family *family = families; family->name; family++)
		if (strcmp(family->name, name) == 0)
			return family;
	return NULL;
}

/* Where the number of hosts is wished: few blocks, but not always the same. */
static int blocks_of(const struct play *play, uint64_t seed, int wished)
{
	int hosts = play->hosts;
	int blocks = play->blocks ? play->blocks
		     : hosts < 5  ? 1
		     : hosts < 10 ? 1 + (int)(seed % 2)
		     : hosts < 30 ? 1 + (int)(seed % 3)
				  : 2 << seed % 3;

	if (wished && !play->blocks)
		blocks = wished;
	return blocks <= hosts / 2 ? blocks : hosts < 2 ? 1 : hosts / 2;
}

struct history *family_history(const struct family *family, uint64_t seed, const struct play *play)
{
	static const int ladder[] = {1, 2, 3, 5, 10, 20};
	struct world_wish wish = family->wish;
	bool scripted = family->name[0] == 'K';

	wish.days = schedule_days(play, family->days);
	wish.play = *play;
	wish.play.kinds = play->kinds ? play->kinds : family->wish.play.kinds;
	if (play->hosts)
		wish.blocks = blocks_of(play, seed, wish.blocks);
	else if (play->blocks)
		wish.blocks = play->blocks;
	else if (strcmp(family->name, "F17") == 0)
		wish.machines_per_block = ladder[seed % 6];
	else if (!scripted && wish.blocks == 0 && seed % 3 == 2) {
		/* Wide and thin: block-years are dear, and false outages live there. */
		wish.blocks = 12;
		wish.machines_per_block = 3 + (int)(seed / 3 % 4);
	}
	if (wish.blocks == 0 && !scripted && !play->hosts && seed % 6 == 4 &&
		wish.clock_share < 0) {
		wish.known = true;
		wish.blocks = 4;
	}
	if (scripted) {
		wish.days = 11;
		wish.blocks = 4;
		wish.machines_per_block = 5;
		wish.flaky_share = 0;
		wish.ups_share = 0;
		wish.clock_share = 0.8;
	}
	struct history *history = history_create(world_create(family->name, seed, &wish));
	schedule_world(history->world, &wish.play);
	family->script(history);
	history_settle(history);
	return history;
}

bool next_event(struct history *history, int64_t after, int64_t *ret)
{
	struct world *world = history->world;
	double hours = rng_log_between(&world->rng, 9, 40);

	if (after <= world->start) /* let it be known before it fails */
		hours += 30;
	*ret = after + (after <= world->start ? stretched_gap(world, hours)
					      : stretched_quiet(world, hours));
	return *ret + at_least_intervals(world, HOURS(22), 50) < world->end &&
	       history->event_count < HISTORY_EVENTS / 2;
}

int64_t draw_minutes(struct world *world, double low, double high)
{
	return stretched(world, MINUTES(rng_log_between(&world->rng, low, high)));
}
