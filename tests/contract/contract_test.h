/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the contract share: items that note how they ran, and items
 * that can be held.
 *
 * A test of the contract is written once and holds for both designs on both
 * machines (WQTEST_MATRIX); where two differ it asks for no more than both promise.
 * Only what says when exactly something happens is left to the simulated machine.
 *
 * What an item notes is read without a lock behind a flush or a cancel: that it is
 * there to see then is part of the promise.  Before that, runs_yet() alone may ask.
 *
 * The promises by name:
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

#include <linux/atomic.h>
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

#include "wqtask.h"
#include "wqtest.h"

#define MS(n)	((n) * 1000000ull)

/* A delay that does not pass while a test runs, but would be noticed if waited for. */
#define LONG_DELAY	(1000 * HZ)

/* At this instant exactly, where time is what the machine makes it. */
#define CHECK_AT(at, when)						\
	do {								\
		if (!wqtest_native())					\
			CHECK_EQ(at, when);				\
	} while (0)

/* So many rounds where they cost no time, fewer where they do. */
#define ROUNDS(n)	(wqtest_native() ? ((n) + 3) / 4 : (n))

/* Count a run, which others may do at once; what its function noted comes before. */
static inline void count_run(int *runs)
{
	__atomic_fetch_add(runs, 1, __ATOMIC_RELEASE);
}

/* How many runs have noted themselves, asked while more may come. */
static inline int runs_yet(const int *runs)
{
	return __atomic_load_n(runs, __ATOMIC_ACQUIRE);
}

/* An item that counts its runs; all of them share one order. */
struct counted {
	struct work_struct work;
	int runs;
	int place;		/* in the order of all runs, from 1 */
	int cpu;
	u64 at;
	bool pending;		/* A5: what the function found */
};

static atomic_t runs_of_all __attribute__((unused));

static inline void counted_fn(struct work_struct *work)
{
	struct counted *c = container_of(work, struct counted, work);

	if (work_pending(work))
		c->pending = true;
	c->place = atomic_inc_return(&runs_of_all);
	c->cpu = smp_processor_id();
	c->at = mach_now();
	count_run(&c->runs);
}

static inline void counted_init(struct counted *c)
{
	memset(c, 0, sizeof(*c));
	c->cpu = -1;
	INIT_WORK(&c->work, counted_fn);
}

/*
 * The same behind a timer.  Some move it from one workqueue to another while it runs,
 * and then it may run there at once.
 */
struct delayed {
	struct delayed_work dw;
	int runs;
	int cpu;
	u64 at;
	unsigned long jiffy;
};

static inline void delayed_fn(struct work_struct *work)
{
	struct delayed *d = container_of(work, struct delayed, dw.work);

	__WRITE_ONCE(d->cpu, smp_processor_id());
	__WRITE_ONCE(d->at, mach_now());
	__WRITE_ONCE(d->jiffy, jiffies);
	count_run(&d->runs);
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

/* Complete something from another task, when current sleeps, and a while after. */
struct helper {
	struct completion *done;
	unsigned int ms;
	bool *before;		/* set just before */
	struct task_struct *waiter;
};

static inline int helper_fn(void *arg)
{
	struct helper *later = arg;

	wait_until_asleep(later->waiter);
	pass_ms(later->ms);
	if (later->before)
		*later->before = true;
	complete(later->done);
	return 0;
}

static inline void complete_later(struct helper *later)
{
	later->waiter = current;
	start_task(helper_fn, later, "helper");
}

#endif
