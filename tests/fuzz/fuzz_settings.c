/* Whatever is read is printed as a text that reads back as the same. */
#include <stdlib.h>
#include <string.h>

#include "core/settings.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct settings settings;
	struct settings back;
	struct diag why = {.line = 0};

	settings_init(&settings);
	if (settings_read(&settings, "fuzz", (const char *)bytes, len, &why) == 0) {
		char *text = settings_print(&settings);
		settings_init(&back);
		if (settings_read(&back, "back", text, strlen(text), &why) < 0)
			abort();
		char *again = settings_print(&back);
		if (strcmp(text, again) != 0)
			abort();
		free(text);
		free(again);
		settings_finish(&back);
	}
	settings_finish(&settings);
	return 0;
}
