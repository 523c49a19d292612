#ifndef ANALYSIS_METHOD_PARAMETERS_H
#define ANALYSIS_METHOD_PARAMETERS_H

#include <stdint.h>

#include "analysis/method/prior.h"

/*
 * Every number that the judgement rests on, but for the weights of the evidence, which are the
 * table of evidence/terms.c, and the prior (prior.c). Each section names the one of
 * docs/METHOD.md that uses it. Where a number comes from: (l) the literature or a public record,
 * (d) the definition of a state or an outage, (f) fitted on seeds that no figure is reported of,
 * (j) judgement. tests/parameters refuses a number with a meaning elsewhere in analysis/.
 */

/* As many vantage points as one judgement holds; judge_sweep refuses more. */
enum { VANTAGES_MOST = 64 };

/* --- durations: of a history that is played `scale` times faster, all are divided by it --- */

struct parameters {
	double scale;
	int64_t flap_ns;        /* 180 s (d): shorter is a flap; up for this long ends an outage */
	int64_t burst_ns;       /* 10 s (l): median length of a burst of loss */
	int64_t loss_ns;        /* 120 s (j): memory of the estimate of loss */
	int64_t cluster_gap_ns; /* 20 min (f): the tail of departures and returns of one cause */
	int64_t episode_ns;     /* 6 h (d): outages nearer than this are one episode */
	int64_t final_ns;       /* 30 min (d): so long after the end the verdict is final */
	int64_t counts_ns;      /* 44 min (j): the span of five full sweeps; then a host counts */
	int64_t steady_ns;      /* 14 d (j): half-life of what is learned of answering again */
	int64_t away_ns;        /* 3 d (j): half-life of what is learned of coming back */
	int64_t retired_ns;     /* 21 d (j): who went by itself and is out this long has left */
	int64_t longest_ns;     /* 30 d (j): silences last any time alike, up to this */
	int64_t outage_ns;      /* 1e6 s (j): mean time to an outage of a block */
	int64_t failure_ns;     /* 20 d (j): mean time to a failure of one host */
	/* Units, and shares of a flap. */
	int64_t minute_ns, hour_ns, day_ns;
	struct prior prior; /* how often each cause is met: a setting, no duration */
};

/* scale > 0: how many times faster than the clock on the wall. */
struct parameters parameters_of(double scale);

/* --- METHOD.md 1: earned silence --- */
/* In doubt is a reply sooner than this share of the distance, but none nearer than NOISE_S. (j) */
#define NEAR_SHARE 0.3
#define NOISE_S 0.02
/* The distance falls by one part in so many of what an answer is below it: of its own, of one that
 * is nearer now, of one in doubt; and it rises by one in so many. (j) */
enum { NEAR_FALL = 64, NEAR_FALL_NEARER = 256, NEAR_FALL_DOUBTED = 4096, NEAR_RISE = 131072 };
/* Answers in doubt that are no box's, if a packet without an answer takes back two and one from
 * afar five: a box that answers every other packet gets there once in a hundred runs. (j) */
enum { NEARER = 10, SILENCE_TAKES = 2, AFAR_TAKES = 5 };
/* The usual distance: this quantile, after so many answers, by steps of this share. (j) */
enum { NEAR_ANSWERS = 64 };
#define NEAR_QUANTILE 0.25
#define NEAR_STEP (1 / 256.0)
/* The usual round trip is a mean of so many. (j) */
#define TRIPS_MEAN 256
/* The time at which a full sweep asks: the share that a new one counts for; the average stray of
 * who has none, of the sweep; average strays that hold nearly all; rows elsewhere, of all, from
 * which on the order is another one. (j) */
#define TIME_NEW 0.25
#define TIME_STRAY 0.25
#define TIME_STRAYS 4.0
#define TIME_ELSEWHERE 0.1
/* Gaps between sweeps: forgotten by one part in so many; one gap counts as so many times the
 * longest before at most; so many intervals without the denser schedule, and it is given up. (j) */
enum { MEAN_OF_SOME = 16, GAP_MOST = 4, SCHEDULE_KEPT = 10 };

/* Our own uplink. It is bad if it loses so much more than usual; what is usual is a mean of so
 * many probes, this at least; a control that usually loses half is none. (j) */
