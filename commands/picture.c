/* lightsout timeline -o svg:FILE: the timeline as a picture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands/judge_run.h"
#include "report/figure.h"

static enum canvas_format format_of(enum output_format format)
{
	if (format == OUTPUT_PNG)
		return CANVAS_PNG;
	return format == OUTPUT_PDF ? CANVAS_PDF : CANVAS_SVG;
}

/* The period that is shown: what was asked for, else what there is. */
static struct figure_panel_data period_of(const struct judge_run *run)
{
	const struct judgement *j = &run->judgement;

	return (struct figure_panel_data){
		.from = run->from.ns == INT64_MIN ? j->start : run->from,
		.to = run->to.ns == INT64_MAX ? j->end : run->to,
	};
}

static struct series *series_of(
	const struct figure_panel_data *panel, const struct figure_data *figure)
{
	return series_create(&(struct series_config){.from = panel->from,
		.to = panel->to,
		.bin_ns = series_bin_ns(panel->from, panel->to, FIGURE_BINS),
		.targets = figure->targets,
		.target_count = figure->target_count});
}

struct folding {
	const struct judge_run *run;
	struct series *series[2];
};

static void fold(void *ctx, const struct sweep *sweep)
{
	struct folding *folding = ctx;

	for (size_t i = 0; i < 2; i++)
		if (folding->series[i])
			series_sweep(folding->series[i], sweep, folding->run->judgement.proof);
}

static int draw(const void *ctx, enum output_format format, FILE *out, struct diag *why)
{

	return figure_draw(ctx, format_of(format), out, why);
}

static int say(const char *what)
{
	fprintf(stderr, "lightsout: %s\n", what);
	return -1;
}

static int draw_all(struct judge_run *run, struct figure_data *figure)
{
	struct folding folding = {.run = run};
	struct diag why = {0};
	char text[640];

	for (size_t i = 0; i < figure->panel_count; i++) {
		folding.series[i] = series_of(&figure->panels[i], figure);
		figure->panels[i].series = folding.series[i];
	}
	int result = judge_run_again(run, fold, &folding);
	if (result == 0) {
		result = outputs_picture(run->outputs, draw, figure, &why);
		if (result < 0)
			say(why.text[0] ? diag_format(&why, text, sizeof(text))
					: "the picture cannot be drawn");
	}
	for (size_t i = 0; i < 2; i++)
		series_destroy(folding.series[i]);
	return result < 0 ? -1 : 0;
}

int judge_run_picture(struct judge_run *run)
{
	struct figure_panel_data whole = period_of(run);
	struct figure_data figure = {.judgement = &run->judgement,
		.targets = run->targets,
		.target_count = run->target_count,
		.panels = {whole, {.from = run->zoom_from, .to = run->zoom_to}},
		.panel_count = run->zoomed ? 2 : 1,
		.caption = run->caption};

	if (run->judgement.rows.count == 0 || whole.from.ns >= whole.to.ns)
		return say("nothing to draw: no sweeps");
	if (run->zoomed && (run->zoom_from.ns < whole.from.ns || run->zoom_to.ns > whole.to.ns))
		return say("--zoom: expected a part of the period shown");
	return draw_all(run, &figure);
}
