#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/text.h"

/*
 * The settings of a scan: one table behind the options of `check` and `watch`,
 * the YAML file, --print-config and the man page. A row has a name (YAML key
 * "full_interval", option "--full-interval"), perhaps a short option, a kind
 * with bounds, a default, and one line of help.
 *
 * Pure, but for the table's own memory: whoever has a file reads it and hands
 * in the bytes.
 */
enum { SETTINGS_PORTS = 32, SETTINGS_RETRIES = 8, SETTINGS_TEXT = 256 };

/* What may be told of a change, "down" and so on. */
enum change_kind {
	CHANGE_DOWN,
	CHANGE_DEGRADED,
	CHANGE_RECOVERED,
	CHANGE_CAUSE,
	CHANGE_BLIND,
	CHANGE_NO_SWEEP
};
enum { CHANGE_COUNT = CHANGE_NO_SWEEP + 1 };
const char *change_name(enum change_kind tell);

struct settings_list {
	char **items; /* owned */
	size_t count;
};

struct settings {
	struct settings_list targets;  /* codes, prefixes, ranges, files ("@FILE" or bare) */
	char delegated[SETTINGS_TEXT]; /* "" = shipped lists */
	char blocklist[SETTINGS_TEXT]; /* "" = none */
	struct settings_list anchors;
	struct settings_list upstream;
	char store[SETTINGS_TEXT];
	char vantage[64];
	bool icmp, tcp; /* methods */
	uint16_t tcp_ports[SETTINGS_PORTS];
	size_t tcp_port_count;
	int64_t full_interval_ns;
	int64_t watch_interval_ns;
	int64_t path_interval_ns;             /* 0 = no path probes */
	double rate;                          /* packets/s, all together */
	double per_block_rate;                /* packets/s into one /24 and kind; 0 = no ceiling */
	int64_t wait_ns;                      /* for a reply; 0 = max(2 s, 3 x largest RTT seen) */
	int64_t retries_ns[SETTINGS_RETRIES]; /* delays after the first probe, growing: 1s,3s */
	size_t retry_count;
	uint64_t seed;        /* of the order; never of the key. 0 = from the targets */
	uint64_t count;       /* sweeps to make; 0 = until stopped */
	char interface[16];   /* "" = by route */
	char source[20];      /* address; "" = by route */
	uint32_t fwmark;      /* SO_MARK of what we send; 0 = none */
	uint16_t source_port; /* fixed, outside the ephemeral range */
	char contact[128];    /* text in the echo payload */
	/* Of lightsout serve, which reads the same file. */
	char on_change[SETTINGS_TEXT]; /* a command; "" = none */
	char webhook[SETTINGS_TEXT];   /* a URL; "" = none */
	unsigned tell;                 /* 1 << enum change_kind */
	int64_t hold_ns;               /* how long a change lasts before it is told */
	uint64_t by_option;            /* rows set by settings_option, bit by bit */
	uint64_t by_file;              /* rows that a file of settings_read names */
};

/* Start from the defaults; finish frees what settings own. */
void settings_init(struct settings *settings);
void settings_finish(struct settings *settings);

/*
 * Set one by its name as in YAML or as a long option (- and _ are alike). Lists
 * take commas, the empty text is the empty list; what a list held before is
 * gone. 0 or -EINVAL with *why: what is wrong, what was expected; then nothing
 * has changed.
 */
int settings_set(struct settings *settings, const char *name, const char *value, struct diag *why);

/*
 * Read a YAML text over what is set: one flat mapping of names to values and
 * lists of values. A name without a value, or with null, takes its default.
 * What an option has set stays, in whichever order the two come; but of two different
 * blocklists neither is taken, here or as options: nobody may be asked who is on one. The whole
 * text or nothing: 0, or -EINVAL with *why naming `file` and the line.
 */
int settings_read(struct settings *settings, const char *file, const char *bytes, size_t len,
	struct diag *why);

/* Everything, as YAML that settings_read takes back; owned by the caller. */
char *settings_print(const struct settings *settings);

/* How a setting is written and kept. */
enum setting_kind {
	SETTING_NAMES,     /* struct settings_list of any texts */
	SETTING_ADDRESSES, /* struct settings_list of IPv4 addresses */
	SETTING_METHODS,   /* icmp and tcp */
	SETTING_PORTS,     /* tcp_ports */
	SETTING_RETRIES,   /* retries_ns */
	SETTING_TEXT,      /* char[] */
	SETTING_ADDRESS,   /* char[], an IPv4 address or empty */
	SETTING_DURATION,  /* int64_t, nanoseconds */
	SETTING_NUMBER,    /* double */
	SETTING_COUNT,     /* uint64_t */
	SETTING_PORT,      /* uint16_t */
	SETTING_MARK,      /* uint32_t, decimal or 0x... */
	SETTING_TELL,      /* tell */
};

/* Does this come from an option or a file, and not from the table's defaults? */
bool settings_given(const struct settings *settings, const char *name);

/* The table, for option parsing and for help; ends with a NULL name. */
struct setting_row {
	const char *name;
	char short_option; /* 0: none */
	enum setting_kind kind;
	size_t offset, size;  /* in struct settings; size of SETTING_TEXT only */
	double above, most;   /* durations (s) and numbers: above < value <= most */
	const char *standard; /* the default, as settings_set takes it */
	const char *value;    /* what it takes: "DURATION", "N", "LIST" */
	const char *help;
};
const struct setting_row *settings_rows(void);

/* Is it one of lightsout serve? Who scans takes it in a file only, and does not heed it. */
bool setting_is_serving(const struct setting_row *row);

/*
 * The table as getopt_long takes it, followed by a program's own options
 * (`own` ends with a zero row, or is NULL). A setting's long option returns
 * SETTINGS_OPTION plus its row, a short one its letter; both are handed to
 * settings_option.
 */
struct option;
enum { SETTINGS_OPTION = 0x1000, SETTINGS_OPTIONS_MAX = 64 };
struct settings_options {
	struct option *longs; /* owned; ends with a zero row */
	char shorts[128];
};
void settings_options_init(
	struct settings_options *options, const char *own_shorts, const struct option *own);
void settings_options_finish(struct settings_options *options);

/* 1: `code` was a setting and is set; 0: it is none of ours; -EINVAL with *why. */
int settings_option(struct settings *settings, int code, const char *value, struct diag *why);

/*
 * Help for each option, its default in brackets: "  -r, --rate N   packets/s ... [1000]"; owned
 * by the caller. `own` names defaults of a command's own and ends with a NULL name; NULL: none.
 */
struct setting_standard {
	const char *name, *standard;
};
char *settings_help(const struct setting_standard *own);

#endif
