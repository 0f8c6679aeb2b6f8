// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the simulated machine: how fast it switches tasks, boots, and
 * works through items, and whether that stays so when there are more of them.
 *
 * Events are recorded, as `wqlab run` does.
 *
 * Owns the rows.  One thread.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-libc.h"
#include "labs/wqlab/scenario.h"
#include "wqlab/machine.h"

#define SCENARIO	"labs/scenarios/doc-max-active-3.wq"
#define SIZES		4
#define TURNS		20480
#define ITEMS		100000

static const unsigned int cpu_sizes[] = { 4, 64, 1024 };
static const unsigned int lot_sizes[SIZES] = { 100, 1000, 10000, 100000 };

static uint64_t run(const char *engine, unsigned int cpus, int (*body)(void *), void *arg)
{
	const struct machine_config cfg = {
		.kind = "sim",
		.engines = engine,
		.cpus = cpus,
		.quiet = true,
		.step_limit = UINT64_MAX,	/* a large backlog is worked through at one instant */
	};
	uint64_t start = bench_now();
	struct machine_result res;

	if (machine_run(&cfg, body, arg, &res))
		fail("%s", machine_error());
	if (res.verdict != VERDICT_OK || res.ret)
		fail("sim, %u CPUs, %s: verdict %s, returned %d\n%s", cpus, engine,
		     verdict_name(res.verdict), res.ret, res.report);
	machine_result_free(&res);
	return bench_now() - start;
}

static void check(const char *what, const struct bench_args *a)
{
	if (a->ran != a->items)
		fail("sim, %s: %u of %u", what, a->ran, a->items);
}

/* Turns that go round among tasks, one on each CPU: ns a turn. */
static double ring(const char *engine, unsigned int cpus, const void *arg)
{
	struct bench_args a = { .items = TURNS };

	(void)arg;
	run(engine, cpus, bench_ring, &a);
	check("turns", &a);
	return (double)a.ns / a.items;
}

/* Boot, play the first scenario, shut down: ns. */
static double boot(const char *engine, unsigned int cpus, const void *arg)
{
	return (double)run(engine, cpus, player_run, (void *)arg);
}

/* Lots of items behind one another: ns an item. */
static double backlog(const char *engine, unsigned int lot, const void *arg)
{
	struct bench_args a = { .items = ITEMS, .pending = lot };

	(void)arg;
	run(engine, 1, bench_backlog, &a);
	check("items", &a);
	return (double)a.ns / a.items;
}

struct row {
	const char *name, *engine;
	double (*measure)(const char *engine, unsigned int size, const void *arg);
	unsigned int nr;
	const unsigned int *size;
	bool rate;			/* show how many a second, not ns */
	struct series got[SIZES];
};

#define ROW(row_name, on, fn, sizes, as_rate)					\
	{ .name = (row_name), .engine = (on), .measure = (fn), .size = (sizes),	\
	  .nr = sizeof(sizes) / sizeof((sizes)[0]), .rate = (as_rate) }

static struct row rows[] = {
	ROW("task switches a second", "cmwq", ring, cpu_sizes, true),
	ROW("boot, first scenario, shutdown; a second", "legacy", boot, cpu_sizes, true),
	ROW("boot, first scenario, shutdown; a second", "cmwq", boot, cpu_sizes, true),
	ROW("cost of an item, ns", "legacy", backlog, lot_sizes, false),
	ROW("cost of an item, ns", "cmwq", backlog, lot_sizes, false),
};
#define NR_ROWS (sizeof(rows) / sizeof(rows[0]))

/* How often a size is measured in one round: the short ones more often. */
static unsigned int repeats(const struct row *r, unsigned int i, bool quick)
{
	if (r->measure != boot)
		return 1;
	return (quick ? 32 : 256) / r->size[i] + 1;
}

static void print_row(const struct row *r)
{
	double first = series_median(&r->got[0]);

	printf("%-42s %-6s", r->name, r->engine);
	for (unsigned int i = 0; i < r->nr; i++)
		printf(" %13.*f", r->rate && 1e9 / series_median(&r->got[i]) < 100 ? 1 : 0,
		       r->rate ? 1e9 / series_median(&r->got[i]) : series_median(&r->got[i]));
	printf("\n%-42s %-6s", r->measure == boot ? "  cost of one, and of one CPU of it" :
	       "  cost beside that of the first", "");
	for (unsigned int i = 0; i < r->nr; i++) {
		double ns = series_median(&r->got[i]);
		char cell[32];

		if (r->measure == boot)
			snprintf(cell, sizeof(cell), "%.1fms/%.0fus", ns / 1e6, ns / 1e3 / r->size[i]);
		else
			snprintf(cell, sizeof(cell), "%.2fx", ns / first);
		printf(" %13s", cell);
	}
	printf("\n");
}

void sim_table(const struct bench_options *opt)
{
	struct scenario_errors errs;
	struct scenario *sc = scenario_load(SCENARIO, &errs);

	if (!sc)
		fail("%s", errs.list[0].text);
	for (unsigned int round = 0; round < opt->rounds; round++)
		for (size_t i = 0; i < NR_ROWS; i++)
			for (unsigned int s = 0; s < rows[i].nr; s++) {
				unsigned int n = repeats(&rows[i], s, opt->quick);
				double ns = 0;

				for (unsigned int k = 0; k < n; k++)
					ns += rows[i].measure(rows[i].engine, rows[i].size[s], sc);
				series_add(&rows[i].got[s], ns / n);
			}
	scenario_free(sc);
	printf("The simulated machine, events being recorded; the median of %u rounds.\n\n", opt->rounds);
	for (size_t i = 0; i < NR_ROWS; i++) {
		if (!i || rows[i].size != rows[i - 1].size) {
			printf("%-42s %-6s", rows[i].size == cpu_sizes ? "virtual CPUs:" : "\nitems queued at once:", "on");
			for (unsigned int s = 0; s < rows[i].nr; s++)
				printf(" %13u", rows[i].size[s]);
			printf("\n");
		}
		print_row(&rows[i]);
	}
}
