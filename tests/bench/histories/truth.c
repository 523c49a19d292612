#include "tests/bench/histories/truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/histories/looks.h"
#include "tests/bench/histories/losses.h"
#include "tests/bench/histories/schedule.h"
#include "tests/bench/histories/truth_blocks.h"

static void put_blocks(FILE *file, const struct world *world, const bool *in)
{
	char text[ADDRESS_TEXT_SIZE];
	const char *between = "";

	fputc(',', file);
	for (int b = 0; b < world->block_count; b++)
		if (in[b]) {
			prefix_format(world->blocks[b], text);
			fprintf(file, "%s%s", between, text);
			between = ";";
		}
}

static int write_world(const struct world *world, const char *directory, struct stream_count count)
{
	FILE *file = truth_file(directory, "world.csv");
	char text[ADDRESS_TEXT_SIZE];

	if (!file)
		return -errno;
	fprintf(file, "family,seed,block,machines,start,end,vantages,anchored,sweeps,observations,"
		      "every_s\n");
	for (int b = 0; b < world->block_count; b++) {
		prefix_format(world->blocks[b], text);
		fprintf(file, "%s,%llu,%s,%d", world->family, (unsigned long long)world->seed, text,
			block_machines(world, b));
		truth_put_time(file, world->start);
		truth_put_time(file, world->end);
		fprintf(file, ",%d,%d,%llu,%llu,%.0f\n", world->vantage_count, world->anchored,
			(unsigned long long)count.sweeps, (unsigned long long)count.observations,
			(double)at_least_intervals(world, SECONDS(60), 1) * 1e-9);
	}
	return fclose(file) ? -errno : 0;
}

/* How the machines that were gone look to somebody with timestamps. */
struct clocks {
	int rebooted, ran_through;
};

static struct clocks read_clocks(const struct world *world, const struct outage_truth *outage)
{
	struct clocks clocks = {0};

	for (int m = 0; m < world->machine_count; m++) {
		if (!outage->gone[m] || !machine_clock_usable(world, m))
			continue;
		int64_t boot = instants_before(&world->machines[m].boots, outage->end);
		if (boot >= outage->start)
			clocks.rebooted++;
		else
			clocks.ran_through++;
	}
	return clocks;
}

static bool border_tells_apart(
	const struct world *world, const struct event *event, const struct outage_truth *outage)
{
	return world->borders_named && !event->border_dark && outage->lost >= 3 &&
	       !outage->gone[world->border];
}

/* The rule, as README.md states it. */
static bool identifiable(
	const struct world *world, const struct event *event, const struct outage_truth *outage)
{
	struct clocks clocks = read_clocks(world, outage);

	if (event->access)
		return clocks.rebooted == 0 && clocks.ran_through >= 3;
	switch (event->cause) {
	case CAUSE_POWER:
		return clocks.rebooted >= 2 || border_tells_apart(world, event, outage);
	case CAUSE_UPSTREAM:
		return outage->steps && clocks.rebooted == 0 &&
		       (clocks.ran_through >= 3 || (event->errors_named && outage->lost >= 3));
	case CAUSE_CONGESTION:
		return event->peak_start - event->ramp_start >= MINUTES(10);
	case CAUSE_ROUTING:
		return world->vantage_count > 1;
	case CAUSE_NOTHING:
	case CAUSE_OTHER:
		break;
	}
	return false;
}

/* Nothing at all that tells power from upstream. */
static bool twin(
	const struct world *world, const struct event *event, const struct outage_truth *outage)
{
	struct clocks clocks = read_clocks(world, outage);

	if (event->access)
		return clocks.rebooted == 0 && clocks.ran_through < 3;
	return (event->cause == CAUSE_POWER || event->cause == CAUSE_UPSTREAM) && outage->steps &&
	       clocks.rebooted == 0 && clocks.ran_through < 3 && !event->errors &&
	       !(event->cause == CAUSE_POWER && border_tells_apart(world, event, outage));
}

static bool graded(
	const struct world *world, const struct event *event, const struct outage_truth *outage)
{
	int64_t least = at_least_intervals(world, SECONDS(200), 3.2);

	return !event->ungraded && outage->lost >= 2 && outage->worst_share >= 0.4 &&
	       outage->longest_pair >= least;
}

/* How near to an instant the probes of those that went or came then let one come. */
static void put_least(FILE *file, const struct world *world, const bool *machines, int64_t t)
{
	struct look_pair pair = looks_around(world, machines, t);

	if (pair.before == INT64_MIN || pair.after == INT64_MAX)
		fputc(',', file);
	else
		fprintf(file, ",%.3f", (double)(pair.after - pair.before) * 1e-9);
}

