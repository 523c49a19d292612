#include "commands/check/names.h"

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/address.h"

bool names_like_host(const char *text)
{
	bool letter = false;

	if (text[0] == '@' || !strchr(text, '.') || strlen(text) > 253)
		return false;
	for (const char *c = text; *c; c++) {
		letter = letter || isalpha((unsigned char)*c);
		if (!isalnum((unsigned char)*c) && *c != '.' && *c != '-')
			return false;
	}
	return letter && access(text, F_OK) != 0;
}

int names_resolve(const char *text, struct prober_arguments *targets, struct diag *why)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	char address[ADDRESS_TEXT_SIZE];
	struct addrinfo *found;

	if (!names_like_host(text)) {
		prober_argument(targets, text);
		return 0;
	}
	int r = getaddrinfo(text, NULL, &hints, &found);
	if (r != 0) {
		diag_set(why, "%.200s: no IPv4 address is found for that name: %s", text,
			r == EAI_SYSTEM ? strerror(errno) : gai_strerror(r));
		return -ENOENT;
	}
	fprintf(stderr, "lightsout: %s is", text);
	for (const struct addrinfo *at = found; at; at = at->ai_next) {
		struct sockaddr_in in;
		memcpy(&in, at->ai_addr, sizeof(in));
		ip4_format((struct ip4){ntohl(in.sin_addr.s_addr)}, address);
		fprintf(stderr, "%s %s", at == found ? "" : ",", address);
		prober_argument(targets, address);
	}
	fputc('\n', stderr);
	freeaddrinfo(found);
	return 0;
}
