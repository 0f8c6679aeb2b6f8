/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the contract share: items that note how they ran, items
 * that can be held, and a machine under a seeded schedule.
 *
 * A test of the contract is written once and holds for both designs; where the
 * two differ it asks for no more than both promise.  The promises by name:
 *
 *	A1  who wins PENDING wins alone until the item starts
 *	A2  calls that won = runs + cancels that won
 *	A3  no run without a call that won before it
 *	A4  who loses PENDING is served by a run that sees what he wrote before
 *	A5  at its start an item is neither pending nor linked, and not looked at again
 *	B1  a CPU of a create_workqueue() runs one item at a time, in order
 *	B5  a single-threaded or ordered workqueue does so over all CPUs
 *	B6  an item runs on the CPU it was queued to
 *	E1  flush_work() waits for all instances queued before it
 *	E2  flush_workqueue() too, for all items, and ends though others queue
 *	E3  after cancel_work_sync() an item is idle; the result: was it pending?
 *	E4  the same with a timer	E5  a cancelled instance never starts
 *	E6  drain_workqueue() leaves nothing
 *	F1  not before its time	F3  mod_delayed_work() leaves one instance
 *	H1  destroy_workqueue() waits for all, H3 and leaves nothing behind
 */
#ifndef CONTRACT_TEST_H
#define CONTRACT_TEST_H

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/workqueue.h>
#include <wqlab/mach.h>

#include "wqtest.h"

#define MS(n)	((n) * 1000000ull)

/* An item that counts its runs; all of them share one order. */
struct counted {
	struct work_struct work;
	int runs;
	int place;		/* in the order of all runs, from 1 */
	int cpu;
	u64 at;
	bool pending;		/* A5: what the function found */
};

static int runs_of_all __attribute__((unused));

static inline void counted_fn(struct work_struct *work)
{
	struct counted *c = container_of(work, struct counted, work);

	c->pending |= work_pending(work);
	c->runs++;
	c->place = ++runs_of_all;
	c->cpu = smp_processor_id();
	c->at = mach_now();
}

static inline void counted_init(struct counted *c)
{
	memset(c, 0, sizeof(*c));
	c->cpu = -1;
	INIT_WORK(&c->work, counted_fn);
}

/* The same behind a timer. */
struct delayed {
	struct delayed_work dw;
	int runs;
	int cpu;
	u64 at;
};

static inline void delayed_fn(struct work_struct *work)
{
	struct delayed *d = container_of(work, struct delayed, dw.work);

	d->runs++;
	d->cpu = smp_processor_id();
	d->at = mach_now();
}

static inline void delayed_init(struct delayed *d)
{
	memset(d, 0, sizeof(*d));
	INIT_DELAYED_WORK(&d->dw, delayed_fn);
}

/* An item that says when it has begun and ends when it is let go. */
struct held {
	struct work_struct work;
	struct completion started, go;
	int begun, ended;
};

static inline void held_fn(struct work_struct *work)
{
	struct held *h = container_of(work, struct held, work);

	h->begun++;
	complete(&h->started);
	wait_for_completion(&h->go);
	h->ended++;
}

static inline void held_init(struct held *h)
{
	memset(h, 0, sizeof(*h));
	INIT_WORK(&h->work, held_fn);
	init_completion(&h->started);
	init_completion(&h->go);
}

/* Queue it on a CPU and wait until it runs: what is queued behind it stays. */
static inline void hold(struct workqueue_struct *wq, int cpu, struct held *h)
{
	CHECK(queue_work_on(cpu, wq, &h->work));
	wait_for_completion(&h->started);
}

/*
 * Let @ms milliseconds pass; whatever is ready meanwhile runs.  A woken waiter
 * may come back early, hence the loop.
 */
static inline void pass_ms(unsigned int ms)
{
	long left = msecs_to_jiffies(ms);

	while (left)
		left = schedule_timeout_uninterruptible(left);
}

/* Complete something a while later, from another task: for who waits meanwhile. */
struct helper {
	struct completion *done;
	unsigned int ms;
	bool *before;		/* set just before */
};

static inline int helper_fn(void *arg)
{
	struct helper *later = arg;

	pass_ms(later->ms);
	if (later->before)
		*later->before = true;
	complete(later->done);
	return 0;
}

static inline void complete_later(struct helper *later)
{
	CHECK(!IS_ERR(kthread_run(helper_fn, later, "helper")));
}

static inline unsigned int next_random(unsigned int *state)
{
	*state = *state * 1103515245 + 12345;
	return *state >> 16;
}

/*
 * Run @fn, handed the seed, under schedule @seed.  False, and the test has
 * failed, unless all went well.
 */
static inline bool run_seed(const char *engines, unsigned int cpus, int (*fn)(void *),
			    unsigned long seed)
{
	char explore[32];
	const struct machine_config cfg = {
		.engines = engines, .cpus = cpus, .quiet = true, .explore = explore,
	};
	struct machine_result res;
	bool ok;

	snprintf(explore, sizeof(explore), "random:%lu", seed);
	if (sim_run(&cfg, fn, (void *)seed, &res))
		return false;
	ok = res.verdict == VERDICT_OK && !res.ret && !res.warnings;
	CHECK_MSG(ok, "--explore=%s: verdict %s, returned %d\n%s\n%s", explore,
		  verdict_name(res.verdict), res.ret, res.report, res.log);
	machine_result_free(&res);
	return ok;
}

static inline void run_seeds(const char *engines, unsigned int cpus, int (*fn)(void *),
			     unsigned long first, unsigned long last)
{
	for (unsigned long seed = first; seed <= last; seed++)
		if (!run_seed(engines, cpus, fn, seed))
			return;
}

#endif
