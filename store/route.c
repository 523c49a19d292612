#include "store/route.h"

#include <errno.h>
#include <string.h>

#include "store/bounds.h"

static const char *const names[] = {"announce", "withdraw", "reset"};
enum { EVENTS = sizeof(names) / sizeof(names[0]) };

const char *route_event_name(enum route_event event)
{
	return names[event];
}

bool route_event_parse(const char *text, enum route_event *ret)
{
	for (int i = 0; i < EVENTS; i++)
		if (strcmp(text, names[i]) == 0) {
			*ret = (enum route_event)i;
			return true;
		}
	return false;
}

bool path_known(const char *path)
{
	return path[strspn(path, "0123456789{}(), ")] == '\0';
}

/* The words of a path, without those that are as the one before: *out ends at `end`. */
static size_t squeeze(const char *text, size_t skip, char *out, size_t size)
{
	const char *before = NULL;
	size_t before_len = 0;
	size_t len = 0;
	size_t words = 0;

	while (*(text += strspn(text, " "))) {
		size_t word = strcspn(text, " ");
		bool again = before && before_len == word && memcmp(before, text, word) == 0;
		before = text;
		before_len = word;
		text += word;
		if (again || words++ < skip)
			continue;
		if (len + word + 2 > size)
			return SIZE_MAX;
		if (len)
			out[len++] = ' ';
		memcpy(out + len, before, word);
		len += word;
	}
	out[len] = '\0';
	return len;
}

bool path_take(const char *text, char ret[AS_PATH_SIZE])
{
	if (!path_known(text))
		return false;
	for (size_t skip = 0; squeeze(text, skip, ret, AS_PATH_SIZE) == SIZE_MAX; skip++)
		;
	return true;
}

int bounds_route(const struct route *route, struct diag *why)
{
	bool reset = route->event == ROUTE_RESET;

	if (!time_within(route->at))
		return diag_set(why, "a route of a time outside the years 1970 to 2199");
	if (route->event < ROUTE_ANNOUNCE || route->event > ROUTE_RESET)
		return diag_set(why, "a route with an event that there is not");
	if (route->prefix.len > 32 || route->prefix.base.host & ~prefix_mask(route->prefix.len) ||
		(reset && route->prefix.len))
		return diag_set(why, "a route of no prefix");
	if (!*route->peer || !text_printable(route->peer))
		return diag_set(why, "a route without the name of its peer");
	if (!path_known(route->path) || (route->event != ROUTE_ANNOUNCE && *route->path))
		return diag_set(why, "a route with a path that is none");
	return 0;
}

int bounds_heard(const struct heard *heard, struct diag *why)
{
	if (!time_within(heard->start) || !time_within(heard->end) ||
		heard->end.ns < heard->start.ns)
		return diag_set(why, "routes listened to outside the years 1970 to 2199, or "
				     "backwards");
	return 0;
}
