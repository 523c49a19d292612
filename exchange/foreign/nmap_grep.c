#include "exchange/foreign/nmap_grep.h"

#include <errno.h>
#include <string.h>

bool nmap_asks_nobody(const char *args)
{
	static const char *const words[] = {" -Pn", " -PN", " -P0"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *at = strstr(args, words[i]);
		if (at && at_end_of_word(at + strlen(words[i])))
			return true;
	}
	return false;
}

/* What was told of the host before this line is all of it. */
static void flush(struct nmap_grep *g, struct foreign_list *out)
{
	if (g->waits && !g->spoke) {
		struct observation *o =
			&foreign_list_add_echo(out, g->line, g->at, g->host)->observation;
		o->method = g->ask->method;
		o->port = g->ask->port;
		o->outcome = g->up ? foreign_answer(o->method) : OUTCOME_SILENT;
	}
	g->waits = false;
}

/* "# Nmap 7.93 scan initiated Sun Nov 29 13:18:04 2026 as: nmap -sn ..." */
static int take_header(struct nmap_grep *g, const char *text, struct diag *why)
{
	const char *from = strstr(text, " scan initiated ");
	const char *as = from ? strstr(from, " as: ") : NULL;

	if (strncmp(text, "# Nmap ", 7) != 0 || !as)
		return feed_wrong(g->feed, why, "\"%.60s\", expected \"# Nmap ... scan initiated\"", text);
	if (nmap_asks_nobody(as))
		return feed_wrong(g->feed, why,
			"made with -Pn: all hosts are up by user-set, nobody asked whether they are there");
	from += strlen(" scan initiated ");
	g->begun = true;
	g->at = g->ask->time;
	if (g->ask->has_time)
		return 1;
	enum time_word word = time_word(from, (size_t)(as - from), g->ask->zone_s, &g->at);
	if (word == TIME_NO_ZONE)
		return feed_wrong(g->feed, why,
			"\"%.*s\" has no zone, expected --zone UTC or --zone +HH:MM", (int)(as - from), from);
	return word == TIME_READ ? 1 : feed_wrong(g->feed, why, "no time, expected --time");
}

/* "22/closed/tcp//ssh///, 80/open/tcp//http///" */
static int take_ports(struct nmap_grep *g, const char *at, struct foreign_list *out, struct diag *why)
{
	int64_t port;

	for (;;) {
		while (*at == ' ')
			at++;
		if (!take_whole(&at, &port) || port > UINT16_MAX || !take_text(&at, "/"))
			return feed_wrong(g->feed, why, "\"%.40s\", expected PORT/STATE/PROTOCOL", at);
		bool open = strncmp(at, "open/tcp/", 9) == 0;
		if (open || strncmp(at, "closed/tcp/", 11) == 0) {
			struct observation *o =
				&foreign_list_add_echo(out, feed_at(g->feed), g->at, g->host)->observation;
			o->method = METHOD_TCP;
			o->port = (uint16_t)port;
			o->outcome = open ? OUTCOME_SYN_ACK : OUTCOME_RST;
			g->spoke = true;
		}
		size_t len = strcspn(at, ",\t");
		at += len;
		if (*at++ != ',')
			return 1;
	}
}

/* "Host: 198.18.0.1 (name)\tStatus: Up", "...\tPorts: ..." */
static int take_host_line(struct nmap_grep *g, const char *text, struct foreign_list *out, struct diag *why)
{
	const char *at = text;
	const char *tab = strchr(text, '\t');
	struct ip4 host;

	if (!take_text(&at, "Host: ") || !take_address(&at, &host) || !take_text(&at, " (") || !tab)
		return feed_wrong(g->feed, why, "\"%.60s\", expected Host: ADDRESS (NAME)", text);
	if (!g->waits || !ip4_equal(host, g->host)) {
		flush(g, out);
		g->host = host;
		g->waits = true;
		g->up = true;
		g->spoke = false;
		g->line = feed_at(g->feed);
	}
	at = tab + 1;
	if (take_text(&at, "Status: ")) {
		g->up = strcmp(at, "Up") == 0;
		return g->up || strcmp(at, "Down") == 0
			       ? 1
			       : feed_wrong(g->feed, why, "\"%.40s\", expected Status: Up or Down", at);
	}
	return take_text(&at, "Ports: ") ? take_ports(g, at, out, why) : 1;
}

int nmap_grep_next(struct nmap_grep *g, struct foreign_list *out, struct diag *why)
{
	char *text;
	size_t len;
	int r = feed_line(g->feed, &text, &len, why);

	if (r == 0 && !g->done)
		return feed_wrong(g->feed, why, "the file ends here, expected \"# Nmap done\"");
	if (r <= 0)
		return r;
	if (!g->begun)
		return take_header(g, text, why);
	if (g->done && *text)
		return feed_wrong(g->feed, why, "another scan in the file, expected one");
	if (strncmp(text, "# Nmap done", 11) == 0) {
		g->done = true;
		flush(g, out);
		return 1;
	}
	return *text == '#' || !*text ? 1 : take_host_line(g, text, out, why);
}