static void put_outage(FILE *file, const struct history *history, const struct event *event,
	const struct outage_truth *outage)
{
	const struct world *world = history->world;
	struct clocks clocks = read_clocks(world, outage);
	int machines = 0, biggest = 0;

	for (int b = 0; b < world->block_count; b++) {
		int here = block_machines(world, b);
		machines += here;
		if (outage->in_block[b] && here > biggest)
			biggest = here;
	}
	fprintf(file, "%s,%llu,%d,%s,%d,%d,%d", world->family, (unsigned long long)world->seed,
		(int)(event - history->events), event_cause_name(event->cause),
		graded(world, event, outage), identifiable(world, event, outage),
		twin(world, event, outage));
	truth_put_time(file, outage->start);
	truth_put_time(file, outage->end);
	put_blocks(file, world, outage->in_block);
	fprintf(file, ",%d,%d,%d,%.3f,%d,%d,%d,%d,%d,%d,%d", outage->lost, machines, biggest,
		outage->worst_share, outage->at_onset, outage->at_end, outage->onset_points,
		outage->end_points, outage->steps, clocks.rebooted, clocks.ran_through);
	fprintf(file, ",%.3f", (double)outage->second * 1e-9);
	put_least(file, world, outage->first, outage->start);
	put_least(file, world, outage->last, outage->end);
	fprintf(file, ",%s\n", event->note);
}

/* Lost from one vantage point only: no machine is gone, and yet it is an outage row. */
static void put_partial(FILE *file, const struct history *history, int number)
{
	struct world *world = history->world;
	const struct event *event = &history->events[number];
	struct outage_truth outage = {.start = event->start,
		.end = event->stop,
		.pair_start = event->start,
		.pair_end = event->stop,
		.longest_pair = event->stop - event->start,
		.worst_share = 1,
		.steps = true};

	for (int v = 0; v < world->vantage_count; v++)
		for (int b = 0; b < world->block_count; b++)
			for (size_t i = 0; i < world->vantages[v].cut[b].count; i++)
				if (world->vantages[v].cut[b].items[i].event == number)
					outage.in_block[b] = true;
	for (int b = 0; b < world->block_count; b++)
		outage.lost += outage.in_block[b] ? block_machines(world, b) : 0;
	outage.at_onset = outage.at_end = outage.lost;
	outage.onset_points = outage.end_points = 1;
	put_outage(file, history, event, &outage);
}

static int write_events(
	const struct history *history, const struct losses *losses, const char *directory)
{
	static struct outage_truth found[OUTAGES_PER_EVENT];
	FILE *file = truth_file(directory, "events.csv");

	if (!file)
		return -errno;
	fprintf(file,
		"family,seed,event,cause,graded,identifiable,twin,start,end,blocks,lost,machines,"
		"block_machines,worst_share,at_onset,at_end,onset_points,end_points,steps,rebooted,"
		"ran_through,second_s,onset_least,end_least,note\n");
	for (int i = 0; i < history->event_count; i++) {
		const struct event *event = &history->events[i];
		if (event->cause == CAUSE_ROUTING) {
			put_partial(file, history, i);
			continue;
		}
		int count = outages_of_event(history->world, losses, event, found);
		for (int k = 0; k < count; k++)
			if (found[k].lost >= 2 &&
				found[k].pair_end - found[k].pair_start >= SECONDS(120))
				put_outage(file, history, event, &found[k]);
	}
	return fclose(file) ? -errno : 0;
}

static void put_addresses(FILE *file, const struct world *world, int machine)
{
	const char *between = ",";
	char text[ADDRESS_TEXT_SIZE];

	for (int i = 0; i < world->endpoint_count; i++)
		if (world->endpoints[i].machine == machine) {
			ip4_format(world->endpoints[i].address, text);
			fprintf(file, "%s%s", between, text);
			between = ";";
		}
}

static int write_reboots(const struct world *world, const char *directory)
{
	FILE *file = truth_file(directory, "reboots.csv");

	if (!file)
		return -errno;
	fprintf(file, "machine,addresses,boot,observable,dated\n");
	for (int m = 0; m < world->machine_count; m++) {
		const struct machine *machine = &world->machines[m];
		for (size_t i = 0; i < machine->boots.count; i++) {
			int64_t boot = machine->boots.items[i];
			if (boot < world->start)
				continue;
			int64_t before = i ? machine->boots.items[i - 1] : world->start;
			int64_t after = i + 1 < machine->boots.count ? machine->boots.items[i + 1]
								     : world->end;
			/* Several readings on either side, or nobody can know. */
			bool observable =
				machine_clock_usable(world, m) && machine_counted(world, m) &&
				boot - before > MINUTES(30) && after - boot > MINUTES(30) &&
				boot - world->start > HOURS(3) && world->end - boot > HOURS(6);
			fprintf(file, "%d", m);
			put_addresses(file, world, m);
			truth_put_time(file, boot);
			fprintf(file, ",%d,%d\n", observable, machine->clock == CLOCK_GLOBAL);
		}
	}
	return fclose(file) ? -errno : 0;
}

int truth_write(struct history *history, const char *directory, struct stream_count count)
{
	struct losses losses;
	int r = write_world(history->world, directory, count);

	losses_of_world(history->world, &losses);
	if (r == 0)
		r = write_events(history, &losses, directory);
	if (r == 0)
		r = truth_write_downs(history->world, &losses, directory);
	if (r == 0)
		r = truth_write_excused(history->world, &losses, directory);
	if (r == 0)
		r = write_reboots(history->world, directory);
	losses_free(&losses);
	return r;
}
