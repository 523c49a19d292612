#include <string.h>

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

int server_write_metrics(const struct server *server, const char *path, struct diag *why)
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
