#include "tests/lab/truth.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

static FILE *file_open(const char *directory, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return fopen(path, "we");
}

static int file_close(FILE *file)
{
	bool failed = ferror(file);

	return fclose(file) || failed ? -EIO : 0;
}

/* Nothing for what lies beyond the scenario. */
static const char *time_text(struct wall start, int64_t at, char text[CLOCK_TEXT_SIZE])
{
	if (at == PLAN_FOREVER)
		text[0] = '\0';
	else
		wall_format(wall_after(start, at), text);
	return text;
}

static void write_span(FILE *file, struct wall start, int64_t from, int64_t until)
{
	char a[CLOCK_TEXT_SIZE];
	char b[CLOCK_TEXT_SIZE];

	fprintf(file, "%s,%s,", time_text(start, from, a), time_text(start, until, b));
	if (until != PLAN_FOREVER)
		fprintf(file, "%.3f", (double)(until - from) / (double)NS_PER_S);
}

static int write_events(const char *directory, const struct scenario *s, struct wall start)
{
	FILE *file = file_open(directory, "events.csv");
	char text[CLOCK_TEXT_SIZE];

	if (!file)
		return -errno;
	fputs("time,at_s,event\n", file);
	for (size_t i = 0; i < s->event_count; i++)
		fprintf(file, "%s,%.3f,\"%s\"\n", time_text(start, s->events[i].at_ns, text),
			(double)s->events[i].at_ns / (double)NS_PER_S, s->events[i].text);
	return file_close(file);
}

static int write_hosts(
	const char *directory, const struct scenario *s, const struct plan *plan, struct wall start)
{
	FILE *file = file_open(directory, "hosts.csv");
	char a[CLOCK_TEXT_SIZE];
	char b[CLOCK_TEXT_SIZE];
	char address[ADDRESS_TEXT_SIZE];

	if (!file)
		return -errno;
	fputs("address,site,icmp,open,other,from,until,boot\n", file);
	for (size_t i = 0; i < s->host_count; i++) {
		const struct traits *t = &s->hosts[i];
		ip4_format(scenario_address(s, i), address);
		for (size_t k = 0; k < plan->hosts[i].count; k++) {
			const struct life *life = &plan->hosts[i].at[k];
			fprintf(file, "%s,%s,%s,", address, t->site, t->icmp ? "yes" : "no");
			for (int p = 0; p < SCENARIO_PORTS && t->open[p]; p++)
				fprintf(file, "%s%u", p ? ";" : "", (unsigned)t->open[p]);
			fprintf(file, ",%s,%s,%s,",
				t->other == OTHER_CLOSED ? "closed" : "filtered",
				time_text(start, life->from, a), time_text(start, life->until, b));
			fprintf(file, "%s\n", time_text(start, life->boot, a));
		}
	}
	return file_close(file);
}

struct row {
	int64_t from;
	struct tally tally;
};

static void write_row(FILE *file, const struct history *h, size_t block, const struct row *row,
	struct wall start, int64_t until)
{
	char name[ADDRESS_TEXT_SIZE];
	const struct tally *t = &row->tally;
	const char *state = tally_state(t);
	bool unknown = t->present == 0;

	prefix_format(block_of(scenario_address(h->s, block * 256)), name);
	fprintf(file, "%s,", name);
	write_span(file, start, row->from, until);
	fprintf(file, ",%s,%s,", state,
		unknown                      ? "never_answered"
		: !strcmp(state, "degraded") ? "machines"
					     : "");
	if (!unknown)
		fprintf(file, "%.3f", (double)t->reachable / (double)t->present);
	fprintf(file, ",%zu,%s\n", t->present, strcmp(state, "up") != 0 ? tally_cause(t) : "");
}

static int write_timeline(
	const char *directory, const struct scenario *s, const struct plan *plan, struct wall start)
{
	FILE *file = file_open(directory, "timeline.csv");
	struct history h;

	if (!file)
		return -errno;
	fputs("block,start,end,duration_s,state,reason,fraction_up,machines,cause\n", file);
	for (size_t block = 0; block < (s->host_count + 255) / 256; block++) {
		struct row row = {-1, {0}};
		history_init(&h, s, plan);
		while (history_step(&h)) {
			const struct tally *t = &h.blocks[block];
			if (row.from >= 0 && !strcmp(tally_state(t), tally_state(&row.tally)))
				continue;
			if (row.from >= 0)
				write_row(file, &h, block, &row, start, h.from);
			row = (struct row){h.from, *t};
		}
		write_row(file, &h, block, &row, start, h.until);
		history_finish(&h);
	}
	return file_close(file);
}

