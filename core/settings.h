#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

/*
 * The settings of a scan: one table behind the options of `check` and `watch`,
 * the YAML file, --print-config and the man page. A row has a name (YAML key
 * "full_interval", option "--full-interval"), perhaps a short option, a type
 * with bounds, a default, and one line of help.
 */
enum { SETTINGS_PORTS = 32, SETTINGS_RETRIES = 8, SETTINGS_TEXT = 256 };

struct settings_list {
	char **items; /* owned */
	size_t count;
};

struct settings {
	struct settings_list targets;   /* codes, prefixes, ranges, "@FILE" */
	char delegated[SETTINGS_TEXT];  /* "" = shipped lists */
	char blocklist[SETTINGS_TEXT];  /* "" = none */
	struct settings_list anchors;
	struct settings_list upstream;
	char store[SETTINGS_TEXT];
	char vantage[64];
	bool icmp, tcp;                 /* methods */
	uint16_t tcp_ports[SETTINGS_PORTS];
	size_t tcp_port_count;
	int64_t full_interval_ns;
	int64_t watch_interval_ns;
	double rate;                    /* packets/s, all together */
	double per_block_rate;          /* packets/s into one /24 and kind; 0 = no ceiling */
	int64_t wait_ns;                /* for a reply; 0 = max(2 s, 3 x largest RTT seen) */
	int64_t retries_ns[SETTINGS_RETRIES]; /* delays after the first probe: 1s,3s */
	size_t retry_count;
	uint64_t seed;                  /* of the order; never of the key. 0 = from the targets */
	uint64_t count;                 /* sweeps to make; 0 = until stopped */
	char interface[16];             /* "" = by route */
	char source[20];                /* address; "" = by route */
	uint16_t source_port;           /* fixed, outside the ephemeral range */
	char contact[128];              /* text in the echo payload */
};

/* Start from the defaults; finish frees what settings own. */
void settings_init(struct settings *settings);
void settings_finish(struct settings *settings);

/* Set one by its name as in YAML or as a long option (- and _ are alike). Lists
 * take commas. 0 or -EINVAL with *why: what is wrong, what was expected. */
int settings_set(struct settings *settings, const char *name, const char *value, struct diag *why);

/* Read a YAML text over what is set. The whole text or nothing. */
int settings_read(struct settings *settings, const char *file, const char *bytes, size_t len,
	struct diag *why);

/* Everything, as YAML that settings_read takes back; owned by the caller. */
char *settings_print(const struct settings *settings);

/* The table, for option parsing and for help; ends with a NULL name. */
struct setting_row {
	const char *name;
	char short_option; /* 0: none */
	const char *value; /* what it takes: "DURATION", "N", "LIST" */
	const char *help;
};
const struct setting_row *settings_rows(void);

#endif
