// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts A-F9 and A-F17: how threads end, and what they leave behind; and what
 * becomes of a workqueue whose threads cannot be made.
 */
#include <wqlab/arena.h>

#include "legacy_test.h"

static struct workqueue_struct *q;
static struct counted a, b, c;

/*
 * Occupy CPU 1 above everybody while init is in kthread_stop(): the thread has
 * been asked to stop, still sleeps, and gets an item.
 */
static int slip_in(void *arg)
{
	mdelay(5);
	CHECK(queue_work_on(1, q, &a.work));
	/* The thread passes this lock on its way out: so q ends behind all that was done here. */
	wake_up(&slot(q, 1)->more_work);
	mdelay(5);
	return 0;
}

static int stop_window(void *arg)
{
	const struct sched_param fifo = { .sched_priority = 1 };
	struct task_struct *t;

	q = create_workqueue("q");
	counted_init(&a);
	pass_ms(1);			/* its threads sleep */

	t = kthread_create(slip_in, NULL, "slipper");
	kthread_bind(t, 1);
	sched_setscheduler(t, SCHED_FIFO, &fifo);
	wake_up_process(t);
	pass_ms(2);
	destroy_workqueue(q);

	CHECK_EQ(a.runs, 0);
	CHECK(work_pending(&a.work));
	return 0;
}

WQTEST(legacy, af09_item_in_the_stop_window_is_left_behind)
{
	RUN_OK(2, stop_window);
}

static void chain_fn(struct work_struct *work)
{
	struct counted *me = container_of(work, struct counted, work);

	pass_ms(10);
	me->runs++;
	if (me == &a)
		queue_work(q, &b.work);
	if (me == &b)
		queue_work(q, &c.work);
}

static int chain(void *arg)
{
	struct task_struct *thread;

	q = create_workqueue("q");
	thread = slot(q, 0)->thread;
	INIT_WORK(&a.work, chain_fn);
	INIT_WORK(&b.work, chain_fn);
	INIT_WORK(&c.work, chain_fn);
	queue_work_on(0, q, &a.work);
	pass_ms(5);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(c.runs, 1);
	CHECK_EQ(thread->state, TASK_DEAD);
	CHECK_EQ(mach_now(), MS(30));
	return 0;
}

WQTEST(legacy, af17_running_thread_empties_its_list)
{
	RUN_OK(1, chain);
}

static void forever_fn(struct work_struct *work)
{
	pass_ms(10);
	queue_work(q, work);
}

static int destroy_hangs(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&a.work, forever_fn);
	queue_work(q, &a.work);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af17_self_requeueing_item_hangs_destroy)
{
	RUN_VERDICT(1, destroy_hangs, VERDICT_HUNG_TASK, "waits for q/0",
		    .hung_task_ns = MS(1000));
}

static void slow_fn(struct work_struct *work)
{
	pass_ms(10 * (1 + smp_processor_id()));
	container_of(work, struct counted, work)->at = mach_now();
}

static int destroy_one_by_one(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&a.work, slow_fn);
	INIT_WORK(&b.work, slow_fn);
	queue_work_on(0, q, &a.work);
	queue_work_on(1, q, &b.work);
	destroy_workqueue(q);
	CHECK_EQ(a.at, MS(10));
	CHECK_EQ(b.at, MS(20));
	/* one barrier each, then the thread's end */
	CHECK_EQ(events_of(TRACE_INSERTION, NULL), 4);
	CHECK_EQ(events_of(TRACE_DESTRUCTION, NULL), 2);
	return 0;
}

WQTEST(legacy, af17_destroy_flushes_each_cpu_once)
{
	RUN_OK(2, destroy_one_by_one);
}

static int no_threads(void *arg)
{
	struct machine_thread threads[8];

	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK(!create_workqueue("q"));
	CHECK(!create_singlethread_workqueue("s"));
	CHECK(!alloc_workqueue("a", 0, 1));
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK_EQ(machine_threads(threads, ARRAY_SIZE(threads)), 2);

	q = create_workqueue("q");
	CHECK(q);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af17_create_without_threads)
{
	RUN_OK(2, no_threads);
}

static int memory(void *arg)
{
	const char *name;
	void *wq;

	q = alloc_workqueue("named", 0, 1);
	wq = q;
	name = q->name;
	CHECK_EQ(arena_check(wq), ARENA_OK);
	CHECK_EQ(arena_check(name), ARENA_OK);
	destroy_workqueue(q);
	CHECK_EQ(arena_check(wq), ARENA_DOUBLE_FREE);
	CHECK_EQ(arena_check(name), ARENA_DOUBLE_FREE);
	return 0;
}

WQTEST_MACHINES(legacy, af17_destroy_gives_memory_back)
{
	RUN_OK(1, memory);
}
