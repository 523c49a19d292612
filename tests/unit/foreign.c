#include "tests/unit/foreign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "exchange/foreign/input.h"

static struct foreign_list read_so_far;

struct foreign_ask foreign_ask_nothing(void)
{
	return (struct foreign_ask){.zone_s = ZONE_NONE, .columns = {"time", "address", "ms"}};
}

struct read_file read_foreign_bytes(
	const char *format, const char *bytes, size_t len, const struct foreign_ask *given)
{
	struct foreign_ask ask = given ? *given : foreign_ask_nothing();
	const struct foreign_format *f = foreign_format_find(format);
	const struct foreign_record *record;
	struct read_file file = {.result = 1};

	assert_non_null(f);
	/* On the heap and no byte longer, for the address sanitizer. */
	char *copy = mem_copy(bytes, len);
	struct foreign_input *input = foreign_input_open_bytes("file", copy, len, f, &ask);
	read_so_far.count = 0;
	while ((file.result = foreign_input_peek(input, &record, &file.why)) == 1) {
		*foreign_list_add(&read_so_far, record->kind, record->line) = *record;
		foreign_input_take(input);
	}
	foreign_input_close(input);
	free(copy);
	file.records = read_so_far.records;
	file.count = read_so_far.count;
	return file;
}

struct read_file read_foreign(const char *format, const char *text, const struct foreign_ask *ask)
{
	return read_foreign_bytes(format, text, strlen(text), ask);
}

static void put(char *out, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void put(char *out, size_t size, const char *format, ...)
{
	size_t len = strlen(out);
	va_list args;

	va_start(args, format);
	vsnprintf(out + len, size - len, format, args);
	va_end(args);
}

static void put_observation(char *out, size_t size, const struct foreign_record *r)
{
	const struct observation *o = &r->observation;
	char text[ADDRESS_TEXT_SIZE];
	char method[METHOD_TEXT_SIZE];

	ip4_format(o->address, text);
	method_format(o->method, o->port, method);
	put(out, size, " %s %s %s", text, method, outcome_name(o->outcome));
	if (o->rtt_ns >= 0)
		put(out, size, " %.3f", (double)o->rtt_ns / 1000);
	if (o->has_responder) {
		ip4_format(o->responder, text);
		put(out, size, " by=%s", text);
	}
	if (o->icmp_type >= 0)
		put(out, size, " type=%d/%d", o->icmp_type, o->icmp_code);
	if (o->reply_ttl >= 0)
		put(out, size, " ttl=%d", o->reply_ttl);
	if (o->ip_id >= 0)
		put(out, size, " id=%d", o->ip_id);
	if (o->attempt >= 0)
		put(out, size, " attempt=%d", o->attempt);
	if (o->attempts >= 0 && o->attempts != 1)
		put(out, size, " attempts=%d", o->attempts);
	if (r->answered >= 0)
		put(out, size, " answered=%d", (int)r->answered);
}

const char *foreign_record_text(const struct foreign_record *r)
{
	static char out[512];
	char time[CLOCK_TEXT_SIZE];
	char text[ADDRESS_TEXT_SIZE];

	wall_format_epoch(r->at, time);
	snprintf(out, sizeof(out), "%s", time);
	if (r->kind == FOREIGN_OBSERVATION) {
		put_observation(out, sizeof(out), r);
	} else if (r->kind == FOREIGN_HOP) {
		ip4_format(r->hop.address, text);
		put(out, sizeof(out), " %s hop %d %s", text, r->hop.ttl, outcome_name(r->hop.outcome));
		if (r->hop.has_responder) {
			ip4_format(r->hop.responder, text);
			put(out, sizeof(out), " %.3f by=%s", (double)r->hop.rtt_ns / 1000, text);
		}
	} else if (r->kind == FOREIGN_HEARD) {
		wall_format_epoch(r->heard.end, time);
		put(out, sizeof(out), " heard until %s", time);
	} else if (r->kind == FOREIGN_ROUTE) {
		bool reset = r->route.event == ROUTE_RESET;
		prefix_format(r->route.prefix, text);
		put(out, sizeof(out), " %s %s%s%s%s%s", r->route.peer,
			route_event_name(r->route.event), reset ? "" : " ", reset ? "" : text,
			*r->route.path ? " " : "", r->route.path);
	} else {
		ip4_format(r->boot.address, text);
		wall_format_epoch(r->boot.boot_at, time);
		put(out, sizeof(out), " %s boot %s", text, time);
	}
	if (r->probe >= 0)
		put(out, sizeof(out), " probe=%d", (int)r->probe);
	return out;
}

const char *foreign_text(const struct read_file *file)
{
	static char out[16384];

	*out = '\0';
	for (size_t i = 0; i < file->count; i++)
		put(out, sizeof(out), "%s\n", foreign_record_text(&file->records[i]));
	return out;
}

void assert_foreign_refused(const char *format, const char *text, const struct foreign_ask *ask,
	unsigned long line, const char *reason)
{
	struct read_file file = read_foreign(format, text, ask);

	assert_true(file.result < 0);
	if (!strstr(file.why.text, reason) || file.why.line != line)
		print_error("line %lu: %s\n", file.why.line, file.why.text);
	assert_string_equal(file.why.file, "file");
	assert_int_equal(file.why.line, line);
	assert_non_null(strstr(file.why.text, reason));
}
