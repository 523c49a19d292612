#ifndef HISTORIES_FAMILIES_H
#define HISTORIES_FAMILIES_H

#include "tests/bench/histories/events.h"

/*
 * The families of histories (README.md says what each is for). fitted: its fit
 * seeds may be used to choose constants of analysis; the others must not.
 */
struct family {
	const char *name;
	bool fitted;
	double days; /* of one world, by default */
	struct world_wish wish;
	void (*script)(struct history *history);
	const char *what;
};

/* Ends with a NULL name. */
extern const struct family families[];

const struct family *family_named(const char *name);

/* The whole history: world, events, all settled; owned by the caller. */
struct history *family_history(const struct family *family, uint64_t seed, const struct play *play);

/* Scripts, by file. */
void script_quiet(struct history *history);
void script_cuts(struct history *history);
void script_flap_trains(struct history *history);
void script_site_power(struct history *history);
void script_national_power(struct history *history);
void script_brown_out(struct history *history);
void script_congestion(struct history *history);
void script_ordered(struct history *history);
void script_partial(struct history *history);
void script_vantage_faults(struct history *history);
void script_renumbering(struct history *history);
void script_diurnal(struct history *history);
void script_maintenance(struct history *history);
void script_rate_limit(struct history *history);
void script_compound(struct history *history);
void script_forged(struct history *history);
void script_mixed(struct history *history);
void script_twins(struct history *history);
void script_staggered_routes(struct history *history);
void script_all_ups(struct history *history);
void script_stepwise_power(struct history *history);
void script_restarts_in_cut(struct history *history);
void script_crashing_attack(struct history *history);
void script_heavy_bursts(struct history *history);
void script_access_router(struct history *history);
void script_detour(struct history *history);
void script_gone_for_good(struct history *history);
void script_answering_box(struct history *history);
void script_two_paths(struct history *history);
void script_2014_reboots(struct history *history);
void script_2014_ramp(struct history *history);
void script_2014_neither(struct history *history);

/* Shared by the scripts. */

/* The next free moment, hours or days after `after`; false when the world is over. */
bool next_event(struct history *history, int64_t after, int64_t *ret);

/* A duration, log-uniform in minutes, stretched to the schedule. */
int64_t draw_minutes(struct world *world, double low, double high);

/* Whole histories of one event, for the families that mix causes. Return when it is over. */
int64_t one_cut(struct history *history, int64_t at);
int64_t one_power(struct history *history, int64_t at, bool national);
int64_t one_congestion(struct history *history, int64_t at);

#endif
