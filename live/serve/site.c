#include "live/serve/site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "live/host_series.h"

void job_run(struct job *job)
{
	struct mono begin = clock_mono();

	if (job->kind == JOB_HOSTS)
		job->result = host_series_read(job->path, job->from, job->to,
			job->proven ? &job->proof : NULL, &job->stop, &job->why, &job->series);
	else if (job->kind == JOB_PICTURE)
		job->result = picture_read(job->path, job->from, job->to, job->bin_ns, job->lead_ns,
			&job->stop, &job->why, &job->picture);
	else
		job->result = scene_read(job->path, &job->names, job->to, job->scale, &job->stop,
			&job->why, &job->scene);
	job->took_ns = mono_since(clock_mono(), begin);
}

void site_close(struct site *site)
{
	follow_close(site->follow);
	scene_destroy(site->scene);
	counting_finish(&site->counting);
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		picture_destroy(site->slots[i].picture);
		scene_destroy(site->slots[i].scene);
	}
}

static int64_t bin_of(struct wall from, struct wall to)
{
	return series_bin_ns(from, to, PICTURE_BINS);
}

const struct picture *site_picture(struct site *site, const struct window *window, struct wall now)
{
	struct slot *slot =
		&site->slots[window->zoom < ZOOM_OTHER ? (size_t)window->zoom : SLOT_CUSTOM];

	slot->wanted = true;
	slot->asked_at = now;
	if (window->zoom < ZOOM_OTHER)
		return slot->picture;
	bool same = slot->from.ns == window->from.ns && slot->to.ns == window->to.ns;
	slot->from = window->from;
	slot->to = window->to;
	if (!same) {
		picture_destroy(slot->picture);
		slot->picture = NULL;
	}
	return slot->picture;
}

const struct scene *site_scene_as_of(struct site *site, struct wall as_of, struct wall now)
{
	struct slot *slot = &site->slots[SLOT_AS_OF];

	slot->asked_at = now;
	if (slot->scene && slot->to.ns == as_of.ns)
		return slot->scene;
	slot->to = as_of;
	slot->wanted = true;
	return NULL;
}

const struct series *site_hosts(
	struct site *site, struct wall from, struct wall to, struct wall now)
{
	return counting_ask(&site->counting, from, to, now);
}

static struct job *job_of(const struct site *site, enum job_kind kind, size_t slot)
{
	struct job *job = mem_zeroed(1, sizeof(*job));

	job->kind = kind;
	job->path = site->store->path;
	job->names = (struct scene_names){site->store->name, site->store->title};
	job->scale = site->scale;
	job->slot = slot;
	job->lead_ns = picture_lead_ns(&site->scene->facts);
	return job;
}

static struct job *hosts_job(const struct site *site)
{
	const struct scene *scene = site->scene;
	struct job *job = job_of(site, JOB_HOSTS, 0);

	job->from = site->counting.from.ns > scene->start.ns ? site->counting.from : scene->start;
	job->to = site->counting.to.ns < scene->end.ns ? site->counting.to : scene->end;
	job->proof = scene->proof;
	job->proven = scene->proven;
	return job;
}

/* A picture that moves on with the data is read again when it lags by half a bin. */
static struct job *zoom_job(struct site *site, enum zoom zoom, struct wall now)
{
	const int64_t looked_at_ns = 900 * NS_PER_S; /* after that, nobody is there any more */
	struct slot *slot = &site->slots[zoom];
	struct window window = window_last(zoom, site->scene->end, site->scale);
	int64_t bin_ns = bin_of(window.from, window.to);

	if (zoom != ZOOM_DAY && (!slot->wanted || wall_since(now, slot->asked_at) > looked_at_ns))
		return NULL;
	if (slot->picture && wall_since(site->scene->end, slot->to) < bin_ns / 2)
		return NULL;
	struct job *job = job_of(site, JOB_PICTURE, (size_t)zoom);
	job->bin_ns = bin_ns;
	job->from.ns = window.from.ns - window.from.ns % bin_ns;
	job->to.ns = window.to.ns - window.to.ns % bin_ns + 2 * bin_ns;
	slot->to = site->scene->end;
	return job;
}

struct job *site_next_job(struct site *site, struct wall now)
{
	struct slot *custom = &site->slots[SLOT_CUSTOM];
	struct slot *as_of = &site->slots[SLOT_AS_OF];

	if (!site->scene || site->scene->facts.sweeps == 0)
		return NULL;
	if (as_of->wanted) {
		struct job *job = job_of(site, JOB_SCENE, SLOT_AS_OF);
		as_of->wanted = false;
		job->to = as_of->to;
		return job;
	}
	for (int z = 0; z < ZOOM_COUNT; z++) {
		struct job *job = zoom_job(site, (enum zoom)z, now);
		if (job)
			return job;
	}
	if (custom->wanted && !custom->picture) {
		struct job *job = job_of(site, JOB_PICTURE, SLOT_CUSTOM);
		custom->wanted = false;
		job->bin_ns = bin_of(custom->from, custom->to);
		job->from = custom->from;
		job->to = custom->to;
		return job;
	}
	if (counting_is_due(&site->counting, now))
		return hosts_job(site);
	return NULL;
}

void site_take_job(struct site *site, struct job *job, struct wall now)
{
	struct slot *slot = &site->slots[job->slot];
	bool custom = job->kind == JOB_PICTURE && job->slot == SLOT_CUSTOM;
	bool stale = custom && (slot->from.ns != job->from.ns || slot->to.ns != job->to.ns);

	if (job->kind == JOB_PICTURE && job->picture && !stale) {
		picture_destroy(slot->picture);
		slot->picture = job->picture;
		job->picture = NULL;
	}
	if (job->kind == JOB_SCENE && job->scene && slot->to.ns == job->to.ns) {
		scene_destroy(slot->scene);
		slot->scene = job->scene;
		job->scene = NULL;
	}
	if (job->kind == JOB_HOSTS)
		counting_take(&site->counting, job->series, now, job->took_ns);
	picture_destroy(job->picture);
	scene_destroy(job->scene);
	free(job);
}
