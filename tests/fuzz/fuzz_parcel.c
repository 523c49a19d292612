/* Bytes as a parcel, with the checksum put right: what opens is a sweep, and the same again. */
#include <stdlib.h>

#include "core/mem.h"
#include "store/parcel.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct parcel_opener *opener;
	struct diag why = {.line = 0};
	struct sweep sweep;
	uint8_t *parcel = mem_copy(bytes, len);

	if (!opener && parcel_opener_create(&why, &opener) < 0)
		abort();
	parcel_repair(parcel, len);
	if (parcel_open(opener, parcel, len, &sweep, &why) == 0) {
		size_t count = sweep.observation_count;
		if (parcel_open(opener, parcel, len, &sweep, &why) != 0 ||
			sweep.observation_count != count)
			abort();
	}
	free(parcel);
	return 0;
}
