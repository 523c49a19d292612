#ifndef PROBER_SWEEP_IDENTITY_H
#define PROBER_SWEEP_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/address.h"
#include "store/observation.h"

/*
 * The 32 bits that make a probe ours: SipHash-2-4 (Aumasson and Bernstein,
 * 2012) of what the probe is, under a key nobody outside knows. Who has not
 * seen the probe can answer it only by guessing: at 200 forged replies a second
 * against one target one right guess takes eight months on average (four for a SYN, of
 * which two numbers will do), and it must fall into that probe's window.
 *
 * The key is random per run and never follows from the seed of the order, so
 * that a repeated order does not repeat identities. Pure but for identity_key_make.
 */
struct identity_key {
	uint8_t bytes[16];
};

/* A fresh random key. 0 or a negative errno. */
int identity_key_make(struct identity_key *ret);

/* Of attempt `attempt` (from 1) at a target in a sweep. */
struct identity_subject {
	uint64_t sweep;
	struct ip4 target;
	enum method method;
	uint16_t port;
	uint8_t ttl; /* PROBE_TTL, or less for a path probe */
	uint8_t attempt;
};

uint32_t identity_of(const struct identity_key *key, const struct identity_subject *subject);

/* A seed for the order, as good as random, that is the same for the same targets. */
uint64_t identity_digest(const void *bytes, size_t len);

#endif
