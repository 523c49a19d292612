#ifndef ANALYSIS_CLOCK_UPTIME_H
#define ANALYSIS_CLOCK_UPTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/clock.h"

/*
 * When hosts restarted, from TCP timestamps (RFC 7323) and from boot times
 * that other tools measured. Pure. METHOD.md, "Reboots".
 *
 * A track follows one offset o = TSval - Hz t (mod 2^32), which is constant
 * while the host runs, for one source address, target and port; a new source
 * address is a new track, because newer kernels add an offset of their own for
 * each. A reboot is a step of it, seen by two readings that agree, while no
 * other track of the address runs through. If the step leads to a clock that
 * began between the readings, it dates the reboot; else it only says that there
 * was one, and only where the source address is known to be the same.
 */
struct reading {
	struct ip4 address, source;
	bool has_source;
	size_t vantage;
	uint16_t port;
	int64_t at_ns;
	uint32_t tcp_ts;
	bool is_boot; /* boot_ns instead of tcp_ts: another tool's reckoning */
	int64_t boot_ns;
};

/* What a counter says when its host boots: zero, or, on Linux, five minutes less. */
enum clock_start { START_OPEN, START_AT_ZERO, START_BEFORE_ZERO };

struct reboot {
	struct ip4 address;
	size_t vantage;
	int64_t earliest_ns, latest_ns; /* last reading before, first after */
	bool dated;
	int64_t boot_ns;        /* when dated */
	int64_t zero_ns;        /* when its counter was zero, a little after latest_ns at most */
	int64_t period_ns;      /* after which the counter is the same again; 0: never */
	enum clock_start start; /* as far as the readings tell; open: either is possible */
	int64_t before_ns;      /* the boot time it had before: of one host the same */
	int64_t shift_ns;       /* by how much the offset jumped, the short way round */
	size_t track;
	bool reckoned; /* by another tool, to the second or so */
	bool revoked;  /* the offset before came back */
};

struct track {
	struct ip4 address, source;
	bool has_source, is_boot;
	size_t vantage;
	uint16_t port;
	uint16_t hz;     /* 0: not known yet */
	uint8_t returns; /* how often an offset given up came back: two hosts, one address */
	uint32_t last_ts;
	int64_t last_ns;     /* last reading that fitted */
	int64_t since_ns;    /* first reading of the offset as it is now */
	int64_t boot_ns;     /* the offset, as the boot time it implies */
	int64_t maybe_ns;    /* boot time of the reading that did not fit; with maybe_at_ns */
	int64_t maybe_at_ns; /* 0: none */
	uint32_t readings;   /* that fitted */
	uint32_t misfits;    /* since the last that fitted */
};

/* A stretch over which a track's offset was constant, and is no more. */
struct run {
	size_t track;
	int64_t since_ns, last_ns;
	uint32_t readings;
};

struct uptimes {
	struct track *tracks;
	size_t track_count, track_capacity;
	uint32_t *slots; /* hash: 1 + track */
	size_t slot_count;
	struct run *runs;
	size_t run_count, run_capacity;
	struct reboot *reboots; /* as they were found */
	size_t reboot_count, reboot_capacity;
};

void uptimes_init(struct uptimes *uptimes);
void uptimes_finish(struct uptimes *uptimes);

/* Readings in order of time. The boot time they imply by now, if three of them
 * agree; else 0. */
int64_t uptimes_read(struct uptimes *uptimes, const struct reading *reading);

/* The clock of this vantage point stepped: offsets begin anew. */
void uptimes_restart(struct uptimes *uptimes, size_t vantage);

/* Drop what other tracks contradict and what is told twice; sort by time, then
 * address. Once, at the end. */
void uptimes_settle(struct uptimes *uptimes);

/*
 * What the clocks of one address say of (from, to]: a reboot in it, or that it
 * ran through, or nothing.
 */
enum uptime_verdict { UPTIME_SILENT, UPTIME_RAN_THROUGH, UPTIME_REBOOTED };
enum uptime_verdict uptimes_between(const struct uptimes *uptimes, struct ip4 address,
	int64_t from_ns, int64_t to_ns, const struct reboot **ret_reboot);

#endif
