/*
 * Transmit, capture and confine together, in a namespace of tests/lab/test_doors.sh.
 *
 * doors SOURCE TARGET PORT: opens everything, gives up its capabilities, then
 * for every line on its input, which is the name of an interface to send out
 * of or "any", sends an echo request and a SYN and says in one line what became
 * of them:
 *
 *     KIND sent|ERRNO left=COUNT answered=OUTCOME rtt=NS interface=INDEX older=COUNT
 *
 * after a line about the way that route_ask found,
 *
 *     route ERRNO|NAME INDEX SOURCE GATEWAY
 *
 * (older: bare ACKs from the target that acknowledge another SYN) and, at the
 * end of the input, "dropped=COUNT bad=COUNT other=COUNT" (other: frames that
 * the filter should have kept back).
 *
 * The line "flood" sends many echo requests without looking at the capture,
 * more than its ring holds, and then says
 *
 *     flood sent=COUNT seen=COUNT dropped=COUNT
 *
 * doors listen PORT: answers SYNs until it is killed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/address.h"
#include "core/clock.h"
#include "prober/io/capture.h"
#include "prober/io/confine.h"
#include "prober/io/route.h"
#include "prober/io/transmit.h"
#include "prober/packet/frame.h"

enum { SOURCE_PORT = 20007, FRAMES = 64, FLOOD = 20000 };

struct fate {
	struct probe probe;
	int sent;
	int left_count;
	struct wall left, answered;
	enum outcome outcome;
	int interface;
	int older_count;
};

struct doors {
	struct fate fates[2];
	unsigned long bad, other, seen;
};

static const char *outcome_text(enum outcome outcome)
{
	static const char *const texts[] = {
		[OUTCOME_SILENT] = "silent",
		[OUTCOME_ECHO_REPLY] = "echo_reply",
		[OUTCOME_SYN_ACK] = "syn_ack",
		[OUTCOME_RST] = "rst",
		[OUTCOME_UNREACHABLE] = "unreachable",
		[OUTCOME_TTL_EXCEEDED] = "ttl_exceeded",
		[OUTCOME_UNSENT] = "unsent",
	};
	return texts[outcome];
}

static bool is_ours(const struct fate *fate, const struct sighting *s)
{
	return s->has_identity && s->method == fate->probe.method &&
	       s->identity == fate->probe.identity;
}

static void on_frame(void *ctx, const struct frame *frame)
{
	struct doors *doors = ctx;
	struct sighting s;
	enum sighting_verdict verdict = frame_parse(
		frame->link_type, frame->bytes, frame->len, frame->wire_len, &s);

	doors->seen++;
	doors->other += verdict == SIGHTING_IRRELEVANT;
	if (verdict == SIGHTING_BAD_CHECKSUM || verdict == SIGHTING_TRUNCATED)
		doors->bad++;
	if (verdict != SIGHTING_PARSED)
		return;
	for (int i = 0; i < 2; i++) {
		struct fate *fate = &doors->fates[i];
		if (!is_ours(fate, &s)) {
			fate->older_count += s.method == fate->probe.method && s.bare_ack &&
					     ip4_equal(s.from, fate->probe.target);
			continue;
		}
		if (s.kind == SIGHTING_PROBE && ip4_equal(s.from, fate->probe.source)) {
			if (fate->left_count++ == 0)
				fate->left = frame->at;
			fate->interface = s.interface;
		} else if (s.kind == SIGHTING_ERROR ||
			   (s.kind == SIGHTING_REPLY && ip4_equal(s.from, fate->probe.target))) {
			fate->outcome = s.outcome;
			fate->answered = frame->at;
		}
	}
}

static void say_route(struct ip4 target)
{
	char source[ADDRESS_TEXT_SIZE], gateway[ADDRESS_TEXT_SIZE];
	struct route route;
	const struct route_question question = {.target = target};
	char name[IF_NAMESIZE] = "?";
	int r = route_ask(&question, &route);

	if (r < 0) {
		printf("route %s\n", strerrorname_np(-r));
		return;
	}
	ip4_format(route.source, source);
	ip4_format(route.gateway, gateway);
	if_indextoname((unsigned int)route.interface, name);
	printf("route %s %d %s %s\n", name, route.interface, source,
		route.has_gateway ? gateway : "-");
}

static void round_of_probes(struct doors *doors, struct transmit *transmit, struct capture *capture,
	const struct probe *base)
{
	static uint32_t identity = 0xc0ffee00;
	struct pollfd poll_fd = {.fd = capture_fd(capture), .events = POLLIN};

	say_route(base->target);
	for (int i = 0; i < 2; i++) {
		struct fate *fate = &doors->fates[i];
		*fate = (struct fate){.probe = *base};
		fate->probe.method = i == 0 ? METHOD_ICMP : METHOD_TCP;
		fate->probe.identity = identity;
		identity += 0x9e3779b1; /* far outside any window, as the real ones are */
		fate->sent = transmit_send(transmit, &fate->probe);
	}
	struct mono end = mono_after(clock_mono(), 300 * NS_PER_MS);
	for (;;) {
		int64_t left = mono_since(end, clock_mono());
		if (left <= 0)
			break;
		poll(&poll_fd, 1, (int)(left / NS_PER_MS) + 1);
		int r = capture_dispatch(capture, FRAMES, on_frame, doors);
		if (r < 0 && r != -ENETDOWN) {
			fprintf(stderr, "capture: %s\n", strerror(-r));
			exit(1);
		}
	}
	for (int i = 0; i < 2; i++) {
		const struct fate *fate = &doors->fates[i];
		printf("%s %s left=%d answered=%s rtt=%lld interface=%d older=%d\n",
			i == 0 ? "echo" : "syn",
			fate->sent == 0 ? "sent" : strerrorname_np(-fate->sent), fate->left_count,
			outcome_text(fate->outcome),
			fate->outcome == OUTCOME_SILENT
				? -1
				: (long long)wall_since(fate->answered, fate->left),
			fate->interface, fate->older_count);
	}
	fflush(stdout);
}

