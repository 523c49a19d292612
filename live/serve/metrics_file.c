#include <string.h>
#include <sys/resource.h>

#include "core/log.h"
#include "exchange/output_file.h"
#include "live/serve/answer.h"
#include "live/serve/state.h"

size_t server_scenes(const struct server *server, const struct scene *scenes[SITES_MOST])
{
	size_t count = 0;

	for (size_t i = 0; i < server->site_count && count < SITES_MOST; i++)
		scenes[count++] = server->sites[i].scene;
	return count;
}

static int write_file(const struct server *server, const char *path, struct diag *why)
{
	const struct scene *scenes[SITES_MOST];
	size_t count = server_scenes(server, scenes);
	struct output_file file;
	int r = output_file_open(&file, path, why);

	if (r < 0)
		return r;
	state_write_metrics(file.out, scenes, count, server->now);
	r = output_file_write(&file);
	if (r == 0)
		r = output_file_name(&file);
	output_file_finish(&file);
	if (r < 0)
		diag_set(why, "cannot write \"%s\": %s", path, strerror(-r));
	return r;
}

void server_keep_metrics(struct server *server)
{
	struct diag why = {0};
	char text[640];

	if (!server->config->metrics_file)
		return;
	int r = write_file(server, server->config->metrics_file, &why);
	if (r < 0 && !server->mute)
		log_warn("serve: %s", diag_format(&why, text, sizeof(text)));
	server->mute = r < 0;
}

void server_raise_descriptors(unsigned connections)
{
	const rlim_t want = connections + 128;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= want)
		return;
	limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
	setrlimit(RLIMIT_NOFILE, &limit);
}
