// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of the explorer: schedules and choices a second, for each engine and
 * each way to carry tasks.
 *
 * The yardstick is the machine itself: boots of the same test a second, which is
 * what each schedule would cost if it did not start from a kept machine.
 *
 * Owns the rows.  One thread.
 */
#include <stdio.h>
#include <string.h>

#include "host-libc.h"
#include "wqlab/explore.h"
#include "wqlab/machine.h"

#define SCHEDULES	100000
#define BOOTED		2000		/* where each schedule boots, there are fewer */

struct explored_row {
	const char *engine, *carrier, *strategy;
	struct series rate;		/* schedules a second */
	struct explore_state last;
};

static struct explored_row explored_rows[] = {
	{ .engine = "legacy", .carrier = "fibers", .strategy = "random:1" },
	{ .engine = "cmwq", .carrier = "fibers", .strategy = "random:1" },
	{ .engine = "legacy", .carrier = "fibers", .strategy = "bounded" },
	{ .engine = "cmwq", .carrier = "fibers", .strategy = "bounded" },
	{ .engine = "legacy", .carrier = "threads", .strategy = "random:1" },
	{ .engine = "cmwq", .carrier = "threads", .strategy = "random:1" },
};
#define NR_EXPLORED (sizeof(explored_rows) / sizeof(explored_rows[0]))

static void measure(struct explored_row *r, bool quick)
{
	struct machine_config cfg = { .engines = r->engine, .cpus = 2, .carrier = r->carrier };
	struct explore_config how = {
		.strategy = r->strategy,
		.schedules = (strcmp(r->carrier, "fibers") ? BOOTED : SCHEDULES) / (quick ? 10 : 1),
	};
	uint64_t start = bench_now();

	if (machine_explore(&cfg, &how, bench_explored, NULL, &r->last))
		fail("%s", machine_error());
	if (r->last.failed)
		fail("explorer, %s: %s\nreplay:%s", r->engine, r->last.headline, r->last.schedule);
	series_add(&r->rate, (double)r->last.schedules * 1e9 / (double)(bench_now() - start));
}

void explore_table(const struct bench_options *opt)
{
	for (unsigned int round = 0; round < opt->rounds; round++)
		for (size_t i = 0; i < NR_EXPLORED; i++)
			measure(&explored_rows[i], opt->quick);
	printf("The explorer, one core: three tasks queue, flush and cancel on two virtual CPUs; the median of %u rounds.\n\n",
	       opt->rounds);
	printf("%-8s %-8s %-10s %14s %14s %18s %16s\n", "engine", "carrier", "strategy", "schedules/s",
	       "choices/s", "choices a schedule", "steps a schedule");
	for (size_t i = 0; i < NR_EXPLORED; i++) {
		const struct explored_row *r = &explored_rows[i];
		double rate = series_median(&r->rate), runs = (double)r->last.schedules;

		printf("%-8s %-8s %-10s %14.0f %14.0f %18.1f %16.1f\n", r->engine, r->carrier, r->strategy,
		       rate, rate * (double)r->last.choices / runs, (double)r->last.choices / runs,
		       (double)r->last.steps / runs);
	}
	putchar('\n');
}
