#include "core/settings_kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/address.h"
#include "core/clock.h"
#include "core/mem.h"

/* offsetof() back to a field. The table is the only source of offsets. */
static void *field_of(struct settings *settings, const struct setting_row *row)
{
	return (char *)settings + row->offset;
}

bool setting_is_list(enum setting_kind kind)
{
	switch (kind) {
	case SETTING_NAMES:
	case SETTING_ADDRESSES:
	case SETTING_METHODS:
	case SETTING_PORTS:
	case SETTING_RETRIES:
	case SETTING_TELL:
		return true;
	case SETTING_TEXT:
	case SETTING_ADDRESS:
	case SETTING_DURATION:
	case SETTING_NUMBER:
	case SETTING_COUNT:
	case SETTING_PORT:
	case SETTING_MARK:
		break;
	}
	return false;
}

static int set_list(const struct setting_row *row, struct settings *settings,
	const char *const *items, size_t count, struct diag *why)
{
	struct ip4 address;

	for (size_t i = 0; i < count; i++) {
		if (row->kind == SETTING_ADDRESSES && !ip4_parse(items[i], &address))
			return diag_set(why,
				"%s: \"%.60s\" is no address, expected one like 192.0.2.1",
				row->name, items[i]);
		if (!*items[i])
			return diag_set(why, "%s: an item is empty", row->name);
		if (strlen(items[i]) >= SETTINGS_TEXT)
			return diag_set(why, "%s: \"%.40s...\" is too long, expected at most %d",
				row->name, items[i], SETTINGS_TEXT - 1);
	}
	struct settings_list *list = field_of(settings, row);
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i]);
	free(list->items);
	list->items = mem_zeroed(count, sizeof(*list->items));
	list->count = count;
	for (size_t i = 0; i < count; i++)
		list->items[i] = mem_text(items[i]);
	return 0;
}

static int set_methods(
	struct settings *settings, const char *const *items, size_t count, struct diag *why)
{
	bool icmp = false;
	bool tcp = false;

	for (size_t i = 0; i < count; i++) {
		bool *method = strcmp(items[i], "icmp") == 0  ? &icmp
			       : strcmp(items[i], "tcp") == 0 ? &tcp
							      : NULL;
		if (!method)
			return diag_set(why,
				"methods: \"%.60s\" is no kind of probe, expected icmp or tcp",
				items[i]);
		if (*method)
			return diag_set(why, "methods: %s is there twice", items[i]);
		*method = true;
	}
	if (!icmp && !tcp)
		return diag_set(why, "methods: the list is empty, expected icmp, tcp or both");
	settings->icmp = icmp;
	settings->tcp = tcp;
	return 0;
}

const char *change_name(enum change_kind tell)
{
	static const char *const names[CHANGE_COUNT] = {
		"down", "degraded", "recovered", "cause", "blind", "no_sweep"};

	return names[tell];
}

static int set_tell(
	struct settings *settings, const char *const *items, size_t count, struct diag *why)
{
	unsigned tell = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned t = 0;
		while (t < CHANGE_COUNT && strcmp(items[i], change_name((enum change_kind)t)) != 0)
			t++;
		if (t == CHANGE_COUNT)
			return diag_set(why,
				"tell: \"%.60s\" is no change, expected down, degraded, recovered, "
				"cause, blind or no_sweep",
				items[i]);
		if (tell >> t & 1)
			return diag_set(why, "tell: %s is there twice", items[i]);
		tell |= 1U << t;
	}
	settings->tell = tell;
	return 0;
}

static int read_port(const char *name, const char *text, uint16_t *ret, struct diag *why)
{
	uint64_t port;

	if (!text_u64(text, UINT16_MAX, &port) || port == 0)
		return diag_set(why, "%s: \"%.60s\" is no port, expected 1 to 65535", name, text);
	*ret = (uint16_t)port;
	return 0;
}

static int set_ports(
	struct settings *settings, const char *const *items, size_t count, struct diag *why)
{
	uint16_t ports[SETTINGS_PORTS];

	if (count == 0 || count > SETTINGS_PORTS)
		return diag_set(
			why, "tcp_ports: %zu ports, expected 1 to %d", count, (int)SETTINGS_PORTS);
	for (size_t i = 0; i < count; i++) {
		int r = read_port("tcp_ports", items[i], &ports[i], why);
		if (r < 0)
			return r;
		for (size_t before = 0; before < i; before++)
			if (ports[before] == ports[i])
				return diag_set(why, "tcp_ports: %s is there twice", items[i]);
	}
	memcpy(settings->tcp_ports, ports, count * sizeof(*ports));
	settings->tcp_port_count = count;
	return 0;
}

