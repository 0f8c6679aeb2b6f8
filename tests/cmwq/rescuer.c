// SPDX-License-Identifier: GPL-2.0-only
/* Mayday and rescue: when help is called, for whom, and what the rescuer does. */
#include <wqlab/mach.h>

#include "cmwq_test.h"

static struct item a, p, r, r2, r3;
static struct workqueue_struct *plain, *reclaim;
static struct worker_pool *pool;
static u64 t0;

/*
 * CPU 1 has two workers, the first blocked in a; no third one can be made.  With
 * the next item the second one becomes manager, in vain.
 */
static void begin(int max_active)
{
	stay_on(0);
	plain = alloc_workqueue("plain", 0, 0);
	reclaim = alloc_workqueue("reclaim", WQ_MEM_RECLAIM, max_active);
	pool = pool_on(plain, 1);
	held_init(&a);
	item_init(&p);
	item_init(&r);
	item_init(&r2);
	item_init(&r3);
	start_on(1, plain, &a);
	pass_ms(10);
	mach_fault_set(MFAULT_KTHREAD, true);
	t0 = mach_now();
}

static void finish(void)
{
	mach_fault_set(MFAULT_KTHREAD, false);
	release(&a);
	destroy_workqueue(plain);
	destroy_workqueue(reclaim);
}

static int rescuer_pid(void)
{
	return reclaim->rescuer->task->pid;
}

/* After 10 ms, then every 100 ms; who has no rescuer waits for the worker. */
static int times(void *arg)
{
	begin(0);
	queue_work_on(1, plain, W(&p));
	queue_work_on(1, reclaim, W(&r));
	pass_ms(50);
	queue_work_on(1, reclaim, W(&r2));
	pass_ms(100);
	queue_work_on(1, reclaim, W(&r3));
	pass_ms(100);
	mach_fault_set(MFAULT_KTHREAD, false);
	pass_ms(1000);
	CHECK_EQ(r.at - t0, MS(10));
	CHECK_EQ(r2.at - t0, MS(110));
	CHECK_EQ(r3.at - t0, MS(210));
	CHECK_EQ(r.pid, rescuer_pid());
	CHECK_EQ(r2.pid, rescuer_pid());
	CHECK_EQ(r3.pid, rescuer_pid());
	CHECK_EQ(p.at - t0, SEC(1));
	CHECK(p.pid != rescuer_pid());
	CHECK(!timer_pending(&pool->mayday_timer));
	finish();
	return 0;
}

WQTEST(cmwq, cf17_after_10_ms_then_every_100)
{
	RUN_OK(2, times);
}

/* At HZ 100 a hundredth of a second is one tick: it is two at least. */
static int two_ticks(void *arg)
{
	begin(0);
	queue_work_on(1, reclaim, W(&r));
	flush_work(W(&r));
	CHECK_EQ(r.at - t0, MS(20));
	finish();
	return 0;
}

WQTEST(cmwq, cf17_two_ticks_at_least)
{
	RUN_OK(2, two_ticks, .hz = 100);
}

/* Each pwq is listed once and referenced; the rescuer takes all of its items, one by one. */
static void look_fn(struct work_struct *work)
{
	struct worker *rescuer = reclaim->rescuer;
	struct pool_workqueue *pwq = pwq_on(reclaim, 1);

	CHECK_EQ(current->pid, rescuer->task->pid);
	CHECK_EQ(smp_processor_id(), 1);
	CHECK(cpumask_equal(&current->cpus_allowed, cpumask_of(1)));
	CHECK(rescuer->pool == pool);
	CHECK(rescuer->flags & WORKER_PREP);
	CHECK_EQ(pool->nr_running, 0);
	CHECK_EQ(task_nice(current), -20);
	CHECK(list_empty(&pwq->mayday_node) && list_empty(&reclaim->maydays));
	/* Its link, this item and those behind it, the mayday. */
	CHECK_EQ(pwq->refcnt, 1 + 3 - r.runs - r2.runs - r3.runs + 1);
	CHECK_EQ(list_length(&rescuer->scheduled), 2 - r.runs - r2.runs - r3.runs);
	CHECK(first_work(&pool->worklist) == W(&p));
	item_fn(work);
	CHECK_EQ(pool->nr_running, 0);
}

static int takes_all(void *arg)
{
	begin(0);
	INIT_WORK(W(&r), look_fn);
	INIT_WORK(W(&r2), look_fn);
	INIT_WORK(W(&r3), look_fn);
	r.sleep = r2.sleep = 5;
	r3.burn = 5;
	queue_work_on(1, reclaim, W(&r));
	queue_work_on(1, plain, W(&p));
	queue_work_on(1, reclaim, W(&r2));
	queue_work_on(1, reclaim, W(&r3));
	pass_ms(100);
	CHECK_EQ(r.at - t0, MS(10));
	CHECK_EQ(r2.at - t0, MS(15));
	CHECK_EQ(r3.at - t0, MS(20));
	CHECK_EQ(p.runs, 0);
	CHECK_EQ(pwq_on(reclaim, 1)->refcnt, 1);
	CHECK(reclaim->rescuer->pool == NULL);
	CHECK(list_empty(&reclaim->rescuer->node));
	CHECK_STR(reclaim->rescuer->task->comm, "reclaim");
	finish();
	CHECK_EQ(p.runs, 1);
	return 0;
}

