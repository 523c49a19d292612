/* An ICMP message, without its IP header; its checksum made right. */
#include <stdlib.h>
#include <string.h>

#include "prober/packet/icmp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/repair.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sighting s;
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy || len > UINT16_MAX)
		goto out;
	memcpy(copy, bytes, len);
	repair_checksum(copy, len, 2, 0);
	struct ipv4 ip = {.protocol = IPV4_ICMP,
		.payload = copy,
		.payload_len = len,
		.payload_wire_len = len};
	enum sighting_verdict verdict = icmp_parse(&ip, &s);
	if (verdict == SIGHTING_BAD_CHECKSUM)
		abort();
	if (verdict == SIGHTING_PARSED && s.kind != SIGHTING_NONE && !s.has_identity)
		abort();
out:
	free(copy);
	return 0;
}
