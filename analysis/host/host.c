#include "analysis/host/host.h"

#include <assert.h>
#include <math.h>

#include "core/clock.h"

static_assert(sizeof(struct host) <= 288, "the promise of memory per address");

double host_departures(const struct host *host, int64_t now_ns, const struct parameters *parameters)
{
	double known_ns = (double)(now_ns - host->first_reply_ns);
	double usual = host->usual_rate > 0 ? (double)host->usual_rate
					    : 1 / (double)parameters->failure_ns;
	double own = ((double)host->failures + FAILURES_PRIOR) /
		     (fmax(known_ns, 0) + FAILURES_PRIOR / usual);

	return own + 1 / (double)parameters->outage_ns;
}

double silence_run_nats(const struct silence_run *run, const struct parameters *parameters)
{
	if (run->count == 0)
		return 0;
	return silence_nats(&run->silence, run->last_ns[0] - run->silent_ns[0], parameters);
}

double host_gone(
	const struct host *host, const struct silence_run *run, const struct parameters *parameters)
{
	return silence_log_odds(silence_run_nats(run, parameters),
		host_departures(host, run->silent_ns[0], parameters),
		run->silent_ns[0] - run->replied_ns, parameters);
}

static bool is_out(const struct host *host, const struct silence_run *run, int64_t until_ns,
	const struct parameters *parameters)
{
	return run->count >= 2 && until_ns - run->replied_ns >= parameters->flap_ns &&
	       host_gone(host, run, parameters) >= GONE_LOG_ODDS;
}

bool host_counts(const struct host *host, const struct parameters *parameters)
{
	return host_is_known(host) &&
	       host->run.replied_ns - host->first_reply_ns >= parameters->counts_ns;
}

double host_expect(const struct host *host, enum channel channel, double repeat_usual)
{
	if (!(host->kinds & 1u << channel))
		return 0;
	return responsiveness_expect(
		&host->channels[channel], host->answered & 1u << channel, repeat_usual);
}

double host_availability(const struct host *host)
{
	double best = 0;

	for (int c = 0; c < CHANNEL_COUNT; c++) {
		if (!(host_kinds(host) & 1u << c))
			continue;
		double one = responsiveness_availability(&host->channels[c]);
		if (one > best)
			best = one;
	}
	return best;
}

void host_uncounted_silence(struct host *host, enum channel channel, bool learn, int64_t now_ns,
	const struct parameters *parameters)
{
	uint8_t bit = (uint8_t)(1u << channel);

	if (!learn || !(host->kinds & bit))
		return;
	responsiveness_learn(
		&host->channels[channel], host->answered & bit, false, 1, now_ns, parameters);
	host->answered &= (uint8_t)~bit;
}

/* It answers this kind; was each other kind silent since, and this one never? */
static void count_unresponsive(struct host *host, enum channel channel)
{
	for (int c = 0; c < CHANNEL_COUNT; c++) {
		if (c == (int)channel || host->unresponsive[c] >= UNRESPONSIVE_SILENCES)
			continue;
		if (host->lapses[channel] > 0)
			host->unresponsive[c] = 0;
		else if (host->lapses[c] > 0)
			host->unresponsive[c]++;
	}
	host->unresponsive[channel] = 0;
}

#define SURPRISAL_STEPS 16.0

static uint8_t surprisal_of(double chance)
{
	double loss_surprisal = -log(fmax(chance, 1e-6)) * SURPRISAL_STEPS + 0.5;

	return loss_surprisal < UINT8_MAX ? (uint8_t)loss_surprisal : UINT8_MAX;
}

double run_first_lost(const struct silence_run *run)
{
	return exp(-(double)run->loss_surprisal[0] / SURPRISAL_STEPS);
}

double run_last_lost(const struct silence_run *run)
{
	return exp(-(double)run->loss_surprisal[1] / SURPRISAL_STEPS);
}

bool host_silent(struct host *host, enum channel channel, double nats, int64_t from_ns,
	int64_t now_ns, const struct parameters *parameters)
{
	struct silence_run *run = &host->run;

	if (run->count == 0)
		run->loss_surprisal[0] = surprisal_of(1 - host_expect(host, channel, REPEAT_PRIOR));
	run->loss_surprisal[1] =
		surprisal_of(1 - responsiveness_availability(&host->channels[channel]));
	if (host->lapses[channel] < UINT16_MAX)
		host->lapses[channel]++;
	host->answered &= (uint8_t) ~(1u << channel);
	if (run->count == 0) {
		run->silent_ns[0] = now_ns;
		host->weight = (float)host_availability(host);
	} else if (run->count == 1) {
		run->silent_ns[1] = now_ns;
	}
	if (from_ns < run->replied_ns)
		from_ns = run->replied_ns;
	if (from_ns > run->last_ns[0]) {
		run->last_ns[1] = run->last_ns[0];
		run->last_ns[0] = from_ns;
	}
	if (run->count < RUN_COUNT_MOST)
		run->count++;
	if (run->count == 1)
		run->silence.first_nats = (float)nats;
	else
		run->silence.more_nats += (float)nats;
	if (host->elsewhere_ns >= run->silent_ns[0] && host->elsewhere_ns <= from_ns)
		run->heard_elsewhere = 1;
	return host->state == HOST_HERE && is_out(host, run, now_ns, parameters);
}

