#include "live/http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>

#include "core/mem.h"
#include "live/http/gzip.h"
#include "live/http/held.h"

enum {
	MEMORY_EACH = 16 * 1024, /* of a request's line and headers */
	STREAM_BLOCK = 4096,
	BACKLOG = 64,
	GZIP_LEAST = 700,
};

struct stream {
	struct stream *next, **link;
	struct http *http;
	struct MHD_Connection *connection;
	struct held *held;
	char *first; /* owned */
	size_t first_len, first_at;
	uint64_t at;
	bool asleep;
};

struct http {
	struct http_config config;
	struct MHD_Daemon *daemon;
	uint16_t port;
	struct held *held;
	struct stream *streams;
	size_t stream_count;
	struct mono now, cut_at;
};

/* --- connections --- */

static struct held *held_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *connection, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	struct http *http = ctx;
	struct held *held = *socket_context;

	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		const union MHD_ConnectionInfo *info =
			MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
		held = mem_zeroed(1, sizeof(*held));
		*held = (struct held){
			.http = http, .fd = info ? info->connect_fd : -1, .since = http->now};
		held_add(&http->held, held);
		*socket_context = held;
	} else if (held) {
		held_remove(held);
		free(held);
		*socket_context = NULL;
	}
}

static void enter(struct MHD_Connection *connection, struct http *http, enum held_phase phase)
{
	struct held *held = held_of(connection);

	if (held) {
		held->phase = phase;
		held->since = http->now;
	}
}

static void on_completed(void *ctx, struct MHD_Connection *connection, void **request,
	enum MHD_RequestTerminationCode code)
{
	(void)request;
	(void)code;
	enter(connection, ctx, HELD_IDLE);
}

/* --- streams --- */

static ssize_t stream_read(void *ctx, uint64_t pos, char *bytes, size_t room)
{
	struct stream *s = ctx;
	(void)pos;

	s->held->since = s->http->now;
	if (s->first_at < s->first_len) {
		size_t n = s->first_len - s->first_at < room ? s->first_len - s->first_at : room;
		memcpy(bytes, s->first + s->first_at, n);
		s->first_at += n;
		return (ssize_t)n;
	}
	ptrdiff_t n = s->http->config.more(s->http->config.ctx, &s->at, bytes, room);
	if (n < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0) {
		s->asleep = true;
		MHD_suspend_connection(s->connection);
	}
	return n;
}

static void stream_end(void *ctx)
{
	struct stream *s = ctx;

	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	s->http->stream_count--;
	free(s->first);
	free(s);
}

static struct MHD_Response *stream_begin(
	struct http *http, struct MHD_Connection *connection, struct http_answer *answer)
{
	struct stream *s = mem_zeroed(1, sizeof(*s));

	*s = (struct stream){.next = http->streams,
		.link = &http->streams,
		.http = http,
		.connection = connection,
		.held = held_of(connection),
		.first = answer->body,
		.first_len = answer->len,
		.at = answer->stream_from};
	answer->body = NULL;
	if (s->next)
		s->next->link = &s->next;
	http->streams = s;
	http->stream_count++;
	s->held->phase = HELD_STREAM;
	return MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, s, stream_end);
}

void http_wake(struct http *http)
{
	for (struct stream *s = http->streams; s; s = s->next)
		if (s->asleep) {
			s->asleep = false;
			MHD_resume_connection(s->connection);
		}
}

size_t http_stream_count(const struct http *http)
{
	return http->stream_count;
}

/* --- answers --- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
	MHD_add_response_header(response, name, value);
}

static void add_strict_headers(struct MHD_Response *response)
{
	add(response, "Content-Security-Policy",
		"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
	add(response, "X-Content-Type-Options", "nosniff");
	add(response, "Referrer-Policy", "no-referrer");
	add(response, "Cross-Origin-Resource-Policy", "same-origin");
	add(response, "Cross-Origin-Opener-Policy", "same-origin");
}

static enum MHD_Result queue(
	struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
	add_strict_headers(response);
	enum MHD_Result result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);

	add(response, "Content-Type", "text/plain; charset=utf-8");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		add(response, "Allow", "GET, HEAD");
	if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
		add(response, "Retry-After", "30");
	return queue(connection, status, response);
}

/* FNV-1a of the bytes: a body of the same tag is the same body. */
static void tag_of(const char *bytes, size_t len, char text[32])
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
	snprintf(text, 32, "W/\"%016" PRIx64 "\"", hash);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
	return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool is_known(struct MHD_Connection *connection, const char *tag)
{
	const char *list = header(connection, "If-None-Match");

	return list && (strcmp(list, "*") == 0 || strstr(list, tag + 2));
}

static enum MHD_Result send_body(struct MHD_Connection *connection, struct http_answer *answer)
{
	char tag[32];
	char cache[48];
	size_t packed_len = 0;
	char *packed = NULL;
	bool known = false;

