#ifndef EXCHANGE_FOREIGN_RECORD_H
#define EXCHANGE_FOREIGN_RECORD_H

#include "store/observation.h"
#include "store/route.h"

/*
 * What one line, object or element of another tool's file says, as values of the
 * store. A reader puts what it found into the list it was given.
 */
enum foreign_kind { FOREIGN_OBSERVATION, FOREIGN_HOP, FOREIGN_BOOT, FOREIGN_ROUTE, FOREIGN_HEARD };

struct foreign_record {
	enum foreign_kind kind;
	struct wall at;       /* when it was asked */
	unsigned long line;   /* where it stands */
	int64_t probe;        /* of tools that measure from many places: which; -1 */
	int64_t answered;     /* of an observation of several attempts: how many; -1: not known */
	struct observation observation;
	struct hop hop;
	struct boot boot;
	union {
		struct route route;
		struct heard heard;
	};
};

struct foreign_list {
	struct foreign_record *records; /* owned */
	size_t count, capacity;
	uint64_t ipv6; /* routes that were left out for it */
};

/* Append one that is blank but for these; the list's until the next call. */
struct foreign_record *foreign_list_add(
	struct foreign_list *list, enum foreign_kind kind, unsigned long line);

/* An observation by ICMP: silent, of one attempt. */
struct foreign_record *foreign_list_add_echo(
	struct foreign_list *list, unsigned long line, struct wall at, struct ip4 address);

/* A hop towards an address, with who answered, or without. */
struct foreign_record *foreign_list_add_hop(struct foreign_list *list, unsigned long line,
	struct wall at, struct ip4 towards, uint8_t ttl, enum outcome outcome, struct ip4 by,
	int64_t rtt_ns);
struct foreign_record *foreign_list_add_silent_hop(struct foreign_list *list, unsigned long line,
	struct wall at, struct ip4 towards, uint8_t ttl);

/* What an observation says of its address, the more the greater. */
enum foreign_word { WORD_NONE, WORD_SILENT, WORD_ALIVE };
enum foreign_word foreign_word_of(const struct observation *observation);

/* Does the new one say more? An error says more than silence. */
bool foreign_outranks(const struct observation *new, const struct observation *old);

/* How it was asked, and who was asked how: for tables. */
static inline uint32_t foreign_kind_of(const struct observation *o)
{
	return (uint32_t)o->method << 16 | o->port;
}
static inline uint64_t foreign_key_of(const struct observation *o)
{
	return (uint64_t)o->address.host << 17 | foreign_kind_of(o);
}

/* What an answer of no more words is. */
static inline enum outcome foreign_answer(enum method method)
{
	return method == METHOD_TCP ? OUTCOME_SYN_ACK : OUTCOME_ECHO_REPLY;
}

#endif
