#ifndef ANALYSIS_HOST_MACHINE_H
#define ANALYSIS_HOST_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/host/responsiveness.h"
#include "analysis/method/constants.h"
#include "analysis/method/silence.h"
#include "core/address.h"

/*
 * One address that has answered at least once: what is learned of it, and the
 * spell of silence it is in. Pure.
 */
enum channel { CHANNEL_ICMP, CHANNEL_TCP };
enum { CHANNEL_COUNT = 2 };

enum { SPELL_COUNT_MOST = (1 << 15) - 1 };

/*
 * A spell of silence. It began in (replied, silent[0]] and, once a reply ends
 * it, ended in (last[0], back]. The second of each is the next one inwards,
 * for where the outer one may have been plain loss.
 */
struct spell {
	int64_t replied_ns;
	int64_t silent_ns[2];         /* first, second; 0 */
	int64_t last_ns[2];           /* last, last but one; 0 */
	int64_t back_ns;              /* the reply that ended it; 0 while it lasts */
	struct silence silence;       /* what they are worth */
	uint16_t count : 15;          /* of silences; no more than SPELL_COUNT_MOST */
	uint16_t heard_elsewhere : 1; /* another vantage point heard it between two of them */
	uint8_t wonder[2]; /* that the first, the last were plain loss: nats, in sixteenths */
};

/* Chance that the first silence, or the last, was plain loss: as often as that kind of
 * probe is lost. */
double spell_first_lost(const struct spell *spell);
double spell_last_lost(const struct spell *spell);

enum machine_state {
	MACHINE_HERE,   /* answered last, or silent too short to tell */
	MACHINE_OUT,    /* its silence is beyond loss */
	MACHINE_ABSENT, /* silent long, and used to be: says nothing */
};

struct machine {
	struct ip4 address;
	uint32_t block;
	struct responsiveness channels[CHANNEL_COUNT];
	struct spell spell;
	uint16_t
		lapses[CHANNEL_COUNT]; /* silences of the spell not learned yet; no more than fit */
	uint8_t mute[CHANNEL_COUNT];   /* silences while another kind answered each time */
	bool left;                     /* it answers elsewhere: silent here till it is back */
	int64_t first_reply_ns;
	int64_t since_ns;     /* it has answered every probe from then to spell.replied_ns */
	uint32_t apart[8];    /* by last byte: addresses of its block that are not this machine */
	uint64_t heard;       /* bit per vantage that has had a reply of it */
	uint64_t quiet;       /* bit per vantage that has met silence since its last reply */
	int64_t elsewhere_ns; /* another vantage point's reply: the last, or first of a spell */
	uint32_t reply_sweep; /* the last sweep with a reply, to count each once */
	uint32_t dark_mark;   /* which darkness of the block dark_nats belongs to */
	float dark_nats;
	float every_s;     /* from a reply to the next, when nothing is wrong */
	float share;       /* 1 / how many addresses it has, as known when an event began */
	float weight;      /* availability when it was last here */
	float usual_rate;  /* of failures of hosts like it, per ns; 0: not known */
	uint16_t failures; /* times it was gone, its block up; no more than fit */
	uint16_t port;     /* that answered last */
	uint8_t kinds;     /* bit per channel that ever answered */
	uint8_t answered;  /* bit per channel whose last probe was answered */
	uint8_t lapsed;    /* bit per channel whose falling silent is learned */
	uint8_t boxed;     /* bit per channel whose last answer was a box's */
	uint8_t state : 7; /* enum machine_state */
	bool router : 1;   /* a border router inside the country, at some time: view's borders */
	uint8_t sweeps;    /* that had a reply; no more than fit */
	uint8_t hours[24]; /* of the day, UTC: how often it is away then, of 255 */
	int64_t clock_ns;  /* boot time its clock implies; 0: none. Equal: one machine */
};

/* Enough replies to be judged with; and over enough time to be counted. */
enum { MACHINE_KNOWN_SWEEPS = 5 };
static inline bool machine_is_known(const struct machine *machine)
{
	return machine->sweeps >= MACHINE_KNOWN_SWEEPS;
}
bool machine_counts(const struct machine *machine, const struct constants *constants);

/* The kinds by which it is heard itself; 0: a box answers for it now. */
static inline unsigned machine_kinds(const struct machine *machine)
{
	return machine->kinds & ~(unsigned)machine->boxed;
}

