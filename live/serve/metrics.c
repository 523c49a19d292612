/* Prometheus text, version 0.0.4: names and units as docs/FORMATS.md has them. */
#include <inttypes.h>
#include <math.h>

#include "core/text.h"
#include "live/serve/state.h"

/* A label's value: quoted, what would end it escaped, what steers taken out. */
static void write_label(FILE *out, const char *name, const char *value)
{
	char clean[256];

	snprintf(clean, sizeof(clean), "%s", value);
	text_clean(clean);
	fprintf(out, "%s=\"", name);
	for (const char *c = clean; *c; c++) {
		if (*c == '\\' || *c == '"')
			putc('\\', out);
		putc(*c, out);
	}
	putc('"', out);
}

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP lightsout_%s %s\n# TYPE lightsout_%s %s\n", name, help, name, type);
}

static void begin(FILE *out, const char *name, const struct scene *scene)
{
	fprintf(out, "lightsout_%s{", name);
	write_label(out, "store", scene->name);
}

typedef double block_value_fn(const struct scene *scene, const struct scene_block *block);

static void each_block(FILE *out, const char *name, const char *help,
	const struct scene *const *scenes, size_t count, block_value_fn *value)
{
	char prefix[ADDRESS_TEXT_SIZE];

	head(out, name, "gauge", help);
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < scenes[s]->block_count; i++) {
			double v = value(scenes[s], &scenes[s]->blocks[i]);
			if (isnan(v))
				continue;
			prefix_format(scenes[s]->blocks[i].prefix, prefix);
			begin(out, name, scenes[s]);
			fprintf(out, ",block=\"%s\"} %.15g\n", prefix, v);
		}
}

static double hosts_up(const struct scene *scene, const struct scene_block *block)
{
	(void)scene;
	return (double)block->up;
}

static double hosts_known(const struct scene *scene, const struct scene_block *block)
{
	(void)scene;
	return (double)block->known;
}

static double fraction_up(const struct scene *scene, const struct scene_block *block)
{
	return scene_now(scene, block).fraction_up;
}

static double belief(const struct scene *scene, const struct scene_block *block)
{
	return scene_now(scene, block).belief;
}

static double state_since(const struct scene *scene, const struct scene_block *block)
{
	return (double)scene_now(scene, block).start.ns / 1e9;
}

static void write_states(FILE *out, const struct scene *const *scenes, size_t count)
{
	char prefix[ADDRESS_TEXT_SIZE];

	head(out, "block_state", "gauge", "Whether the block is in this state.");
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < scenes[s]->block_count; i++) {
			enum block_state now = scene_now(scenes[s], &scenes[s]->blocks[i]).state;
			prefix_format(scenes[s]->blocks[i].prefix, prefix);
			for (int k = BLOCK_UP; k <= BLOCK_UNKNOWN; k++) {
				begin(out, "block_state", scenes[s]);
				fprintf(out, ",block=\"%s\",state=\"%s\"} %d\n", prefix,
					block_state_name((enum block_state)k),
					now == (enum block_state)k);
			}
		}
	head(out, "country_state", "gauge", "Whether the country is in this state.");
	for (size_t s = 0; s < count; s++) {
		enum block_state now = scene_country(scenes[s]).state;
		for (int k = BLOCK_UP; k <= BLOCK_UNKNOWN; k++) {
			begin(out, "country_state", scenes[s]);
			fprintf(out, ",state=\"%s\"} %d\n", block_state_name((enum block_state)k),
				now == (enum block_state)k);
		}
	}
}

static void write_vantages(FILE *out, const struct scene *const *scenes, size_t count)
{
	head(out, "vantage_ok", "gauge", "Whether the vantage point sees.");
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < scenes[s]->facts.vantage_count; i++) {
			const struct vantage_facts *v = &scenes[s]->facts.vantages[i];
			begin(out, "vantage_ok", scenes[s]);
			putc(',', out);
			write_label(out, "vantage", v->name);
			fprintf(out, "} %d\n", v->blind == REASON_NONE);
		}
	head(out, "sweep_last_end_timestamp_seconds", "gauge", "When its last sweep ended.");
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < scenes[s]->facts.vantage_count; i++) {
			const struct vantage_facts *v = &scenes[s]->facts.vantages[i];
			begin(out, "sweep_last_end_timestamp_seconds", scenes[s]);
			putc(',', out);
			write_label(out, "vantage", v->name);
			fprintf(out, "} %.3f\n", (double)v->end.ns / 1e9);
		}
	head(out, "sweep_interval_seconds", "gauge", "The shortest interval of its schedule.");
	for (size_t s = 0; s < count; s++)
		for (size_t i = 0; i < scenes[s]->facts.vantage_count; i++) {
			const struct vantage_facts *v = &scenes[s]->facts.vantages[i];
			if (!v->interval_ns)
				continue;
			begin(out, "sweep_interval_seconds", scenes[s]);
			putc(',', out);
			write_label(out, "vantage", v->name);
			fprintf(out, "} %.15g\n", (double)v->interval_ns / 1e9);
		}
}

static void write_stores(FILE *out, const struct scene *const *scenes, size_t count)
{
	head(out, "sweeps_total", "counter", "Sweeps judged.");
	for (size_t s = 0; s < count; s++) {
		begin(out, "sweeps_total", scenes[s]);
		fprintf(out, "} %" PRIu64 "\n", scenes[s]->facts.sweeps);
	}
	head(out, "prober_running", "gauge", "Whether a prober writes the store.");
	for (size_t s = 0; s < count; s++) {
		begin(out, "prober_running", scenes[s]);
		fprintf(out, "} %d\n", scenes[s]->facts.written);
	}
	head(out, "outages", "gauge", "Outages of two hosts or more since the store began.");
	for (size_t s = 0; s < count; s++) {
		size_t all = 0, lasting = 0;
		for (size_t i = 0; i < scenes[s]->outage_count; i++) {
			const struct outage *o = &scenes[s]->outages[i];
			all += o->hosts_affected >= 2;
			lasting += o->hosts_affected >= 2 && !o->end_high_ns;
		}
		begin(out, "outages", scenes[s]);
		fprintf(out, ",stage=\"over\"} %zu\n", all - lasting);
		begin(out, "outages", scenes[s]);
		fprintf(out, ",stage=\"ongoing\"} %zu\n", lasting);
	}
}

void state_write_metrics(
	FILE *out, const struct scene *const *scenes, size_t count, struct wall now)
{
	head(out, "build_info", "gauge", "The program's version.");
	fprintf(out, "lightsout_build_info{version=\"%s\"} 1\n", LIGHTSOUT_VERSION);
	head(out, "time_seconds", "gauge", "The server's clock.");
	fprintf(out, "lightsout_time_seconds %.3f\n", (double)now.ns / 1e9);
	write_states(out, scenes, count);
	each_block(out, "block_hosts_up", "Known hosts of the block that are up.", scenes, count,
		hosts_up);
	each_block(
		out, "block_hosts_known", "Known hosts of the block.", scenes, count, hosts_known);
	each_block(out, "block_fraction_up_ratio",
		"Availability-weighted share of its hosts that are up.", scenes, count,
		fraction_up);
	each_block(out, "block_down_belief_ratio", "Probability that the block is down.", scenes,
		count, belief);
	each_block(out, "block_state_since_timestamp_seconds", "Since when it is in its state.",
		scenes, count, state_since);
	write_vantages(out, scenes, count);
	write_stores(out, scenes, count);
}
