/* Every row that is read is found by its own addresses. */
#include <stdlib.h>

#include "targets/blocklist.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct blocklist list;
	struct diag why = {.line = 0};

	if (blocklist_parse("fuzz", (const char *)bytes, len, &list, &why) < 0)
		return 0;
	for (size_t i = 0; i < list.count && i < 64; i++)
		if (!blocklist_find(&list, list.rows[i].range.first) ||
			!blocklist_find(&list, list.rows[i].range.last) ||
			!blocklist_holds(&list, list.rows[i].range.first) ||
			!blocklist_holds(&list, list.rows[i].range.last))
			abort();
	blocklist_finish(&list);
	return 0;
}
