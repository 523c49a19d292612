#include "analysis/vantage/line.h"

#include <math.h>
#include <string.h>

#include "core/mem.h"

/* Anchors answer all but two probes in a thousand: three in a row, or three in ten over
 * two minutes, that do not are our own line. */
#define BLIND_LOSS 0.3
enum { BLIND_SILENCES = 3 };
/* A bad line loses so much more than usual; what is usual is at least one in a hundred, and
 * a control that loses half is none. */
#define BAD_MORE 0.3
#define LEAST_USUAL 0.01
#define MOST_USUAL 0.5
/* One silence may be the control's own: it says no more than that. */
#define SILENCE_SAYS 4.0
/* 1 in 8000, which takes three silences; 1 in 150 while the country loses packets too. Good
 * again by eleven answers. */
#define BAD_NATS 9.0
#define BAD_NATS_LOSSY 5.0
#define MOST_NATS 10.0
#define GOOD_LESS 3.0
/* Share of its packets that the whole country loses, machines that are gone apart. */
#define LOSSY 0.25
/* Then a second and third silence of a control count half. */
enum { STREAK_COUNTS = 3 };
/* Machines that answer so well need no router to prove the line. */
#define MOST_GONE 0.5
/* What is usual is the mean of so many probes; while bad, a tenth of a probe each. */
enum { USUAL_PROBES = 2000, USUAL_PRIOR = 50, BAD_COUNTS = 10 };

void line_finish(struct line *line)
{
	mem_free(line->controls);
}

static struct control *control_at(struct line *line, size_t number)
{
	if (number >= line->control_count) {
		struct control *more = mem_zeroed(number + 1, sizeof(*more));
		if (line->control_count)
			memcpy(more, line->controls, line->control_count * sizeof(*more));
		mem_free(line->controls);
		line->controls = more;
		line->control_count = number + 1;
	}
	return &line->controls[number];
}

static void learn(struct control *control, double share, bool bad)
{
	uint32_t n = control->learned + USUAL_PRIOR;
	float step = 1.0F / (float)(n < USUAL_PROBES ? n : USUAL_PROBES);

	control->learned++;
	control->usual += (bad ? step / BAD_COUNTS : step) * ((float)share - control->usual);
}

static double nats_of(const struct control *control, bool answered, double lost)
{
	double usual = fmin(fmax((double)control->usual, LEAST_USUAL), MOST_USUAL);
	double bad = usual + BAD_MORE * (1 - usual);
	double nats = lost * log(bad / usual);

	if (nats > SILENCE_SAYS)
		nats = SILENCE_SAYS;
	return answered ? nats + log((1 - bad) / (1 - usual)) : nats;
}

static bool is_lossy(const struct line *line)
{
	return loss_rate_now(&line->country) > LOSSY;
}

/* A line that is bad is so for all. One anchor may be too by itself, one router be behind
 * the cut; but not every router. */
static bool is_common(const struct line *line)
{
	size_t lossy = 0;

	for (size_t i = 0; i < line->control_count; i++)
		lossy += line->controls[i].met && line->controls[i].sum > 0;
	return line->anchored ? 2 * lossy >= line->met : lossy == line->met;
}

static void add(struct line *line, struct control *control, double nats)
{
	double limit = is_lossy(line) ? BAD_NATS_LOSSY : BAD_NATS;

	control->sum = (float)fmin(fmax((double)control->sum + nats, 0), SILENCE_SAYS);
	line->sum = fmin(fmax(line->sum + nats, 0), MOST_NATS);
	if (line->sum >= limit)
		line->bad = line->bad || is_common(line);
	else if (line->sum <= limit - GOOD_LESS)
		line->bad = false;
}

static void weigh(struct line *line, struct control *control, bool answered, double lost)
{
	double nats = nats_of(control, answered, lost);

	if (!control->met || (double)control->usual >= MOST_USUAL)
		return;
	if (answered || control->streak == 0)
		add(line, control, nats);
	else if (!line->anchored && control->streak < STREAK_COUNTS && is_lossy(line))
		add(line, control, nats / 2);
}

void line_see(struct line *line, size_t number, bool is_anchor, bool answered, unsigned attempts,
	int64_t at_ns, const struct constants *constants)
{
	struct control *control = control_at(line, number);
	double lost = answered ? attempts - 1 : attempts;

	if (is_anchor) {
		line->anchored = true;
		loss_rate_add(&line->loss, lost, attempts, at_ns, constants);
	} else if (line->anchored) {
		return;
	}
	line->met += answered && !control->met;
	control->met |= answered;
	weigh(line, control, answered, lost);
	if (answered || control->streak == 0)
		learn(control, lost / attempts, line->bad);
	control->streak = answered ? 0 : control->streak + 1;
	line->silences = answered ? 0 : line->silences + (is_anchor || control->met);
	if (answered)
		line->told_ns = at_ns;
}

void line_is_told(struct line *line, int64_t at_ns)
{
	if (!line->anchored)
		line->silences = 0;
	line->told_ns = at_ns;
}

void line_hears(struct line *line, bool answered, unsigned lost, int64_t at_ns,
	const struct constants *constants)
{
	loss_rate_add(&line->gone, answered ? 0 : 1, 1, at_ns, constants);
	if (answered)
		loss_rate_add(&line->country, lost, lost + 1, at_ns, constants);
	/* Routers that are silent for long, with the country there, are no controls any more. */
	if (line->anchored || at_ns - line->told_ns < constants->chain_ns ||
		line->gone.lost >= MOST_GONE * line->gone.asked)
		return;
	line->sum = 0;
	line->bad = false;
	line->silences = 0;
}

bool line_is_blind(const struct line *line)
{
	if (line->bad)
		return true;
	if (line->anchored)
		return line->silences >= BLIND_SILENCES || loss_rate_now(&line->loss) > BLIND_LOSS;
	return line->met > 0 && line->silences >= 2 * line->met;
}