#define UPLINK_LOSS 0.3
#define LOSS_LEAST 0.01
#define UPLINK_LOSS_MOST 0.5
enum { UPLINK_PROBES = 2000, UPLINK_PRIOR_PROBES = 50 };
/* Nats: one silence says no more; it is bad from here, or from there while the country loses this
 * share of its packets; the sum stops; good again by so much less. (j) */
#define SILENCE_SAYS 4.0
#define UPLINK_BAD 9.0
#define UPLINK_BAD_LOSSY 5.0
#define UPLINK_SUM_MOST 10.0
#define UPLINK_GOOD_LESS 3.0
#define COUNTRY_LOSSY 0.25
/* Silences of an anchor in a row that are our own, and of a router that count while the country
 * loses packets. Hosts of which more answer need no router to prove the uplink. (j) */
enum { UPLINK_SILENCES = 3 };
#define COUNTRY_GONE 0.5

/* --- METHOD.md 2: silence of a host --- */
/* Of ln(seconds), for bursts of loss; 99 in 100 are shorter than 43 s. (l) */
#define BURST_SIGMA 0.627
/* What plain loss explains: one time in twenty, and at the utmost one in 500. (j) */
#define LOSS_LIKELY 0.05
#define LOSS_POSSIBLE 0.002
#define GONE_LOG_ODDS (-log(LOSS_LIKELY)) /* odds of 20 to 1: a host is gone */
/* Loss before it is measured: 2 %, as good as ten probes. (j) */
#define LOSS_PRIOR 0.2
#define LOSS_PRIOR_PROBES 10.0
/* What is known of an address at first: of probes after an answer, after a silence. (j) */
#define AGAIN_PRIOR 1.6
#define LAPSED_PRIOR 0.2
#define BACK_PRIOR 1.4
#define AWAY_PRIOR 0.6
/* One silence follows another while the host is there: so often, as good as so many probes. (j) */
#define REPEAT_PRIOR 0.15
#define REPEAT_PRIOR_PROBES 3.0
/* Weight of what is usual, in failures of a host; and of failures alone of a block, in days. (j) */
#define FAILURES_PRIOR 0.3
#define ALONE_PRIOR 0.5
#define ALONE_PRIOR_DAYS 5.0
/* Sweeps with a reply after which a host is known. (j) */
enum { HOST_KNOWN_SWEEPS = 5 };
/* Availability from which a host's own silence is rare, and very rare. (j) */
#define HOST_STABLE 0.8
#define HOST_VERY_STABLE 0.95
/* Share of probes from which on a kind is mostly answered. (j) */
#define HOST_MOSTLY 0.5
/* Silences of one kind of probe while another is answered: loss of half of all packets would do it
 * one time in 256. Silences from which on a run tells something. (j) */
enum { UNRESPONSIVE_SILENCES = 4, HOST_TELLING_SILENCES = 3 };

/* --- METHOD.md 3 and 4: a block --- */
/* A common cause takes a block whole that many times as often as all of it but one host. (j) */
#define WHOLE 4.0
/* What is said of a block that is up; at least this to call it down; nobody is surer. (d, j) */
#define BELIEF_UP 1e-4
#define BELIEF_DOWN 0.99
#define BELIEF_FLOOR 1e-6
/* Nats of silence of all: more than loss; a flap; no loss at an edge; the most of one host. (j) */
#define BLOCK_SHARED_NATS 8.5
#define FLAP_NATS 11.4
#define EARNED_NATS 2.9
#define HOST_SAYS 8.0
/* All hosts are looked at once in so many silences of an eighth of them: cost, not method. */
enum { WEIGH_SHARE = 8 };
/* Shares of probes answered, of what would be without loss: saturated below the first until the
 * second; lossy below the third until the fourth. In so many minutes each. (d) */
#define SATURATED_SHARE 0.15
#define RELIEVED_SHARE 0.35
#define LOSSY_SHARE 0.7
#define CLEAR_SHARE 0.8
enum { SATURATED_BINS = 6, LOSSY_BINS = 5, CLEAR_BINS = 2 };
/* Loss of the anchors up to which the uplink is clean. (j) */
#define CLEAN_LOSS 0.15
/* Degraded: so much of the weight is out. (d) */
#define DEGRADED_SHARE 0.25
/* Habits: hours that no night lasts; of 255, a quarter of the way each day, two days running. What
 * takes so many addresses of so many hosts at a stroke is none. (j) */
