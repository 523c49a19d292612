/*
 * No list is read as less than it says: every address that stands in a line,
 * in front of a comment, is held by the list, or the list was refused.
 */
#include <stdlib.h>
#include <string.h>

#include "targets/blocklist.h"
#include "tests/fuzz/fuzz.h"

static bool is_mask(uint32_t host)
{
	uint32_t hosts = host >> 31 ? ~host : host;

	return (hosts & (hosts + 1)) == 0;
}

/* Digits and dots: an address, and not a mask behind one? */
static void check_word(const struct blocklist *list, const char *line, const char *at, size_t len)
{
	char text[20] = "";
	struct ip4 address;

	if (len >= sizeof(text))
		return;
	memcpy(text, at, len);
	if (!ip4_parse(text, &address) || (at > line && is_mask(address.host)))
		return;
	if (!blocklist_holds(list, address))
		abort();
}

static void check_line(const struct blocklist *list, const char *line)
{
	const char *at = line + strspn(line, " \t");
	size_t end = strcspn(at, "#");

	/* A name may be written like anything, IPv6 is passed over. */
	if (*at == ';' || strncmp(at, "//", 2) == 0 || memchr(at, ':', end))
		return;
	for (const char *first = at; at < first + end;) {
		size_t len = strspn(at, "0123456789.");
		if (len > 0 && at + len <= first + end)
			check_word(list, first, at, len);
		at += len ? len : 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct lines lines = lines_over((const char *)bytes, len);
	struct blocklist list;
	struct diag why = {.line = 0};
	char line[LINE_SIZE];
	char text[BLOCKLIST_TELL_SIZE];

	if (blocklist_parse("fuzz", (const char *)bytes, len, &list, &why) < 0)
		return 0;
	while (lines_next(&lines, line, &why) > 0)
		check_line(&list, line);
	for (size_t i = 0; i < list.count; i++) {
		if (i > 0 && list.rows[i].range.first.host <= list.rows[i - 1].range.last.host)
			abort();
		if (blocklist_find(&list, list.rows[i].range.last) != &list.rows[i] ||
			strlen(blocked_reason(&list, &list.rows[i])) >= LINE_SIZE)
			abort();
	}
	blocklist_tell(&list, text);
	blocklist_finish(&list);
	return 0;
}
