// SPDX-License-Identifier: GPL-2.0-only
/* What kernels after 3.18 added. */
#include <linux/rcupdate.h>
#include <linux/workqueue_later.h>

#include "cmwq_test.h"

static struct item a, b;
static struct workqueue_struct *q;

/* ---- RCU work ---- */

static struct rcu_work rw;
static u64 rcu_at;
static int rcu_runs;

static void rcu_fn(struct work_struct *work)
{
	CHECK(to_rcu_work(work) == &rw);
	CHECK(current_work() == work);
	rcu_at = mach_now();
	rcu_runs++;
}

static int reader_fn(void *arg)
{
	stay_on(1);
	rcu_read_lock();
	mdelay(20);
	rcu_read_unlock();
	return 0;
}

static int rcu(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	INIT_RCU_WORK(&rw, rcu_fn);
	CHECK(!flush_rcu_work(&rw));
	start_task(reader_fn, NULL, "reader");
	pass_ms(1);
	CHECK(queue_rcu_work(q, &rw));
	CHECK(!queue_rcu_work(q, &rw));
	CHECK(!queue_work(q, &rw.work));
	CHECK(work_pending(&rw.work));
	pass_ms(5);
	CHECK_EQ(rcu_runs, 0);
	CHECK(flush_rcu_work(&rw));
	CHECK_EQ(rcu_runs, 1);
	CHECK(rcu_at >= MS(20));		/* behind the reader */
	INIT_RCU_WORK_ONSTACK(&rw, rcu_fn);
	CHECK(queue_rcu_work(q, &rw));
	CHECK(flush_rcu_work(&rw));
	CHECK_EQ(rcu_runs, 2);
	CHECK(!current_work());
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, later_rcu_work)
{
	RUN_OK(2, rcu);
}

/* ---- counters ---- */

static u64 stat[PWQ_NR_STATS];

static int counted(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	item_init(&a);
	item_init(&b);
	a.burn = 3;
	a.sleep = 5;
	b.burn = 2;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	pass_ms(4);
	CHECK(workqueue_stats(q, stat));
	CHECK_EQ(stat[PWQ_STAT_STARTED], 2);
	CHECK_EQ(stat[PWQ_STAT_COMPLETED], 0);
	flush_workqueue(q);
	CHECK(workqueue_stats(q, stat));
	CHECK_EQ(stat[PWQ_STAT_COMPLETED], 2);
	CHECK_EQ(stat[PWQ_STAT_CPU_TIME], 5000);
	CHECK_EQ(stat[PWQ_STAT_CM_WAKEUP], 1);	/* a slept, and b was there */
	CHECK_EQ(stat[PWQ_STAT_CPU_INTENSIVE] + stat[PWQ_STAT_REPATRIATED] + stat[PWQ_STAT_MAYDAY] +
		 stat[PWQ_STAT_RESCUED], 0);

	/* Both workers blocked, and no third: b is rescued. */
	item_init(&b);
	mach_fault_set(MFAULT_KTHREAD, true);
	for (int i = 0; i < 2; i++) {
		static struct item block[2];

		held_init(&block[i]);
		queue_work_on(1, q, W(&block[i]));
		release(&block[i]);
		block[i].sleep = 30;
	}
	pass_ms(1);
	queue_work_on(1, q, W(&b));
	flush_workqueue(q);
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK(workqueue_stats(q, stat));
	CHECK(stat[PWQ_STAT_MAYDAY] >= 1);
	CHECK(stat[PWQ_STAT_RESCUED] >= 1);
	CHECK_EQ(stat[PWQ_STAT_STARTED], stat[PWQ_STAT_COMPLETED]);
	destroy_workqueue(q);

	q = alloc_workqueue("q", WQ_CPU_INTENSIVE, 0);
	item_init(&a);
	queue_work(q, W(&a));
	flush_workqueue(q);			/* a barrier would count */
	CHECK(workqueue_stats(q, stat));
	CHECK_EQ(stat[PWQ_STAT_CPU_INTENSIVE], 1);
	destroy_workqueue(q);
	return 0;
}

static int not_counted(void *arg)
{
	CHECK(!workqueue_stats(system_wq, stat));
	CHECK_EQ(stat[PWQ_STAT_STARTED], 0);
	return 0;
}

WQTEST(cmwq, later_counters)
{
	RUN_OK(2, counted, .cmdline = "workqueue.later");
	RUN_OK(2, not_counted);
}

/* ---- the watchdog ---- */

static int locked_up(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	item_init(&b);
	a.burn = 25000;				/* nobody else gets this CPU's pool meanwhile */
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	flush_workqueue(q);
	/* Idle for long is no lockup. */
	pass_ms(60000);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, later_watchdog)
{
	struct machine_result res;

	BOOT(2, locked_up, NULL, &res, .cmdline = "workqueue.later workqueue.watchdog_thresh=10");
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_STR(res.log, "BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 20s!\n"
		  "Showing busy workqueues and worker pools:\n"
		  "workqueue q: flags=0x0\n"
		  "  pwq 2: cpus=1 node=0 flags=0x0 nice=0 active=2/256 refcnt=3\n"
		  "    in-flight: 4:item_fn\n"
		  "    pending: item_fn\n"
		  "pool 2: cpus=1 node=0 flags=0x0 nice=0 workers=2 nr_running=1 idle: 7\n");
	machine_result_free(&res);
	BOOT(2, locked_up, NULL, &res, .cmdline = "workqueue.later=1 workqueue.watchdog_thresh=0");
	CHECK_STR(res.log, "");
	machine_result_free(&res);
	BOOT(2, locked_up, NULL, &res);
	CHECK_STR(res.log, "");
	machine_result_free(&res);
}

/* A line that makes no sense is told of, and left out. */
static int nothing(void *arg)
{
	return 0;
}

WQTEST(cmwq, later_command_line)
{
	struct machine_result res;

	BOOT(1, nothing, NULL, &res, .cmdline = " quiet workqueue.later=perhaps  workqueue.watchdog_thresh");
	CHECK_STR(res.log, "kernel command line: there is no parameter \"quiet\", left out\n"
		  "kernel command line: \"perhaps\" is no value for workqueue.later, left out\n"
		  "kernel command line: \"\" is no value for workqueue.watchdog_thresh, left out\n");
	machine_result_free(&res);
}