enum { NIGHT_HOURS = 16, HABIT = 110, HABIT_STEPS = 4, SHARED_LEAST = 3, SHARED_HOSTS = 2 };

/* --- METHOD.md 5: what hosts of one block suffer together --- */
/* One bracket in so many, one at least, may use its second silence. (j) */
enum { SPARE_OF = 10 };
/* Who goes, goes at an instant shared with others, this often, or in the tail; members that this
 * counts as. (f) */
#define INSTANT 0.7
#define TAIL_PRIOR 4.0
/* Block-years for one coincidence of hosts that fail each by itself, three false outages in ten
 * being allowed from all causes; a tenth of them by hosts of several blocks. (d) */
#define COINCIDENCE_YEARS 5.0
#define COUNTRY_SHARE 10.0
/* Addresses that one host has, as long as nothing is known of them; a lost probe that is so rare
 * tells two hosts apart by one minute. (j) */
enum { ADDRESSES_MOST = 4 };
#define LOSS_RARE 0.003
/* Two addresses whose clocks began this near each other are one host. Not scaled. (l) */
#define HOST_SAME_CLOCK_NS INT64_C(1000000000)
/* Two addresses are not one host for good: once in the probes of a year. Loss is the same for no
 * longer than so many probes. Its silence is its own: so much likelier than that all lost. (j) */
#define NOT_ALIAS_NATS 13.0
#define NOT_ALIAS_REPLIES 100.0
#define OWN_NATS 9.0
/* Moves: of a block that went whole so many came elsewhere, or of its clocks; newcomers are chance
 * less often than this; newcomers of a day until more are met. (j) */
#define CAME_SHARE 0.75
#define CLOCKS_SHARE 0.5
#define NEWCOMERS_CHANCE 1e-3
#define NEWCOMERS_PRIOR 0.5

/* --- METHOD.md 5: outages --- */
/* Of the weight lost, what must be back for it to be over; and most of it, after which a long
 * pause ends it as well. (d) */
#define BACK_SHARE 0.9
#define MOST_BACK_SHARE 0.75
/* Who decides when nine in ten are back: one host and a half more or less, this share at least. */
#define BACK_SLACK 1.5
#define BACK_SLACK_LEAST 0.06
/* Hosts, nine in ten of which went or came at once. (j) */
enum { AT_ONCE_LEAST = 5, TOGETHER_LEAST = 4 };
/* Instants of an outage after its first, as many as are expected. (j) */
#define STAGE 0.5
/* Sites: failures together, more of them than this share apart; chance in one of so many countries;
 * a failure takes no more than this share; of a site, and of what was lost. (j) */
enum { SITE_TOGETHER = 2 };
#define SITE_TOGETHER_SHARE 0.5
#define SITE_CHANCE 20.0
#define SITE_MOST_SHARE 0.7
#define SITE_SHARE 0.8

/* --- METHOD.md 6: reboots. Of clocks, not of the history: not scaled --- */
/* Reckoned boot times of one boot agree this well: reading jitter. (l) */
#define UPTIME_AGREE_NS (2 * NS_PER_S)
/* ... of other tools; and those of one reboot told twice; those of one boot. (j) */
#define UPTIME_RECKONED_NS (5 * NS_PER_S)
#define UPTIME_TWICE_NS (30 * NS_PER_S)
#define UPTIME_ONE_BOOT_NS (60 * NS_PER_S)
/* A real clock is off by up to 100 ppm (10-72 ppm are seen). (l) */
#define UPTIME_SKEW_PPM 100
/* Linux counts from five minutes before zero (INITIAL_JIFFIES), so that wraps show early. (l) */
#define UPTIME_BEFORE_ZERO_NS (300 * NS_PER_S)
/* A rate is one of those that are in use, within this share. (l) */
#define UPTIME_RATE_ROOM 0.1
/* Readings in a row that make an offset worth something, or, if none fits, a chance; how often
 * one given up may come back before there are two hosts; readings that forgive one. (j) */
enum { UPTIME_TRUSTED = 3, UPTIME_BALANCED = 2, UPTIME_FORGIVING = 500 };

