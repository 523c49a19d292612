#include "commands/stores.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/inputs.h"

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("-_.", c));
}

static bool is_taken(const struct stores *stores, const char *name)
{
	/* Addresses of serve that are no store's. */
	static const char *const others[] = {"api", "assets", "events", "healthz", "metrics"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasecmp(others[i], name) == 0)
			return true;
	for (size_t i = 0; i < stores->count; i++)
		if (strcasecmp(stores->items[i].name, name) == 0)
			return true;
	return false;
}

static void call(const struct stores *stores, struct serve_store *store)
{
	const char *slash = strrchr(store->path, '/');

	snprintf(store->name, sizeof(store->name) - 8, "%s", slash ? slash + 1 : store->path);
	char *dot = strrchr(store->name, '.');
	if (dot && dot > store->name)
		*dot = '\0';
	for (char *c = store->name; *c; c++)
		if (!is_plain(*c))
			*c = '-';
	if (is_taken(stores, store->name)) {
		size_t len = strlen(store->name);
		snprintf(store->name + len, sizeof(store->name) - len, "-%zu", stores->count + 1);
	}
	snprintf(store->title, sizeof(store->title), "%s",
		strcasecmp(store->name, "kp") == 0 ? "North Korea" : store->name);
}

int stores_add(struct stores *stores, const char *path)
{
	if (stores->count == STORES_MOST) {
		fprintf(stderr, "lightsout: -s \"%s\": expected at most %d stores\n", path,
			STORES_MOST);
		return -1;
	}
	struct serve_store *store = &stores->items[stores->count];
	*store = (struct serve_store){.path = path};
	call(stores, store);
	stores->count++;
	input_note_store(path);
	return 0;
}
