#include "exchange/foreign/ping_line.h"

#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where the text of ping begins: behind the stamp. NULL: nowhere. */
static const char *body_of(const char *line)
{
	static const char *const begins[] = {"no answer yet for icmp_seq", "Request timeout for icmp_seq",
		"From ", "PING ", "ping: ", "--- ", "Vr HL TOS", "rtt min/avg/max",
		"round-trip min/avg/max", "rtt = ", "round-trip = "};
	const char *from = strstr(line, " bytes from ");

	if (from) {
		while (from > line && is_digit(from[-1]))
			from--;
		return from;
	}
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++) {
		const char *at = strstr(line, begins[i]);
		if (at && (at == line || strchr(" \t]:|,>", at[-1])))
			return at;
	}
	from = strstr(line, " packets transmitted");
	while (from && from > line && is_digit(from[-1]))
		from--;
	return from;
}

/* "icmp_seq=12", "icmp_seq 12", "seq=12" */
static bool take_seq(const char **at, int64_t *ret)
{
	(void)(take_text(at, "icmp_seq") || take_text(at, "seq"));
	return (take_text(at, "=") || take_text(at, " ")) && take_whole(at, ret) && *ret < 65536;
}

/* " ttl=64 time=0.013 ms" to the end of the line. */
static enum ping_kind take_rest(const char *at, struct ping_line *line)
{
	int64_t ttl;

	if (take_text(&at, " ttl=")) {
		if (!take_whole(&at, &ttl) || ttl > 255)
			return PING_STRANGE;
		line->ttl = (int)ttl;
	}
	if (take_text(&at, " time=") || take_text(&at, " time<")) {
		if (!take_decimal(&at, 6, &line->rtt_ns))
			return PING_STRANGE;
		(void)take_text(&at, " ");
		if (!take_text(&at, "ms"))
			return PING_STRANGE;
	}
	while (*at == ' ')
		at++;
	if (take_text(&at, "(truncated)") || !*at)
		return PING_ANSWER;
	return *at == '(' ? PING_NOISE : PING_STRANGE; /* (DUP!), (DIFFERENT ADDRESS!), (BAD CHECKSUM!) */
}

/* Errors of a router by their words. */
static bool take_error(const char *at, struct ping_line *line)
{
	static const struct {
		const char *words;
		int type, code;
	} errors[] = {
		{"Destination Net Unreachable", 3, 0},
		{"Destination Host Unreachable", 3, 1},
		{"Destination Protocol Unreachable", 3, 2},
		{"Destination Port Unreachable", 3, 3},
		{"Frag needed", 3, 4},
		{"Packet filtered", 3, 13},
		{"Communication prohibited by filter", 3, 13},
		{"Destination Host Prohibited", 3, 10},
		{"Destination Net Prohibited", 3, 9},
		{"Time to live exceeded", 11, 0},
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (strncmp(at, errors[i].words, strlen(errors[i].words)) != 0)
			continue;
		line->icmp_type = errors[i].type;
		line->icmp_code = errors[i].code;
		return true;
	}
	return false;
}

/* "64 bytes from name (address): icmp_seq=1 ttl=64 time=0.013 ms" */
static enum ping_kind read_bytes(const char *at, struct ping_line *line)
{
	int64_t bytes;

	if (!take_whole(&at, &bytes) || !take_text(&at, " bytes from ") ||
		!take_host(&at, ": ", &line->address))
		return PING_STRANGE;
	if (take_error(at, line))
		return PING_NOISE; /* of which probe it is macOS does not say: a timeout follows */
	return take_seq(&at, &line->seq) ? take_rest(at, line) : PING_STRANGE;
}

/* "From name (address) icmp_seq=3 Destination Host Unreachable" */
static enum ping_kind read_error(const char *at, struct ping_line *line)
{
	if (strstr(at, "Redirect"))
		return PING_NOISE;
	if (!take_host(&at, strstr(at, ": icmp_seq") ? ": " : " icmp_seq", &line->responder) ||
		!take_seq(&at, &line->seq) || !take_text(&at, " ") || !take_error(at, line))
		return PING_STRANGE;
	return PING_ERROR;
}

/* "PING name (address) 56(84) bytes of data.", "PING 8.8.8.8 (8.8.8.8): 56 data bytes" */
static enum ping_kind read_begin(const char *at, struct ping_line *line)
{
	const char *open = strchr(at, '(');

	if (!open)
		return PING_STRANGE;
	at = open + 1;
	return take_address(&at, &line->address) && *at == ')' ? PING_BEGIN : PING_STRANGE;
}

static enum ping_kind read_body(const char *at, struct ping_line *line)
{
	if (take_text(&at, "no answer yet for ") || take_text(&at, "Request timeout for "))
		return take_seq(&at, &line->seq) && !*at ? PING_SILENT : PING_STRANGE;
	if (take_text(&at, "From "))
		return read_error(at, line);
	if (take_text(&at, "PING "))
		return read_begin(at, line);
	if (take_text(&at, "ping: "))
		return strncmp(at, "send", 4) == 0 ? PING_UNSENT : PING_NOISE;
	if (strstr(at, " bytes from "))
		return read_bytes(at, line);
	if (is_digit(*at) && take_whole(&at, &line->seq))
		return strstr(at, "received") ? PING_SUM : PING_STRANGE;
	return PING_NOISE;
}

/* What macOS prints of a header that an error quotes. */
static bool is_dump(const char *line)
{
	return strncmp(line, " 4  5", 5) == 0;
}

struct ping_line ping_line_read(const char *text)
{
	struct ping_line line = {.rtt_ns = -1, .ttl = -1, .icmp_type = -1, .icmp_code = -1};
	const char *body = body_of(text);

	if (!body) {
		line.kind = text[strspn(text, " \t")] == '\0' || is_dump(text) ? PING_NOISE : PING_STRANGE;
		return line;
	}
	static const char around[] = " \t|:[]()-,>";
	size_t lead = strspn(text, around);
	if (lead > 0 && text[lead - 1] == '-' && is_digit(text[lead])) /* a number below 0 */
		lead--;
	line.stamp = text + (lead < (size_t)(body - text) ? lead : (size_t)(body - text));
	line.stamp_len = (size_t)(body - line.stamp);
	while (line.stamp_len && strchr(around, line.stamp[line.stamp_len - 1]))
		line.stamp_len--;
	line.kind = read_body(body, &line);
	return line;
}