/* --- METHOD.md 7: evidence --- */
/* Routes: shares of BGP's peers that have one; and seconds before and after an onset within which
 * routes go that went with it: path exploration takes three minutes, a hold timer as long. (l, j)
 */
#define ROUTE_HAD 0.5
#define ROUTE_GONE 0.2
#define ROUTE_KEPT 0.9
enum { ROUTE_BEFORE_S = 600, ROUTE_AFTER_S = 420 };

/* A cause is stated from this probability on: three times as likely as all others. (j) */
#define STATE_P 0.75
/* Restarts of a host by itself, a day (16 of nine hosts in real scans of 25 days); and the share
 * of clocks that are misread. (l, j) */
#define ALONE_PER_DAY 0.07
#define MISREAD 0.01
/* Nats: no count of restarts makes one way less likely than this, against the likeliest. (j) */
#define RESTARTS_MOST 7.0
/* Seconds until somebody despairs and restarts hosts; the share of those who do in shorter cuts;
 * seconds in which power fails once while the line is cut. (j) */
#define DESPAIR_S 1800.0
#define DESPAIR_LEAST 0.05
#define POWER_FAILS_S 86400.0
/* In this part of attacks that crash hosts somebody restarts them together; in this part of power
 * losses of the border alone, and of whatever else, a few hosts restart. (j) */
#define CRASH_TOGETHER 0.75
#define FEW_PART 0.3
/* Seconds: hosts that get power together boot within so long of each other, and are back within
 * so long of their boot. (f) */
#define TOGETHER_S 180.0
#define LAG_S 300.0
/* How readily a boot is the host's own, and how readily its return follows it; each boot before
 * it weighs one. (j) */
#define OWN 0.5
#define LAG 2.0
/* Nats: where power comes back site by site, and the line after it, boots are scattered, too;
 * above, boots that were together once are so again: RESTARTS_MOST. (j) */
#define TIMES_LEAST (-2.0)
/* So many are more than one or two that are special: clocks that ran through, hosts with errors,
 * hosts of a block whose shape is looked at or that are lost while others stay. (j) */
enum { SEVERAL = 3 };
/* Seconds over which, and the largest share at one instant with which, returns and departures are
 * staggered, or spread. (f) */
#define STAGGERED_S 120.0
#define STAGGERED_MOST 0.6
#define SPREAD_S 60.0
#define SPREAD_MOST 0.8
#define ONSET_S 180.0
/* Of an outage, in which a border router may be unheard and have answered throughout. (j) */
#define REPLY_GAP_SHARE 0.2
/* Short silences of the day before against what is usual, and in so many of its hours. (j) */
#define UNSTABLE 8.0
#define UNSTABLE_HOURS 8.0

/* Path quality. A minute is bad by so much more loss than usual, so many standard errors; or by
 * answers that come later by NOISE_S and so many usual wanderings, so much more unevenly; no
 * wandering is below this, in seconds. More lost is a cut. (f) */
#define BAD_LOSS 0.08
enum { BAD_ERRORS = 3, BAD_SPREADS = 4 };
#define BAD_UNEVEN 1.5
#define SPREAD_LEAST_S 0.001
#define SILENT_SHARE 0.9
/* Of the turns from silence to answer that loss at random makes. (f) */
#define MIXED 0.6
/* Probes that make a minute worth something; packets that make a look; minutes that a look may
 * take, that it speaks for, to be measured of the hour; after which no answer is open. (j) */
enum { LEAST_ASKED = 2, LOOK_SENT = 6, LOOK_LONGEST = 13, LOOK_SAYS = 4 };
enum { BUILDUP_BINS = 60, BUILDUP_MEASURED = 20, SETTLED_BINS = 4 };
/* What is usual is the mean of so many minutes; bad ones count one part in so many. (j) */
enum { USUAL_BINS = 720, BAD_COUNTS = 10 };
/* Minutes of build-up: none, and surely; those of an attack. (f) */
#define BUILDUP_NONE 4.0
#define BUILDUP_SURE 16.0
#define BUILDUP_ATTACK 10
/* Minutes: attacks grow for so long, any order of size alike; so the chance not to see one
 * grow is never below this. (j) */
#define BUILDUP_SHORTEST 5.0
#define BUILDUP_LONGEST 90.0
#define BUILDUP_MISSED 0.05

#endif
