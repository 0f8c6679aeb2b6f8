// SPDX-License-Identifier: GPL-2.0-only
/* Freezing workqueues, by the calls and by the freezer (C-F45). */
#include <linux/freezer.h>

#include "cmwq_test.h"

static struct item a, b, c, d;
static struct workqueue_struct *q, *plain;

/* max_active 0 on freezable ones alone; what runs delays; thaw activates and wakes. */
static int freeze(void *arg)
{
	struct pool_workqueue *pwq;

	stay_on(0);
	q = alloc_workqueue("q", WQ_FREEZABLE, 2);
	plain = alloc_workqueue("plain", 0, 0);
	pwq = pwq_on(q, 1);
	held_init(&a);
	item_init(&b);
	item_init(&c);
	item_init(&d);
	start_on(1, q, &a);
	thaw_workqueues();			/* without a begin: nothing */
	CHECK_EQ(pwq->max_active, 2);
	freeze_workqueues_begin();
	CHECK_EQ(pwq->max_active, 0);
	CHECK_EQ(pwq_on(plain, 1)->max_active, 256);
	CHECK(freeze_workqueues_busy());
	queue_work_on(1, q, W(&b));
	queue_work_on(1, q, W(&c));
	queue_work_on(1, plain, W(&d));
	pass_ms(1);
	CHECK_EQ(d.runs, 1);
	CHECK_EQ(list_length(&pwq->delayed_works), 2);
	release(&a);
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	CHECK(!freeze_workqueues_busy());
	workqueue_set_max_active(q, 3);		/* waits until the thaw */
	CHECK_EQ(pwq->max_active, 0);
	pass_ms(1000);
	CHECK_EQ(b.runs + c.runs, 0);
	thaw_workqueues();
	CHECK_EQ(pwq->max_active, 3);
	pass_ms(1);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(c.runs, 1);
	destroy_workqueue(q);
	destroy_workqueue(plain);
	return 0;
}

WQTEST(cmwq, cf45_freeze_and_thaw)
{
	RUN_OK(2, freeze);
}

/* Made while all is frozen: begins at 0. */
static int made_frozen(void *arg)
{
	freeze_workqueues_begin();
	q = alloc_workqueue("q", WQ_FREEZABLE | WQ_UNBOUND, 4);
	plain = alloc_workqueue("plain", WQ_UNBOUND, 4);
	CHECK_EQ(q->dfl_pwq->max_active, 0);
	CHECK_EQ(plain->dfl_pwq->max_active, 4);
	item_init(&a);
	queue_work(q, W(&a));
	pass_ms(10);
	CHECK_EQ(a.runs, 0);
	thaw_workqueues();
	CHECK_EQ(q->dfl_pwq->max_active, 4);
	flush_work(W(&a));
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(q);
	destroy_workqueue(plain);
	return 0;
}

WQTEST(cmwq, cf45_made_while_frozen)
{
	RUN_OK(2, made_frozen);
}

static int twice(void *arg)
{
	freeze_workqueues_begin();
	freeze_workqueues_begin();
	thaw_workqueues();
	return 0;
}

WQTEST(cmwq, cf45_double_begin_warns)
{
	RUN_WARN(1, twice, 1);
}

/* The freezer itself: it waits for what runs, and nothing starts until the thaw (J2). */
static int freezer(void *arg)
{
	q = alloc_workqueue("q", WQ_FREEZABLE, 0);
	item_init(&a);
	item_init(&b);
	a.sleep = 20;
	start_on(0, q, &a);
	CHECK_EQ(freeze_processes(), 0);
	CHECK_EQ(a.runs, 1);			/* it was waited for */
	queue_work(q, W(&b));
	pass_ms(100);
	CHECK_EQ(b.runs, 0);
	thaw_processes();
	flush_work(W(&b));
	CHECK_EQ(b.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf45_the_freezer_waits)
{
	RUN_OK(1, freezer);
}

/* Frozen and thawed while items come: none is lost, none starts in between. */
static bool all_quiet;
static atomic_t rounds;

static void watch_fn(struct work_struct *work)
{
	CHECK(!all_quiet);
	item_fn(work);
}

static int freezing_fn(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 3; i++) {
		freeze_workqueues_begin();
		while (freeze_workqueues_busy())
			pass_ms(1);
		all_quiet = true;
		pass_ms(next_random(&rnd) % 3);
		all_quiet = false;
		thaw_workqueues();
		pass_ms(next_random(&rnd) % 2);
	}
	atomic_inc(&rounds);
	return 0;
}

#define NR	5

static struct item items[NR];

static int any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg, queued[NR] = { 0 };

	q = alloc_workqueue("q", WQ_FREEZABLE | (rnd % 2 ? WQ_UNBOUND : 0), 1 + rnd % 2);
	all_quiet = false;
	atomic_set(&rounds, 0);
	for (int i = 0; i < NR; i++) {
		item_init(&items[i]);
		INIT_WORK(W(&items[i]), watch_fn);
		items[i].sleep = next_random(&rnd) % 2;
	}
	start_task(freezing_fn, arg, "freezer");
	for (int i = 0; i < 5 * NR; i++) {
		unsigned int n = next_random(&rnd) % NR;

		queued[n] += queue_work_on(next_random(&rnd) % 2, q, W(&items[n]));
		if (next_random(&rnd) % 6 == 0)
			queued[n] -= cancel_work_sync(W(&items[n]));
		if (next_random(&rnd) % 6 == 0)
			flush_workqueue(q);
		if (next_random(&rnd) % 6 == 0)
			workqueue_set_max_active(q, 1 + next_random(&rnd) % 4);
		if (next_random(&rnd) % 4 == 0)
			pass_ms(1);
	}
	flush_workqueue(q);
	for (int i = 0; i < NR; i++)
		CHECK_EQ(items[i].runs, queued[i]);
	wait_for_all(&rounds, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf45_in_any_order)
{
	run_seeds(2, any_order, 1, 300);
}
