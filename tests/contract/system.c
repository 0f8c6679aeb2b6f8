// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: the predefined workqueues and schedule_*(), and the calls that
 * find no engine in what they are given.
 */
#include "contract_test.h"

static struct counted a, b;
static struct delayed d;

static int schedule_calls(void *arg)
{
	unsigned long before;

	CHECK(keventd_up());
	CHECK(system_wq != NULL);
	counted_init(&a);
	counted_init(&b);
	delayed_init(&d);

	CHECK_EQ(schedule_work(&a.work), true);
	CHECK_EQ(schedule_work_on(2, &b.work), true);
	flush_scheduled_work();
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(b.cpu, 2);

	CHECK_EQ(queue_work_on(1, system_wq, &a.work), true);
	flush_workqueue(system_wq);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.cpu, 1);

	CHECK_EQ(schedule_delayed_work(&d.dw, LONG_DELAY), true);
	CHECK_EQ(schedule_delayed_work(&d.dw, 1), false);
	CHECK_EQ(schedule_work(&d.dw.work), false);
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), true);

	before = jiffies;
	CHECK_EQ(schedule_delayed_work(&d.dw, 10), true);
	wait_until(runs_yet(&d.runs) == 1);
	CHECK(time_after_eq(d.jiffy, before + 10));
	CHECK_AT(d.at, MS(10));
	CHECK_EQ(schedule_delayed_work_on(3, &d.dw, 1), true);
	wait_until(runs_yet(&d.runs) == 2);
	CHECK_EQ(d.cpu, 3);
	return 0;
}

WQTEST_MATRIX(contract_system, schedule_calls)
{
	RUN(4, schedule_calls);
}

static int all_of_them(void *arg)
{
	struct workqueue_struct *all[] = {
		system_wq, system_highpri_wq, system_long_wq, system_unbound_wq,
		system_freezable_wq, system_power_efficient_wq,
		system_freezable_power_efficient_wq,
	};

	counted_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		CHECK(all[i] != NULL);
		CHECK_EQ(queue_work(all[i], &a.work), true);
		flush_work(&a.work);
		CHECK_EQ(a.runs, i + 1);
	}
	return 0;
}

WQTEST_MATRIX(contract_system, all_run_items)
{
	RUN(2, all_of_them);
}

/* On every CPU, once each, all over when the call returns. */
static int ran_on[4];

static void each_fn(struct work_struct *work)
{
	msleep(smp_processor_id() * 3 + 1);
	ran_on[smp_processor_id()]++;
}

static int each_cpu(void *arg)
{
	for (int round = 1; round <= 3; round++) {
		CHECK_EQ(schedule_on_each_cpu(each_fn), 0);
		for (int i = 0; i < 4; i++)
			CHECK_EQ(ran_on[i], round);
	}
	return 0;
}

WQTEST_MATRIX(contract_system, on_each_cpu, .any_order = true)
{
	RUN(4, each_cpu);
}

/* The same from an item of the system workqueue. */
static void calls_each_fn(struct work_struct *work)
{
	CHECK_EQ(schedule_on_each_cpu(each_fn), 0);
	counted_fn(work);
}

static int each_cpu_from_inside(void *arg)
{
	counted_init(&a);
	a.work.func = calls_each_fn;
	schedule_work_on(1, &a.work);
	flush_work(&a.work);
	CHECK_EQ(a.runs, 1);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(ran_on[i], 1);
	return 0;
}

/* Without lockdep, which warns of it on 2.6.32: see keventd_schedule_on_each_cpu. */
WQTEST_MATRIX(contract_system, on_each_cpu_from_an_item, .any_order = true)
{
	struct machine_config cfg = wqtest_config(4);

	cfg.lockdep = "off";
	RUN_CFG(&cfg, each_cpu_from_inside, NULL);
}

/* What was never queued is idle for every call. */
static int never_queued(void *arg)
{
	DECLARE_WORK(w, counted_fn);
	DECLARE_DELAYED_WORK(dw, delayed_fn);

	CHECK_EQ(work_pending(&w), false);
	CHECK_EQ(flush_work(&w), false);
	CHECK_EQ(cancel_work_sync(&w), false);
	CHECK_EQ(work_busy(&w), 0);
	CHECK_EQ(delayed_work_pending(&dw), false);
	CHECK_EQ(flush_delayed_work(&dw), false);
	CHECK_EQ(cancel_delayed_work(&dw), false);
	CHECK_EQ(cancel_delayed_work_sync(&dw), false);
	return 0;
}

WQTEST_MATRIX(contract_system, never_queued_is_idle)
{
	RUN(1, never_queued);
}

/* work_busy() says what everybody can see. */
static int busy(void *arg)
{
	struct workqueue_struct *q = create_workqueue("q");
	struct held h;

	held_init(&h);
	counted_init(&a);
	hold(q, 1, &h);
	CHECK_EQ(work_busy(&h.work), WORK_BUSY_RUNNING);
	queue_work_on(1, q, &a.work);
	CHECK_EQ(work_busy(&a.work), WORK_BUSY_PENDING);
	queue_work_on(1, q, &h.work);
	CHECK_EQ(work_busy(&h.work), WORK_BUSY_PENDING | WORK_BUSY_RUNNING);
	complete_all(&h.go);
	flush_workqueue(q);
	CHECK_EQ(work_busy(&h.work), 0);
	CHECK_EQ(work_busy(&a.work), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_system, work_busy)
{
	RUN(2, busy);
}

/* Names may be made by format, and are kept. */
static int formatted(void *arg)
{
	char name[] = "disk-7";
	struct workqueue_struct *q = alloc_workqueue("%s/%d", WQ_MEM_RECLAIM, 1, name, 42);

	CHECK(q != NULL);
	memset(name, 'x', sizeof(name) - 1);
	counted_init(&a);
	queue_work(q, &a.work);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_system, names_are_formatted)
{
	RUN(1, formatted);
}

/* Without a thread to be had there is no workqueue, and nothing is left of it. */
static int no_threads(void *arg)
{
	struct workqueue_struct *q;
	size_t threads = machine_threads(NULL, 0);

	mach_fault_set(MFAULT_KTHREAD, true);
	q = create_workqueue("q");
	CHECK(q == NULL);
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK_EQ(machine_threads(NULL, 0), threads);

	q = create_workqueue("q");
	CHECK(q != NULL);
	counted_init(&a);
	queue_work_on(1, q, &a.work);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1);
	return 0;
}

WQTEST_MATRIX(contract_system, no_thread_no_workqueue)
{
	RUN(2, no_threads);
}
