#include "tests/unit/unit.h"

#include <stdio.h>
#include <unistd.h>

#include "prober/io/notify.h"

static int manager; /* the socket that a service manager listens on */
static char name[64];

static int listen_as_manager(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	(void)state;

	snprintf(name, sizeof(name), "@lightsout-test-%d", (int)getpid());
	memcpy(address.sun_path + 1, name + 1, strlen(name) - 1);
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	return bind(manager, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name)));
}

static int stop_listening(void **state)
{
	(void)state;
	return close(manager);
}

static void set(const char *socket_name, const char *usec, const char *pid)
{
	const char *const names[] = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};
	const char *const values[] = {socket_name, usec, pid};

	for (size_t i = 0; i < 3; i++)
		if (values[i])
			setenv(names[i], values[i], 1);
		else
			unsetenv(names[i]);
}

/* What the manager was told, "" for nothing. */
static const char *heard(void)
{
	static char text[1024];
	ssize_t len = recv(manager, text, sizeof(text) - 1, 0);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

static void the_manager_hears_of_start_status_and_end(void **state)
{
	struct notify notify;
	(void)state;

	set(name, NULL, NULL);
	notify_open(&notify);
	notify_ready(&notify);
	assert_string_equal(heard(), "READY=1");
	notify_status(&notify, "sweep 7: all well");
	assert_string_equal(heard(), "STATUS=sweep 7: all well");
	notify_stopping(&notify);
	assert_string_equal(heard(), "STOPPING=1");
	notify_close(&notify);
}

static void the_watchdog_hears_of_us_when_half_its_time_has_passed(void **state)
{
	struct notify notify;
	char pid[16];
	(void)state;

	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	set(name, "2000000", pid);
	notify_open(&notify);
	notify_alive(&notify, (struct mono){100 * NS_PER_S});
	assert_string_equal(heard(), "WATCHDOG=1");
	notify_alive(&notify, (struct mono){101 * NS_PER_S - 1});
	assert_string_equal(heard(), "");
	notify_alive(&notify, (struct mono){101 * NS_PER_S});
	assert_string_equal(heard(), "WATCHDOG=1");
	notify_close(&notify);
}

static void without_a_watchdog_or_with_that_of_another_process_none_is_fed(void **state)
{
	static const char *const cases[][2] = {
		{NULL, NULL}, {"2000000", "1"}, {"x", NULL}, {"0", NULL}};
	(void)state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct notify notify;
		set(name, cases[i][0], cases[i][1]);
		notify_open(&notify);
		notify_alive(&notify, (struct mono){100 * NS_PER_S});
		assert_string_equal(heard(), "");
		notify_close(&notify);
	}
}

static void without_a_manager_nothing_happens(void **state)
{
	static const char *const names[] = {NULL, "", "relative", "@", "/nobody/listens/here"};
	char too_long[200];
	(void)state;

	memset(too_long, 'a', sizeof(too_long));
	too_long[0] = '/';
	too_long[sizeof(too_long) - 1] = '\0';
	for (size_t i = 0; i <= sizeof(names) / sizeof(names[0]); i++) {
		struct notify notify;
		set(i < sizeof(names) / sizeof(names[0]) ? names[i] : too_long, "1000000", NULL);
		notify_open(&notify);
		notify_ready(&notify);
		notify_alive(&notify, (struct mono){100 * NS_PER_S});
		notify_close(&notify);
		assert_int_equal(notify.fd, -1);
	}
}

static void a_manager_that_does_not_read_holds_nothing_up(void **state)
{
	struct notify notify;
	(void)state;

	set(name, "2", NULL);
	notify_open(&notify);
	for (int64_t i = 0; i < 10000; i++)
		notify_alive(&notify, (struct mono){(100 + i) * NS_PER_S});
	assert_true(
		notify.alive.ns < (100 + 9999) * NS_PER_S); /* what was not heard was not said */
	while (*heard())
		;
	notify_alive(&notify, (struct mono){20000 * NS_PER_S});
	assert_string_equal(heard(), "WATCHDOG=1");
	notify_close(&notify);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manager_hears_of_start_status_and_end),
		cmocka_unit_test(the_watchdog_hears_of_us_when_half_its_time_has_passed),
		cmocka_unit_test(without_a_watchdog_or_with_that_of_another_process_none_is_fed),
		cmocka_unit_test(without_a_manager_nothing_happens),
		cmocka_unit_test(a_manager_that_does_not_read_holds_nothing_up),
	};

	return cmocka_run_group_tests_name("notify", tests, listen_as_manager, stop_listening);
}
