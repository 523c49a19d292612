#include "tests/bench/histories/play.h"

#include <string.h>

#include "tests/bench/histories/world.h"

const char play_usage[] =
	"  -d DAYS      length (default the family's, or enough of the schedule)\n"
	"  -i INTERVAL  from sweep to sweep, such as 3600s (default a watch of 60s and full\n"
	"               sweeps of 660s), or `irregular`: 10 minutes to 6 hours at random\n"
	"  -t TIER      watch (and a full sweep each eleventh time) or full (only); default by\n"
	"               the seed. Durations and gaps of the family are stretched to the interval\n"
	"  -H HOSTS     hosts in all, a border router that answers among them\n"
	"  -b BLOCKS    blocks (default by hosts and seed)\n"
	"  -k KIND      tcp or icmp: hosts answer this kind of probe only\n"
	"  -u           each host has a battery, so they go one by one\n";

static const int64_t default_every = SECONDS(60);
static const int64_t irregular_every = SECONDS(6000);

static bool schedule(struct play *play, const char *argument)
{
	play->irregular = strcmp(argument, "irregular") == 0;
	if (play->irregular) {
		play->every_ns = irregular_every;
		return true;
	}
	if (!text_duration(argument, &play->every_ns) || play->every_ns < default_every)
		return false;
	if (play->every_ns == default_every)
		play->every_ns = 0;
	return true;
}

static bool whole(const char *argument, uint64_t most, int *ret)
{
	uint64_t value;

	if (!text_u64(argument, most, &value) || value == 0)
		return false;
	*ret = (int)value;
	return true;
}

static bool one_of(const char *argument, const char *first, const char *second, int *ret)
{
	*ret = strcmp(argument, first) == 0 ? 1 : strcmp(argument, second) == 0 ? 2 : 0;
	return *ret != 0;
}

bool play_option(struct play *play, int option, const char *argument)
{
	int which = 0;
	bool good = false;

	switch (option) {
	case 'd':
		return text_double(argument, &play->days) && play->days > 0;
	case 'i':
		return schedule(play, argument);
	case 't':
		good = one_of(argument, "watch", "full", &which);
		play->tiers = (enum play_tiers)which;
		return good;
	case 'H':
		return whole(argument, WORLD_MACHINES / 2, &play->hosts);
	case 'b':
		return whole(argument, WORLD_BLOCKS, &play->blocks);
	case 'k':
		good = one_of(argument, "tcp", "icmp", &which);
		play->kinds = (enum play_kinds)which;
		return good;
	case 'u':
		play->batteries = true;
		return true;
	default:
		return false;
	}
}
