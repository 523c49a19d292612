#include "analysis/disruption/cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

static double width_ns(const struct host_outage *out, const struct parameters *parameters)
{
	double width = (double)(out->run.silent_ns[0] - out->run.replied_ns);

	return fmax(width, (double)parameters->minute_ns / 60);
}

/* The chance that it went within its bracket by itself, or is there after all. */
static double by_itself(const struct host_outage *out, const struct parameters *parameters)
{
	double own = -expm1(-out->rate * width_ns(out, parameters));

	return fmin(own + exp(-silence_run_nats(&out->run, parameters)), 1);
}

struct edge {
	int64_t at_ns;
	double nats; /* positive: a bracket opens */
};

static int edge_order(const void *a, const void *b)
{
	const struct edge *x = a;
	const struct edge *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return (x->nats < y->nats) - (x->nats > y->nats);
}

/* The instant that the most telling brackets hold; false: there are none. */
static bool find_heart(const struct host_outage *outs, size_t count,
	const struct parameters *parameters, int64_t *ret_ns)
{
	struct edge *edges = mem_zeroed(2 * count + 1, sizeof(*edges));
	double nats = 0;
	double most = 0;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		double telling = log(INSTANT / by_itself(&outs[i], parameters));
		if (telling <= 0)
			continue;
		edges[n++] = (struct edge){outs[i].run.replied_ns, telling};
		edges[n++] = (struct edge){outs[i].run.silent_ns[0], -telling};
	}
	qsort(edges, n, sizeof(*edges), edge_order);
	for (size_t i = 0; i < n; i++) {
		if (edges[i].nats < 0 && nats > most + 1e-9) {
			most = nats;
			*ret_ns = edges[i].at_ns;
		}
		nats += edges[i].nats;
	}
	mem_free(edges);
	return n > 0;
}

static int time_order(const void *a, const void *b)
{
	const int64_t *x = a;
	const int64_t *y = b;

	return (*x > *y) - (*x < *y);
}

struct cluster {
	const struct parameters *parameters;
	const struct host_outage *outs;
	bool *member;
	size_t count, hosts, members;
	size_t tail;               /* of the members: not at the heart's instant */
	int64_t at_ns;             /* the heart's instant */
	int64_t first_ns, last_ns; /* departures of its members */
	int64_t back_ns;           /* the median return of its heart; INT64_MAX: not yet */
};

static bool is_of_heart(const struct cluster *cluster, const struct host_outage *out)
{
	return out->run.replied_ns < cluster->at_ns && out->run.silent_ns[0] >= cluster->at_ns;
}

static int64_t return_of(const struct host_outage *out)
{
	return out->run.back_ns ? out->run.back_ns : INT64_MAX;
}

static void measure_heart(struct cluster *cluster)
{
	int64_t *backs = mem_zeroed(cluster->count + 1, sizeof(*backs));
	size_t n = 0;

	for (size_t i = 0; i < cluster->count; i++)
		if (is_of_heart(cluster, &cluster->outs[i]))
			backs[n++] = return_of(&cluster->outs[i]);
	qsort(backs, n, sizeof(*backs), time_order);
	cluster->back_ns = backs[n / 2];
	cluster->first_ns = cluster->last_ns = cluster->at_ns;
	mem_free(backs);
}

/* What its return says for it, in nats: it is near the others', or as long as silences are. */
static double return_nats(const struct cluster *cluster, const struct host_outage *out)
{
	const struct parameters *parameters = cluster->parameters;
	double tail = (double)parameters->cluster_gap_ns;
	int64_t back_ns = return_of(out);

	if (back_ns == INT64_MAX || cluster->back_ns == INT64_MAX)
		return back_ns == cluster->back_ns ? 0 : log(1 - INSTANT);
	double width = fmax((double)(out->run.back_ns - out->run.last_ns[0]),
		(double)parameters->minute_ns / 60);
	double lasted = fmax((double)(back_ns - out->run.replied_ns), width);
	double longest = (double)parameters->longest_ns;
	/* Who went before came back unseen, were it by itself, while the others were gone. */
	double hidden = fmin(fmax((double)(back_ns - cluster->at_ns), width), lasted - width / 2);
	if (out->run.silent_ns[0] >= cluster->at_ns)
		hidden = width;
	double own =
		fmin(-log1p(-fmin(hidden / lasted, 0.99)) / log(fmax(longest / width, M_E)), 1);
	double far = fabs((double)(back_ns - cluster->back_ns));
	double near = exp(-far / tail) * fmin(width / (2 * tail), 1);

	return log(INSTANT * near / own + 1 - INSTANT);
}

