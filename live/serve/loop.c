#include "live/serve/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include <uv.h>

#include "core/log.h"
#include "core/mem.h"
#include "live/http/http.h"
#include "live/serve/answer.h"
#include "live/serve/loop_told.h"
#include "live/snapshot.h"

enum {
	CONNECTIONS = 256,
	STREAMS = 512,
	LOOK_MS = 400, /* for what was committed: told within two seconds */
	TELL_TICKS = 2000 / LOOK_MS,
	BEAT_TICKS = 15000 / LOOK_MS, /* also between two metrics files */
};

struct loop {
	struct server server;
	struct http *http;
	struct tellers *tellers;
	uv_loop_t uv;
	uv_poll_t readable;
	uv_timer_t http_timer, look_timer;
	uv_signal_t on_term, on_int;
	uv_work_t work;
	struct job *job; /* one at a time */
	size_t job_site;
	unsigned ticks;
	bool stopping;
};

/* --- HTTP --- */

static void on_answer(void *ctx, const struct http_request *request, struct http_answer *ret)
{
	struct loop *loop = ctx;

	loop->server.now = clock_wall();
	server_answer(&loop->server, request, ret);
}

static ptrdiff_t on_more(void *ctx, uint64_t *at, char *bytes, size_t room)
{
	struct loop *loop = ctx;

	return events_read(loop->server.events, at, bytes, room);
}

static void run_http(struct loop *loop);

static void on_http_timer(uv_timer_t *timer)
{
	run_http(timer->data);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	run_http(poll->data);
}

static void run_http(struct loop *loop)
{
	http_run(loop->http, clock_mono());
	int wait = http_wait_ms(loop->http);
	if (wait < 0)
		uv_timer_stop(&loop->http_timer);
	else
		uv_timer_start(&loop->http_timer, on_http_timer, (uint64_t)wait, 0);
}

/* --- stores --- */

struct taking {
	struct loop *loop;
	struct site *site;
};

/* A history that is played faster than life is not late by the clock on the wall. */
static bool look_whether_late(struct site *site)
{
	return site->scale == 1 && scene_look(site->scene, clock_wall());
}

static void take(void *ctx, const struct judgement *judgement, const struct series_facts *facts)
{
	struct taking *taking = ctx;
	struct site *site = taking->site;
	struct scene *before = site->scene;

	site->scene = scene_of(
		&(struct scene_names){site->store->name, site->store->title}, judgement, facts);
	look_whether_late(site);
	events_compare(taking->loop->server.events, before, site->scene);
	scene_destroy(before);
}

/* Returns whether there is anything new. */
static bool look_at(struct loop *loop, struct site *site)
{
	struct diag why = {0};
	char text[640];
	int r = follow_poll(site->follow, &why);

	if (r < 0 && !site->troubled)
		log_warn("serve: %s", diag_format(&why, text, sizeof(text)));
	site->troubled = r < 0;
	if (r <= 0 && site->scene) {
		bool changed = look_whether_late(site);
		if (changed)
			events_compare(loop->server.events, NULL, site->scene);
		return changed;
	}
	follow_now(site->follow, take, &(struct taking){loop, site});
	return true;
}

static void on_job(uv_work_t *work)
{
	struct loop *loop = work->data;

	job_run(loop->job);
}

static void start_job(struct loop *loop);

static void on_job_done(uv_work_t *work, int status)
{
	struct loop *loop = work->data;
	struct job *job = loop->job;
	(void)status;

	loop->job = NULL;
	if (job->result < 0 && job->result != -ECANCELED)
		log_warn("serve: %s: %s", job->path, job->why.text);
	site_take_job(&loop->server.sites[loop->job_site], job, clock_wall());
	if (!loop->stopping)
		start_job(loop);
}

static void start_job(struct loop *loop)
{
	for (size_t i = 0; i < loop->server.site_count && !loop->job; i++) {
		loop->job = site_next_job(&loop->server.sites[i], clock_wall());
		loop->job_site = i;
	}
	if (!loop->job)
		return;
	loop->work.data = loop;
	if (uv_queue_work(&loop->uv, &loop->work, on_job, on_job_done) == 0)
		return;
	loop->job->result = -ECANCELED;
	site_take_job(&loop->server.sites[loop->job_site], loop->job, clock_wall());
	loop->job = NULL;
}

/* Something is new, or it may have lasted for long enough. */
static void tell(struct loop *loop, bool news)
{
	for (size_t i = 0; i < loop->server.site_count; i++)
		if (news || loop->ticks % TELL_TICKS == 0)
			tellers_look(loop->tellers, i, loop->server.sites[i].scene, clock_wall());
	tellers_run(loop->tellers, &loop->uv);
}

