#include "exchange/foreign/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/inputs.h"
#include "core/mem.h"
#include "store/bounds.h"

struct foreign_input {
	const struct foreign_format *format;
	struct feed *feed;
	void *reader;
	struct foreign_stop stop;
	int fd;
	const char *bytes;
	size_t len;

	struct foreign_list list;
	size_t at;
	bool any, over;
};

static ssize_t read_file(void *ctx, char *bytes, size_t size)
{
	struct foreign_input *input = ctx;
	ssize_t n;

	if (input->stop.stopped && input->stop.stopped(input->stop.ctx))
		return -EINTR;
	do
		n = read(input->fd, bytes, size);
	while (n < 0 && errno == EINTR && !(input->stop.stopped && input->stop.stopped(input->stop.ctx)));
	return n < 0 ? -errno : n;
}

static ssize_t read_bytes(void *ctx, char *bytes, size_t size)
{
	struct foreign_input *input = ctx;
	size_t take = input->len < size ? input->len : size;

	if (take)
		memcpy(bytes, input->bytes, take);
	input->bytes += take;
	input->len -= take;
	return (ssize_t)take;
}

static struct foreign_input *begin(const char *name, const struct foreign_format *format,
	const struct foreign_ask *ask, ssize_t (*read)(void *ctx, char *bytes, size_t size))
{
	struct foreign_input *input = mem_zeroed(1, sizeof(*input));

	input->format = format;
	input->fd = -1;
	input->feed = feed_open(name, (struct feed_source){.read = read, .ctx = input});
	input->reader = format->open(ask, input->feed);
	return input;
}

struct foreign_input *foreign_input_open_bytes(const char *name, const char *bytes, size_t len,
	const struct foreign_format *format, const struct foreign_ask *ask)
{
	struct foreign_input *input = begin(name, format, ask, read_bytes);

	input->bytes = bytes;
	input->len = len;
	return input;
}

struct foreign_input *foreign_input_open_fd(const char *name, int fd,
	const struct foreign_format *format, const struct foreign_ask *ask, struct foreign_stop stop)
{
	struct foreign_input *input = begin(name, format, ask, read_file);

	input->fd = fd;
	input->stop = stop;
	return input;
}

int foreign_input_open(const char *name, const struct foreign_format *format,
	const struct foreign_ask *ask, struct foreign_stop stop, struct diag *why,
	struct foreign_input **ret)
{
	bool standard = strcmp(name, "-") == 0;
	int fd = standard ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
	struct foreign_input *input =
		begin(standard ? "standard input" : name, format, ask, read_file);

	if (fd < 0) {
		int err = errno;
		feed_wrong_at(input->feed, 0, why, "cannot read: %s", strerror(err));
		foreign_input_close(input);
		return -err;
	}
	input_note_fd(fd, "a file that is imported");
	input->fd = fd;
	input->stop = stop;
	*ret = input;
	return 0;
}

void foreign_input_close(struct foreign_input *input)
{
	if (!input)
		return;
	input->format->close(input->reader);
	feed_close(input->feed);
	if (input->fd >= 0)
		close(input->fd);
	free(input->list.records);
	free(input);
}

uint64_t foreign_input_ipv6(const struct foreign_input *input)
{
	return input->list.ipv6;
}

int foreign_input_hash(struct foreign_input *input, uint64_t *ret, struct diag *why)
{
	return feed_hash(input->feed, ret, why);
}

static int refuse_empty(const struct foreign_input *input, struct diag *why)
{
	const char *nothing = input->format->nothing;

	return feed_wrong(input->feed, why, "no %s in it, expected %s%s%s",
		input->format->routes ? "route" : "observation", input->format->what,
		nothing ? "; " : "", nothing ? nothing : "");
}

/* What no store takes. */
static int check(const struct foreign_input *input, const struct foreign_record *r, struct diag *why)
{
	if (!time_within(r->at))
		return foreign_input_wrong(
			input, why, "a time outside the years 1970 to 2199, expected one within");
	if (r->observation.rtt_ns > RTT_MOST_NS || r->hop.rtt_ns > RTT_MOST_NS)
		return foreign_input_wrong(
			input, why, "a round trip of more than an hour, expected milliseconds");
	if (r->observation.attempts > ATTEMPTS_MOST)
		return foreign_input_wrong(input, why, "more than a million attempts");
	return 1;
}

int foreign_input_peek(
	struct foreign_input *input, const struct foreign_record **ret, struct diag *why)
{
	while (input->at == input->list.count && !input->over) {
		input->at = 0;
		input->list.count = 0;
		int r = input->format->next(input->reader, &input->list, why);
		if (r < 0)
			return feed_failed(input->feed, r, why);
		input->over = r == 0;
	}
	input->any |= input->at < input->list.count;
	if (!input->any && !input->format->may_be_empty)
		return refuse_empty(input, why);
	if (input->at == input->list.count)
		return 0;
	*ret = &input->list.records[input->at];
	return check(input, *ret, why);
}

void foreign_input_take(struct foreign_input *input)
{
	input->at++;
}

int foreign_input_wrong(const struct foreign_input *input, struct diag *why, const char *text)
{
	return feed_wrong_at(
		input->feed, input->list.records[input->at].line, why, "%s", text);
}
