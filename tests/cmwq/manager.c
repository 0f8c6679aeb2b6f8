// SPDX-License-Identifier: GPL-2.0-only
/* The manager: who is it, what it does while no worker can be made, and for how long. */
#include <wqlab/mach.h>

#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;
static struct worker_pool *pool;

static void begin(void)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	held_init(&a);
	item_init(&b);
	item_init(&c);
}

/* Two workers, the first blocked in a; from now on no third one can be made. */
static void begin_short_of_workers(void)
{
	begin();
	start_on(1, q, &a);
	pass_ms(1);
	CHECK_EQ(pool->nr_idle, 1);
	mach_fault_set(MFAULT_KTHREAD, true);
}

/* It tries again every second, and starts on the item when it has made one. */
static int every_second(void *arg)
{
	const struct trace_event *made;

	begin_short_of_workers();
	queue_work_on(1, q, W(&b));
	pass_ms(2499);
	CHECK_EQ(b.runs, 0);
	CHECK(mutex_is_locked(&pool->manager_arb));
	CHECK_EQ(pool->nr_workers, 2);
	mach_fault_set(MFAULT_KTHREAD, false);
	pass_ms(1000);
	made = nth_event(TRACE_WORKER_CREATE, NULL, events_of(TRACE_WORKER_CREATE, NULL) - 1);
	CHECK_EQ(made->ts, MS(1) + SEC(3));
	CHECK_EQ(b.at, MS(1) + SEC(3));
	CHECK_EQ(made->pid, b.pid);		/* who made it runs the item */
	CHECK(!mutex_is_locked(&pool->manager_arb));
	CHECK(!timer_pending(&pool->mayday_timer));
	CHECK_EQ(pool->nr_workers, 3);
	release(&a);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf16_tries_again_every_second)
{
	RUN_OK(2, every_second);
}

/* Somebody else manages: a worker that finds nobody idle may start all the same. */
static int others_may_run(void *arg)
{
	int manager;

	begin_short_of_workers();
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	CHECK(mutex_is_locked(&pool->manager_arb));
	manager = pool->manager_arb.owner->pid;
	CHECK(manager != a.pid);
	CHECK(cancel_work_sync(W(&b)));
	release(&a);
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(pool->nr_idle, 1);
	queue_work_on(1, q, W(&c));
	flush_work(W(&c));
	CHECK_EQ(c.at, MS(3));
	CHECK_EQ(c.pid, a.pid);
	CHECK(mutex_is_locked(&pool->manager_arb));
	CHECK_EQ(pool->manager_arb.owner->pid, manager);
	mach_fault_set(MFAULT_KTHREAD, false);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf16_others_may_run_meanwhile)
{
	RUN_OK(2, others_may_run);
}

/* Under many schedules: no item starts while nobody idles and nobody manages. */
#define NR	5

static struct item items[NR];

static void guarded_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	pass_ms(it->sleep);
	it->runs++;
}

static int one_manager(void *arg)
{
	unsigned int rnd = (unsigned long)arg;
	int i;

	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	for (i = 0; i < NR; i++) {
		item_init(&items[i]);
		INIT_WORK(W(&items[i]), guarded_fn);
		items[i].sleep = next_random(&rnd) % 3;
		queue_work_on(1, q, W(&items[i]));
		if (i == 2)
			cancel_work_sync(W(&items[next_random(&rnd) % 3]));
		check_pool(pool);
	}
	/* All that are not cancelled sleep: one stands by, and nobody manages any more. */
	flush_workqueue(q);
	pass_ms(10);
	check_pool(pool);
	CHECK(!mutex_is_locked(&pool->manager_arb));
	CHECK(!timer_pending(&pool->mayday_timer));
	CHECK_EQ(pool->nr_idle, pool->nr_workers);
	CHECK(pool->nr_workers <= NR + 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf16_one_manager_in_any_order)
{
	run_seeds(2, one_manager, 1, 300);
}