/* Chance that it answers this kind of probe now, its block up. */
double machine_expect(const struct machine *machine, enum channel channel, double mute_usual);

/* The best of its channels. */
double machine_availability(const struct machine *machine);

/*
 * Does a silence to this kind of probe tell anything of the machine? Not if it never answered
 * that kind, answers another at least twice as often, or went on answering another while this
 * one fell silent: a filter, a closed port, a limit of rate. available: of that kind.
 */
#define MACHINE_MOSTLY 0.5
enum { MUTE_SILENCES = 4 }; /* loss of half of all packets would do it one time in 256 */
static inline bool machine_heeds(
	const struct machine *machine, enum channel channel, double available)
{
	return machine_kinds(machine) & 1u << channel && machine->mute[channel] < MUTE_SILENCES &&
	       (available >= MACHINE_MOSTLY || 2 * available >= machine_availability(machine));
}
/* A silence of a kind that it does not heed. learn: its block is up. */
void machine_disregard(struct machine *machine, enum channel channel, bool learn, int64_t now_ns,
	const struct constants *constants);

/* An earned silence worth nats, at some time from from_ns to now_ns; the spell grows. True
 * when it is gone and that is worth a row: the caller makes it MACHINE_OUT. */
bool machine_silent(struct machine *machine, enum channel channel, double nats, int64_t from_ns,
	int64_t now_ns, const struct constants *constants);

/*
 * A reply. If it ended a spell, *ret_ended is that spell and true is returned.
 * learn: the block was up meanwhile, so the silences were the machine's own.
 */
bool machine_reply(struct machine *machine, enum channel channel, bool learn, uint64_t sweep,
	int64_t now_ns, const struct constants *constants, struct spell *ret_ended);

/* Another vantage point read a reply of it; its time may be to come. */
void machine_hear_elsewhere(struct machine *machine, int64_t at_ns);

/* Learn the silences of a spell that still lasts: the machine is away, its
 * block is up. */
void machine_learn_absence(
	struct machine *machine, int64_t now_ns, const struct constants *constants);

/*
 * A machine that was silent, surely, both before and after another address
 * answered is not that address's machine, if both are asked by one kind of probe. spell: its
 * silence, ended or not.
 */
bool machine_was_apart(const struct machine *machine, const struct spell *spell,
	const struct machine *other, const struct constants *constants);
void machine_set_apart(struct machine *a, struct machine *b);
bool apart_holds(const uint32_t apart[8], struct ip4 address);

/*
 * The daily rhythm: at the end of each hour, whether it was away; and whether
 * to fall silent now, or within the hour, is its habit.
 */
void machine_learn_hour(struct machine *machine, int hour, bool away);
bool machine_sleeps_at(const struct machine *machine, int hour);

/* Was this ended spell long enough to be part of what took others for longer? */
bool machine_was_briefly_out(const struct spell *spell, const struct constants *constants);

/* Weight of what is usual, in failures. */
#define FAILURES_PRIOR 0.3

/* How often it fails by itself or goes with others, per ns: of its own failures and the
 * time over which they were counted, from what hosts like it do (Gamma). */
double machine_departures(
	const struct machine *machine, int64_t now_ns, const struct constants *constants);

/* What its silence is worth, in nats: silence.h. */
double spell_nats(const struct spell *spell, const struct constants *constants);

/* ln(odds that it is gone), of a machine with this spell. */
double machine_gone(const struct machine *machine, const struct spell *spell,
	const struct constants *constants);

/*
 * Was it there during the silence that an answer now ends, as hosts usually are silent? Not by
 * its own habit: who is away for an hour now and then would learn that an hour says nothing.
 */
bool machine_was_there(const struct machine *machine, const struct constants *constants);

/* Was it, in this ended spell, gone for long enough to be worth a row? */
bool machine_was_out(const struct machine *machine, const struct spell *spell,
	const struct constants *constants);

/* Silences from which two addresses can be told apart. */
enum { MACHINE_TELLING_SILENCES = 3 };
/* Availability from which a machine's own silence is rare. */
#define MACHINE_SOLID 0.8
/* And from which it is very rare. */
#define MACHINE_SURE 0.95
/* Two addresses whose clocks began this near each other are one machine. */
#define MACHINE_SAME_CLOCK_NS INT64_C(1000000000)

#endif
