/*
 * The first byte says which format the rest is: bit 7, whether a time and a zone were given.
 * What is read becomes sweeps, or routes, within the bounds of a store.
 */
#include <stdlib.h>

#include "exchange/foreign/input.h"
#include "exchange/foreign/sweeps.h"
#include "store/bounds.h"
#include "tests/fuzz/fuzz.h"

static int take(void *ctx, const struct sweep *sweep, struct diag *why)
{
	(void)ctx;
	if (bounds_sweep(sweep, why) < 0)
		abort();
	return 0;
}

static const struct foreign_format *format_of(uint8_t number)
{
	size_t count = 0;

	while (foreign_formats[count])
		count++;
	return foreign_formats[number % count];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct foreign_ask ask = {.zone_s = ZONE_NONE, .columns = {"time", "address", "ms"}};
	const struct foreign_record *record;
	struct diag why = {.line = 0};

	if (len == 0)
		return 0;
	const struct foreign_format *format = format_of(bytes[0] & 127);
	if (bytes[0] & 128) {
		ask.zone_s = 32400;
		ask.has_time = true;
		ask.time = (struct wall){1767225600 * NS_PER_S};
		ask.interval_ns = NS_PER_S;
	}
	struct foreign_series series = {.scan = format->scan};
	struct foreign_sweeps *sweeps =
		foreign_sweeps_create(&series, (struct foreign_sink){.sweep = take});
	struct foreign_input *input = foreign_input_open_bytes(
		"fuzz", (const char *)bytes + 1, len - 1, format, &ask);
	while (foreign_input_peek(input, &record, &why) == 1) {
		if (!format->routes)
			foreign_sweeps_add(sweeps, record, &why);
		else if (record->kind == FOREIGN_ROUTE && bounds_route(&record->route, &why) < 0)
			abort();
		foreign_input_take(input);
	}
	foreign_sweeps_cut(sweeps, &why);
	foreign_input_close(input);
	foreign_sweeps_destroy(sweeps);
	return 0;
}
