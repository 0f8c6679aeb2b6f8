// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of speed: the same work on both engines, and on the peers if they
 * are linked in, as multiples of a yardstick.
 *
 * A round measures the yardsticks and then every line once; the rounds follow
 * one another, so that what disturbs the host for a while disturbs all lines
 * alike.  What is printed is the median over the rounds, and their extremes.
 *
 * Owns the list of works and what was measured of them.  One thread.
 *
 * Read next: sim-libc.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host-libc.h"
#include "wqlab/machine.h"

#define MAX_PEERS	8
#define MAX_WHO		(2 + MAX_PEERS)
#define THIRD_BOOTS	20	/* machines for as many third items that need a new worker */

static const char *const engine_name[2] = { "legacy", "cmwq" };

enum yard { YARD_MUTEX, YARD_PING_PONG, YARD_WAKE_UP, NR_YARDS };
static const char *const yard_name[NR_YARDS] = { "mutex pair", "ping-pong", "wake-up" };
static struct series yard[NR_YARDS];

enum peer_call { PEER_NONE, PEER_QUEUE, PEER_REQUEUE, PEER_START, PEER_TIMER };

/* A line, or two: p50 and p99 of one measurement. */
struct work {
	const char *name;
	int (*body)(void *arg);
	enum peer_call peer;
	struct bench_args args;
	unsigned int boots;		/* machines in one measurement; 0: one */
	bool cmwq_only, traced, accounted;
	enum yard yard;
	double goal[2];			/* for the value, or for p50 and p99; 0: none */
	bool goal_in_ns;		/* else in yardsticks */
	struct series got[MAX_WHO][2];
};

#define MILLION 1000000
static struct work works[] = {
	{
		.name = "queue to done, 1 producer, to its own CPU",
		.body = bench_queue, .peer = PEER_QUEUE,
		.args = { .items = MILLION, .producers = 1, .cpu = BENCH_OWN_CPU },
		.goal = { 6.3 },
	}, {
		.name = "  the same, to the other CPU",
		.body = bench_queue,
		.args = { .items = MILLION, .producers = 1, .cpu = 1 },
	}, {
		.name = "queue to done, 2 producers",
		.body = bench_queue, .peer = PEER_QUEUE,
		.args = { .items = MILLION, .producers = 2, .cpu = BENCH_OWN_CPU },
		.goal = { 4.7 },
	}, {
		.name = "item that requeues itself",
		.body = bench_requeue, .peer = PEER_REQUEUE,
		.args = { .items = MILLION },
		.goal = { 4 },
	}, {
		.name = "queue to start on the producer's CPU, idle",
		.body = bench_start, .peer = PEER_START, .yard = YARD_PING_PONG,
		.args = { .cpu = BENCH_OWN_CPU, .samples = 2000 },
		.goal = { 0.8, 1.5 },
	}, {
		.name = "  the same, on the other CPU, idle",
		.body = bench_start, .yard = YARD_WAKE_UP,
		.args = { .cpu = 1, .samples = 2000 },
	}, {
		.name = "timer add and cancel, alone",
		.body = bench_timer, .peer = PEER_TIMER,
		.args = { .items = MILLION },
		.goal = { 10 }, .goal_in_ns = true,
	}, {
		.name = "  the same, 1,000,000 others pending",
		.body = bench_timer, .peer = PEER_TIMER,
		.args = { .items = MILLION, .pending = MILLION },
		.goal = { 40 }, .goal_in_ns = true,
	}, {
		.name = "third item while 2 of 2 block, one idle",
		.body = bench_third, .cmwq_only = true, .yard = YARD_PING_PONG,
		.args = { .samples = 1000 },
		.goal = { 10000, 10000 }, .goal_in_ns = true,
	}, {
		.name = "  the same, with a worker to be made first",
		.body = bench_third, .cmwq_only = true, .yard = YARD_PING_PONG,
		.args = { .samples = 1, .fresh = true }, .boots = THIRD_BOOTS,
		.goal = { 10000, 10000 }, .goal_in_ns = true,
	}, {
		.name = "queue to done, 1 producer, traced",
		.body = bench_queue, .traced = true,
		.args = { .items = MILLION / 10, .producers = 1, .cpu = BENCH_OWN_CPU },
	}, {
		.name = "queue to done, 1 producer, with accounting",
		.body = bench_queue, .accounted = true,
		.args = { .items = MILLION, .producers = 1, .cpu = BENCH_OWN_CPU },
	},
};
#define NR_WORKS (sizeof(works) / sizeof(works[0]))