static void on_look(uv_timer_t *timer)
{
	struct loop *loop = timer->data;
	bool news = false;

	for (size_t i = 0; i < loop->server.site_count; i++)
		news |= look_at(loop, &loop->server.sites[i]);
	tell(loop, news);
	if (loop->ticks % BEAT_TICKS == 0) {
		loop->server.now = clock_wall();
		server_keep_metrics(&loop->server);
	}
	if (++loop->ticks % BEAT_TICKS == 0) {
		events_beat(loop->server.events);
		news = true;
	}
	if (!loop->job)
		start_job(loop);
	if (news)
		http_wake(loop->http);
	run_http(loop); /* also its clock of connections */
}

/* --- begin and end --- */

static void close_all(struct loop *loop)
{
	loop->stopping = true;
	tellers_stop(loop->tellers);
	uv_close((uv_handle_t *)&loop->readable, NULL);
	uv_close((uv_handle_t *)&loop->http_timer, NULL);
	uv_close((uv_handle_t *)&loop->look_timer, NULL);
	/* Caught to the end, so that a second signal does not cut it short. */
	uv_unref((uv_handle_t *)&loop->on_term);
	uv_unref((uv_handle_t *)&loop->on_int);
	if (loop->job)
		__atomic_store_n(&loop->job->stop, true, __ATOMIC_RELAXED);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct loop *loop = signal->data;
	(void)number;

	if (!loop->stopping)
		close_all(loop);
}

static int open_sites(struct loop *loop, const struct serve_config *config, struct diag *why)
{
	struct parameters parameters = parameters_of(config->scale);
	char *folder = snapshot_folder();
	int r = 0;

	loop->server.sites = mem_zeroed(config->store_count, sizeof(*loop->server.sites));
	for (size_t i = 0; r >= 0 && i < config->store_count; i++) {
		struct site *site = &loop->server.sites[loop->server.site_count++];
		site->store = &config->stores[i];
		site->scale = config->scale;
		r = follow_open(site->store->path, &parameters, why, &site->follow);
		if (r == 0) {
			follow_keep(site->follow, folder);
			r = follow_poll(site->follow, why);
		}
		if (r >= 0)
			follow_now(site->follow, take, &(struct taking){loop, site});
	}
	mem_free(folder);
	return r < 0 ? r : 0;
}

static void start(struct loop *loop)
{
	uv_loop_init(&loop->uv);
	uv_poll_init(&loop->uv, &loop->readable, http_fd(loop->http));
	uv_timer_init(&loop->uv, &loop->http_timer);
	uv_timer_init(&loop->uv, &loop->look_timer);
	uv_signal_init(&loop->uv, &loop->on_term);
	uv_signal_init(&loop->uv, &loop->on_int);
	loop->readable.data = loop->http_timer.data = loop->look_timer.data = loop;
	loop->on_term.data = loop->on_int.data = loop;
	uv_poll_start(&loop->readable, UV_READABLE, on_readable);
	uv_timer_start(&loop->look_timer, on_look, 0, LOOK_MS);
	uv_signal_start(&loop->on_term, on_signal, SIGTERM);
	uv_signal_start(&loop->on_int, on_signal, SIGINT);
}

int serve_run(const struct serve_config *config, struct diag *why)
{
	struct loop loop = {.server = {.config = config}};
	struct http_config http = {.address = config->address,
		.port = config->port,
		.hosts = config->hosts,
		.connections = CONNECTIONS,
		.streams = STREAMS,
		.answer = on_answer,
		.more = on_more,
		.ctx = &loop};

	server_raise_descriptors(CONNECTIONS + STREAMS);
	loop.server.events = events_create((uint64_t)clock_wall().ns);
	int r = open_sites(&loop, config, why);
	if (r == 0)
		r = tellers_open(config, why, &loop.tellers);
	if (r == 0)
		r = http_open(&http, why, &loop.http);
	if (r == 0) {
		start(&loop);
		config->listening(http_port(loop.http));
		uv_run(&loop.uv, UV_RUN_DEFAULT);
		uv_close((uv_handle_t *)&loop.on_term, NULL);
		uv_close((uv_handle_t *)&loop.on_int, NULL);
		signal(SIGTERM, SIG_IGN); /* libuv gives them back as they were: deadly */
		signal(SIGINT, SIG_IGN);
		uv_run(&loop.uv, UV_RUN_DEFAULT);
		uv_loop_close(&loop.uv);
	}
	http_close(loop.http);
	tellers_close(loop.tellers);
	for (size_t i = 0; i < loop.server.site_count; i++)
		site_close(&loop.server.sites[i]);
	mem_free(loop.server.sites);
	events_destroy(loop.server.events);
	return r;
}
