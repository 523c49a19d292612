#include "commands/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "commands/exit_status.h"
#include "core/mem.h"
#include "core/text.h"

enum { ASKED_MAX = 64 };

/* One (method, port) of a sweep's methods text. */
struct asked {
	enum method method;
	uint16_t port;
};

const char *check_state_name(enum check_state state)
{
	return state == CHECK_UP ? "up" : "unknown";
}

const char *check_count_name(enum check_count count)
{
	static const char *const names[CHECK_COUNTS] = {
		[CHECK_COUNT_PLANNED] = "planned",
		[CHECK_COUNT_LEFT] = "left",
		[CHECK_COUNT_RETRIED] = "retried",
		[CHECK_COUNT_HELD_BACK] = "held_back",
		[CHECK_COUNT_RETRIES_HELD] = "retries_held",
		[CHECK_COUNT_BLOCKED] = "blocked",
		[CHECK_COUNT_DUPLICATE] = "duplicate",
		[CHECK_COUNT_LATE] = "late",
		[CHECK_COUNT_WRONG_SOURCE] = "wrong_source",
		[CHECK_COUNT_WRONG_IDENTITY] = "wrong_identity",
		[CHECK_COUNT_BAD_CHECKSUM] = "bad_checksum",
		[CHECK_COUNT_TRUNCATED] = "truncated",
		[CHECK_COUNT_HALF_OPEN] = "half_open",
		[CHECK_COUNT_DOUBTFUL] = "doubtful",
		[CHECK_COUNT_OWN_ERRORS] = "own_errors",
		[CHECK_COUNT_RTT_ABSURD] = "rtt_absurd",
	};

	return names[count];
}

static int asked_order(const void *a, const void *b)
{
	const struct asked *x = a;
	const struct asked *y = b;

	if (x->method != y->method)
		return x->method < y->method ? -1 : 1;
	return x->port - y->port;
}

/* In the order of observations, each once. */
static size_t asked_parse(const char *methods, struct asked asked[ASKED_MAX])
{
	char text[METHODS_SIZE];
	char *at = text;
	size_t count = 0;
	size_t kept = 0;

	memcpy(text, methods, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (char *name; count < ASKED_MAX && (name = strsep(&at, ";")) != NULL;)
		if (method_parse(name, &asked[count].method, &asked[count].port))
			count++;
	qsort(asked, count, sizeof(*asked), asked_order);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || asked_order(&asked[kept - 1], &asked[i]) != 0)
			asked[kept++] = asked[i];
	return kept;
}

/* What puts silence in doubt: it may have been our own. Lateness, clocks and
 * the like do not: whoever was silent then was silent. */
static uint32_t doubts_of(uint32_t flags)
{
	uint32_t doubts = flags & (SWEEP_CAPTURE_DROP | SWEEP_ANCHORS_DOWN | SWEEP_UNPROVEN |
					  SWEEP_INTERFACE_DOWN | SWEEP_SUSPENDED | SWEEP_CUT_SHORT);

	if (flags & SWEEP_DROPS_MARKED) /* row by row, as unsent */
		doubts &= ~(uint32_t)SWEEP_CAPTURE_DROP;
	return doubts;
}

static struct observation silent_of(
	const struct sweep *sweep, struct ip4 address, const struct asked *asked)
{
	struct observation silent = observation_blank();

	silent.address = address;
	silent.probed_at = sweep->info.start;
	silent.method = asked->method;
	silent.port = asked->port;
	silent.outcome = OUTCOME_SILENT;
	return silent;
}

/*
 * The rows of the targets, and for a full sweep a silent one for each (address,
 * method) that has none. Its time is the sweep's start: that each silent probe
 * left later by some seconds is not kept. Both lists are in order, so the
 * records are when they are merged.
 */
