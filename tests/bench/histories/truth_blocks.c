#include "tests/bench/histories/truth_blocks.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "tests/bench/histories/looks.h"
#include "tests/bench/histories/schedule.h"

FILE *truth_file(const char *directory, const char *name)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, "w");
}

void truth_put_time(FILE *file, int64_t t)
{
	fprintf(file, ",%.6f", (double)(t / 1000) * 1e-6);
}

/* How often the machine of a block that was asked least was asked. */
static int asked(const struct world *world, int block, int64_t start, int64_t end)
{
	int least = INT_MAX;

	for (int m = 0; m < world->machine_count; m++) {
		if (!machine_counted(world, m) || machine_block(world, m) != block)
			continue;
		int count = looks_between(world, m, start, end);
		least = count < least ? count : least;
	}
	return least;
}

/* A machine that never returns excuses no report for ever. */
static int64_t back_or_used_to(const struct world *world, const struct loss *loss)
{
	int64_t used_to = loss->start + at_least_intervals(world, HOURS(6), 6);

	return loss->end >= world->end && used_to < loss->end ? used_to : loss->end;
}

/* Machines gone in one block: call put for each stretch with at least `least` of them. */
static void stretches(struct world *world, const struct losses *losses, int block, int least,
	FILE *file, int64_t shortest)
{
	struct instants ups = {0}, downs = {0};
	char text[ADDRESS_TEXT_SIZE];
	int now = 0;
	int64_t since = 0;

	prefix_format(world->blocks[block], text);
	for (size_t i = 0; i < losses->count; i++)
		if (machine_block(world, losses->items[i].machine) == block) {
			instants_add(&downs, losses->items[i].start);
			instants_add(&ups, shortest ? losses->items[i].end
						    : back_or_used_to(world, &losses->items[i]));
		}
	instants_settle(&downs);
	instants_settle(&ups);
	for (size_t d = 0, u = 0; u < ups.count;) {
		if (d < downs.count && downs.items[d] < ups.items[u]) {
			if (++now == least)
				since = downs.items[d];
			d++;
			continue;
		}
		const struct span *ramp =
			spans_at(&world->providers[world->provider_of[block]].ramp,
				since / 2 + ups.items[u] / 2);
		bool trickles =
			shortest > 0 && ramp && ramp->from < 1; /* some answers come through */
		if (now-- == least && !trickles && ups.items[u] - since >= shortest) {
			fprintf(file, "%s", text);
			truth_put_time(file, since);
			truth_put_time(file, ups.items[u]);
			fprintf(file, ",%d,%d\n", block_machines(world, block),
				asked(world, block, since, ups.items[u]));
		}
		u++;
	}
	free(ups.items);
	free(downs.items);
}

static int write_blocks(struct world *world, const struct losses *losses, const char *directory,
	const char *name, bool whole)
{
	FILE *file = truth_file(directory, name);

	if (!file)
		return -errno;
	fprintf(file, "block,start,end,machines,asked\n");
	for (int b = 0; b < world->block_count; b++) {
		int all = block_machines(world, b);
		int least = whole ? all : all < 3 ? 1 : 2;
		if (all)
			stretches(world, losses, b, least, file, whole ? SECONDS(120) : 0);
		char text[ADDRESS_TEXT_SIZE];
		prefix_format(world->blocks[b], text);
		for (int i = 0; !whole && i < world->endpoint_count; i++)
			if (world->endpoints[i].block == b &&
				world->endpoints[i].daily_on != world->endpoints[i].daily_off) {
				/* A rhythm is not to be known before it has been seen. */
				fprintf(file, "%s", text);
				truth_put_time(file, world->start);
				truth_put_time(file,
					world->start + at_least_intervals(world, DAYS(5), 30));
				fprintf(file, ",%d,\n", all);
				break;
			}
		const struct provider *provider = &world->providers[world->provider_of[b]];
		for (size_t i = 0; !whole && i < provider->ramp.count + provider->bursts.count;
			i++) {
			const struct span *span =
				i < provider->ramp.count
					? &provider->ramp.items[i]
					: &provider->bursts.items[i - provider->ramp.count];
			if (span->end - span->start < SECONDS(50))
				continue;
			fprintf(file, "%s", text);
			truth_put_time(file, span->start);
			truth_put_time(file, span->end);
			fprintf(file, ",%d,\n", all);
		}
	}
	return fclose(file) ? -errno : 0;
}

int truth_write_downs(struct world *world, const struct losses *losses, const char *directory)
{
	return write_blocks(world, losses, directory, "downs.csv", true);
}

int truth_write_excused(struct world *world, const struct losses *losses, const char *directory)
{
	return write_blocks(world, losses, directory, "excused.csv", false);
}
