#include "live/serve/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "core/when.h"
#include "live/page/assets.h"
#include "live/page/page.h"
#include "live/serve/state.h"

static const char html[] = "text/html; charset=utf-8";
static const char json[] = "application/json";

/* What is being written: into memory, then into the answer. */
struct writing {
	FILE *out;
	char *text;
	size_t len;
};

static void write_begin(struct writing *writing)
{
	*writing = (struct writing){0};
	writing->out = open_memstream(&writing->text, &writing->len);
	if (!writing->out)
		abort();
}

static void write_end(struct writing *writing, const char *type, struct http_answer *ret)
{
	fclose(writing->out);
	ret->type = type;
	ret->body = writing->text;
	ret->len = writing->len;
}

static void trouble(struct http_answer *ret, unsigned status, const char *title, const char *text)
{
	struct writing w;

	write_begin(&w);
	page_trouble(w.out, title, text);
	write_end(&w, html, ret);
	ret->status = status;
}

static void not_found(struct http_answer *ret)
{
	trouble(ret, 404, "Nothing here", "This address names no page of this server.");
}

/* By name; NULL: the only one, or none. */
static struct site *site_of(const struct server *server, const char *name, size_t len)
{
	if (!name)
		return server->site_count == 1 ? &server->sites[0] : NULL;
	for (size_t i = 0; i < server->site_count; i++)
		if (strlen(server->sites[i].store->name) == len &&
			strncasecmp(server->sites[i].store->name, name, len) == 0)
			return &server->sites[i];
	return NULL;
}

/* --- pages --- */

/* What is not asked for stays as it is. */
static bool asked_time(const char *text, struct wall now, struct wall *ret)
{
	struct diag why;

	return !text || when_parse(text, now, ret, &why) == 0;
}

/* False: what was asked for is no time, *ret is the answer. */
static bool window_of(const struct http_request *request, const struct scene *scene, double scale,
	struct wall now, struct window *window, struct http_answer *ret)
{
	const int64_t most_ns = 20 * 366 * INT64_C(86400) * NS_PER_S;
	const char *zoom_text = http_query(request, "window");
	const char *from = http_query(request, "from");
	const char *to = http_query(request, "to");
	enum zoom zoom = ZOOM_DAY;

	if (!from && !to) {
		if (zoom_text && !zoom_parse(zoom_text, &zoom)) {
			trouble(ret, 400, "No such window",
				"Expected window=hour, day, week, month or year.");
			return false;
		}
		*window = window_last(zoom, scene->end, scale);
		return true;
	}
	*window = (struct window){.to = scene->end, .zoom = ZOOM_OTHER};
	bool good = asked_time(from, now, &window->from) && asked_time(to, now, &window->to);
	if (good && !from)
		window->from = wall_after(window->to, -zoom_ns(ZOOM_DAY));
	int64_t span = good ? window->to.ns / NS_PER_S - window->from.ns / NS_PER_S : 0;
	if (span < 1 || span > most_ns / NS_PER_S || window->from.ns < 0) {
		trouble(ret, 400, "No such time",
			"Expected from= and to=, to= later, as in from=2027-03-05T00:00:00Z, "
			"from=-7d or from=yesterday.");
		return false;
	}
	return true;
}

static void answer_store(struct server *server, const struct http_request *request,
	struct site *site, struct http_answer *ret)
{
	struct page page = {.scene = site->scene, .now = server->now, .scale = site->scale};
	struct writing w;

	if (!window_of(request, site->scene, site->scale, server->now, &page.window, ret))
		return;
	if (site->scene->facts.sweeps)
		page.picture = site_picture(site, &page.window, server->now);
	write_begin(&w);
	page_store(w.out, &page);
	write_end(&w, html, ret);
}

static void answer_outage(struct server *server, const struct http_request *request,
	struct site *site, const char *id, struct http_answer *ret)
{
	struct wall asked = {INT64_MAX};
	const char *text = http_query(request, "as_of");
	struct page page = {.scene = site->scene, .now = server->now, .scale = site->scale};
	struct writing w;

	if (!asked_time(text, server->now, &asked)) {
		trouble(ret, 400, "No such time",
			"Expected as_of= as 2027-03-05T00:00:00Z, -7d or yesterday.");
		return;
	}
	if (asked.ns < site->scene->end.ns)
		page.scene = site_scene_as_of(site, asked, server->now);
	if (!page.scene) {
		trouble(ret, 503, "Being read",
			"What was known then is being judged anew; ask again in a moment.");
		return;
	}
	const struct outage *outage = scene_outage(page.scene, id);
	if (!outage) {
		trouble(ret, 404, "No such outage", "None of this name was known at that time.");
		return;
	}
	write_begin(&w);
	page_outage(w.out, &page, outage, asked);
	write_end(&w, html, ret);
}

static void answer_index(struct server *server, struct http_answer *ret)
{
	const struct scene *scenes[SITES_MOST];
	size_t count = server_scenes(server, scenes);
	struct writing w;

	write_begin(&w);
	page_index(w.out, scenes, count, server->now);
	write_end(&w, html, ret);
}

/* --- data --- */

