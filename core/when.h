#ifndef CORE_WHEN_H
#define CORE_WHEN_H

#include "core/clock.h"
#include "core/text.h"

/*
 * A time as people name it, where wall_parse has it as data do. All of it is UTC:
 *
 *	2014-12-22T16:15:00Z, 2014-12-23T01:15:00+09:00, 2014-12-22, 1419264900
 *	-7d, -90m, -1d12h       so long before now; d, h, m (minutes), s
 *	now
 *	today, yesterday        the beginning of that day in UTC
 *
 * 0, or -EINVAL with *why: "is a length of time, expected -7d: that long ago", to stand behind
 * the text.
 */
int when_parse(const char *text, struct wall now, struct wall *ret, struct diag *why);

#endif
