#include "prober/step_down.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/log.h"
#include "core/mem.h"
#include "prober/io/confine_files.h"

static void note(struct step_down *step, const char *name)
{
	if (name && name[0] && access(name, R_OK) == 0)
		step->named[step->count++] = name;
}

static void note_named(const struct request *request, struct step_down *step)
{
	const struct settings *settings = &request->settings;
	char **targets = request->arguments;
	size_t count = request->argument_count;

	if (count == 0) {
		targets = settings->targets.items;
		count = settings->targets.count;
	}
	step->named = mem_zeroed(count + 3, sizeof(*step->named));
	note(step, request->config);
	note(step, settings->blocklist);
	note(step, settings->delegated);
	for (size_t i = 0; i < count; i++)
		note(step, targets[i][0] == '@' ? targets[i] + 1 : targets[i]);
}

static int become(const struct request *request, const struct step_down *step, struct diag *why)
{
	int r = confine_become(&step->user, why);

	if (r > 0 && !request->once)
		log_warn("confine: it stays root, for this user namespace has no other user");
	else if (r > 0)
		log_debug("confine: it stays root, for this user namespace has no other user");
	else if (r == 0 && step->user.root)
		log_debug("confine: uid=%u gid=%u", (unsigned int)step->user.uid,
			(unsigned int)step->user.gid);
	return r < 0 ? r : 0;
}

int step_down_begin(const struct request *request, struct step_down *ret, struct diag *why)
{
	*ret = (struct step_down){.user = confine_user_for(request->settings.store)};
	note_named(request, ret);
	return ret->user.owner ? become(request, ret, why) : 0;
}

static void tell_unreadable(const struct step_down *step)
{
	for (size_t i = 0; i < step->count; i++)
		if (access(step->named[i], R_OK) != 0)
			log_warn("confine: SIGHUP cannot read %s again: uid=%u may not",
				step->named[i], (unsigned int)getuid());
}

int step_down_end(const struct request *request, struct step_down *step, struct diag *why)
{
	int r = step->user.owner ? 0 : become(request, step, why);

	if (r < 0)
		return r;
	if (!request->once)
		tell_unreadable(step);
	r = confine_files(request->settings.store, step->named, step->count);
	if (r < 0) {
		diag_set(why, "cannot give up the file system: %s", strerror(-r));
		return r;
	}
	log_debug("confine: %s", r > 0 ? "this kernel has no Landlock" : "Landlock is on");
	return 0;
}

void step_down_finish(struct step_down *step)
{
	free(step->named);
	step->named = NULL;
}
