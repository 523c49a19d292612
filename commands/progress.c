#include "commands/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/clock.h"

#define EACH_NS (200 * NS_PER_MS)

struct progress progress_begin(const char *what, bool quiet)
{
	return (struct progress){.what = what, .shown = !quiet && isatty(STDERR_FILENO) == 1};
}

void progress_tell(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	int64_t now_ns = p->shown ? clock_mono().ns : 0;

	if (!p->shown || total <= 0 || (p->told_ns && now_ns - p->told_ns < EACH_NS))
		return;
	p->told_ns = now_ns;
	fprintf(stderr, "\r%s: %" PRId64 " %%\033[K", p->what, (int64_t)(100.0 * (double)done / (double)total));
	fflush(stderr);
}

void progress_end(struct progress *p)
{
	if (p->told_ns)
		fputs("\r\033[K", stderr);
	p->told_ns = 0;
}
