#include "live/serve/loop_told.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uv.h>

#include "core/log.h"
#include "core/mem.h"
#include "live/told/command.h"
#include "live/told/delivery.h"
#include "live/told/journal.h"
#include "live/told/webhook.h"

static const int64_t command_limit_ns = 60 * NS_PER_S;

/* One store. */
struct teller {
	struct told told;
	struct journal *journal;
	bool unwritten; /* nothing is told before it is */
	bool mute;      /* that it cannot be written was told */
	uint64_t lost;  /* as far as that was told */
};

/* One event on its way. */
struct errand {
	struct tellers *tellers;
	enum told_channel channel;
	struct delivery delivery;
	uv_work_t work;
	size_t store;
	uint64_t number;
	char id[48];
	char *json; /* owned */
	int result;
	struct diag why;
};

struct tellers {
	const struct telling *telling; /* borrowed */
	struct told_rule rule;
	struct teller *stores;
	size_t count;
	struct errand errands[TOLD_CHANNELS];
	bool stop; /* read by threads */
};

static int open_journals(
	struct tellers *tellers, const struct serve_config *config, struct diag *why)
{
	tellers->stores = mem_zeroed(config->store_count, sizeof(*tellers->stores));
	for (size_t i = 0; i < config->store_count; i++) {
		struct teller *teller = &tellers->stores[i];
		int r = journal_open(tellers->telling->folder, config->stores[i].name,
			&teller->told, why, &teller->journal);
		if (r < 0)
			return r;
		tellers->count++;
		told_drop_channels(&teller->told, tellers->rule.channels);
	}
	return 0;
}

int tellers_open(const struct serve_config *config, struct diag *why, struct tellers **ret)
{
	const struct telling *telling = &config->telling;

	*ret = NULL;
	if (!*telling->on_change && !*telling->webhook)
		return 0;
	if (*telling->webhook && !webhook_begin())
		return diag_set(why, "webhook: this program was built without libcurl");
	struct tellers *tellers = mem_zeroed(1, sizeof(*tellers));
	tellers->telling = telling;
	tellers->rule = (struct told_rule){.tell = telling->tell,
		.channels = (unsigned)(*telling->on_change != 0) << TOLD_COMMAND |
			    (unsigned)(*telling->webhook != 0) << TOLD_WEBHOOK,
		.hold_ns = (int64_t)((double)telling->hold_ns / config->scale),
		.lateness = config->scale == 1};
	for (unsigned c = 0; c < TOLD_CHANNELS; c++)
		tellers->errands[c] =
			(struct errand){.tellers = tellers, .channel = (enum told_channel)c};
	int r = open_journals(tellers, config, why);
	if (r < 0)
		tellers_close(tellers);
	else
		*ret = tellers;
	return r;
}

void tellers_close(struct tellers *tellers)
{
	if (!tellers)
		return;
	for (size_t i = 0; i < tellers->count; i++) {
		told_finish(&tellers->stores[i].told);
		journal_close(tellers->stores[i].journal);
	}
	mem_free(tellers->stores);
	mem_free(tellers);
}

static void write_journal(struct teller *teller)
{
	struct diag why = {0};
	char text[640];
	int r = journal_write(teller->journal, &teller->told, &why);

	teller->unwritten = r < 0;
	if (r < 0 && !teller->mute)
		log_warn(
			"serve: no message can be sent: %s", diag_format(&why, text, sizeof(text)));
	teller->mute = r < 0;
}

void tellers_look(struct tellers *tellers, size_t store, const struct scene *scene, struct wall now)
{
	struct teller *teller = tellers ? &tellers->stores[store] : NULL;

	if (!teller || tellers->stop)
		return;
	if (told_look(&teller->told, scene, &tellers->rule, now) || teller->unwritten)
		write_journal(teller);
	if (teller->told.lost != teller->lost)
		log_warn("serve: %s: more than %d messages wait to be sent, the oldest are dropped",
			scene->name, TOLD_EVENTS_MOST);
	teller->lost = teller->told.lost;
}

/* --- an event on its way --- */

static void on_errand(uv_work_t *work)
{
	struct errand *errand = work->data;
	const struct telling *telling = errand->tellers->telling;

	if (errand->channel == TOLD_WEBHOOK) {
		errand->result = webhook_post(telling->webhook, errand->id, errand->json,
			&errand->tellers->stop, &errand->why);
		return;
	}
	struct command command = {.line = telling->on_change,
		.folder = telling->folder,
		.limit_ns = command_limit_ns,
		.stop = &errand->tellers->stop};
	size_t len = strlen(errand->json);
	errand->json[len] = '\n'; /* a line; its end has room */
	errand->result = command_run(&command, errand->json, len + 1, &errand->why);
}

static void on_errand_done(uv_work_t *work, int status)
{
	struct errand *errand = work->data;
	struct teller *teller = &errand->tellers->stores[errand->store];
	(void)status;

	if (errand->result < 0 && errand->result != -ECANCELED && errand->delivery.failures == 0)
		log_warn("serve: %s; it is tried again", errand->why.text);
	delivery_end(&errand->delivery, errand->result == 0, clock_mono());
	mem_free(errand->json);
	errand->json = NULL;
	if (errand->result < 0)
		return;
	told_acknowledge(&teller->told, errand->channel, errand->number);
	write_journal(teller);
}

static void send_out(
	struct errand *errand, size_t store, const struct told_event *event, struct uv_loop_s *loop)
{
	const struct told *told = &errand->tellers->stores[store].told;
	size_t len = strlen(event->json);

	errand->store = store;
	errand->number = event->number;
	errand->json = mem_zeroed(len + 2, 1);
	memcpy(errand->json, event->json, len);
	errand->why = (struct diag){0};
	snprintf(errand->id, sizeof(errand->id), "%s-%" PRIu64, told->run, event->number);
	errand->work.data = errand;
	delivery_begin(&errand->delivery);
	if (uv_queue_work(loop, &errand->work, on_errand, on_errand_done) == 0)
		return;
	delivery_end(&errand->delivery, false, clock_mono());
	mem_free(errand->json);
}

void tellers_run(struct tellers *tellers, struct uv_loop_s *loop)
{
	for (unsigned c = 0; tellers && !tellers->stop && c < TOLD_CHANNELS; c++) {
		struct errand *errand = &tellers->errands[c];
		const struct told_event *event = NULL;
		if (!delivery_is_due(&errand->delivery, clock_mono()))
			continue;
		/* What failed is tried again; else each store has its turn. */
		size_t from = errand->store + (errand->delivery.failures == 0);
		size_t store = 0;
		for (size_t i = 0; i < tellers->count && !event; i++) {
			store = (from + i) % tellers->count;
			if (!tellers->stores[store].unwritten)
				event = told_owed(&tellers->stores[store].told, errand->channel);
		}
		if (event)
			send_out(errand, store, event, loop);
	}
}

void tellers_stop(struct tellers *tellers)
{
	if (tellers)
		__atomic_store_n(&tellers->stop, true, __ATOMIC_RELAXED);
}
