/*
 * What a probe and its answer cost before and behind the kernel: composing the
 * packet, and reading the frames of it leaving and of its answer. CPU time of
 * 65,536 each; sends nothing.
 */
#include <stdio.h>
#include <time.h>

#include "prober/io/transmit.h"
#include "prober/packet/frame.h"

enum { PROBES = 65536 };

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int figure(struct transmit *transmit, enum method method)
{
	const char *name = method == METHOD_TCP ? "syn" : "echo";
	struct probe probe = {
		.method = method,
		.source = {0xc612ff01},
		.ttl = PROBE_TTL,
		.source_port = 20007,
		.port = 80,
	};
	uint8_t bytes[TRANSMIT_PACKET_SIZE];
	struct sighting s;
	int len = 0;
	uint32_t sum = 0;

	double begin = cpu_s();
	for (uint32_t i = 0; i < PROBES; i++) {
		probe.identity = i;
		probe.target.host = 0xc6120000 + i % 1024;
		len = transmit_compose(transmit, &probe, bytes);
	}
	double composed = cpu_s();
	for (uint32_t i = 0; i < PROBES; i++) {
		if (packet_parse(bytes, (size_t)len, (size_t)len, &s) != SIGHTING_PARSED)
			return 1;
		sum += s.identity;
	}
	double parsed = cpu_s();
	printf("%s: compose %.1f ns, parse %.1f ns each (%u)\n", name,
		(composed - begin) * 1e9 / PROBES, (parsed - composed) * 1e9 / PROBES, sum & 1);
	return 0;
}

int main(void)
{
	struct transmit *transmit;
	struct diag why;

	if (transmit_open_dry(&why, &transmit) < 0) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	transmit_set_contact(transmit, "lightsout");
	int failed = figure(transmit, METHOD_ICMP) || figure(transmit, METHOD_TCP);
	transmit_close(transmit);
	return failed;
}