static void answer_state(struct server *server, struct http_answer *ret)
{
	const struct scene *scenes[SITES_MOST];
	size_t count = server_scenes(server, scenes);
	struct writing w;

	write_begin(&w);
	state_write_all(w.out, scenes, count);
	putc('\n', w.out);
	write_end(&w, json, ret);
}

static void refuse_data(struct http_answer *ret, unsigned status, const char *text)
{
	ret->status = status;
	ret->type = json;
	if (asprintf(&ret->body, "{\"v\":1,\"type\":\"error\",\"text\":\"%s\"}\n", text) < 0)
		abort();
	ret->len = strlen(ret->body);
}

static void answer_records(struct server *server, const struct http_request *request,
	const char *kind, struct http_answer *ret)
{
	const char *name = http_query(request, "store");
	const char *from_text = http_query(request, "from");
	const char *to_text = http_query(request, "to");
	const char *format = http_query(request, "format");
	struct site *site = site_of(server, name, name ? strlen(name) : 0);
	struct wall from = {INT64_MIN}, to = {INT64_MAX};
	const struct series *hosts = NULL;
	bool csv = format && strcmp(format, "csv") == 0;

	if (!site) {
		refuse_data(ret, 404, "expected store=NAME of a store that is served");
		return;
	}
	if (!asked_time(from_text, server->now, &from) || !asked_time(to_text, server->now, &to) ||
		(format && !csv && strcmp(format, "jsonl") != 0)) {
		refuse_data(ret, 400,
			"expected from= and to= as RFC 3339, -7d or yesterday, format=jsonl or "
			"csv");
		return;
	}
	if (strcmp(kind, "hosts") == 0 && site->scene->hosts.count) {
		hosts = site_hosts(site, from, to, server->now);
		if (!hosts) {
			refuse_data(ret, 503, "the hosts are being counted; ask again in a moment");
			return;
		}
	}
	ret->body = server->config->records(site->scene, hosts, kind, from, to, csv, &ret->len);
	ret->type = csv ? "text/csv; charset=utf-8" : "application/x-ndjson";
	if (!ret->body)
		refuse_data(ret, 404, "no such table");
}

static void answer_metrics(struct server *server, struct http_answer *ret)
{
	const struct scene *scenes[SITES_MOST];
	size_t count = server_scenes(server, scenes);
	struct writing w;

	write_begin(&w);
	state_write_metrics(w.out, scenes, count, server->now);
	write_end(&w, "text/plain; version=0.0.4; charset=utf-8", ret);
}

static void answer_events(
	struct server *server, const struct http_request *request, struct http_answer *ret)
{
	const struct scene *scenes[SITES_MOST];
	size_t count = server_scenes(server, scenes);

	ret->stream = true;
	if (events_find(server->events, request->last_event_id, &ret->stream_from))
		return;
	ret->stream_from = events_end(server->events);
	ret->body = events_state(server->events, scenes, count);
	ret->len = strlen(ret->body);
}

static void answer_asset(const char *name, struct http_answer *ret)
{
	const struct asset *asset = asset_find(name);

	if (!asset) {
		not_found(ret);
		return;
	}
	ret->type = asset->type;
	ret->body = malloc(asset->len);
	if (!ret->body)
		abort();
	memcpy(ret->body, asset->bytes, asset->len);
	ret->len = asset->len;
	ret->max_age_s = 300;
}

static void answer_health(struct http_answer *ret)
{
	ret->type = "text/plain; charset=utf-8";
	ret->body = mem_text("ok\n");
	ret->len = strlen(ret->body);
}

/* --- which --- */

static const char *behind(const char *path, const char *start)
{
	size_t len = strlen(start);

	return strncmp(path, start, len) == 0 ? path + len : NULL;
}

static void answer_site(
	struct server *server, const struct http_request *request, struct http_answer *ret)
{
	const char *name = request->path + 1;
	size_t len = strcspn(name, "/");
	struct site *site = site_of(server, name, len);
	const char *id = behind(name + len, "/outage/");

	if (site && name[len] == '\0')
		answer_store(server, request, site, ret);
	else if (site && id)
		answer_outage(server, request, site, id, ret);
	else
		not_found(ret);
}

void server_answer(
	struct server *server, const struct http_request *request, struct http_answer *ret)
{
	const char *path = request->path;
	const char *rest;

	if (strcmp(path, "/") == 0 && server->site_count == 1)
		answer_store(server, request, &server->sites[0], ret);
	else if (strcmp(path, "/") == 0)
		answer_index(server, ret);
	else if (strcmp(path, "/healthz") == 0)
		answer_health(ret);
	else if (strcmp(path, "/metrics") == 0)
		answer_metrics(server, ret);
	else if (strcmp(path, "/events") == 0)
		answer_events(server, request, ret);
	else if (strcmp(path, "/api/v1/status") == 0)
		answer_state(server, ret);
	else if ((rest = behind(path, "/api/v1/")))
		answer_records(server, request, rest, ret);
	else if ((rest = behind(path, "/assets/")))
		answer_asset(rest, ret);
	else
		answer_site(server, request, ret);
}
