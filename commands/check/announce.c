#include "commands/check/announce.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"

enum { WORTH_TELLING = 256, NAMED_MOST = 4 };

/* The address that the route to the first target gives. A datagram socket that is connected sends
 * nothing. */
static bool source_of(
	const struct settings *settings, struct ip4 target, char text[ADDRESS_TEXT_SIZE])
{
	struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(9)};
	struct sockaddr_in here;
	socklen_t len = sizeof(here);

	if (*settings->source) {
		snprintf(text, ADDRESS_TEXT_SIZE, "%s", settings->source);
		return true;
	}
	there.sin_addr.s_addr = htonl(target.host);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	bool found = connect(fd, (const struct sockaddr *)&there, sizeof(there)) == 0 &&
		     getsockname(fd, (struct sockaddr *)&here, &len) == 0;
	close(fd);
	if (found)
		ip4_format((struct ip4){ntohl(here.sin_addr.s_addr)}, text);
	return found;
}

char *announce(const struct settings *settings, const struct target_set *set)
{
	size_t kinds = (settings->icmp ? 1 : 0) + (settings->tcp ? settings->tcp_port_count : 0);
	uint64_t packets = (uint64_t)set->address_count * kinds * (1 + settings->retry_count);
	double last_s =
		settings->retry_count
			? (double)settings->retries_ns[settings->retry_count - 1] / (double)NS_PER_S
			: 0;
	double wait_s = settings->wait_ns ? (double)settings->wait_ns / (double)NS_PER_S : 2;
	double first_s = (double)set->address_count * (double)kinds / settings->rate;
	double all_s = (double)packets / settings->rate;
	double long_s = (all_s > first_s + last_s ? all_s : first_s + last_s) + wait_s;
	char source[ADDRESS_TEXT_SIZE];
	char *text = NULL;
	size_t size = 0;

	if (set->address_count < WORTH_TELLING)
		return NULL;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		abort();
	fprintf(out, "asking %zu addresses (", set->address_count);
	for (size_t i = 0; i < set->argument_count && i < NAMED_MOST; i++)
		fprintf(out, "%s%s", i ? ", " : "", set->arguments[i].text);
	fprintf(out, "%s) with at most %" PRIu64 " packets, %.0f a second, in about %.0f s",
		set->argument_count > NAMED_MOST ? ", ..." : "", packets, settings->rate, long_s);
	if (source_of(settings, set->addresses[0], source))
		fprintf(out, ", from %s", source);
	if (fclose(out) != 0)
		abort();
	return text;
}
