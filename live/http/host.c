#include "live/http/host.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

enum { NAME_MOST = 253 };

/* "name:80" without its port, "[::1]:80" without its brackets. */
static bool split(const char *host, char name[NAME_MOST + 1])
{
	size_t len = strlen(host);
	const char *port = NULL;

	if (host[0] == '[') {
		const char *end = strchr(host, ']');
		if (!end)
			return false;
		port = end + 1;
		host++;
		len = (size_t)(end - host);
	} else {
		len = strcspn(host, ":");
		port = host + len;
	}
	if (*port == ':')
		port += 1 + strspn(port + 1, "0123456789");
	if (*port || len == 0 || len > NAME_MOST)
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	return true;
}

static bool is_loopback(const char *name)
{
	struct in_addr four;
	struct in6_addr six;

	if (strcasecmp(name, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, name, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, name, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool http_host_is_ours(const char *host, const struct http_hosts *ours)
{
	char name[NAME_MOST + 1];

	if (!host || !split(host, name))
		return false;
	size_t len = strlen(name);
	if (len > 1 && name[len - 1] == '.')
		name[len - 1] = '\0';
	if (is_loopback(name) || strcasecmp(name, ours->listen) == 0)
		return true;
	for (size_t i = 0; i < ours->name_count; i++)
		if (strcasecmp(name, ours->names[i]) == 0)
			return true;
	return false;
}