static void records_make(
	const struct target_set *set, const struct sweep *sweep, struct check *check)
{
	const struct observation *row = sweep->observations;
	const struct observation *end = row + sweep->observation_count;
	struct asked asked[ASKED_MAX];
	size_t asked_count = 0;
	size_t room = 0;

	if (sweep->info.tier == TIER_FULL)
		asked_count = asked_parse(sweep->info.methods, asked);
	/* One more than needed: an array that is there, even for nothing. */
	check->records = mem_grow(NULL, &room,
		sweep->observation_count + set->address_count * asked_count + 1,
		sizeof(*check->records));
	struct observation *to = check->records;
	for (size_t i = 0; i < set->address_count; i++) {
		struct ip4 address = set->addresses[i];
		size_t k = 0;
		while (row < end && row->address.host < address.host)
			row++; /* an anchor */
		for (; row < end && ip4_equal(row->address, address); *to++ = *row++) {
			struct asked own = {row->method, row->port};
			while (k < asked_count && asked_order(&asked[k], &own) < 0)
				*to++ = silent_of(sweep, address, &asked[k++]);
			k += k < asked_count && asked_order(&asked[k], &own) == 0;
		}
		while (k < asked_count)
			*to++ = silent_of(sweep, address, &asked[k++]);
	}
	check->record_count = (size_t)(to - check->records);
}

static void address_judge(struct check *check, struct check_address *address)
{
	bool seen[OUTCOME_COUNT] = {false};
	bool answers[2] = {false, false}; /* by method */
	bool boxed = false;

	for (size_t i = address->first; i < address->first + address->count; i++) {
		const struct observation *o = &check->records[i];
		bool box = boxes_gave(&check->boxes, o);
		boxed |= box;
		if (box)
			seen[OUTCOME_UNSENT] = true;
		else if (observation_is_life(o))
			answers[o->method] = true;
		else
			seen[o->outcome] = true;
	}
	if (answers[METHOD_ICMP])
		address->finding = CHECK_ECHO;
	else if (answers[METHOD_TCP])
		address->finding = CHECK_TCP;
	else if (seen[OUTCOME_UNSENT] || address->count == 0)
		address->finding = CHECK_UNMEASURED;
	else if (seen[OUTCOME_UNREACHABLE] || seen[OUTCOME_TTL_EXCEEDED])
		address->finding = CHECK_UNREACHABLE;
	else
		address->finding = CHECK_SILENT;
	bool answered = answers[METHOD_ICMP] || answers[METHOD_TCP];
	check->boxed += boxed && !answered;
	address->unproven = !answered && seen[OUTCOME_SILENT] && check->doubts;
}

static void addresses_make(const struct target_set *set, struct check *check)
{
	size_t at = 0;

	check->address_count = set->address_count;
	check->addresses = mem_zeroed(set->address_count, sizeof(*check->addresses));
	for (size_t i = 0; i < set->address_count; i++) {
		struct check_address *address = &check->addresses[i];
		address->address = set->addresses[i];
		address->first = at;
		while (at < check->record_count &&
			ip4_equal(check->records[at].address, address->address))
			at++;
		address->count = at - address->first;
		address_judge(check, address);
		check->found[address->finding]++;
		check->doubted += address->unproven;
	}
}