WQTEST(cmwq, cf18_takes_all_items_of_the_pwq)
{
	RUN_OK(2, takes_all);
}

/* What max_active holds back is not on the worklist: not rescued before it is activated. */
static int delayed(void *arg)
{
	begin(1);
	queue_work_on(1, reclaim, W(&r));
	queue_work_on(1, reclaim, W(&r2));
	pass_ms(200);
	CHECK_EQ(r.at - t0, MS(10));
	CHECK_EQ(r2.at - t0, MS(110));
	CHECK_EQ(r2.pid, rescuer_pid());
	finish();
	return 0;
}

WQTEST(cmwq, cf18_what_is_held_back_is_not_rescued)
{
	RUN_OK(2, delayed);
}

/* It leaves the pool with a wake-up for whoever may go on with what is left. */
static int wakes_a_worker(void *arg)
{
	struct workqueue_struct *other;

	begin(0);
	other = plain;
	r.sleep = 5;
	queue_work_on(1, reclaim, W(&r));
	pass_ms(12);				/* the rescuer sleeps in r */
	CHECK_EQ(r.inside, 1);
	release(&a);				/* a's worker idles again */
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	queue_work_on(1, other, W(&p));
	pass_ms(1);
	CHECK_EQ(p.at - t0, MS(13));
	finish();
	return 0;
}

WQTEST(cmwq, cf18_does_not_stand_in_the_way)
{
	RUN_OK(2, wakes_a_worker);
}

/* An unbound workqueue's rescuer runs where the pool may; and it serves several pools. */
static int several_pools(void *arg)
{
	struct item block[2];
	int cpu;

	plain = alloc_workqueue("plain", 0, 0);
	reclaim = alloc_workqueue("reclaim", WQ_MEM_RECLAIM, 0);
	for (cpu = 1; cpu < 3; cpu++) {
		held_init(&block[cpu - 1]);
		start_on(cpu, plain, &block[cpu - 1]);
	}
	pass_ms(10);
	mach_fault_set(MFAULT_KTHREAD, true);
	t0 = mach_now();
	item_init(&r);
	item_init(&r2);
	r.sleep = r2.sleep = 5;
	queue_work_on(2, reclaim, W(&r));
	queue_work_on(1, reclaim, W(&r2));
	pass_ms(100);
	CHECK_EQ(r.pid, rescuer_pid());
	CHECK_EQ(r2.pid, rescuer_pid());
	CHECK_EQ(r.cpu, 2);
	CHECK_EQ(r2.cpu, 1);
	/* The maydays come in the order of the timers: CPU 1's first. */
	CHECK_EQ(r2.at - t0, MS(10));
	CHECK_EQ(r.at - t0, MS(15));
	mach_fault_set(MFAULT_KTHREAD, false);
	release(&block[0]);
	release(&block[1]);
	destroy_workqueue(plain);
	destroy_workqueue(reclaim);
	return 0;
}

WQTEST(cmwq, cf18_serves_one_pool_after_another)
{
	RUN_OK(3, several_pools);
}

/* Only WQ_MEM_RECLAIM makes a rescuer; create_workqueue() implies it. */
static int who_has_one(void *arg)
{
	struct workqueue_struct *wqs[] = {
		alloc_workqueue("p", 0, 0),
		alloc_workqueue("m", WQ_MEM_RECLAIM, 0),
		create_workqueue("c"),
		create_singlethread_workqueue("s"),
	};

	CHECK(!wqs[0]->rescuer && wqs[1]->rescuer && wqs[2]->rescuer && wqs[3]->rescuer);
	CHECK(!system_wq->rescuer && !system_unbound_wq->rescuer);
	for (int i = 0; i < 4; i++)
		destroy_workqueue(wqs[i]);
	return 0;
}

WQTEST(cmwq, cf18_who_has_a_rescuer)
{
	RUN_OK(1, who_has_one);
}

/* Short of workers in any order: all items run, nothing is left over. */
#define NR	4

static struct item items[NR];

static int short_in_any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg;
	int i;

	reclaim = alloc_workqueue("reclaim", WQ_MEM_RECLAIM | (rnd % 2 ? WQ_UNBOUND : 0), 1 + rnd % 3);
	mach_fault_set(MFAULT_KTHREAD, true);
	for (i = 0; i < NR; i++) {
		item_init(&items[i]);
		items[i].sleep = next_random(&rnd) % 12;
		queue_work_on(1, reclaim, W(&items[i]));
	}
	pass_ms(8 + next_random(&rnd) % 5);
	mach_fault_set(MFAULT_KTHREAD, false);
	destroy_workqueue(reclaim);
	for (i = 0; i < NR; i++)
		CHECK_EQ(items[i].runs, 1);
	return 0;
}

WQTEST(cmwq, cf18_rescues_in_any_order)
{
	run_seeds(2, short_in_any_order, 1, 300);
}
