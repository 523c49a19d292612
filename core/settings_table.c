#include "core/settings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/settings_kinds.h"

#define AT(field) offsetof(struct settings, field), sizeof(((struct settings *)0)->field)

/* clang-format off */
static const struct setting_row rows[] = {
	{"targets", 0, SETTING_NAMES, AT(targets), 0, 0, "", "LIST",
		"whom to ask: country codes, addresses, prefixes, ranges, files"},
	{"delegated", 0, SETTING_TEXT, AT(delegated), 0, 0, "", "FILE",
		"RIR delegated file for country codes; the shipped lists without it"},
	{"blocklist", 0, SETTING_TEXT, AT(blocklist), 0, 0, "", "FILE",
		"addresses never to be probed, with reasons"},
	{"anchors", 0, SETTING_ADDRESSES, AT(anchors), 0, 0, "", "LIST",
		"control addresses outside the country, agreed with their owners"},
	{"upstream", 0, SETTING_ADDRESSES, AT(upstream), 0, 0, "", "LIST",
		"routers of the provider known beforehand"},
	{"store", 's', SETTING_TEXT, AT(store), 0, 0, "", "FILE",
		"where sweeps are kept"},
	{"vantage", 0, SETTING_TEXT, AT(vantage), 0, 0, "vp1", "NAME",
		"name of this vantage point"},
	{"methods", 'M', SETTING_METHODS, AT(icmp), 0, 0, "icmp,tcp", "LIST",
		"kinds of probe: icmp, tcp"},
	{"tcp_ports", 'p', SETTING_PORTS, AT(tcp_ports), 0, 0, "53,25,21,80,443,22,23", "LIST",
		"TCP ports that are tried"},
	{"full_interval", 0, SETTING_DURATION, AT(full_interval_ns), 0, 2592000, "660s", "DURATION",
		"from one sweep of every target to the next"},
	{"watch_interval", 0, SETTING_DURATION, AT(watch_interval_ns), 0, 2592000, "60s", "DURATION",
		"from one sweep of the known-live addresses to the next"},
	{"path_interval", 0, SETTING_DURATION, AT(path_interval_ns), -1, 2592000, "600s", "DURATION",
		"from one look at the paths to the next; 0s: none"},
	{"rate", 'r', SETTING_NUMBER, AT(rate), 0, 1e6, "1000", "N",
		"packets/s, all together"},
	{"per_block_rate", 0, SETTING_NUMBER, AT(per_block_rate), -1, 1e6, "1", "N",
		"packets/s into one /24 and kind, over an interval; 0: no ceiling"},
	{"wait", 0, SETTING_DURATION, AT(wait_ns), -1, 3600, "0s", "DURATION",
		"for a reply; 0s: the larger of 2s and 3 times the largest RTT seen"},
	{"retries", 0, SETTING_RETRIES, AT(retries_ns), 0, 3600, "1s,3s", "LIST",
		"when the silent are asked again, after the first probe"},
	{"seed", 'e', SETTING_COUNT, AT(seed), 0, 0, "0", "N",
		"reproduces the order of probes; 0: from the targets"},
	{"count", 0, SETTING_COUNT, AT(count), 0, 0, "0", "N",
		"full sweeps to make; 0: until stopped"},
	{"interface", 'I', SETTING_TEXT, AT(interface), 0, 0, "", "NAME",
		"send and capture here; by route without it"},
	{"source", 'S', SETTING_ADDRESS, AT(source), 0, 0, "", "ADDRESS",
		"source address; by route without it"},
	{"fwmark", 0, SETTING_MARK, AT(fwmark), 0, 0, "0", "N",
		"mark of our packets for the kernel's rules; in a file only beside the option"},
	{"source_port", 0, SETTING_PORT, AT(source_port), 0, 0, "61013", "PORT",
		"source port of TCP probes, outside the ephemeral range"},
	{"contact", 0, SETTING_TEXT, AT(contact), 0, 0, "", "TEXT",
		"who we are, in the payload of echo requests"},
	{"on_change", 0, SETTING_TEXT, AT(on_change), 0, 0, "", "COMMAND",
		"lightsout serve: run at a change, which is JSON on its standard input"},
	{"webhook", 0, SETTING_TEXT, AT(webhook), 0, 0, "", "URL",
		"lightsout serve: post each change there, as JSON"},
	{"tell", 0, SETTING_TELL, AT(tell), 0, 0, "down,degraded,recovered,cause,blind,no_sweep", "LIST",
		"lightsout serve: which changes get a message"},
	{"hold", 0, SETTING_DURATION, AT(hold_ns), -1, 86400, "180s", "DURATION",
		"lightsout serve: how long a change lasts before a message"},
	{.name = NULL},
};
/* clang-format on */

static_assert(sizeof(rows) / sizeof(rows[0]) <= SETTINGS_OPTIONS_MAX, "by_option has 64 bits");

const struct setting_row *settings_rows(void)
{
	return rows;
}

const struct setting_row *setting_find(const char *name)
{
	for (const struct setting_row *row = rows; row->name; row++) {
		size_t i = 0;
		while (name[i] && (name[i] == '-' ? '_' : name[i]) == row->name[i])
			i++;
		if (!name[i] && !row->name[i])
			return row;
	}
	return NULL;
}

bool setting_is_serving(const struct setting_row *row)
{
	return row->offset >= offsetof(struct settings, on_change) &&
	       row->offset <= offsetof(struct settings, hold_ns);
}

static void list_free(struct settings_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	*list = (struct settings_list){NULL, 0};
}

void settings_init(struct settings *settings)
{
	*settings = (struct settings){.rate = 0};
	for (const struct setting_row *row = rows; row->name; row++) {
		struct diag why = {.line = 0};
		int r = settings_set(settings, row->name, row->standard, &why);
		assert(r == 0);
		(void)r;
	}
}

void settings_finish(struct settings *settings)
{
	list_free(&settings->targets);
	list_free(&settings->anchors);
	list_free(&settings->upstream);
}

static struct settings_list list_copy(const struct settings_list *from)
{
	struct settings_list to = {NULL, from->count};

	to.items = mem_zeroed(from->count, sizeof(*to.items));
	for (size_t i = 0; i < from->count; i++)
		to.items[i] = mem_text(from->items[i]);
	return to;
}

void settings_copy(const struct settings *from, struct settings *to)
{
	*to = *from;
	to->targets = list_copy(&from->targets);
	to->anchors = list_copy(&from->anchors);
	to->upstream = list_copy(&from->upstream);
}

/* Cut a text at its commas. The pieces live in *ret_text. */
static const char **split(const char *value, size_t *ret_count, char **ret_text)
{
	char *text = mem_text(value);
	size_t count = *text != '\0';

	for (const char *c = text; *c; c++)
		count += *c == ',';
	const char **items = mem_zeroed(count, sizeof(*items));
	char *at = text;
	for (size_t i = 0; i < count; i++)
		items[i] = strsep(&at, ",");
	*ret_text = text;
	*ret_count = count;
	return items;
}

int settings_set(struct settings *settings, const char *name, const char *value, struct diag *why)
{
	const struct setting_row *row = setting_find(name);

	if (!row)
		return diag_set(why,
			"no setting is named \"%.60s\", expected one that --print-config shows",
			name);
	if (!setting_is_list(row->kind))
		return setting_set_items(row, settings, &value, 1, why);

	size_t count;
	char *text;
	const char **items = split(value, &count, &text);
	int r = setting_set_items(row, settings, items, count, why);
	free(items);
	free(text);
	return r;
}
