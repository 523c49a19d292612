#ifndef LIVE_SERVE_SITE_H
#define LIVE_SERVE_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "live/follow.h"
#include "live/page/window.h"
#include "live/picture.h"
#include "live/serve/counting.h"
#include "live/serve/serve.h"

/*
 * One store as the server has it: the scene as of now, and what of its sweeps has been read for
 * pictures. Reading takes time, so it is a job that the loop hands to a thread; a page says what
 * it wants, and is drawn with what there is.
 */
enum job_kind { JOB_PICTURE, JOB_SCENE, JOB_HOSTS };

struct job {
	enum job_kind kind;
	const char *path;
	struct scene_names names;
	struct wall from, to; /* as_of of JOB_SCENE is `to` */
	int64_t bin_ns, lead_ns;
	double scale;
	bool stop; /* set by another thread */
	int result;
	struct diag why;
	struct picture *picture;
	struct scene *scene;
	struct series *series;
	struct proof proof; /* JOB_HOSTS */
	bool proven;
	int64_t took_ns;
	size_t slot;
};

/* Does what a job says; from any thread. */
void job_run(struct job *job);

enum { SLOT_CUSTOM = ZOOM_COUNT, SLOT_AS_OF, SLOT_COUNT };

struct slot {
	bool wanted;
	struct wall asked_at; /* when it was last wanted */
	struct wall from, to;
	struct picture *picture;
	struct scene *scene; /* SLOT_AS_OF */
};

struct site {
	const struct serve_store *store;
	struct follow *follow;
	struct scene *scene;
	struct slot slots[SLOT_COUNT];
	struct counting counting;
	double scale;
	bool troubled; /* it cannot be read, which was told */
};

void site_close(struct site *site);

/* The picture of a window, NULL: not read yet; it will be. */
const struct picture *site_picture(struct site *site, const struct window *window, struct wall now);
/* The scene as of then, NULL: not read yet; it will be. */
const struct scene *site_scene_as_of(struct site *site, struct wall as_of, struct wall now);

/* How often each host answered, from `from` to `to`; NULL: not counted yet; it will be. */
const struct series *site_hosts(
	struct site *site, struct wall from, struct wall to, struct wall now);

/* The next job that is due, owned by the caller until site_take_job; NULL: none. */
struct job *site_next_job(struct site *site, struct wall now);
void site_take_job(struct site *site, struct job *job, struct wall now);

#endif
