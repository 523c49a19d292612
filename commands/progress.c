#include "commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"

#define EACH_NS (200 * NS_PER_MS)

struct progress progress_begin(const char *what, bool quiet)
{
	return (struct progress){.what = what, .shown = !quiet && isatty(STDERR_FILENO) == 1};
}

void progress_tell(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	char text[64];
	int64_t now_ns = p->shown ? clock_mono().ns : 0;

	if (!p->shown || total <= 0 || (p->told_ns && now_ns - p->told_ns < EACH_NS))
		return;
	p->told_ns = now_ns;
	snprintf(text, sizeof(text), "\r%s: %" PRId64 " %%\033[K", p->what,
		(int64_t)(100.0 * (double)done / (double)total));
	log_write(text); /* standard error itself is shielded */
}

void progress_end(struct progress *p)
{
	if (p->told_ns)
		log_write("\r\033[K");
	p->told_ns = 0;
}