	tag_of(answer->body, answer->len, tag);
	if (answer->status == MHD_HTTP_OK)
		known = is_known(connection, tag);
	if (!known && answer->len >= GZIP_LEAST &&
		gzip_accepted(header(connection, "Accept-Encoding")))
		packed = gzip_pack(answer->body, answer->len, &packed_len);
	if (packed || known)
		free(answer->body);
	struct MHD_Response *response =
		known ? MHD_create_response_from_buffer(
				0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT)
		      : MHD_create_response_from_buffer(packed ? packed_len : answer->len,
				packed ? packed : answer->body, MHD_RESPMEM_MUST_FREE);
	add(response, "Content-Type", answer->type);
	add(response, "Vary", "Accept-Encoding");
	if (packed)
		add(response, "Content-Encoding", "gzip");
	if (answer->status == MHD_HTTP_OK)
		add(response, "ETag", tag);
	if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE)
		add(response, "Retry-After", "2");
	if (answer->location)
		add(response, "Location", answer->location);
	snprintf(cache, sizeof(cache), answer->max_age_s ? "max-age=%u" : "no-cache",
		answer->max_age_s);
	add(response, "Cache-Control", cache);
	return queue(connection, known ? MHD_HTTP_NOT_MODIFIED : answer->status, response);
}

static enum MHD_Result answer_it(
	struct http *http, struct MHD_Connection *connection, const char *path, bool head)
{
	struct http_request request = {.path = path,
		.last_event_id = header(connection, "Last-Event-ID"),
		.inner = connection};
	struct http_answer answer = {.status = MHD_HTTP_OK};

	http->config.answer(http->config.ctx, &request, &answer);
	if (!answer.stream)
		return send_body(connection, &answer);
	if (head || http->stream_count >= http->config.streams) {
		free(answer.body);
		return head ? refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "expected GET\n")
			    : refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE,
				      "too many listen already; ask again later\n");
	}
	struct MHD_Response *response = stream_begin(http, connection, &answer);
	add(response, "Content-Type", "text/event-stream");
	add(response, "Cache-Control", "no-store");
	add(response, "X-Accel-Buffering", "no");
	return queue(connection, MHD_HTTP_OK, response);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *path,
	const char *method, const char *version, const char *body, size_t *body_len, void **request)
{
	static char seen;
	struct http *http = ctx;
	bool head = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;
	(void)version;
	(void)body;

	if (*body_len != 0)
		return MHD_NO;
	if (!*request) { /* its headers are here; the answer goes out with the second call */
		*request = &seen;
		return MHD_YES;
	}
	enter(connection, http, HELD_ANSWERED);
	if (!head && strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "expected GET or HEAD\n");
	if (!http_host_is_ours(header(connection, "Host"), &http->config.hosts))
		return refuse(connection, MHD_HTTP_MISDIRECTED_REQUEST,
			"this is no name of ours; lightsout serve --host NAME adds one\n");
	return answer_it(http, connection, path, head);
}

const char *http_query(const struct http_request *request, const char *name)
{
	const char *value =
		MHD_lookup_connection_value(request->inner, MHD_GET_ARGUMENT_KIND, name);

	return value && strlen(value) < HTTP_QUERY_MOST ? value : NULL;
}

/* --- the server --- */

static int listen_on(const char *address, uint16_t port, struct diag *why)
{
	struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	bool is_six = inet_pton(AF_INET6, address, &six.sin6_addr) == 1;
	int yes = 1;

	if (!is_six && inet_pton(AF_INET, address, &four.sin_addr) != 1)
		return diag_set(why, "--listen \"%s\": expected an address", address);
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		goto failed;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (is_six)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	const struct sockaddr *place = is_six ? (const void *)&six : (const void *)&four;
	if (bind(fd, place, is_six ? sizeof(six) : sizeof(four)) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
failed:;
	int err = errno;
	if (fd >= 0)
		close(fd);
	diag_set(why, "cannot listen on %s port %u: %s", address, port, strerror(err));
	return -err;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &len) < 0)
		return 0;
	return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)(void *)&at)->sin6_port
					      : ((struct sockaddr_in *)(void *)&at)->sin_port);
}

int http_open(const struct http_config *config, struct diag *why, struct http **ret)
{
	int fd = listen_on(config->address, config->port, why);

	if (fd < 0)
		return fd;
	struct http *http = mem_zeroed(1, sizeof(*http));
	http->config = *config;
	http->port = port_of(fd);
	http->now = clock_mono();
	http->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
						(strchr(config->address, ':') ? MHD_USE_IPv6 : 0),
		0, NULL, NULL, on_request, http, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)(config->connections + config->streams),
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_EACH,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, on_completed, http,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_END);
	if (!http->daemon) {
		close(fd);
		free(http);
		diag_set(why, "cannot start the server on %s port %u", config->address,
			config->port);
		return -EIO;
	}
	*ret = http;
	return 0;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	http_wake(http);
	MHD_stop_daemon(http->daemon);
	free(http);
}

uint16_t http_port(const struct http *http)
{
	return http->port;
}

int http_fd(const struct http *http)
{
	return MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int http_wait_ms(const struct http *http)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(http->daemon, &ms) != MHD_YES)
		return -1;
	return ms > 60000 ? 60000 : (int)ms;
}

void http_run(struct http *http, struct mono now)
{
	http->now = now;
	if (mono_since(now, http->cut_at) >= NS_PER_S) {
		http->cut_at = now;
		held_cut(http->held, now);
	}
	MHD_run(http->daemon);
}