/* One second of looking after twenty thousand probes of not looking. */
static void flood(struct doors *doors, struct transmit *transmit, struct capture *capture,
	const struct probe *base)
{
	struct pollfd poll_fd = {.fd = capture_fd(capture), .events = POLLIN};
	struct probe probe = *base;
	uint64_t before, after;
	int sent = 0;

	if (capture_dropped(capture, &before) < 0)
		exit(1);
	doors->seen = 0;
	for (probe.identity = 1; probe.identity <= FLOOD; probe.identity++)
		sent += transmit_send(transmit, &probe) == 0;
	struct mono end = mono_after(clock_mono(), NS_PER_S);
	while (mono_since(end, clock_mono()) > 0) {
		poll(&poll_fd, 1, 10);
		capture_dispatch(capture, FRAMES, on_frame, doors);
	}
	if (capture_dropped(capture, &after) < 0)
		exit(1);
	printf("flood sent=%d seen=%lu dropped=%llu\n", sent, doors->seen,
		(unsigned long long)(after - before));
}

static int listen_until_killed(const char *port)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0 || listen(fd, 16) < 0)
		return 1;
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	struct probe base = {.ttl = PROBE_TTL, .source_port = SOURCE_PORT, .tcp_ts = 1};
	struct transmit *transmit;
	struct capture *capture;
	struct doors doors = {0};
	struct diag why;
	uint64_t dropped;
	char line[IF_NAMESIZE + 1];

	if (argc == 3 && strcmp(argv[1], "listen") == 0)
		return listen_until_killed(argv[2]);
	if (argc != 4 || !ip4_parse(argv[1], &base.source) || !ip4_parse(argv[2], &base.target))
		return 2;
	base.port = (uint16_t)atoi(argv[3]);
	if (confine_check(&why) < 0 || transmit_open(&why, &transmit) < 0 ||
		capture_open(0, &why, &capture) < 0 || confine_drop(&why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	if (capture_set_port(capture, SOURCE_PORT) < 0 || confine_check(&why) != -EPERM)
		return 1;
	transmit_set_contact(transmit, "lightsout: tests/lab");
	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "flood") == 0) {
			flood(&doors, transmit, capture, &base);
			continue;
		}
		int r = transmit_bind_interface(transmit, strcmp(line, "any") == 0 ? "" : line);
		if (r < 0)
			fprintf(stderr, "%s: %s\n", line, strerror(-r));
		round_of_probes(&doors, transmit, capture, &base);
	}
	if (capture_dropped(capture, &dropped) < 0)
		return 1;
	printf("dropped=%llu bad=%lu other=%lu\n", (unsigned long long)dropped, doors.bad,
		doors.other);
	capture_close(capture);
	transmit_close(transmit);
	return 0;
}
