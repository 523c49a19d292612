#ifndef ANALYSIS_HOST_HOST_H
#define ANALYSIS_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/host/responsiveness.h"
#include "analysis/method/parameters.h"
#include "analysis/method/silence.h"
#include "core/address.h"

/*
 * One address that has answered at least once: what is learned of it, and the
 * run of silence it is in. Pure.
 */
enum channel { CHANNEL_ICMP, CHANNEL_TCP };
enum { CHANNEL_COUNT = 2 };

enum { RUN_COUNT_MOST = (1 << 15) - 1 };

/*
 * A run of silence. It began in (replied, silent[0]] and, once a reply ends
 * it, ended in (last[0], back]. The second of each is the next one inwards,
 * for where the outer one may have been plain loss.
 */
struct silence_run {
	int64_t replied_ns;
	int64_t silent_ns[2];         /* first, second; 0 */
	int64_t last_ns[2];           /* last, last but one; 0 */
	int64_t back_ns;              /* the reply that ended it; 0 while it lasts */
	struct silence silence;       /* what they are worth */
	uint16_t count : 15;          /* of silences; no more than RUN_COUNT_MOST */
	uint16_t heard_elsewhere : 1; /* another vantage point heard it between two of them */
	uint8_t loss_surprisal[2]; /* that the first, the last were plain loss: nats, in sixteenths
				    */
};

/* Chance that the first silence, or the last, was plain loss: as often as that kind of
 * probe is lost. */
double run_first_lost(const struct silence_run *run);
double run_last_lost(const struct silence_run *run);

enum host_state {
	HOST_HERE,   /* answered last, or silent too short to tell */
	HOST_OUT,    /* its silence is beyond loss */
	HOST_ABSENT, /* silent long, and used to be: says nothing */
};

struct host {
	struct ip4 address;
	uint32_t block;
	struct responsiveness channels[CHANNEL_COUNT];
	struct silence_run run;
	uint16_t lapses[CHANNEL_COUNT]; /* silences of the run not learned yet; no more than fit */
	uint8_t unresponsive[CHANNEL_COUNT]; /* silences while another kind answered each time */
	bool left;                           /* it answers elsewhere: silent here till it is back */
	int64_t first_reply_ns;
	int64_t since_ns;      /* it has answered every probe from then to run.replied_ns */
	uint32_t not_alias[8]; /* by last byte: addresses of its block that are not this host */
	uint64_t heard;        /* bit per vantage that has had a reply of it */
	uint64_t silent_to;    /* bit per vantage that has met silence since its last reply */
	int64_t elsewhere_ns;  /* another vantage point's reply: the last, or first of a run */
	uint32_t reply_sweep;  /* the last sweep with a reply, to count each once */
	uint32_t silence_mark; /* which down time of the block silent_nats belongs to */
	float silent_nats;
	float every_s;     /* from a reply to the next, when nothing is wrong */
	float share;       /* 1 / how many addresses it has, as known when an incident began */
	float weight;      /* availability when it was last here */
	float usual_rate;  /* of failures of hosts like it, per ns; 0: not known */
	uint16_t failures; /* times it was gone, its block up; no more than fit */
	uint16_t port;     /* that answered last */
	uint8_t kinds;     /* bit per channel that ever answered */
	uint8_t answered;  /* bit per channel whose last probe was answered */
	uint8_t lapsed;    /* bit per channel whose falling silent is learned */
	uint8_t boxed;     /* bit per channel whose last answer was a box's */
	uint8_t state : 7; /* enum host_state */
	bool router : 1;   /* a border router inside the country, at some time: view's borders */
	uint8_t sweeps;    /* that had a reply; no more than fit */
	uint8_t hours[24]; /* of the day, UTC: how often it is away then, of 255 */
	int64_t clock_ns;  /* boot time its clock implies; 0: none. Equal: one host */
};

/* Enough replies to be judged with; and over enough time to be counted. */
static inline bool host_is_known(const struct host *host)
{
	return host->sweeps >= HOST_KNOWN_SWEEPS;
}
bool host_counts(const struct host *host, const struct parameters *parameters);

/* The kinds by which it is heard itself; 0: a box answers for it now. */
static inline unsigned host_kinds(const struct host *host)
{
	return host->kinds & ~(unsigned)host->boxed;
}

/* Chance that it answers this kind of probe now, its block up. */
double host_expect(const struct host *host, enum channel channel, double repeat_usual);

/* The best of its channels. */
double host_availability(const struct host *host);

/*
 * Does a silence to this kind of probe tell anything of the host? Not if it never answered
 * that kind, answers another at least twice as often, or went on answering another while this
 * one fell silent: a filter, a closed port, a limit of rate. available: of that kind.
 */
static inline bool host_method_counts(
	const struct host *host, enum channel channel, double available)
{
	return host_kinds(host) & 1u << channel &&
	       host->unresponsive[channel] < UNRESPONSIVE_SILENCES &&
	       (available >= HOST_MOSTLY || 2 * available >= host_availability(host));
}
/* A silence of a kind that does not count. learn: its block is up. */
void host_uncounted_silence(struct host *host, enum channel channel, bool learn, int64_t now_ns,
	const struct parameters *parameters);

/* An earned silence worth nats, at some time from from_ns to now_ns; the run grows. True
 * when it is gone and that is worth a row: the caller makes it HOST_OUT. */
bool host_silent(struct host *host, enum channel channel, double nats, int64_t from_ns,
	int64_t now_ns, const struct parameters *parameters);

/*
 * A reply. If it ended a run, *ret_ended is that run and true is returned.
 * learn: the block was up meanwhile, so the silences were the host's own.
 */
bool host_reply(struct host *host, enum channel channel, bool learn, uint64_t sweep, int64_t now_ns,
	const struct parameters *parameters, struct silence_run *ret_ended);

/* Another vantage point read a reply of it; its time may be to come. */
void host_hear_elsewhere(struct host *host, int64_t at_ns);

/* Learn the silences of a run that still lasts: the host is away, its
 * block is up. */
void host_learn_absence(struct host *host, int64_t now_ns, const struct parameters *parameters);

/*
 * The daily rhythm: at the end of each hour, whether it was away; and whether
 * to fall silent now, or within the hour, is its habit.
 */
void host_learn_hour(struct host *host, int hour, bool away);
bool host_sleeps_at(const struct host *host, int hour);

/* Was this ended run long enough to be part of what took others for longer? */
bool host_was_out_shortly(const struct silence_run *run, const struct parameters *parameters);

/* How often it fails by itself or goes with others, per ns: of its own failures and the
 * time over which they were counted, from what hosts like it do (Gamma). */
double host_departures(
	const struct host *host, int64_t now_ns, const struct parameters *parameters);

/* What its silence is worth, in nats: silence.h. */
double silence_run_nats(const struct silence_run *run, const struct parameters *parameters);

/* ln(odds that it is gone), of a host with this run. */
double host_gone(const struct host *host, const struct silence_run *run,
	const struct parameters *parameters);

/*
 * Was it there during the silence that an answer now ends, as hosts usually are silent? Not by
 * its own habit: who is away for an hour now and then would learn that an hour says nothing.
 */
bool host_was_there(const struct host *host, const struct parameters *parameters);

/* Was it, in this ended run, gone for long enough to be worth a row? */
bool host_was_out(const struct host *host, const struct silence_run *run,
	const struct parameters *parameters);

#endif