/* Sweeps that overlap are read one after the other: of those replies that fell into the
 * run, or are to fall into it, the first. */
void host_hear_elsewhere(struct host *host, int64_t at_ns)
{
	const struct silence_run *run = &host->run;
	bool is_in_it = run->count > 0 && host->elsewhere_ns >= run->silent_ns[0] &&
			at_ns >= run->silent_ns[0];

	if (!is_in_it || at_ns < host->elsewhere_ns)
		host->elsewhere_ns = at_ns;
}

static void learn_lapses(struct host *host, enum channel channel, int64_t now_ns,
	const struct parameters *parameters)
{
	struct responsiveness *r = &host->channels[channel];
	uint32_t lapses = host->lapses[channel];

	if (lapses > 0 && !(host->lapsed & 1u << channel)) {
		responsiveness_learn(r, true, false, 1, now_ns, parameters);
		host->lapsed |= (uint8_t)(1u << channel);
		lapses--;
	}
	if (lapses > 0)
		responsiveness_learn(r, false, false, lapses, now_ns, parameters);
	host->lapses[channel] = 0;
}

void host_learn_absence(struct host *host, int64_t now_ns, const struct parameters *parameters)
{
	for (int c = 0; c < CHANNEL_COUNT; c++)
		learn_lapses(host, (enum channel)c, now_ns, parameters);
}

void host_learn_hour(struct host *host, int hour, bool away)
{
	int is = host->hours[hour];

	host->hours[hour] = (uint8_t)(is + ((away ? 255 : 0) - is) / HABIT_STEPS);
}

bool host_sleeps_at(const struct host *host, int hour)
{
	return host->hours[hour] >= HABIT || host->hours[(hour + 1) % 24] >= HABIT;
}

bool host_was_out(
	const struct host *host, const struct silence_run *run, const struct parameters *parameters)
{
	return is_out(host, run, run->back_ns, parameters);
}

bool host_was_out_shortly(const struct silence_run *run, const struct parameters *parameters)
{
	return run->count >= 2 &&
	       run->last_ns[0] - run->silent_ns[0] >= 59 * parameters->minute_ns / 60;
}

static void end_run(struct host *host, int64_t now_ns, struct silence_run *ret_ended)
{
	*ret_ended = host->run;
	ret_ended->back_ns = now_ns;
	host->run = (struct silence_run){.replied_ns = now_ns};
	for (int c = 0; c < CHANNEL_COUNT; c++)
		host->lapses[c] = 0;
}

bool host_was_there(const struct host *host, const struct parameters *parameters)
{
	struct silence_run usual = host->run;

	usual.silence.more_nats = -(float)log(REPEAT_PRIOR) * (float)(usual.count - 1);
	return usual.count > 0 && host_gone(host, &usual, parameters) < GONE_LOG_ODDS;
}

/* It was there all the while: so often one silence follows another. */
static void learn_recovery(struct host *host, const struct parameters *parameters)
{
	if (!host_was_there(host, parameters))
		return;
	for (int c = 0; c < CHANNEL_COUNT; c++)
		if (host->lapses[c] > 0)
			responsiveness_recover(&host->channels[c], host->lapses[c]);
}

bool host_reply(struct host *host, enum channel channel, bool learn, uint64_t sweep, int64_t now_ns,
	const struct parameters *parameters, struct silence_run *ret_ended)
{
	bool ended = host->run.count > 0;
	uint8_t bit = (uint8_t)(1u << channel);

	if (host->lapses[0] | host->lapses[1] | host->unresponsive[channel])
		count_unresponsive(host, channel);
	if (!(host->kinds & bit)) {
		host->kinds |= bit;
	} else if (learn) {
		bool was_answered = host->answered & bit;
		if (ended) {
			learn_recovery(host, parameters);
			host_learn_absence(host, now_ns, parameters);
		}
		responsiveness_learn(
			&host->channels[channel], was_answered, true, 1, now_ns, parameters);
	}
	host->answered |= bit;
	host->boxed &= (uint8_t)~bit;
	host->lapsed &= (uint8_t)~bit;
	if (!host->first_reply_ns)
		host->first_reply_ns = now_ns;
	if (!host->since_ns || ended)
		host->since_ns = now_ns;
	if (host->sweeps == 0 || host->reply_sweep != (uint32_t)sweep) {
		host->reply_sweep = (uint32_t)sweep;
		if (host->sweeps < UINT8_MAX)
			host->sweeps++;
	}
	host->state = HOST_HERE;
	if (ended) {
		end_run(host, now_ns, ret_ended);
		return true;
	}
	if (host->run.replied_ns) {
		float gap_s = (float)(now_ns - host->run.replied_ns) / 1e9F;
		host->every_s += host->every_s > 0 ? (gap_s - host->every_s) / 16 : gap_s;
	}
	host->run.replied_ns = now_ns;
	return false;
}
