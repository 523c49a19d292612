#ifndef PROBER_SCHEDULE_LEARN_H
#define PROBER_SCHEDULE_LEARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/settings.h"
#include "store/box.h"
#include "store/observation.h"

/*
 * Whom it pays to ask: which targets answer, by which kind, and on which TCP
 * port. Fed with finished sweeps, at start with those of the store; nothing is
 * kept beside it. Pure.
 *
 * An address enters the watch tier, kind by kind, once it has answered in two
 * sweeps, and leaves it when it has been silent for a week of full sweeps in
 * which its block was alive: an outage unlearns nobody.
 *
 * The port of an address is found by rotation: unlearned addresses are asked on
 * one port of the list after the other, a port a full sweep. The first that
 * opens (SYN-ACK) is kept, so that its timestamps stay comparable; where all
 * were tried and one said RST, that one.
 *
 * A box that answers for a whole block (store/box.h) is no address that answers: nobody is
 * learned by it, and who was, on its port, is sought anew on the others.
 */
struct learned {
	uint16_t port;        /* that answered; 0: none yet */
	bool port_open;       /* by SYN-ACK, not RST */
	uint32_t ports_tried; /* bit by bit of settings.tcp_ports */
	uint8_t hits[2];      /* by enum method: sweeps it answered in, up to LEARN_ENTER */
	uint32_t silent[2];   /* full sweeps since, its block being alive */
	bool watched[2];      /* in the watch tier */
};

enum { LEARN_ENTER = 2 };
#define LEARN_LEAVE_NS (7 * 86400 * NS_PER_S)

struct learn {
	const struct ip4 *addresses; /* borrowed; ascending */
	size_t count;
	struct learned *entries; /* owned; one an address */
	const struct settings *settings;
	uint16_t ports[SETTINGS_PORTS]; /* of the settings, as they were at init */
	size_t port_count;
	uint32_t leave_sweeps;
	struct boxes boxes;      /* owned: who answers for whole blocks is nobody */
	struct box_list changes; /* owned: what the last sweep said of them that is new */
};

void learn_init(struct learn *learn, const struct settings *settings, const struct ip4 *addresses,
	size_t count);
void learn_finish(struct learn *learn);

/* Learn from a finished sweep; rows sorted as in a store. */
void learn_sweep(struct learn *learn, const struct sweep *sweep);

/* Is the port of this address settled? Then it is asked on no other. */
bool learn_port_settled(const struct learn *learn, size_t index);

/* Addresses in the watch tier, by any kind. */
size_t learn_watched(const struct learn *learn);

/* Index of an address, or SIZE_MAX. */
size_t learn_index(const struct learn *learn, struct ip4 address);

#endif
