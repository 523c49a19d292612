#include "exchange/foreign/record.h"

#include "core/mem.h"

struct foreign_record *foreign_list_add(
	struct foreign_list *list, enum foreign_kind kind, unsigned long line)
{
	list->records = mem_grow(
		list->records, &list->capacity, list->count + 1, sizeof(*list->records));
	struct foreign_record *record = &list->records[list->count++];
	*record = (struct foreign_record){.kind = kind,
		.line = line,
		.probe = -1,
		.answered = -1,
		.observation = observation_blank(),
		.hop = {.rtt_ns = -1}};
	return record;
}

struct foreign_record *foreign_list_add_echo(
	struct foreign_list *list, unsigned long line, struct wall at, struct ip4 address)
{
	struct foreign_record *record = foreign_list_add(list, FOREIGN_OBSERVATION, line);

	record->at = at;
	record->observation.address = address;
	record->observation.probed_at = at;
	record->observation.method = METHOD_ICMP;
	record->observation.outcome = OUTCOME_SILENT;
	return record;
}

enum foreign_word foreign_word_of(const struct observation *o)
{
	return o->outcome == OUTCOME_UNSENT ? WORD_NONE
	       : observation_is_life(o)     ? WORD_ALIVE
					    : WORD_SILENT;
}

bool foreign_outranks(const struct observation *new, const struct observation *old)
{
	return foreign_word_of(new) > foreign_word_of(old) ||
	       (old->outcome == OUTCOME_SILENT && new->outcome != OUTCOME_SILENT);
}

struct foreign_record *foreign_list_add_silent_hop(struct foreign_list *list, unsigned long line,
	struct wall at, struct ip4 towards, uint8_t ttl)
{
	struct foreign_record *record = foreign_list_add(list, FOREIGN_HOP, line);

	record->at = at;
	record->hop = (struct hop){.address = towards,
		.ttl = ttl,
		.probed_at = at,
		.outcome = OUTCOME_SILENT,
		.rtt_ns = -1};
	return record;
}

struct foreign_record *foreign_list_add_hop(struct foreign_list *list, unsigned long line,
	struct wall at, struct ip4 towards, uint8_t ttl, enum outcome outcome, struct ip4 by,
	int64_t rtt_ns)
{
	struct foreign_record *record = foreign_list_add_silent_hop(list, line, at, towards, ttl);

	record->hop.outcome = outcome;
	record->hop.has_responder = true;
	record->hop.responder = by;
	record->hop.rtt_ns = rtt_ns;
	return record;
}
