#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"
#include "exchange/dataset.h"
#include "exchange/dataset_rows.h"
#include "tests/unit/random_sweep.h"

static char root[64]; /* holds stores "a.db".. and datasets "one".. */
static struct diag why;
static struct dataset_counts counts;
static char notes[512];
static char real[512]; /* directory of scans that were really made */

static int fresh_directory(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/lightsout-dataset-XXXXXX");
	assert_non_null(mkdtemp(root));
	notes[0] = '\0';
	return 0;
}

static const char *in_root(const char *name)
{
	static char names[8][128];
	static size_t turn;
	char *out = names[turn++ % 8];

	snprintf(out, sizeof(names[0]), "%s/%s", root, name);
	return out;
}

static void remove_all(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char name[600];
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			remove_all(name);
		else
			unlink(name);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static int remove_directory(void **state)
{
	(void)state;
	remove_all(root);
	return 0;
}

static void keep_note(void *ctx, const char *text)
{
	(void)ctx;
	size_t len = strlen(notes);
	snprintf(notes + len, sizeof(notes) - len, "%s\n", text);
}

static struct store *opened(const char *name)
{
	struct store *store = NULL;

	if (store_open(in_root(name), STORE_WRITE, &why, &store) < 0)
		fail_msg("%s", why.text);
	return store;
}

static int import(const char *directory, const char *into)
{
	const struct dataset_notes keep = {.note = keep_note};
	struct store *store = opened(into);

	why = (struct diag){.line = 0};
	int r = dataset_import(store, directory, &keep, &why, &counts);
	store_close(store);
	return r;
}

static void import_well(const char *directory, const char *into)
{
	char text[600];

	if (import(directory, into) < 0)
		fail_msg("%s", diag_format(&why, text, sizeof(text)));
}

static void export_well(const char *from, const char *directory)
{
	struct store *store = opened(from);

	if (dataset_export(store, directory, &why, &counts) < 0)
		fail_msg("%s", why.text);
	store_close(store);
}

static char *read_whole(const char *directory, const char *name, size_t *ret_len)
{
	char path[600];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	FILE *file = fopen(path, "r");
	if (!file)
		fail_msg("no %s", path);
	assert_int_equal(fstat(fileno(file), &st), 0);
	char *text = mem_zeroed((size_t)st.st_size + 1, 1);
	*ret_len = fread(text, 1, (size_t)st.st_size, file);
	fclose(file);
	return text;
}

static void assert_same_dataset(const char *one, const char *two)
{
	for (int file = 0; file < DATASET_FILE_COUNT; file++) {
		size_t len;
		size_t len_two;
		const char *name = dataset_file_name((enum dataset_file)file);
		char *a = read_whole(one, name, &len);
		char *b = read_whole(two, name, &len_two);
		assert_int_equal(len, len_two);
		assert_memory_equal(a, b, len);
		free(a);
		free(b);
	}
}

static void put_file(const char *name, const char *text)
{
	char path[600];

	mkdir(in_root("one"), 0777);
	snprintf(path, sizeof(path), "%s/%s", in_root("one"), name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

/* Sweeps whose numbers are `step` apart: 0 gives all series the same ones. */
static void fill(const char *name, uint64_t seed, bool unique)
{
	const struct target_row targets[] = {{{{0xaf2db000}, 22}, ROLE_TARGET, "KP, \"all\""},
		{{{0xc0000201}, 32}, ROLE_ANCHOR, ""}};
	struct random random = {seed};
	struct store *store = opened(name);

	assert_int_equal(store_put_targets(store, targets, 2, &why), 0);
	for (uint64_t i = 0; i < 60; i++) {
		struct sweep sweep = random_sweep(&random, unique ? 500 - 7 * i : i / 10, 60);
		if (!unique)
			snprintf(sweep.info.vantage, VANTAGE_SIZE, "vp%u", (unsigned)(i % 10));
		assert_int_equal(store_append(store, &sweep, &why), 1);
		random_sweep_free(&sweep);
	}
	store_close(store);
}

static void round_trip(uint64_t seed, bool unique)
{
	fill("a.db", seed, unique);
	export_well("a.db", in_root("one"));
	assert_int_equal(counts.sweeps, 60);
	import_well(in_root("one"), "b.db");
	assert_int_equal(counts.new_sweeps, 60);
	export_well("b.db", in_root("two"));
	assert_same_dataset(in_root("one"), in_root("two"));
	import_well(in_root("one"), "a.db");
	assert_int_equal(counts.sweeps, 60);
	assert_int_equal(counts.new_sweeps, 0);
	assert_string_equal(notes, "");
}

static void what_was_exported_imports_and_exports_as_the_same_bytes(void **state)
{
	size_t len;
	(void)state;
	round_trip(21, true);
	char *text = read_whole(in_root("one"), "sweeps.csv", &len);
	assert_null(strstr(text, "series_sweep"));
	free(text);
}

static void so_does_what_has_one_number_in_several_series(void **state)
{
	(void)state;
	round_trip(22, false);
}

static void an_export_over_an_older_one_replaces_it(void **state)
{
	(void)state;
	fill("a.db", 23, true);
	fill("b.db", 24, true);
	export_well("a.db", in_root("one"));
	export_well("b.db", in_root("one"));
	export_well("b.db", in_root("two"));
	assert_same_dataset(in_root("one"), in_root("two"));
	assert_int_equal(access(in_root("one/.sweeps.csv"), F_OK), -1);
}

#define TARGETS "prefix,role\n175.45.176.0/22,target\n"
#define SWEEPS                                                                                     \
	"received,end,start,tier,vantage,sweep,sent,probed\n"                                      \
	"19,1631268727,1631268667,full,DE,1,,1024\n,1631303642,1631303582,full,SG,2,,1024\n"
#define OBSERVATIONS                                                                               \
	"sweep,rtt_us,color,address,probed_at,method,outcome\n"                                    \
	"1,280000.5,red,175.45.176.21,1631268667.25,icmp,echo_reply\n"                             \
	"2,,blue,175.45.178.21,1631303583,tcp:80,silent"

static void put_dataset(const char *targets, const char *sweeps, const char *observations)
{
	put_file("targets.csv", targets);
	put_file("sweeps.csv", sweeps);
	put_file("observations.csv", observations);
}

static void columns_may_stand_in_any_order_and_optional_ones_be_absent(void **state)
{
	struct store_reader *reader;
	struct sweep sweep;
	(void)state;

	put_dataset(TARGETS, SWEEPS, OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	assert_non_null(strstr(notes, "observations.csv: not read: column color"));
	struct store *store = opened("a.db");
	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	assert_int_equal(store_next(reader, &sweep, &why), 1);
	assert_string_equal(sweep.info.vantage, "DE");
	assert_int_equal(sweep.info.sent, -1);
	assert_int_equal(sweep.info.probed, 1024);
	assert_int_equal(sweep.observation_count, 1);
	assert_int_equal(sweep.observations[0].rtt_ns, 280000500);
	assert_int_equal(sweep.observations[0].probed_at.ns, INT64_C(1631268667250000000));
	assert_int_equal(sweep.observations[0].reply_ttl, -1);
	assert_int_equal(store_next(reader, &sweep, &why), 1);
	assert_int_equal(sweep.observations[0].port, 80);
	assert_int_equal(sweep.observations[0].outcome, OUTCOME_SILENT);
	store_reader_close(reader);
	store_close(store);
}

/* As pandas and R write what they read: whole numbers as floats, times with their zone, other
 * words for nothing. */
#define SPELLED_SWEEPS                                                                             \
	"\"\",\"sweep\",\"vantage\",\"tier\",\"start\",\"end\",\"probed\",\"sent\",\"received\","         \
	"\"epoch\",\"interval\",\"methods\",\"source\",\"flags\",\"clock_error_us\",\"counts\"\n"        \
	"\"1\",1e+00,\"DE\",\"full\",1631268667.0,1.631268727e+09,1024.0,1e+05,19.0,"                \
	"\"NA\",NA,NA,NA,NA,NA,NA\n"                                                             \
	"\"2\",2.0,\"SG\",\"full\",2021-09-10 19:53:02+00:00,2021-09-10T21:54:02+0200,nan,,,"        \
	"NaN,6.6e+02,icmp,<NA>,,2.0,None\n"
#define SPELLED_OBSERVATIONS                                                                       \
	"sweep,rtt_us,address,probed_at,method,outcome,reply_ttl,responder\n"                      \
	"1.0,280000.5000000001,175.45.176.21,1631268667.25,icmp,echo_reply,64.0,NA\n"             \
	"2e0,NA,175.45.178.21,2021-09-10T19:53:03Z,tcp:80,silent,NaN,\n"

static void a_number_may_be_spelled_in_any_way(void **state)
{
	struct store_reader *reader;
	struct sweep sweep;
	(void)state;

	put_dataset(TARGETS, SPELLED_SWEEPS, SPELLED_OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	struct store *store = opened("a.db");
	assert_int_equal(store_read(store, (struct wall){INT64_MAX}, &why, &reader), 0);
	assert_int_equal(store_next(reader, &sweep, &why), 1);
	assert_string_equal(sweep.info.epoch, "");
	assert_int_equal(sweep.info.sent, 100000);
	assert_int_equal(sweep.info.start.ns, INT64_C(1631268667) * NS_PER_S);
	assert_int_equal(sweep.info.end.ns, INT64_C(1631268727) * NS_PER_S);
	assert_int_equal(sweep.info.clock_error_us, -1);
	assert_int_equal(sweep.observations[0].rtt_ns, 280000500);
	assert_int_equal(sweep.observations[0].reply_ttl, 64);
	assert_false(sweep.observations[0].has_responder);
	assert_int_equal(store_next(reader, &sweep, &why), 1);
	assert_int_equal(sweep.info.start.ns, INT64_C(1631303582) * NS_PER_S);
	assert_int_equal(sweep.info.end.ns, INT64_C(1631303642) * NS_PER_S);
	assert_int_equal(sweep.info.probed, -1);
	assert_int_equal(sweep.info.interval_ns, 660 * NS_PER_S);
	assert_int_equal(sweep.info.clock_error_us, 2);
	assert_int_equal(sweep.observations[0].rtt_ns, -1);
	assert_int_equal(sweep.observations[0].reply_ttl, -1);
	store_reader_close(reader);
	store_close(store);
}

static void a_label_in_latin_1_is_exported_as_what_imports_again(void **state)
{
	const struct target_row row = {{{0xaf2db000}, 22}, ROLE_TARGET, "Caf\xe9"};
	struct target_row *rows;
	size_t count;
	(void)state;

	put_dataset("prefix,role,label\n175.45.176.0/22,target,Caf\xe9\n", SWEEPS, OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	struct store *store = opened("a.db");
	assert_int_equal(store_targets(store, &why, &rows, &count), 0);
	assert_string_equal(rows[0].label, "Caf\xc3\xa9");
	free(rows);
	assert_int_equal(store_put_targets(store, &row, 1, &why), 0); /* as an older one did */
	store_close(store);
	export_well("a.db", in_root("two"));
	import_well(in_root("two"), "b.db");
}

static void sweeps_may_stand_in_any_order(void **state)
{
	(void)state;
	put_dataset(TARGETS,
		"sweep,vantage,tier,start,end,probed,sent,received\n"
		"2,SG,full,1631303582,1631303642,,,\n1,DE,full,1631268667,1631268727,,,\n",
		OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	assert_int_equal(counts.sweeps, 2);
	assert_int_equal(counts.observations, 2);
}

static void another_sweep_of_the_same_name_is_a_conflict(void **state)
{
	(void)state;
	put_dataset(TARGETS, SWEEPS, OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	put_dataset(TARGETS, SWEEPS "3,1,1,full,X,3,,\n",
		"sweep,rtt_us,address,probed_at,method,"
		"outcome\n");
	assert_int_equal(import(in_root("one"), "a.db"), -EEXIST);
	assert_int_equal(why.line, 2);
	export_well("a.db", in_root("two"));
	assert_int_equal(counts.sweeps, 2);
}

#define WITH(row) "prefix,role,label\n175.45.176.0/22,target,\n" row "\n"

/* What the store says of 203.0.113.2 once this was imported as well. */
static void then_it_says(const char *targets, int result, const char *role, const char *label)
{
	struct target_row *rows;
	size_t count;

	put_dataset(targets, SWEEPS, OBSERVATIONS);
	assert_int_equal(import(in_root("one"), "a.db"), result);
	struct store *store = opened("a.db");
	assert_int_equal(store_targets(store, &why, &rows, &count), 0);
	assert_int_equal(count, 2);
	assert_string_equal(role_name(rows[1].role), role);
	assert_string_equal(rows[1].label, label);
	free(rows);
	store_close(store);
}

static void somebodys_word_outranks_what_was_learned(void **state)
{
	(void)state;
	then_it_says(WITH("203.0.113.2/32,border,learned"), 0, "border", "learned");
	then_it_says(WITH("203.0.113.2/32,upstream,learned"), 0, "border", "learned");
	then_it_says(WITH("203.0.113.2/32,upstream,edge"), 0, "upstream", "edge");
	then_it_says(WITH("203.0.113.2/32,border,learned"), 0, "upstream", "edge");
	then_it_says(WITH("203.0.113.2/32,border,"), -EEXIST, "upstream", "edge");
	assert_int_equal(why.line, 3);
	assert_non_null(strstr(why.text, "role border, expected upstream as in the store"));
	then_it_says(WITH("198.51.100.1/32,anchor,\n198.51.100.1/32,border,"), -EEXIST, "upstream",
		"edge");
	assert_int_equal(why.line, 4);
	assert_non_null(strstr(why.text, "role border, expected anchor as in a row before"));
}

/* As the prober lists a router that is a target too, and that it asks as what it is. */
static void a_target_may_be_a_router_as_well_and_comes_back_as_both(void **state)
{
	(void)state;
	put_dataset(WITH("175.45.176.1/32,target,\n175.45.176.1/32,border,edge"), SWEEPS,
		OBSERVATIONS);
	import_well(in_root("one"), "a.db");
	export_well("a.db", in_root("two"));
	import_well(in_root("two"), "b.db");
	export_well("b.db", in_root("three"));
	assert_int_equal(counts.targets, 3);
	assert_same_dataset(in_root("two"), in_root("three"));
}

#define OBS_HEAD "sweep,address,probed_at,method,outcome,rtt_us\n"
#define OBS_MORE                                                                                   \
	"sweep,address,probed_at,method,outcome,rtt_us,responder,tcp_ts,attempt,attempts\n"

static const struct {
	const char *targets, *sweeps, *observations;
	const char *file;
	unsigned long line;
	const char *column, *text;
} bad[] = {
	{"prefix,role\n175.45.176.1/22,target\n", SWEEPS, OBSERVATIONS, "targets.csv", 2, "prefix",
		"\"175.45.176.1/22\", expected"},
	{"prefix,role\n175.45.176.0/22,victim\n", SWEEPS, OBSERVATIONS, "targets.csv", 2, "role",
		"\"victim\""},
	{"prefix\n", SWEEPS, OBSERVATIONS, "targets.csv", 1, "role", "missing"},
	{TARGETS, "sweep,vantage,tier,start,end,probed,sent,received\n1,DE,half,1,2,,,\n",
		OBSERVATIONS, "sweeps.csv", 2, "tier", "full or watch"},
	{TARGETS, "sweep,vantage,tier,start,end,probed,sent,received\n1,DE,full,2,1,,,\n",
		OBSERVATIONS, "sweeps.csv", 2, "end", "not before the start"},
	{TARGETS, "sweep,vantage,tier,start,end,probed,sent,received\n1,D,full,1,2,-3,,\n",
		OBSERVATIONS, "sweeps.csv", 2, "probed", "whole number"},
	{TARGETS, SWEEPS "1,1631303642,1631303582,full,SG,2,,\n", OBSERVATIONS, "sweeps.csv", 4,
		"sweep", "twice"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3,1,icmp,silent,\n", "observations.csv", 2, "address",
		"IPv4"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,yesterday,icmp,silent,\n", "observations.csv", 2,
		"probed_at", "Unix seconds"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1,udp,silent,\n", "observations.csv", 2, "method",
		"icmp, tcp or tcp:PORT"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1,icmp,dead,\n", "observations.csv", 2, "outcome",
		"echo_reply"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1,icmp,silent,1.2.3\n", "observations.csv", 2,
		"rtt_us", "microseconds"},
	{TARGETS, SWEEPS, OBS_HEAD "1.5,1.2.3.4,1,icmp,silent,\n", "observations.csv", 2,
		"sweep", "whole number"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,2014-12-22 16:15:00,icmp,silent,\n",
		"observations.csv", 2, "probed_at", "with its zone"},
	{TARGETS, SWEEPS, OBS_HEAD "1,NA,1,icmp,silent,\n", "observations.csv", 2, "address",
		"IPv4"},
	{TARGETS, SWEEPS, "sweep;address;probed_at\n", "observations.csv", 1, "",
		"separated by \";\", expected commas"},
	{TARGETS, SWEEPS,
		OBS_HEAD "1,1.2.3.4,1631268668,icmp,silent,\n\n1,1.2.3.4,1631268669,icmp,echo_reply,\n",
		"observations.csv", 4, "address", "as in the row before"},
	{TARGETS, SWEEPS, OBS_HEAD "2,1.2.3.4,1631303583,icmp,silent,\n1,1.2.3.4,2,icmp,silent,\n",
		"observations.csv", 3, "sweep", "sorted by sweep"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,icmp,silent,\n3,1.2.3.4,2,icmp,silent,\n",
		"observations.csv", 3, "sweep", "not in sweeps.csv"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631265066.9,icmp,silent,\n", "observations.csv", 2,
		"probed_at", "outside its sweep, expected a time from 1631268667"},
	{TARGETS, SWEEPS,
		OBS_HEAD "1,1.2.3.4,1631268668,icmp,silent,\n2,1.2.3.4,7000000000,icmp,silent,\n",
		"observations.csv", 3, "probed_at", "an hour outside its sweep"},
	{TARGETS,
		"sweep,vantage,tier,start,end,probed,sent,received,anchors_probed,anchors_up\n"
		"1,DE,full,1,2,,,,2,3\n",
		OBSERVATIONS, "sweeps.csv", 2, "anchors_up", "\"3\", expected at most anchors_probed"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,icmp,syn_ack,\n", "observations.csv", 2,
		"outcome", "\"syn_ack\", expected echo_reply, unreachable"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,icmp,rst,\n", "observations.csv", 2,
		"outcome", "of icmp"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,tcp:80,echo_reply,\n", "observations.csv",
		2, "outcome", "of tcp"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,icmp,silent,5\n", "observations.csv", 2,
		"rtt_us", "none, as nobody answered"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1631268668,icmp,unsent,5\n", "observations.csv", 2,
		"rtt_us", "none, as nobody answered"},
	{TARGETS, SWEEPS, OBS_MORE "1,1.2.3.4,1631268668,tcp,silent,,,7,,\n", "observations.csv", 2,
		"tcp_ts", "none, as nobody answered"},
	{TARGETS, SWEEPS, OBS_MORE "1,1.2.3.4,1631268668,tcp,silent,,9.9.9.9,,,\n",
		"observations.csv", 2, "responder", "none, as nobody answered"},
	{TARGETS, SWEEPS, OBS_MORE "1,1.2.3.4,1631268668,tcp,silent,,,,2,2\n", "observations.csv",
		2, "attempt", "none, as nobody answered"},
	{TARGETS, SWEEPS, OBS_MORE "1,1.2.3.4,1631268668,tcp,rst,,,,0,2\n", "observations.csv", 2,
		"attempt", "from 1"},
	{TARGETS, SWEEPS, OBS_MORE "1,1.2.3.4,1631268668,tcp,rst,,,,3,2\n", "observations.csv", 2,
		"attempt", "at most attempts"},
	{TARGETS, SWEEPS, OBS_HEAD "1,1.2.3.4,1,icmp,silent\n", "observations.csv", 2, "",
		"5 fields, expected 6"},
	{TARGETS, SWEEPS, OBS_HEAD "1,\"1.2.3.4,1,icmp,silent,\n", "observations.csv", 2, "",
		"never closed"},
};

static void what_is_wrong_is_told_with_line_and_column_and_nothing_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct target_row *rows;
		size_t count;

		put_dataset(bad[i].targets, bad[i].sweeps, bad[i].observations);
		assert_int_equal(import(in_root("one"), "a.db"), -EINVAL);
		assert_non_null(strstr(why.file, bad[i].file));
		assert_int_equal(why.line, bad[i].line);
		assert_string_equal(why.column, bad[i].column);
		if (!strstr(why.text, bad[i].text))
			fail_msg("\"%s\" does not say \"%s\"", why.text, bad[i].text);
		struct store *store = opened("a.db");
		assert_int_equal(store_targets(store, &why, &rows, &count), 0);
		assert_int_equal(count, 0);
		free(rows);
		store_close(store);
		export_well("a.db", in_root("two"));
		assert_int_equal(counts.sweeps, 0);
	}
}

static void a_file_that_must_be_there_is_missed(void **state)
{
	(void)state;
	put_file("targets.csv", TARGETS);
	put_file("sweeps.csv", SWEEPS);
	assert_int_equal(import(in_root("one"), "a.db"), -ENOENT);
	assert_non_null(strstr(why.file, "observations.csv"));
}

/* Where the data is; false, out loud, where it is not: it cannot be shipped. */
static bool find_data(void)
{
	const char *data = getenv("LIGHTSOUT_DATA");
	const char *source = getenv("LIGHTSOUT_SOURCE");

	if (data)
		snprintf(real, sizeof(real), "%s/dprk-2021", data);
	else
		snprintf(real, sizeof(real), "%s/../shared/data/dprk-2021", source ? source : ".");
	return access(real, R_OK) == 0;
}

static void real_scans_of_2021_import_and_round_trip(void **state)
{
	(void)state;
	import_well(real, "a.db");
	assert_int_equal(counts.sweeps, 40);
	assert_int_equal(counts.observations, 720);
	assert_non_null(strstr(notes, "boots.csv: not read: columns vantage,hops"));
	notes[0] = '\0';
	export_well("a.db", in_root("one"));
	import_well(in_root("one"), "b.db");
	export_well("b.db", in_root("two"));
	assert_same_dataset(in_root("one"), in_root("two"));
	import_well(in_root("one"), "a.db");
	assert_int_equal(counts.new_sweeps, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh_directory, remove_directory)

/* Apart from the others, so that it can be skipped as a whole. */
static int run_real(void)
{
	const struct CMUnitTest tests[] = {
		TEST(real_scans_of_2021_import_and_round_trip),
	};

	if (find_data())
		return cmocka_run_group_tests_name("exchange_dataset real", tests, NULL, NULL);
	printf("1..0 # SKIP no real scans at %s (LIGHTSOUT_DATA)\n", real);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "real") == 0)
		return run_real();
	const struct CMUnitTest tests[] = {
		TEST(what_was_exported_imports_and_exports_as_the_same_bytes),
		TEST(so_does_what_has_one_number_in_several_series),
		TEST(an_export_over_an_older_one_replaces_it),
		TEST(columns_may_stand_in_any_order_and_optional_ones_be_absent),
		TEST(a_number_may_be_spelled_in_any_way),
		TEST(a_label_in_latin_1_is_exported_as_what_imports_again),
		TEST(sweeps_may_stand_in_any_order),
		TEST(another_sweep_of_the_same_name_is_a_conflict),
		TEST(somebodys_word_outranks_what_was_learned),
		TEST(a_target_may_be_a_router_as_well_and_comes_back_as_both),
		TEST(what_is_wrong_is_told_with_line_and_column_and_nothing_is_read),
		TEST(a_file_that_must_be_there_is_missed),
	};
	return cmocka_run_group_tests_name("exchange_dataset", tests, NULL, NULL);
}
