/* The prefixes of each record add up to its count. */
#include <stdlib.h>

#include "targets/delegated.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct delegated_record *records;
	size_t count;
	struct diag why = {.line = 0};

	if (delegated_parse("fuzz", (const char *)bytes, len, "KP", &records, &count, &why) < 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (records[i].range.first.host > records[i].range.last.host)
			abort();
	free(records);
	return 0;
}
