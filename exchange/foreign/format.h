#ifndef EXCHANGE_FOREIGN_FORMAT_H
#define EXCHANGE_FOREIGN_FORMAT_H

#include "exchange/foreign/feed.h"
#include "exchange/foreign/record.h"
#include "exchange/foreign/words.h"

/* What the user said because no file of this kind does. */
struct foreign_ask {
	bool has_time;
	struct wall time;     /* --time: of the first probe */
	int32_t zone_s;       /* --zone, or ZONE_NONE */
	int64_t interval_ns;  /* --interval, or 0 */
	enum method method;   /* --method */
	uint16_t port;
	const char *columns[3]; /* --columns: time, address, ms */
};

/* What a format has a use for, bits of `takes` and `needs`. */
enum foreign_option {
	FOREIGN_TIME = 1u << 0,
	FOREIGN_ZONE = 1u << 1,
	FOREIGN_METHOD = 1u << 2,
	FOREIGN_COLUMNS = 1u << 3,
	FOREIGN_ASKED = 1u << 4, /* it does not tell who was asked */
};

/*
 * A kind of file. Its reader takes what it needs of a feed and puts records into a list:
 * 1: there may be more; 0: the file is over, and whole; or a negative errno and *why.
 */
struct foreign_format {
	const char *name;
	const char *what;    /* it is, for the help and what was expected */
	const char *nothing; /* why such a file may hold nothing, or NULL */
	bool routes;         /* it says what BGP said, and nothing of hosts */
	bool may_be_empty;   /* a header alone */
	bool scan;           /* a file is one scan: one sweep */
	unsigned takes, needs;
	bool asked_once;     /* who is not in it was silent to --method, not to each port of others */
	void *(*open)(const struct foreign_ask *ask, struct feed *feed);
	int (*next)(void *reader, struct foreign_list *out, struct diag *why);
	void (*close)(void *reader);
};

/* In the order of the help; ended by NULL. */
extern const struct foreign_format *const foreign_formats[];

/* NULL: there is none of this name. */
const struct foreign_format *foreign_format_find(const char *name);

extern const struct foreign_format format_csv;
extern const struct foreign_format format_alive;
extern const struct foreign_format format_ping;
extern const struct foreign_format format_fping;
extern const struct foreign_format format_masscan;
extern const struct foreign_format format_zmap;
extern const struct foreign_format format_scamper;
extern const struct foreign_format format_atlas;
extern const struct foreign_format format_nmap;
extern const struct foreign_format format_routes;
extern const struct foreign_format format_bgpdump;
extern const struct foreign_format format_ris_live;

#endif
