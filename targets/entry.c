#include "targets/entry.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "targets/words.h"

static const char blanks[] = " \t";
static const char digits[] = "0123456789";

/* Where the addresses of hosts end. */
#define MULTICAST UINT32_C(0xe0000000)

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool all_digits(const char *text)
{
	return *text && text[strspn(text, digits)] == '\0';
}

/* 255.255.255.0 is 24, its complement 0.0.0.255 too; -1: neither. */
static int mask_len(uint32_t mask)
{
	uint32_t hosts = mask >> 31 ? ~mask : mask;
	int len = 32;

	if (hosts & (hosts + 1))
		return -1;
	for (; hosts; hosts >>= 1)
		len--;
	return len;
}

static int prefix_at(struct ip4 base, uint8_t len, const char *how, struct range *ret,
	struct diag *why)
{
	struct prefix prefix = prefix_of(base, len);
	char text[ADDRESS_TEXT_SIZE];
	char right[ADDRESS_TEXT_SIZE];

	if (!ip4_equal(prefix.base, base)) {
		ip4_format(base, text);
		prefix_format(prefix, right);
		return diag_set(why, "%s has bits set behind its %s, expected %s", text, how, right);
	}
	*ret = (struct range){base, prefix_last(prefix)};
	return 0;
}

static int two_addresses(const char *first, const char *last, struct diag *why)
{
	return diag_set(why,
		"%.40s and %.40s could be a range or two addresses, expected FIRST-LAST or one "
		"a line",
		first, last);
}

/* FIRST LAST, FIRST LAST LENGTH, ADDRESS NETMASK, ADDRESS WILDCARD. */
static int read_pair(const char *word, struct ip4 second, const char *rest, struct entry *entry,
	struct diag *why)
{
	struct ip4 first = entry->range.first;
	char second_text[ADDRESS_TEXT_SIZE];
	char third[WORD_SIZE];
	int len = mask_len(second.host);
	bool mask = second.host >> 31;
	uint64_t named;

	ip4_format(second, second_text);
	word_copy(rest, third);
	bool whole = text_u64(third, 32, &named) &&
		     ip4_equal(prefix_of(first, (uint8_t)named).base, first) &&
		     ip4_equal(prefix_last(prefix_of(first, (uint8_t)named)), second);
	/* No range of hosts ends in 255/8: such is a mask, and perhaps none that can be read. */
	bool apart = (first.host & 0xff) == 0 && (second.host & 0xff) == 0xff &&
		     first.host < second.host && second.host >> 24 != 0xff;
	bool host = second.host == UINT32_MAX && (first.host & 0xff) != 0 && first.host < MULTICAST;

	/* FIRST LAST LENGTH, and the length says more than the two. */
	if (apart && !whole && text_u64(third, 32, &named) &&
		prefix_last(prefix_of(first, (uint8_t)named)).host > second.host)
		return diag_set(why,
			"%.40s to %s is less than the /%s behind them, expected them to agree, or # "
			"before a comment",
			word, second_text, third);
	if (host)
		return 0;
	if (whole || apart || (ip4_equal(first, second) && first.host != 0)) {
		entry->range.last = second;
		return 0;
	}
	if (second.host >> 24 == 0xff && len < 0)
		return diag_set(why, "%.40s behind %.40s is no netmask, expected one like %s",
			second_text, word, "255.255.255.0, or FIRST-LAST");
	/* 0.0.0.0 means one address to some and all of them to others, 255.255.255.255 behind a
	 * network its first address or all from there on. */
	if (len > 0 && second.host != UINT32_MAX && second.host != 0 &&
		(mask || second.host < first.host))
		return prefix_at(first, (uint8_t)len, mask ? "netmask" : "wildcard mask",
			&entry->range, why);
	return two_addresses(word, second_text, why);
}

/* ADDRESS LENGTH AS, parted by tabs as CAIDA writes it, or commas, and nothing behind it: by
 * blanks it could as well be a port and a count. */
static int read_length(const char *word, const char *number, const char *rest, bool columns,
	struct entry *entry, struct diag *why)
{
	char as[WORD_SIZE];
	uint64_t len;

	word_copy(rest, as);
	/* CAIDA writes several origins as 1_2 or 1,2. */
	bool alone = columns && *as && rest[strspn(rest, "0123456789_,")] == '\0';
	if (alone && text_u64(number, 32, &len))
		return prefix_at(
			entry->range.first, (uint8_t)len, "length", &entry->range, why);
	return diag_set(why,
		"\"%.20s\" behind %.40s could be its length or the end of a range, expected "
		"ADDRESS/LENGTH, FIRST-LAST, or # before a comment",
		number, word);
}

/* The dash of FIRST - LAST is passed; *at goes behind LAST. */
static int read_last(const char *word, const char **at, struct entry *entry, struct diag *why)
{
	char last[WORD_SIZE];

	*at += strspn(*at, blanks);
	word_copy(*at, last);
	if (!ip4_parse(last, &entry->range.last))
		return diag_set(why, "\"%.40s\" behind %.40s and a dash, expected FIRST-LAST", last,
			word);
	if (entry->range.last.host < entry->range.first.host)
		return diag_set(why, "%.40s-%.40s ends before it begins, expected FIRST-LAST", word,
			last);
	*at = word_past(*at);
	return 0;
}

