#ifndef EXCHANGE_FOREIGN_PING_LINE_H
#define EXCHANGE_FOREIGN_PING_LINE_H

#include <stdbool.h>

#include "exchange/foreign/words.h"
#include "store/observation.h"

/*
 * A line of ping, as Linux (iputils, busybox) and macOS print it, perhaps behind a
 * time: "[1767225600.25] " of -D, or what a loop put there, "DATE | ". Pure.
 */
enum ping_kind {
	PING_STRANGE, /* no line of ping */
	PING_NOISE,   /* one that says nothing: sums, duplicates, dumps of headers */
	PING_BEGIN,   /* "PING name (address)": another run; has_zero */
	PING_ANSWER,
	PING_ERROR,   /* from `responder`, with type and code */
	PING_SILENT,  /* no answer so far: said when the next one is sent */
	PING_UNSENT,  /* our own kernel did not send one; it has no number */
	PING_SUM,     /* how many were sent in all: `seq` */
};

struct ping_line {
	enum ping_kind kind;
	const char *stamp; /* what stands before it */
	size_t stamp_len;
	struct ip4 address;   /* of BEGIN and ANSWER */
	struct ip4 responder; /* of ERROR */
	int64_t seq;          /* as printed: of 16 bits */
	int64_t rtt_ns;       /* -1 */
	int ttl;              /* -1 */
	int icmp_type, icmp_code;
};

struct ping_line ping_line_read(const char *line);

#endif
