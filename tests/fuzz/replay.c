/* replay DIRECTORY: each file of a corpus through the fuzz target it is linked with. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 20 };

static int replay(const char *path)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes = malloc(INPUT_MAX);

	if (!in || !bytes) {
		fprintf(stderr, "replay: %s cannot be read\n", path);
		exit(1);
	}
	size_t len = fread(bytes, 1, INPUT_MAX, in);
	fclose(in);
	/* The exact size lets AddressSanitizer see one byte too far. */
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		exit(1);
	memcpy(exact, bytes, len);
	free(bytes);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return 1;
}

int main(int argc, char **argv)
{
	DIR *directory = argc == 2 ? opendir(argv[1]) : NULL;
	const struct dirent *entry;
	int count = 0;

	if (!directory) {
		fputs("usage: replay DIRECTORY\n", stderr);
		return 2;
	}
	while ((entry = readdir(directory))) {
		char path[4096];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		count += replay(path);
	}
	closedir(directory);
	printf("%d inputs replayed\n", count);
	return count > 0 ? 0 : 1; /* an empty corpus proves nothing */
}