/* Columns that belong to the address in front; *at goes behind them. */
static int read_columns(const char *word, const char **at, struct entry *entry, struct diag *why)
{
	char column[WORD_SIZE];
	struct ip4 second;
	uint64_t len;
	int r;

	if (**at == '-') {
		entry->lone = false;
		*at += 1;
		return read_last(word, at, entry, why);
	}
	word_copy(*at, column);
	const char *rest = word_past(*at);
	if (*column == '/' && text_u64(column + 1, 32, &len))
		r = prefix_at(entry->range.first, (uint8_t)len, "length", &entry->range, why);
	else if (ip4_parse(column, &second))
		r = read_pair(word, second, rest, entry, why);
	else if (all_digits(column))
		r = read_length(word, column, rest, (*at)[-1] != ' ', entry, why);
	else
		return 0;
	*at = rest;
	entry->lone = false;
	return r;
}

/* ADDRESS/NETMASK. */
static bool is_masked(const char *word, struct ip4 *ret, struct ip4 *ret_mask)
{
	char base[WORD_SIZE];
	const char *slash = strchr(word, '/');

	if (!slash)
		return false;
	snprintf(base, sizeof(base), "%.*s", (int)(slash - word), word);
	return ip4_parse(base, ret) && ip4_parse(slash + 1, ret_mask) && ret_mask->host >> 31 &&
	       mask_len(ret_mask->host) > 0;
}

/* The first word, and what of the others belongs to it. */
static int read_address(char word[WORD_SIZE], const char **at, struct entry *entry, struct diag *why)
{
	size_t len = strlen(word);
	struct ip4 base;
	struct ip4 mask;

	if (is_masked(word, &base, &mask))
		return prefix_at(
			base, (uint8_t)mask_len(mask.host), "netmask", &entry->range, why);
	if (len > 0 && word[len - 1] == '-') {
		word[len - 1] = '\0';
		if (!ip4_parse(word, &entry->range.first))
			return range_complain(word, why);
		return read_last(word, at, entry, why);
	}
	if (!range_parse(word, &entry->range))
		return range_complain(word, why);
	entry->lone = strspn(word, "0123456789.") == len;
	return entry->lone && !entry->comment ? read_columns(word, at, entry, why) : 0;
}

/* Behind an IPv6 address, in front of a comment, no IPv4 address may hide. */
static int check_ipv6(const char *word, const char *rest, struct diag *why)
{
	char hidden[RANGE_TEXT_SIZE];
	size_t len;
	const char *found = word_find_address(word, &len);

	if (found)
		return diag_set(why, "\"%.60s\" is IPv4 written as IPv6, expected %.*s", word,
			(int)len, found);
	if (word_hides_ipv4(word, hidden))
		return diag_set(
			why, "\"%.60s\" is IPv4 written as IPv6, expected %s", word, hidden);
	if (words_find_hidden_ipv4(rest, hidden))
		return diag_set(why,
			"%s, written as IPv6, stands behind an IPv6 address, expected one address "
			"a line",
			hidden);
	found = word_find_address(rest, &len);
	if (found && (!strchr(rest, '#') || found < strchr(rest, '#')))
		return diag_set(why,
			"%.*s stands behind an IPv6 address, expected one address a line", (int)len,
			found);
	return 0;
}

int entry_read(const char *line, struct entry *ret, struct diag *why)
{
	struct entry entry = {.kind = ENTRY_NONE, .text = ""};
	const char *at = line + strspn(line, blanks);
	char word[WORD_SIZE];
	int r;

	if (!*at || *at == '#' || *at == ';') {
		*ret = entry;
		return 0;
	}
	size_t len = word_copy(at, word);
	if (len >= WORD_SIZE || len == 0)
		return range_complain(at, why);
	at = word_past_separators(at + len);
	entry.comment = *at == '#';
	if (strchr(word, ':') && word_is_ipv6(word)) {
		entry.kind = ENTRY_IPV6;
		r = check_ipv6(word, at, why);
	} else {
		entry.kind = ENTRY_RANGE;
		r = read_address(word, &at, &entry, why);
	}
	if (r < 0)
		return r;
	entry.comment = *at == '#';
	at += entry.comment;
	entry.text = at + strspn(at, blanks);
	*ret = entry;
	return 0;
}

/* A name of columns, "ip_range_start": one of its parts says so. */
static bool names_column(const char *word, size_t len)
{
	static const char *const names[] = {"address", "addr", "block", "cidr", "end", "first",
		"from", "host", "ip", "ips", "last", "mask", "net", "netmask", "netblock", "network",
		"networks", "prefix", "prefixes", "range", "start", "subnet", "to"};

	for (size_t at = 0, next; at < len; at = next + 1) {
		for (next = at; next < len && (is_letter(word[next]));)
			next++;
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strlen(names[i]) == next - at &&
				strncasecmp(word + at, names[i], next - at) == 0)
				return true;
	}
	return false;
}

bool entry_is_header(const char *line)
{
	bool table = strpbrk(line, ",\t");
	bool any = false;

	if (strpbrk(line, "0123456789.:/*"))
		return false;
	for (const char *at = word_past_separators(line); *at; at = word_past(at)) {
		size_t len = strcspn(at, " \t,;#");
		bool names = len > 0 && names_column(at, len);
		if (len == 0 || (!names && !table))
			return false;
		any |= names;
	}
	return any;
}
