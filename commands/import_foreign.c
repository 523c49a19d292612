/* lightsout import --from: files of other tools into a store. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/import_foreign.h"
#include "commands/one_store.h"
#include "core/inputs.h"
#include "core/mem.h"
#include "store/bounds.h"
#include "exchange/foreign/import_routes.h"
#include "targets/gather.h"

/* Names, bits and what each is good for. */
static const struct {
	const char *name;
	enum foreign_option bit;
} bits[] = {
	{"time", FOREIGN_TIME},
	{"zone", FOREIGN_ZONE},
	{"method", FOREIGN_METHOD},
	{"columns", FOREIGN_COLUMNS},
	{"asked", FOREIGN_ASKED},
};
enum { BIT_COUNT = sizeof(bits) / sizeof(bits[0]) };

static int wrong(const char *name, const char *value, const char *expected, struct diag *why)
{
	return diag_set(why, "--%s %.100s: expected %s", name, value, expected);
}

static int take_format(struct import_options *o, const char *value, struct diag *why)
{
	char names[256] = "";

	o->format = foreign_format_find(value);
	for (size_t i = 0, len = 0; foreign_formats[i] && len < sizeof(names); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, "%s%s", i ? ", " : "",
			foreign_formats[i]->name);
	return o->format ? 0 : wrong("from", value, names, why);
}

static int take_columns(struct import_options *o, const char *value, struct diag *why)
{
	char *rest = mem_text(value);
	size_t count = 0;

	free(o->columns);
	o->columns = rest;

	for (char *name; (name = strsep(&rest, ",")); count++)
		if (count < 3)
			o->ask.columns[count] = name;
	return count == 3 ? 0
			  : wrong("columns", value,
				    "three names, TIME,ADDRESS,MS, as the header has them", why);
}

static int take_anchor(struct import_options *o, const char *value, struct diag *why)
{
	struct ip4 anchor;

	if (!ip4_parse(value, &anchor))
		return wrong("anchor", value, "an IPv4 address", why);
	for (size_t i = 0; i < o->anchor_count; i++)
		if (ip4_equal(o->anchors[i], anchor))
			return 0;
	o->anchors = mem_grow(
		o->anchors, &o->anchor_capacity, o->anchor_count + 1, sizeof(*o->anchors));
	o->anchors[o->anchor_count++] = anchor;
	return 0;
}

static int take_asked(struct import_options *o, const char *value, struct diag *why)
{
	struct gathered g;
	int r = gather(value, NULL, &g, why);

	if (r < 0)
		return r;
	list_tidy(&g.list);
	for (size_t i = 0; i < g.list.count; i++) {
		struct range range = g.list.entries[i].range;
		for (uint64_t host = range.first.host; host <= range.last.host;) {
			struct prefix prefix =
				prefix_largest((struct ip4){(uint32_t)host}, range.last);
			o->asked = mem_grow(o->asked, &o->asked_capacity, o->asked_count + 1,
				sizeof(*o->asked));
			o->asked[o->asked_count++] = prefix;
			host += prefix_count(prefix);
		}
	}
	uint64_t total = 0;
	for (size_t i = 0; i < o->asked_count; i++)
		total += prefix_count(o->asked[i]);
	list_finish(&g.list);
	return total <= TARGETS_MOST ? 0 : wrong("asked", value, "at most 2^20 addresses", why);
}

static int take_other(
	struct import_options *o, const char *name, const char *value, struct diag *why)
{
	if (strcmp(name, "vantage") == 0) {
		o->vantage = value;
		if (!*value || strlen(value) >= VANTAGE_SIZE || !text_printable(value))
			return wrong(name, value, "a name of at most 63 bytes", why);
	} else if (strcmp(name, "interval") == 0) {
		if (!text_duration(value, &o->ask.interval_ns) || o->ask.interval_ns <= 0 ||
			o->ask.interval_ns > INTERVAL_MOST_NS)
			return wrong(name, value, "a duration with its unit, as 60s or 11m", why);
	} else if (strcmp(name, "time") == 0) {
		if (!wall_parse(value, &o->ask.time) || !time_within(o->ask.time))
			return wrong(name, value, "Unix seconds, or RFC 3339 with its zone", why);
		o->ask.has_time = true;
	} else if (strcmp(name, "zone") == 0) {
		if (!zone_parse(value, &o->ask.zone_s))
			return wrong(name, value, "UTC, or hours ahead of it as +09:00", why);
	} else if (strcmp(name, "method") == 0) {
		if (!method_parse(value, &o->ask.method, &o->ask.port))
			return wrong(name, value, "icmp, tcp or tcp:PORT", why);
	}
	return 0;
}

