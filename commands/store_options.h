#ifndef COMMANDS_STORE_OPTIONS_H
#define COMMANDS_STORE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* What the words behind "lightsout store" were given. */
struct store_options {
	const char *store;
	const char *sweep;  /* --sweep */
	const char *before; /* --before */
	const char *output; /* -o */
	char **files;       /* behind the word */
	size_t file_count;
	bool quiet;
};

/* One each; they return an exit status. The last three write. */
int store_command_check(const struct store_options *given);
int store_command_stats(const struct store_options *given);
int store_command_backup(const struct store_options *given);
int store_command_merge(const struct store_options *given);
int store_command_prune(const struct store_options *given);

#endif