static unsigned int item_bytes, allocated;

static unsigned int nr_peers(void)
{
	unsigned int n = 0;

	while (bench_peer && n < MAX_PEERS && bench_peer(n))
		n++;
	return n;
}

static const char *who_name(unsigned int who)
{
	return who < 2 ? engine_name[who] : bench_peer(who - 2)->name;
}

static int (*peer_function(const struct peer *peer, enum peer_call call))(struct bench_args *)
{
	switch (call) {
	case PEER_QUEUE:
		return peer->queue;
	case PEER_REQUEUE:
		return peer->requeue;
	case PEER_START:
		return peer->start;
	case PEER_TIMER:
		return peer->timer;
	default:
		return NULL;
	}
}

static void on_engine(const struct bench_options *opt, const struct work *w, const char *engine,
		      struct bench_args *a)
{
	const struct machine_config cfg = {
		.kind = opt->machine,
		.engines = engine,
		.cpus = 2,
		.no_trace = !w->traced,
		.no_accounting = !w->accounted,
	};
	struct machine_result res;

	if (machine_run(&cfg, w->body, a, &res))
		fail("%s", machine_error());
	if (res.verdict != VERDICT_OK)
		fail("%s on %s: verdict %s\n%s", w->name, engine, verdict_name(res.verdict), res.report);
	if (res.ret || res.warnings)
		fail("%s on %s: returned %d, %u warnings\n%s", w->name, engine, res.ret, res.warnings,
		     res.log);
	machine_result_free(&res);
	if (w->body == bench_queue) {
		item_bytes = a->item_bytes;
		if (a->allocated > allocated)
			allocated = a->allocated;
	}
}

/* One measurement; false: there is no such thing. */
static bool measure(const struct bench_options *opt, struct work *w, unsigned int who)
{
	struct bench_args a = w->args;
	unsigned int boots = w->boots ? w->boots : 1, expected;
	int (*peer)(struct bench_args *) = NULL;
	uint64_t *sample = NULL;

	if (opt->only && !strstr(w->name, opt->only))
		return false;
	if (opt->on && strcmp(opt->on, who_name(who)))
		return false;
	if (who < 2 ? w->cmwq_only && who == 0 : !(peer = peer_function(bench_peer(who - 2), w->peer)))
		return false;
	if (opt->quick && boots == 1) {
		a.items /= 10;
		a.samples /= 10;
		a.pending /= 10;
	} else if (opt->quick) {
		boots = boots / 4;
	}
	expected = a.samples ? a.samples : a.items;
	if (a.samples) {
		sample = calloc((size_t)boots * a.samples, sizeof(*sample));
		if (!sample)
			fail("no memory for %u samples", boots * a.samples);
	}
	for (unsigned int i = 0; i < boots; i++) {
		a.sample = sample + i * a.samples;
		a.ran = 0;
		if (!peer)
			on_engine(opt, w, who_name(who), &a);
		else if (peer(&a))
			fail("%s on %s failed", w->name, who_name(who));
		if (a.ran != expected)
			fail("%s on %s: %u of %u ran exactly once", w->name, who_name(who), a.ran,
			     expected);
	}
	if (sample) {
		series_add(&w->got[who][0], percentile(sample, boots * a.samples, 50));
		series_add(&w->got[who][1], percentile(sample, boots * a.samples, 99));
		free(sample);
	} else {
		series_add(&w->got[who][0], (double)a.ns / a.items);
	}
	return true;
}

