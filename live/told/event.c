#include "live/told/event.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/evidence/attribution.h"
#include "exchange/output_format.h"

struct writing {
	FILE *out;
	char *text;
	size_t len;
};

static void write_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, ",\"%s\":", name);
	format_json_text(out, text);
}

static void write_time(FILE *out, const char *name, struct wall t)
{
	char text[CLOCK_TEXT_SIZE];

	wall_format(t, text);
	write_text(out, name, text);
}

static FILE *begin(struct writing *w, const struct told *told, const struct scene *scene,
	enum change_kind tell)
{
	struct country_now country = scene_country(scene);

	*w = (struct writing){0};
	w->out = open_memstream(&w->text, &w->len);
	if (!w->out)
		abort();
	fprintf(w->out, "{\"v\":1,\"type\":\"told\",\"id\":\"%s-%" PRIu64 "\"", told->run,
		told->next);
	write_text(w->out, "event", change_name(tell));
	write_text(w->out, "store", scene->name);
	write_text(w->out, "title", scene->title);
	write_time(w->out, "as_of", scene->end);
	write_text(w->out, "country", block_state_name(country.state));
	return w->out;
}

/* A sentence for who reads no JSON: what is in it is text and nothing else. */
static char *end(struct writing *w, const char *title, const char *sentence)
{
	char text[512];

	snprintf(text, sizeof(text), "%s: %s", title, sentence);
	write_text(w->out, "text", text);
	putc('}', w->out);
	fclose(w->out);
	return w->text;
}

static void write_outage(FILE *out, const struct outage *o)
{
	write_text(out, "outage", o->id);
	write_text(out, "cause", cause_name((int)o->verdict.cause));
	fprintf(out, ",\"p_power_loss\":%.4f,\"p_upstream_disconnect\":%.4f",
		o->verdict.p[CAUSE_POWER], o->verdict.p[CAUSE_UPSTREAM]);
}

static void write_block(FILE *out, const struct scene *scene, const struct told_change *change)
{
	const struct scene_block *block = &scene->blocks[change->block];
	char prefix[ADDRESS_TEXT_SIZE];

	prefix_format(block->prefix, prefix);
	fprintf(out, "{\"block\":\"%s\"", prefix);
	write_text(out, "from", block_state_name(change->from));
	write_text(out, "state", block_state_name(change->row->state));
	write_time(out, "start_earliest", row_earliest(change->row));
	write_time(out, "start_latest", change->row->start);
	fprintf(out, ",\"hosts_up\":%zu,\"hosts_known\":%zu}", block->up, block->known);
}

char *event_of_blocks(const struct told *told, const struct scene *scene,
	const struct told_change *changes, size_t count)
{
	static const char *const words[] = {
		[BLOCK_UP] = "up again", [BLOCK_DEGRADED] = "partly up", [BLOCK_DOWN] = "down"};
	enum block_state state = changes[0].row->state;
	const struct timeline_row *first = changes[0].row;
	char sentence[256], prefix[ADDRESS_TEXT_SIZE], since[CLOCK_TEXT_SIZE];
	struct writing w;
	FILE *out = begin(&w, told, scene,
		state == BLOCK_DOWN       ? CHANGE_DOWN
		: state == BLOCK_DEGRADED ? CHANGE_DEGRADED
					  : CHANGE_RECOVERED);

	write_time(out, "start_earliest", row_earliest(first));
	write_time(out, "start_latest", first->start);
	fputs(",\"blocks\":[", out);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? "," : "", out);
		write_block(out, scene, &changes[i]);
	}
	putc(']', out);
	size_t outage = scene->row_outage[first - scene->rows];
	if (outage)
		write_outage(out, &scene->outages[outage - 1]);
	prefix_format(first->block, prefix);
	wall_format(first->start, since);
	if (count == 1)
		snprintf(sentence, sizeof(sentence), "%s is %s since %s", prefix, words[state],
			since);
	else
		snprintf(sentence, sizeof(sentence), "%zu of %zu blocks are %s since %s", count,
			scene->block_count, words[state], since);
	return end(&w, scene->title, sentence);
}

char *event_of_vantage(const struct told *told, const struct scene *scene,
	const struct vantage_facts *facts, enum change_kind tell)
{
	char sentence[320], last[CLOCK_TEXT_SIZE];
	struct writing w;
	FILE *out = begin(&w, told, scene, tell);

	write_text(out, "vantage", facts->name);
	write_time(out, "last_sweep_end", facts->end);
	wall_format(facts->end, last);
	if (tell == CHANGE_BLIND) {
		write_text(out, "reason", reason_name(facts->blind));
		snprintf(sentence, sizeof(sentence),
			"the vantage point %s cannot see (%s); of the country this says nothing",
			facts->name, reason_name(facts->blind));
	} else if (tell == CHANGE_NO_SWEEP) {
		snprintf(sentence, sizeof(sentence),
			"the vantage point %s has made no sweep since %s; of the country this says "
			"nothing",
			facts->name, last);
	} else {
		snprintf(
			sentence, sizeof(sentence), "the vantage point %s sees again", facts->name);
	}
	return end(&w, scene->title, sentence);
}

char *event_of_cause(
	const struct told *told, const struct scene *scene, const struct outage *outage, int from)
{
	char sentence[256];
	struct writing w;
	FILE *out = begin(&w, told, scene, CHANGE_CAUSE);

	write_outage(out, outage);
	write_text(out, "cause_before", cause_name(from));
	snprintf(sentence, sizeof(sentence), "the cause of outage %s is now: %s", outage->id,
		cause_name((int)outage->verdict.cause));
	return end(&w, scene->title, sentence);
}