int import_option(
	struct import_options *o, const char *name, const char *value, struct diag *why)
{
	for (size_t i = 0; i < BIT_COUNT; i++)
		if (strcmp(name, bits[i].name) == 0)
			o->given |= bits[i].bit;
	if (strcmp(name, "from") == 0)
		return take_format(o, value, why);
	if (strcmp(name, "columns") == 0)
		return take_columns(o, value, why);
	if (strcmp(name, "anchor") == 0)
		return take_anchor(o, value, why);
	if (strcmp(name, "asked") == 0)
		return take_asked(o, value, why);
	return take_other(o, name, value, why);
}

void import_options_finish(struct import_options *o)
{
	free(o->columns);
	free(o->anchors);
	free(o->asked);
}

int import_options_check(struct import_options *o, struct diag *why)
{
	const struct foreign_format *format = o->format;

	if (!format && (o->given || o->vantage || o->ask.interval_ns || o->anchor_count))
		return diag_set(why, "a dataset says all of itself: expected --from FORMAT with "
				     "--vantage, --interval, --anchor and the like");
	for (size_t i = 0; format && i < BIT_COUNT; i++) {
		if (o->given & bits[i].bit & ~format->takes)
			return diag_set(why, "--%s: files of %s have no use for it", bits[i].name,
				format->name);
		if (~o->given & bits[i].bit & format->needs)
			return diag_set(why, "files of %s do not tell it: expected --%s",
				format->name, bits[i].name);
	}
	if (format && format->routes && (o->vantage || o->ask.interval_ns || o->anchor_count))
		return diag_set(why, "files of %s hold routes, which have no vantage point, interval "
				     "or anchor", format->name);
	if (format && !o->vantage)
		o->vantage = format->name;
	return 0;
}

void import_print_formats(FILE *out)
{
	for (size_t i = 0; foreign_formats[i]; i++)
		fprintf(out, "  %-8s %s\n", foreign_formats[i]->name, foreign_formats[i]->what);
}

static void say(const struct import_options *o, const struct foreign_counts *counts)
{
	fprintf(stderr,
		"lightsout: read %" PRIu64 " record%s of %s as %" PRIu64 " sweep%s (%" PRIu64
		" new), %" PRIu64 " new target%s\n",
		counts->records, text_s(counts->records), o->format->name, counts->sweeps,
		text_s(counts->sweeps), counts->new_sweeps, counts->targets,
		text_s(counts->targets));
	if (o->format->takes & FOREIGN_ASKED && !o->asked_count)
		fputs("lightsout: such files do not tell who was silent: --asked LIST does\n",
			stderr);
	if (counts->anchored == 0)
		fprintf(stderr, "lightsout: %s\n", no_anchors);
}

static void say_routes(const struct route_counts *counts, const char *format)
{
	fprintf(stderr,
		"lightsout: read %" PRIu64 " route%s of %s (%" PRIu64 " new); left out: %" PRIu64
		" of no target, %" PRIu64 " of IPv6\n",
		counts->kept, text_s(counts->kept), format, counts->fresh, counts->elsewhere,
		counts->ipv6);
}

static int import_routes(const struct import_options *o, struct store *store,
	const char *const *names, size_t count, struct foreign_stop stop, struct diag *why)
{
	struct route_counts counts;
	int r = routes_import(store, o->format, names, count, stop, why, &counts);

	if (r == 0 && !o->quiet)
		say_routes(&counts, o->format->name);
	return r;
}

int import_foreign(const struct import_options *o, const char *const *names, size_t count,
	struct foreign_stop stop)
{
	const struct foreign_files files = {.format = o->format,
		.names = names,
		.count = count,
		.ask = o->ask,
		.vantage = o->vantage,
		.anchors = o->anchors,
		.anchor_count = o->anchor_count,
		.asked = o->asked,
		.asked_count = o->asked_count};
	struct foreign_counts counts;
	struct diag why = {.line = 0};
	struct store *store;

	for (size_t i = 0; i < count; i++)
		if (strcmp(names[i], "-") != 0)
			input_note(names[i], "a file that is imported");
	if (store_open(o->store, STORE_WRITE, &why, &store) < 0)
		return command_trouble(&why);
	int r = o->format->routes ? import_routes(o, store, names, count, stop, &why)
				  : foreign_import(store, &files, stop, &why, &counts);
	store_close(store);
	if (r < 0)
		return command_trouble(&why);
	if (!o->quiet && !o->format->routes)
		say(o, &counts);
	return 0;
}