/* An outage while it is gathered, over all blocks. */
struct gathering {
	size_t number;
	int64_t from;      /* -1: none */
	size_t stragglers; /* of the last outage, still not back */
	size_t most;       /* machines lost at the worst */
	struct tally worst;
	bool hit[256]; /* blocks with a loss */
};

static void hit(const struct history *h, struct gathering *g)
{
	for (size_t b = 0; b < h->block_count; b++)
		if (g->from >= 0 && h->blocks[b].reachable < h->blocks[b].present)
			g->hit[b] = true;
}

static struct tally sum(const struct history *h)
{
	struct tally all = {0};

	for (size_t b = 0; b < h->block_count; b++) {
		const struct tally *t = &h->blocks[b];
		all.present += t->present;
		all.reachable += t->reachable;
		all.cut += t->cut;
		all.powerless += t->powerless;
		all.silenced += t->silenced;
	}
	return all;
}

static void write_outage(
	FILE *file, const struct history *h, struct gathering *g, struct wall start, int64_t until)
{
	char name[ADDRESS_TEXT_SIZE];
	size_t hit = 0;

	fprintf(file, "%zu,", ++g->number);
	write_span(file, start, g->from, until);
	for (size_t b = 0; b < h->block_count; b++)
		hit += g->hit[b];
	fprintf(file, ",%s,",
		g->most < g->worst.present ? hit == 1 ? "site" : "blocks" : "country");
	for (size_t b = 0, written = 0; b < h->block_count; b++)
		if (g->hit[b]) {
			prefix_format(block_of(scenario_address(h->s, b * 256)), name);
			fprintf(file, "%s%s", written++ ? ";" : "", name);
		}
	fprintf(file, ",%zu,%zu,%.3f,%s\n", g->most, g->worst.present,
		(double)g->most / (double)g->worst.present, tally_cause(&g->worst));
}

/* From the first machine that goes to the return of nine in ten; single machines are flaps. */
static int write_outages(
	const char *directory, const struct scenario *s, const struct plan *plan, struct wall start)
{
	FILE *file = file_open(directory, "outages.csv");
	struct gathering g = {.from = -1};
	struct history h;

	if (!file)
		return -errno;
	fputs("outage,start,end,duration_s,extent,blocks,machines_affected,machines,"
	      "fraction_lost,cause\n",
		file);
	history_init(&h, s, plan);
	while (history_step(&h)) {
		struct tally all = sum(&h);
		size_t lost = all.present - all.reachable;
		if (lost > g.stragglers && g.from < 0)
			g.from = h.from;
		hit(&h, &g);
		if (lost < g.stragglers)
			g.stragglers = lost;
		if (g.from >= 0 && lost > g.most) {
			g.most = lost;
			g.worst = all;
		}
		if (g.from < 0 || lost * 10 > g.most)
			continue;
		if (g.most >= 2)
			write_outage(file, &h, &g, start, h.from);
		g = (struct gathering){.number = g.number, .from = -1, .stragglers = lost};
	}
	if (g.from >= 0 && g.most >= 2)
		write_outage(file, &h, &g, start, PLAN_FOREVER);
	history_finish(&h);
	return file_close(file);
}

int truth_write(
	const char *directory, const struct scenario *s, const struct plan *plan, struct wall start)
{
	int r = write_events(directory, s, start);

	if (r == 0)
		r = write_hosts(directory, s, plan, start);
	if (r == 0)
		r = write_timeline(directory, s, plan, start);
	if (r == 0)
		r = write_outages(directory, s, plan, start);
	return r;
}

int truth_write_counters(const char *directory, const struct counters *c)
{
	FILE *file = file_open(directory, "counters.csv");

	if (!file)
		return -errno;
	fputs("counter,count\n", file);
#define X(name) fprintf(file, #name ",%" PRIu64 "\n", c->name);
	WORLD_COUNTERS(X)
#undef X
	return file_close(file);
}
