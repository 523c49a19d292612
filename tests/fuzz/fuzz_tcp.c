/* A TCP segment from 198.18.0.1 to 198.18.255.1; its checksum made right. */
#include <stdlib.h>
#include <string.h>

#include "prober/packet/tcp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sighting s;
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy || len > UINT16_MAX)
		goto out;
	memcpy(copy, bytes, len);
	struct ipv4 ip = {.from = {0xc6120001},
		.to = {0xc612ff01},
		.protocol = IPV4_TCP,
		.payload = copy,
		.payload_len = len,
		.payload_wire_len = len};
	repair_checksum(copy, len, 16, cksum_pseudo(ip.from, ip.to, IPV4_TCP, len));
	enum sighting_verdict verdict = tcp_parse(&ip, &s);
	if (verdict == SIGHTING_BAD_CHECKSUM)
		abort();
	if (verdict == SIGHTING_PARSED && s.bare_ack && s.outcome != OUTCOME_SYN_ACK)
		abort();
out:
	free(copy);
	return 0;
}
