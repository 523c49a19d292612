/* Whatever is read, tidied and written reads back as the same. */
#include <stdlib.h>
#include <string.h>

#include "targets/list.h"
#include "tests/fuzz/fuzz.h"

static char *text_of(const struct target_list *list, size_t *ret_len)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_len);

	if (!out)
		abort();
	for (size_t i = 0; i < list->count; i++)
		list_entry_print(&list->entries[i], "", out);
	fclose(out);
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct target_list list;
	struct target_list back;
	struct diag why = {.line = 0};
	size_t text_len;
	size_t again_len;

	if (list_parse("fuzz", (const char *)bytes, len, &list, &why) < 0)
		return 0;
	list_tidy(&list);
	char *text = text_of(&list, &text_len);
	if (list_parse("back", text, text_len, &back, &why) < 0)
		abort();
	list_tidy(&back);
	char *again = text_of(&back, &again_len);
	if (text_len != again_len || memcmp(text, again, text_len) != 0)
		abort();
	free(text);
	free(again);
	list_finish(&list);
	list_finish(&back);
	return 0;
}