static int read_duration(
	const struct setting_row *row, const char *text, int64_t *ret, struct diag *why)
{
	int64_t ns;

	if (!text_duration(text, &ns))
		return diag_set(why,
			"%s: \"%.60s\" is no duration, expected a number with a unit, like 60s, "
			"250ms or 11m",
			row->name, text);
	double seconds = (double)ns / (double)NS_PER_S;
	if (seconds <= row->above || seconds > row->most) {
		char most[TEXT_DURATION_SIZE];
		text_format_duration((int64_t)row->most * NS_PER_S, most);
		return diag_set(why, "%s: %.60s is out of bounds, expected %s and at most %s",
			row->name, text, row->above < 0 ? "0s or more" : "more than 0s", most);
	}
	*ret = ns;
	return 0;
}

static int set_retries(const struct setting_row *row, struct settings *settings,
	const char *const *items, size_t count, struct diag *why)
{
	int64_t retries[SETTINGS_RETRIES];

	if (count > SETTINGS_RETRIES)
		return diag_set(why, "retries: %zu of them, expected at most %d", count,
			(int)SETTINGS_RETRIES);
	for (size_t i = 0; i < count; i++) {
		int r = read_duration(row, items[i], &retries[i], why);
		if (r < 0)
			return r;
		if (i > 0 && retries[i] <= retries[i - 1])
			return diag_set(why,
				"retries: %.60s comes after %.60s, expected growing times since "
				"the first probe",
				items[i], items[i - 1]);
	}
	memcpy(settings->retries_ns, retries, count * sizeof(*retries));
	settings->retry_count = count;
	return 0;
}

static int set_text(const struct setting_row *row, struct settings *settings, const char *text,
	struct diag *why)
{
	struct ip4 address;

	if (row->kind == SETTING_ADDRESS && *text && !ip4_parse(text, &address))
		return diag_set(why, "%s: \"%.60s\" is no address, expected one like 192.0.2.1",
			row->name, text);
	if (strlen(text) >= row->size)
		return diag_set(why, "%s: \"%.40s...\" is too long, expected at most %zu bytes",
			row->name, text, row->size - 1);
	strcpy(field_of(settings, row), text);
	return 0;
}

static int set_number(const struct setting_row *row, struct settings *settings, const char *text,
	struct diag *why)
{
	double value;
	double least = row->above < 0 ? 0 : row->above;
	const char *bound = row->above < 0 ? "or more" : "excluded";

	if (!text_double(text, &value) || value < least || value <= row->above || value > row->most)
		return diag_set(why,
			"%s: \"%.60s\" will not do, expected a number from %g (%s) to %g",
			row->name, text, least, bound, row->most);
	*(double *)field_of(settings, row) = value;
	return 0;
}

static int set_count(const struct setting_row *row, struct settings *settings, const char *text,
	struct diag *why)
{
	uint64_t value;

	if (!text_u64(text, UINT64_MAX, &value))
		return diag_set(why, "%s: \"%.60s\" will not do, expected a whole number from 0 on",
			row->name, text);
	*(uint64_t *)field_of(settings, row) = value;
	return 0;
}

/* As ip-rule(8) takes it: 7 or 0x7. */
static int set_mark(const struct setting_row *row, struct settings *settings, const char *text,
	struct diag *why)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	size_t len = strlen(digits);
	uint64_t value = 0;

	if (hex ? len == 0 || len > 8 || digits[strspn(digits, "0123456789abcdefABCDEF")]
		: !text_u64(text, UINT32_MAX, &value))
		return diag_set(why,
			"%s: \"%.60s\" will not do, expected a number from 0 to 4294967295, or "
			"0x and up to 8 hexadecimal digits",
			row->name, text);
	if (hex)
		value = strtoull(digits, NULL, 16);
	*(uint32_t *)field_of(settings, row) = (uint32_t)value;
	return 0;
}

int setting_set_items(const struct setting_row *row, struct settings *settings,
	const char *const *items, size_t count, struct diag *why)
{
	for (size_t i = 0; i < count; i++)
		if (!text_printable(items[i])) /* it could not be printed as YAML again */
			return diag_set(why, "%s: the value has bytes that are no printable UTF-8",
				row->name);
	switch (row->kind) {
	case SETTING_NAMES:
	case SETTING_ADDRESSES:
		return set_list(row, settings, items, count, why);
	case SETTING_METHODS:
		return set_methods(settings, items, count, why);
	case SETTING_PORTS:
		return set_ports(settings, items, count, why);
	case SETTING_RETRIES:
		return set_retries(row, settings, items, count, why);
	case SETTING_TEXT:
	case SETTING_ADDRESS:
		return set_text(row, settings, items[0], why);
	case SETTING_DURATION:
		return read_duration(row, items[0], field_of(settings, row), why);
	case SETTING_NUMBER:
		return set_number(row, settings, items[0], why);
	case SETTING_COUNT:
		return set_count(row, settings, items[0], why);
	case SETTING_PORT:
		return read_port(row->name, items[0], field_of(settings, row), why);
	case SETTING_TELL:
		return set_tell(settings, items, count, why);
	case SETTING_MARK:
		return set_mark(row, settings, items[0], why);
	}
	return -EINVAL;
}