/* What the host by itself says for it, in nats, if its departure is where such departures are. */
static double host_nats(const struct cluster *cluster, const struct host_outage *out)
{
	double goes = ((double)cluster->members + 1) / ((double)cluster->hosts + 2);

	return log(fmin(goes, 1) / by_itself(out, cluster->parameters)) + return_nats(cluster, out);
}

/* ln of the chance that one which goes, goes there. */
static double tail_nats(const struct cluster *cluster, const struct host_outage *out)
{
	double tail = (double)cluster->parameters->cluster_gap_ns;
	double width = width_ns(out, cluster->parameters);
	double tails = ((1 - INSTANT) * TAIL_PRIOR + (double)cluster->tail) /
		       (TAIL_PRIOR + (double)cluster->members);
	int64_t after_ns = out->run.replied_ns - cluster->last_ns;
	int64_t before_ns = cluster->first_ns - out->run.silent_ns[0];
	double far = fmax(fmax((double)after_ns, (double)before_ns), 0);
	double heart = (double)(cluster->members - cluster->tail);
	double before = 1 / (1 + heart * heart);

	return log(tails * (before_ns > 0 ? before : 1 - before) * fmin(width / tail, 1)) -
	       far / tail;
}

static void take(struct cluster *cluster, size_t i)
{
	int64_t at_ns = cluster->outs[i].run.silent_ns[0];

	cluster->member[i] = true;
	cluster->members++;
	cluster->tail++;
	cluster->first_ns = at_ns < cluster->first_ns ? at_ns : cluster->first_ns;
	cluster->last_ns = at_ns > cluster->last_ns ? at_ns : cluster->last_ns;
}

/* Those that went at one instant, with this one, from it on in the order of the outs: they belong
 * together or not at all, and their instant is where it is once. */
static void take_instant(struct cluster *cluster, size_t from, int step)
{
	const struct host_outage *one = &cluster->outs[from];
	int64_t at_ns = one->run.silent_ns[0];
	double nats = tail_nats(cluster, one) - log(INSTANT);
	size_t last = from;

	for (size_t i = from; i < cluster->count; i += (size_t)step) {
		const struct silence_run *s = &cluster->outs[i].run;
		bool with = s->replied_ns < at_ns && s->silent_ns[0] > one->run.replied_ns;
		if (i != from && !with)
			break;
		last = i;
		if (cluster->member[i])
			continue;
		double says = host_nats(cluster, &cluster->outs[i]) + log(INSTANT);
		nats += i == from || says > 0 ? says : 0;
	}
	if (nats <= 0)
		return;
	for (size_t i = from;; i += (size_t)step) {
		if (!cluster->member[i] && host_nats(cluster, &cluster->outs[i]) + log(INSTANT) > 0)
			take(cluster, i);
		if (i == last)
			break;
	}
}

static void take_heart(struct cluster *cluster)
{
	size_t heart = 0;

	for (size_t i = 0; i < cluster->count; i++)
		heart += is_of_heart(cluster, &cluster->outs[i]);
	cluster->members = heart;
	for (size_t i = 0; i < cluster->count; i++) {
		const struct host_outage *out = &cluster->outs[i];
		cluster->member[i] = is_of_heart(cluster, out) &&
				     (heart == 1 || host_nats(cluster, out) + log(INSTANT) > 0);
	}
}

void cluster_find(const struct host_outage *outs, size_t count, size_t hosts,
	const struct parameters *parameters, bool *member)
{
	struct cluster cluster = {.parameters = parameters,
		.outs = outs,
		.member = member,
		.count = count,
		.hosts = hosts};
	size_t middle = 0;

	memset(member, 0, count * sizeof(*member));
	if (!find_heart(outs, count, parameters, &cluster.at_ns))
		return;
	measure_heart(&cluster);
	take_heart(&cluster);
	/* Outwards from the heart, each beside the one before it. */
	while (middle < count && outs[middle].run.silent_ns[0] < cluster.at_ns)
		middle++;
	for (size_t i = middle; i < count; i++)
		if (!member[i])
			take_instant(&cluster, i, 1);
	for (size_t i = middle; i-- > 0;)
		if (!member[i])
			take_instant(&cluster, i, -1);
}