static int order_i64(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a;
	int64_t y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of an even number, the mean of the two in the middle. */
static int64_t median(int64_t *values, size_t count)
{
	if (count == 0)
		return -1;
	qsort(values, count, sizeof(*values), order_i64);
	int64_t low = values[(count - 1) / 2];
	return low + (values[count / 2] - low) / 2;
}

static void block_judge(const struct check *check, struct check_block *block)
{
	const struct check_address *last = &check->addresses[block->first + block->count - 1];
	size_t from = check->addresses[block->first].first;
	size_t to = last->first + last->count;
	int64_t *rtts = mem_zeroed(to - from, sizeof(*rtts));
	size_t rtt_count = 0;
	struct ip4 counted = {0};
	bool any = false;

	for (size_t i = block->first; i < block->first + block->count; i++)
		block->found[check->addresses[i].finding]++;
	for (size_t i = from; i < to; i++) {
		const struct observation *o = &check->records[i];
		if (!observation_is_life(o) || boxes_gave(&check->boxes, o))
			continue;
		if (o->rtt_ns >= 0)
			rtts[rtt_count++] = o->rtt_ns;
		if (o->method == METHOD_TCP && (!any || !ip4_equal(counted, o->address))) {
			block->tcp++;
			counted = o->address;
			any = true;
		}
	}
	block->rtt_median_ns = median(rtts, rtt_count);
	block->state =
		block->found[CHECK_ECHO] + block->found[CHECK_TCP] ? CHECK_UP : CHECK_UNKNOWN;
	free(rtts);
}

static void blocks_make(struct check *check)
{
	size_t room = 0;

	for (size_t i = 0; i < check->address_count;) {
		struct check_block block = {
			.prefix = block_of(check->addresses[i].address), .first = i};
		while (i < check->address_count &&
			prefix_holds(block.prefix, check->addresses[i].address))
			i++;
		block.count = i - block.first;
		block_judge(check, &block);
		check->blocks = mem_grow(
			check->blocks, &room, check->block_count + 1, sizeof(*check->blocks));
		check->blocks[check->block_count++] = block;
	}
}

/* The first address that is not below this one. */
static size_t lower_bound(const struct check *check, struct ip4 address)
{
	size_t low = 0;
	size_t high = check->address_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (check->addresses[middle].address.host < address.host)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void arguments_make(const struct target_set *set, struct check *check)
{
	check->argument_count = set->argument_count;
	check->arguments = mem_zeroed(set->argument_count, sizeof(*check->arguments));
	for (size_t i = 0; i < set->argument_count; i++) {
		struct check_argument *argument = &check->arguments[i];
		const struct target_argument *from = &set->arguments[i];
		argument->text = from->text;
		for (size_t r = from->first; r < from->first + from->count; r++) {
			struct prefix prefix = set->rows[r].prefix;
			for (size_t a = lower_bound(check, prefix.base);
				a < check->address_count &&
				prefix_holds(prefix, check->addresses[a].address);
				a++) {
				enum check_finding finding = check->addresses[a].finding;
				argument->asked++;
				argument->answered += finding == CHECK_ECHO || finding == CHECK_TCP;
			}
		}
	}
}

static int status_of(const struct check *check)
{
	if (check->found[CHECK_UNMEASURED] || check->doubted)
		return EXIT_UNMEASURED;
	for (size_t i = 0; i < check->argument_count; i++)
		if (check->arguments[i].asked == 0)
			return EXIT_UNMEASURED; /* all of it was refused */
	for (size_t i = 0; i < check->argument_count; i++)
		if (check->arguments[i].answered == 0)
			return EXIT_NO_ANSWER;
	return EXIT_ANSWERED;
}

static void count_set(struct check *check, const char *name, int64_t count)
{
	static const char unsent[] = "unsent_";

	for (int i = 0; i < CHECK_COUNTS; i++)
		if (strcmp(name, check_count_name((enum check_count)i)) == 0)
			check->counts[i] = count;
	if (strncmp(name, unsent, sizeof(unsent) - 1) != 0)
		return;
	for (int i = UNSENT_NONE + 1; i < UNSENT_COUNT; i++)
		if (strcmp(name + sizeof(unsent) - 1, unsent_name((enum unsent)i)) == 0)
			check->unsent[i] = count;
}

/* "left=1024;retried=3": what is not there was zero, unless nothing is there;
 * other names are no business of ours. */
static void counts_parse(struct check *check, const char *counts)
{
	char text[COUNTS_SIZE];
	char *at = text;

	for (int i = 0; i < CHECK_COUNTS; i++)
		check->counts[i] = *counts ? 0 : -1;
	memcpy(text, counts, sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (char *item; (item = strsep(&at, ";")) != NULL;) {
		char *value = strchr(item, '=');
		int64_t count;
		if (!value)
			continue;
		*value++ = '\0';
		if (text_i64(value, &count) && count >= 0)
			count_set(check, item, count);
	}
}

void check_make(const struct target_set *set, const struct sweep *sweep, struct check *ret)
{
	struct check check = {.info = sweep->info, .refused = set->refused_count};

	counts_parse(&check, sweep->info.counts);
	check.doubts = doubts_of(sweep->info.flags);
	boxes_see(&check.boxes, sweep, NULL);
	records_make(set, sweep, &check);
	addresses_make(set, &check);
	blocks_make(&check);
	arguments_make(set, &check);
	check.status = status_of(&check);
	*ret = check;
}

void check_finish(struct check *check)
{
	free(check->records);
	free(check->addresses);
	free(check->blocks);
	free(check->arguments);
	boxes_finish(&check->boxes);
	*check = (struct check){.status = EXIT_TROUBLE};
}