static void print_line(const struct work *w, unsigned int who, unsigned int part)
{
	const struct series *s = &w->got[who][part];
	double median = series_median(s), base = series_median(&yard[w->yard]);
	bool us = w->args.samples;
	double unit = us ? 1000 : 1;
	double goal = who < 2 ? w->goal[part] : 0, limit = w->goal_in_ns ? goal : goal * base;
	char work[64], goal_text[32] = "", span[32];

	snprintf(work, sizeof(work), "%s%s", w->name, !us ? "" : part ? ", p99" : ", p50");
	snprintf(span, sizeof(span), "%.1f..%.1f", series_min(s) / unit, series_max(s) / unit);
	if (goal)
		snprintf(goal_text, sizeof(goal_text), w->goal_in_ns ? "%g %s" : "%gx",
			 w->goal_in_ns ? goal / unit : goal, us ? "us" : "ns");
	printf("%-49s %-6s %9.1f %s %15s %7.2f x %-10s %6s%s\n", work, who_name(who),
	       median / unit, us ? "us" : "ns", span, median / base, yard_name[w->yard],
	       goal_text, !goal ? "" : median <= limit ? "  yes" : "  no");
}

static void print_table(unsigned int nr_who)
{
	printf("%-49s %-6s %9s %2s %15s %9s %-10s %6s  %s\n", "work", "on", "median", "", "min..max",
	       "ratio to", "yardstick", "goal", "met");
	for (size_t i = 0; i < NR_WORKS; i++)
		for (unsigned int part = 0; part < (works[i].args.samples ? 2 : 1); part++)
			for (unsigned int who = 0; who < nr_who; who++)
				if (works[i].got[who][part].nr)
					print_line(&works[i], who, part);
}

void speed_table(const struct bench_options *opt)
{
	unsigned int nr_who = 2 + nr_peers();

	for (unsigned int round = 0; round < opt->rounds; round++) {
		series_add(&yard[YARD_MUTEX], yardstick_mutex(5 * MILLION));
		series_add(&yard[YARD_PING_PONG], yardstick_ping_pong(20000));
		series_add(&yard[YARD_WAKE_UP], yardstick_wake_up(opt->quick ? 200 : 2000));
		for (size_t i = 0; i < NR_WORKS; i++)
			for (unsigned int who = 0; who < nr_who; who++)
				measure(opt, &works[i], who);
	}
	printf("Speed: machine \"%s\" with 2 virtual CPUs on %u cores; the median of %u round%s%s.\n\n",
	       opt->machine, nr_cores(), opt->rounds, opt->rounds == 1 ? "" : "s", opt->quick ? ", each a tenth of its full size" : "");
	print_table(nr_who);
	if (!item_bytes)
		printf("\n");
	else
		printf("\nAn item takes %u bytes, sizeof(struct work_struct); queueing it allocated %s.\n",
		       item_bytes, allocated ? "something" : "nothing");
	if (allocated)
		printf("(%u objects were allocated while items were queued.)\n", allocated);
	printf("Yardsticks: an uncontended pthread mutex pair %.2f ns (%.2f..%.2f); a futex ping-pong,\n"
	       "there and back on one core, p50 %.2f us (%.2f..%.2f); a futex wake-up of a thread on\n"
	       "the other core, idle, p50 %.2f us (%.2f..%.2f).\n",
	       series_median(&yard[YARD_MUTEX]), series_min(&yard[YARD_MUTEX]),
	       series_max(&yard[YARD_MUTEX]), series_median(&yard[YARD_PING_PONG]) / 1000,
	       series_min(&yard[YARD_PING_PONG]) / 1000, series_max(&yard[YARD_PING_PONG]) / 1000,
	       series_median(&yard[YARD_WAKE_UP]) / 1000, series_min(&yard[YARD_WAKE_UP]) / 1000,
	       series_max(&yard[YARD_WAKE_UP]) / 1000);
	if (bench_peers_missing)
		bench_peers_missing();
}
