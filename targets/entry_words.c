/* What stands behind an address: free words, or what could be a part of it. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "targets/entry.h"
#include "targets/words.h"

static const char digits[] = "0123456789";

bool entry_holds_address(const char *text, size_t len)
{
	size_t found_len;
	const char *found = word_find_address(text, &found_len);

	return found && found < text + len;
}

/* YYYY-MM-DD, perhaps with a time behind it. */
static bool is_date(const char *text)
{
	static const char shape[] = "dddd-dd-dd";

	for (const char *s = shape; *s; s++, text++)
		if (*s == 'd' ? !(*text >= '0' && *text <= '9') : *text != *s)
			return false;
	return !*text || *text == 'T';
}

static bool is_time(const char *text)
{
	size_t hours = strspn(text, digits);

	return (hours == 1 || hours == 2) && text[hours] == ':' &&
	       strspn(text, "0123456789:.Z+") == strlen(text);
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "to", as in "from FIRST to LAST", joins what is in front and behind. */
static bool joins(const char *word)
{
	static const char *const joining[] = {
		"to", "upto", "through", "thru", "until", "till", "til", "and", "bis"};

	for (size_t i = 0; i < sizeof(joining) / sizeof(joining[0]); i++)
		if (strcasecmp(word, joining[i]) == 0)
			return true;
	return false;
}

/* "3rd", "21st". */
static bool is_ordinal(const char *word)
{
	static const char *const ends[] = {"st", "nd", "rd", "th"};

	word += strspn(word, digits);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (strcasecmp(word, ends[i]) == 0)
			return true;
	return false;
}

/* "netmask:24", "CIDR=/24": a name, and what could be a length behind it. */
static bool names_number(const char *word)
{
	size_t end = strcspn(word, ":=/");

	return word[end] && word[end + 1] && strspn(word + end, ":=/0123456789.") == strlen(word + end);
}

/* "ffffff00": an address or mask in hexadecimal digits. */
static bool is_hex(const char *word)
{
	return strspn(word, "abcdefABCDEF0123456789") == 8 && !is_letter(word[8]);
}

/* May a word be free, or could it be a part of the address in front: a number, "/24",
 * "-255", ".7", "0xff", "ff.ff", and the dashes and blanks of other alphabets? */
static bool is_free(const char *word)
{
	word += strspn(word, "([{\"'<@");
	unsigned char first = (unsigned char)*word;
	uint64_t number;

	if (!*word)
		return true;
	if (is_date(word) || is_time(word))
		return true;
	if (first >= '0' && first <= '9') /* no length and no last byte is above 255 */
		return is_ordinal(word) || (text_u64(word, UINT64_MAX, &number) && number > 255);
	if (strspn(word, "abcdefABCDEF0123456789.xX") == strlen(word) && strchr(word, '.'))
		return false;
	if (is_hex(word))
		return false;
	if (is_letter(*word))
		return !names_number(word);
	/* Letters of Latin-1, or the first byte of letters in UTF-8. */
	return first >= 0xc0 && first != 0xc2 && first != 0xe2 && first != 0xef;
}

/* Each of the words behind an address. */
static bool all_free(const char *text)
{
	char word[WORD_SIZE];

	for (text = word_past_separators(text); *text && *text != '#'; text = word_past(text)) {
		size_t len = word_copy(text, word);
		if (len >= WORD_SIZE)
			continue;
		if (!is_free(word))
			return false;
	}
	return true;
}

/* Behind a prefix or a range no part of it is missing; what would make it more is refused. */
static bool adds(const char *text)
{
	char word[WORD_SIZE];

	word_copy(text, word);
	if (!joins(word))
		return *word && strchr("/-+.", *word);
	word_copy(word_past(text), word);
	return !is_free(word);
}

/* "127.0.0.1 ads.example": the name is what is meant. */
static bool names_host(const struct entry *entry, const char *text)
{
	uint32_t host = entry->range.first.host;
	char word[WORD_SIZE];

	word_copy(text, word);
	return (host == 0 || host >> 24 == 127) && strchr(word, '.');
}

int entry_check_words(const struct entry *entry, const char *text, struct diag *why)
{
	char range[RANGE_TEXT_SIZE];
	char hidden[RANGE_TEXT_SIZE];
	size_t len;

	if (!*text || entry->comment)
		return 0;
	range_format(entry->range, range);
	const char *found = word_find_address(text, &len);
	if (found)
		return diag_set(why,
			"another address, %.*s, stands behind %s, expected one a line, FIRST-LAST, "
			"or # before a comment",
			(int)(len < 40 ? len : 40), found, range);
	if (words_find_hidden_ipv4(text, hidden))
		return diag_set(why,
			"another address, %s written as IPv6, stands behind %s, expected one a line, "
			"or # before a comment",
			hidden, range);
	if (entry->lone ? !all_free(text) : adds(text))
		return diag_set(why,
			"\"%.20s\" behind %s could be part of the address, expected FIRST-LAST, "
			"ADDRESS/LENGTH, or # before a comment",
			text, range);
	if (entry->lone && names_host(entry, text))
		return diag_set(why,
			"\"%.60s\" is a name, as in a hosts file, expected addresses alone", text);
	return 0;
}
