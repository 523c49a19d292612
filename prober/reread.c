#include "prober/reread.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "targets/blocklist.h"
#include "targets/file.h"

/* The store is open, the capture's filter and interface are set, and replies to open sweeps
 * come to where they were asked from. */
static void keep_fixed(
	const struct settings *now, struct settings *next, char ret_fixed[REREAD_NAMES])
{
	snprintf(ret_fixed, REREAD_NAMES, "%s%s%s%s%s",
		strcmp(now->store, next->store) != 0 ? ", store" : "",
		strcmp(now->vantage, next->vantage) != 0 ? ", vantage" : "",
		strcmp(now->interface, next->interface) != 0 ? ", interface" : "",
		now->source_port != next->source_port ? ", source_port" : "",
		now->fwmark != next->fwmark ? ", fwmark" : "");
	memcpy(next->store, now->store, sizeof(next->store));
	memcpy(next->vantage, now->vantage, sizeof(next->vantage));
	memcpy(next->interface, now->interface, sizeof(next->interface));
	next->source_port = now->source_port;
	next->fwmark = now->fwmark;
}

/*
 * Who asked to be left out must not be asked because somebody is just writing a file: a list
 * is followed as far as it is whole, and none is named only by who says so.
 */
static int keep_blocked(const struct request *now, const struct request *next, struct diag *why)
{
	const char *file = now->settings.blocklist;

	if (!file[0])
		return 0;
	if (strcmp(file, next->settings.blocklist) == 0)
		return blocklist_follows(
			file, now->targets.blocklist, next->targets.blocklist, why);
	if (next->settings.blocklist[0] || settings_given(&next->settings, "blocklist"))
		return 0;
	*why = (struct diag){.line = 0};
	snprintf(why->file, sizeof(why->file), "%s", next->config);
	return diag_set(why,
		"the blocklist \"%.120s\" is named no more, expected blocklist: \"\" where none is "
		"meant",
		file);
}

int reread(struct request *request, struct request *ret_before, char ret_fixed[REREAD_NAMES],
	struct diag *why)
{
	struct request next;

	file_read_again();
	request_init(&next);
	next.again = true;
	optind = 0; /* getopt_long begins anew */
	int r = request_read(&next, request->argc, request->argv, why);
	if (r > 0)
		r = 0;
	if (r == 0) {
		keep_fixed(&request->settings, &next.settings, ret_fixed);
		r = request_targets(&next, why);
	}
	if (r == 0)
		r = keep_blocked(request, &next, why);
	/* One that is gone for a while must keep nobody from being left out. */
	if (r == 0 && strcmp(next.settings.source, request->settings.source) != 0)
		r = request_check(&next, why);
	if (r < 0) {
		request_finish(&next);
		return r;
	}
	next.partial = request->partial;
	*ret_before = *request;
	*request = next;
	return 0;
}
