#ifndef TARGETS_TARGETS_H
#define TARGETS_TARGETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/address.h"
#include "core/role.h"
#include "core/text.h"

/*
 * Whom we may probe: what the user named, less the blocklist, less reserved
 * and private space he did not name himself. Nothing leaves for an address
 * that target_set_allows() refuses.
 */

/* One TARGET argument, resolved: which of the set's prefixes it stands for. */
struct target_argument {
	char text[128];
	size_t first, count; /* of struct target_set.rows */
};

struct target_set {
	struct target_row *rows; /* as named: prefix, role, label; by argument, then as written */
	size_t row_count;
	struct target_argument *arguments;
	size_t argument_count;

	struct ip4 *addresses; /* role target: ascending, each once, cleaned of what is refused */
	size_t address_count;
	struct ip4 *controls; /* anchors, upstream and border routers: likewise */
	size_t control_count;
	size_t refused_count; /* addresses named but blocked or reserved: */
	size_t blocked_count; /* those of them that are on the blocklist */
	size_t ipv6;          /* lines of target lists that name IPv6: passed over */
	struct blocklist *blocklist; /* owned; NULL: none */
	struct ip4 *unasked; /* in the series' list, but not to be asked now: told as unsent */
	size_t unasked_count;
};

struct target_sources {
	const char *delegated; /* RIR file for country codes, or NULL: the shipped lists */
	const char *blocklist; /* file, or NULL */
	const char *const *anchors;
	size_t anchor_count;
	const char *const *upstream;
	size_t upstream_count;
	bool again; /* read again while probing: who is blocked by now is left out, not refused */
};

/*
 * Resolve arguments (address, CIDR, FIRST-LAST, country code, "-f" files are
 * given as "@FILE", "@-" for standard input; anything else is a file's name)
 * into a set. 0, or a negative errno with *why filled and *ret untouched: on
 * bad input, when an argument has no address left that may be probed, or an anchor or
 * router is blocked (*why says the blocklist's reason; not when read again), and beyond 2^20 addresses, because this is for
 * small countries.
 */
int target_set_resolve(const char *const *arguments, size_t count,
	const struct target_sources *sources, struct target_set *ret, struct diag *why);
void target_set_finish(struct target_set *set);

/*
 * What the lists said that a user should know: how many entries a blocklist has,
 * or that it has none; lines that were passed over. Returns how many rows.
 */
enum { TOLD_SIZE = 160, TOLD_MOST = 2 };
struct told {
	bool warning;
	char text[TOLD_SIZE];
};
size_t target_set_tell(const struct target_set *set, struct told ret[TOLD_MOST]);

/*
 * A router that was met on the path, whom nobody named. It may be asked: false, and nothing
 * changed, where it is a target or a control already, is on the blocklist, or
 * lies in reserved space. It has a role: a row, labelled as learned, that says so. It is
 * asked no more: its row stays, for what it answered is in the series.
 */
bool target_set_ask(struct target_set *set, struct ip4 address);
void target_set_learn(struct target_set *set, struct ip4 address, enum role role);
void target_set_forget(struct target_set *set, struct ip4 address);

/* "5 refused: 2 by the blocklist, 3 reserved"; "0 refused". Returns out. */
enum { REFUSED_SIZE = 96 };
const char *target_set_refused(const struct target_set *set, char out[REFUSED_SIZE]);

/* May a packet leave for this address? Targets and controls only. */
bool target_set_allows(const struct target_set *set, struct ip4 address);

#endif
