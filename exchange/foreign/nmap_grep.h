#ifndef EXCHANGE_FOREIGN_NMAP_GREP_H
#define EXCHANGE_FOREIGN_NMAP_GREP_H

#include "exchange/foreign/format.h"

/*
 * nmap -oG, a host a line. It tells no reasons: "Up" is taken for an answer by --method, but where
 * a port is open or closed: then that is what answered. Filtered ports say nothing here.
 */
struct nmap_grep {
	const struct foreign_ask *ask;
	struct feed *feed;
	bool begun, done;
	struct wall at;
	/* The host whose status was told, until its ports are. */
	bool waits, up, spoke;
	struct ip4 host;
	unsigned long line;
};

/* As the reader of a format. */
int nmap_grep_next(struct nmap_grep *grep, struct foreign_list *out, struct diag *why);

/* Does this command line of nmap leave out to ask whether hosts are there? */
bool nmap_asks_nobody(const char *args);

#endif
