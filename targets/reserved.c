#include "targets/reserved.h"

#include <stddef.h>

#define PREFIX(a, b, c, d, len)                                                                    \
	{                                                                                          \
		{(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d)}, len                            \
	}

/* clang-format off */
static const struct reserved rows[] = {
	{PREFIX(0, 0, 0, 0, 8), true, false, "\"this network\" (RFC 1122)"},
	{PREFIX(10, 0, 0, 0, 8), false, false, "private use (RFC 1918)"},
	{PREFIX(100, 64, 0, 0, 10), false, false, "shared by providers (RFC 6598)"},
	{PREFIX(127, 0, 0, 0, 8), false, false, "loopback (RFC 1122)"},
	{PREFIX(169, 254, 0, 0, 16), false, false, "link local (RFC 3927)"},
	{PREFIX(172, 16, 0, 0, 12), false, false, "private use (RFC 1918)"},
	{PREFIX(192, 0, 0, 0, 24), false, false, "protocol assignments (RFC 6890)"},
	{PREFIX(192, 0, 2, 0, 24), false, true, "documentation, TEST-NET-1 (RFC 5737)"},
	{PREFIX(192, 31, 196, 0, 24), false, false, "AS112 service (RFC 7535)"},
	{PREFIX(192, 52, 193, 0, 24), false, false, "multicast tunnelling (RFC 7450)"},
	{PREFIX(192, 88, 99, 0, 24), false, false, "former 6to4 relays (RFC 7526)"},
	{PREFIX(192, 168, 0, 0, 16), false, false, "private use (RFC 1918)"},
	{PREFIX(192, 175, 48, 0, 24), false, false, "AS112 service (RFC 7534)"},
	{PREFIX(198, 18, 0, 0, 15), false, true, "benchmarking (RFC 2544)"},
	{PREFIX(198, 51, 100, 0, 24), false, true, "documentation, TEST-NET-2 (RFC 5737)"},
	{PREFIX(203, 0, 113, 0, 24), false, true, "documentation, TEST-NET-3 (RFC 5737)"},
	{PREFIX(224, 0, 0, 0, 4), true, false, "multicast (RFC 5771)"},
	{PREFIX(240, 0, 0, 0, 4), true, false, "reserved and broadcast (RFC 1112, RFC 919)"},
	{.what = NULL},
};
/* clang-format on */

const struct reserved *reserved_rows(void)
{
	return rows;
}

const struct reserved *reserved_find(struct ip4 address)
{
	for (const struct reserved *row = rows; row->what; row++)
		if (prefix_holds(row->prefix, address))
			return row;
	return NULL;
}
