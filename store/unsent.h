#ifndef STORE_UNSENT_H
#define STORE_UNSENT_H

#include <stdint.h>

/*
 * Why a probe was unsent: one reason each, so that the reasons of a sweep add up
 * to its unsent. Counted in sweep_info.counts as "unsent_" and the name. In the
 * order of how far the probe came: of several attempts the one that came
 * furthest tells.
 */
#define UNSENT_REASONS(X)                                                                          \
	X(NOT_ALLOWED, not_allowed, "the target list or the blocklist keeps them back")            \
	X(CEILING, ceiling, "held back by per_block_rate: raise it, or ask less at once")          \
	X(STOPPED, stopped, "the sweep ended before they were asked, or their wait was over")      \
	X(NO_ROUTE, no_route, "no route leads there: ip route get ADDRESS tells")                  \
	X(NO_WAY_FITS, no_way_fits,                                                                \
		"of several uplinks none fits their source: name one with -S or -I")               \
	X(LINK_DOWN, link_down, "the interface is down or gone")                                   \
	X(PROHIBITED, prohibited,                                                                  \
		"a route of ours forbids it (prohibit, blackhole), or it is the broadcast "        \
		"address of our own network")                                                      \
	X(FIREWALL, firewall, "our own firewall drops them: let them pass its output rules")       \
	X(KERNEL, kernel, "the kernel would not send them, for a reason without a name")           \
	X(QUEUE_FULL, queue_full,                                                                  \
		"the interface took nothing for as long as they could wait: no carrier, or a "     \
		"full queue")                                                                      \
	X(NOT_SEEN, not_seen,                                                                      \
		"never seen leaving: dropped behind us by traffic shaping or an egress rule, or "  \
		"while the gateway was looked for")                                                \
	X(ELSEWHERE, elsewhere,                                                                    \
		"left by another interface than their source belongs to: name it with -S or -I")   \
	X(TRANSLATED, translated,                                                                  \
		"our own NAT rewrites their source: leave them out of it, or name that "           \
		"address with -S")                                                                 \
	X(OWN_ERROR, own_error, "our own kernel says that they cannot be delivered")               \
	X(NEIGHBOUR, neighbour,                                                                    \
		"nobody on the link answers for the gateway, or for the target (ARP)")             \
	X(LINE, line, "our own line or address changed while they were waited for")                \
	X(DROPPED, dropped, "the capture lost frames while they were waited for")                  \
	X(UNPROVEN, unproven, "nothing from beyond this host proved our line by then")                 \
	X(DOUBTFUL, doubtful,                                                                      \
		"they met answers to an earlier run: ask again in two minutes")

enum unsent {
	UNSENT_NONE,
#define X(constant, name, words) UNSENT_##constant,
	UNSENT_REASONS(X)
#undef X
	UNSENT_COUNT,
};

/* Counts that are not zero, "firewall=256;neighbour=3". */
enum { UNSENT_TEXT_SIZE = 1024 };
void unsent_format(const int64_t counts[UNSENT_COUNT], char text[UNSENT_TEXT_SIZE]);

/* "firewall": as the counter has it behind "unsent_". */
const char *unsent_name(enum unsent why);

/* What it means and what can be done, in words that follow "N probes do not count: ". */
const char *unsent_words(enum unsent why);

#endif
