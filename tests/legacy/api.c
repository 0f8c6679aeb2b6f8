// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of 2.6.32's header that no other test has: spellings, obsolete names, and what
 * rests on keventd.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/hardirq.h>
#include <linux/timer.h>

#include "legacy_test.h"

static struct workqueue_struct *q;
static struct counted a;

static void count_fn(struct work_struct *work)
{
	a.runs++;
}

static void other_fn(struct work_struct *work)
{
	a.runs += 100;
}

/* 3.18's spellings, which have no other test. */
static DECLARE_DEFERRABLE_WORK(declared_deferrable, count_fn);

static int later_spellings(void *arg)
{
	const work_func_t fn = count_fn;
	struct delayed_work on_stack, deferrable;

	INIT_DELAYED_WORK_ONSTACK(&on_stack, fn);
	INIT_DEFERRABLE_WORK(&deferrable, fn);
	CHECK(declared_deferrable.timer.flags & TIMER_DEFERRABLE);
	CHECK(deferrable.timer.flags & TIMER_DEFERRABLE);
	CHECK(!(on_stack.timer.flags & TIMER_DEFERRABLE));
	schedule_delayed_work(&declared_deferrable, 1);
	schedule_delayed_work(&on_stack, 1);
	schedule_delayed_work(&deferrable, 1);
	while (delayed_work_pending(&declared_deferrable) || delayed_work_pending(&on_stack) ||
	       delayed_work_pending(&deferrable))
		pass_ms(1);
	flush_scheduled_work();
	CHECK_EQ(a.runs, 3);
	return 0;
}

WQTEST_MACHINES(legacy, api_later_spellings)
{
	RUN_OK(1, later_spellings);
}

static DECLARE_WORK(declared, count_fn);
static DECLARE_DELAYED_WORK(declared_delayed, count_fn);

/* PREPARE_* change the function and nothing else. */
static int spellings(void *arg)
{
	struct delayed_work on_stack, deferrable;
	struct work_struct w;

	q = create_workqueue("q");
	CHECK_EQ(atomic_long_read(&declared.data), 0);
	CHECK(declared.func == count_fn && list_empty(&declared.entry));
	CHECK(!declared_delayed.timer.function);	/* until it is queued */
	queue_work(q, &declared);
	queue_delayed_work(q, &declared_delayed, 1);
	CHECK(declared_delayed.timer.function);
	while (delayed_work_pending(&declared_delayed))
		pass_ms(1);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 2);

	PREPARE_WORK(&declared, other_fn);
	PREPARE_DELAYED_WORK(&declared_delayed, other_fn);
	CHECK(data_cwq(&declared) && data_cwq(&declared_delayed.work));
	queue_work(q, &declared);
	queue_delayed_work(q, &declared_delayed, 0);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 202);

	INIT_WORK(&w, count_fn);
	INIT_DELAYED_WORK_ON_STACK(&on_stack, count_fn);
	INIT_DELAYED_WORK_DEFERRABLE(&deferrable, count_fn);
	CHECK(!(on_stack.timer.flags & TIMER_DEFERRABLE));
	CHECK(deferrable.timer.flags & TIMER_DEFERRABLE);
	CHECK(to_delayed_work(&deferrable.work) == &deferrable);
	queue_work(q, &w);
	queue_delayed_work(q, &on_stack, 1);
	queue_delayed_work(q, &deferrable, 1);
	while (delayed_work_pending(&on_stack) || delayed_work_pending(&deferrable))
		pass_ms(1);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 205);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, api_spellings)
{
	RUN_OK(2, spellings);
}

/* work_clear_pending() is for who owns the bit; then anybody may win it again. */
static int clear_pending(void *arg)
{
	struct work_struct w;

	INIT_WORK(&w, count_fn);
	CHECK(!test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(&w)));
	CHECK(work_pending(&w));
	CHECK(!schedule_work(&w));
	work_clear_pending(&w);
	CHECK(!work_pending(&w));
	CHECK(schedule_work(&w));
	flush_work(&w);
	CHECK_EQ(a.runs, 1);
	return 0;
}

/* The first schedule_work() found it pending, and no run came of that: A4, by our own doing. */
WQTEST_MACHINES(legacy, api_work_clear_pending)
{
	RUN_OK(1, clear_pending, .invariants = "-A4");
}

/* The three ways to stop a delayed item that later kernels dropped. */
static int cancels(void *arg)
{
	struct delayed_work dw;
	struct held h;

	q = create_singlethread_workqueue("q");
	INIT_DELAYED_WORK(&dw, count_fn);
	CHECK(!__cancel_delayed_work(&dw));
	queue_delayed_work(q, &dw, 1000 * HZ);
	CHECK(__cancel_delayed_work(&dw));
	CHECK(!delayed_work_pending(&dw));
	CHECK(!__cancel_delayed_work(&dw));

	/* On its list: only the timer is stopped, and there is none. */
	held_init(&h);
	hold(q, 0, &h);
	queue_delayed_work(q, &dw, 0);
	CHECK(!__cancel_delayed_work(&dw));
	CHECK(delayed_work_pending(&dw));
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);

	queue_delayed_work(q, &dw, 1000 * HZ);
	cancel_rearming_delayed_work(&dw);
	CHECK(!delayed_work_pending(&dw));
	queue_delayed_work(q, &dw, 1000 * HZ);
	cancel_rearming_delayed_workqueue(q, &dw);
	CHECK(!delayed_work_pending(&dw));
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, api_obsolete_cancels)
{
	RUN_OK(1, cancels);
}

/* ---- keventd ---- */

static int is_keventd, elsewhere;

static void ask_fn(struct work_struct *work)
{
	is_keventd = current_is_keventd();
}

static void ask_other_fn(struct work_struct *work)
{
	elsewhere = current_is_keventd();
}

static int who_is_keventd(void *arg)
{
	struct work_struct w, v;

	q = create_workqueue("q");
	elsewhere = 1;
	INIT_WORK(&w, ask_fn);
	INIT_WORK(&v, ask_other_fn);
	CHECK(!current_is_keventd());
	schedule_work_on(1, &w);
	queue_work_on(1, q, &v);
	flush_scheduled_work();
	flush_workqueue(q);
	CHECK(is_keventd);
	CHECK(!elsewhere);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, api_current_is_keventd)
{
	RUN_OK(2, who_is_keventd);
}

static struct execute_work ew;
static int executed_in, result_in;

static void exec_fn(struct work_struct *work)
{
	CHECK(work == &ew.work);
	executed_in = in_interrupt() ? 1 : current_is_keventd() ? 2 : 3;
}

static void exec_timer(unsigned long data)
{
	result_in = execute_in_process_context(exec_fn, &ew);
	CHECK(wqtest_native() || !executed_in);
}

static int in_process_context(void *arg)
{
	static struct timer_list timer;

	CHECK_EQ(execute_in_process_context(exec_fn, &ew), 0);
	CHECK_EQ(executed_in, 3);
	executed_in = 0;
	setup_timer(&timer, exec_timer, 0);
	mod_timer(&timer, jiffies + 1);
	wait_until(!timer_pending(&timer));
	del_timer_sync(&timer);
	flush_scheduled_work();
	CHECK_EQ(result_in, 1);
	CHECK_EQ(executed_in, 2);
	return 0;
}

WQTEST_MACHINES(legacy, api_execute_in_process_context)
{
	RUN_OK(1, in_process_context);
}

/* ---- work_on_cpu() ---- */

static struct held h;

static long on_cpu_fn(void *arg)
{
	CHECK_STR(current->comm, "work_for_cpu");
	CHECK_EQ(cpumask_weight(&current->cpus_allowed), 1);
	return 10 * smp_processor_id() + *(int *)arg;
}

static long flush_fn(void *arg)
{
	flush_work(&a.work);
	return a.runs;
}

/* From keventd, for what stands behind on the same list: in 3.18 this would deadlock. */
static void from_keventd_fn(struct work_struct *work)
{
	a.runs = work_on_cpu(smp_processor_id(), on_cpu_fn, &a.runs);
}

static int on_cpu(void *arg)
{
	struct work_struct w;
	int five = 5;

	CHECK_EQ(work_on_cpu(1, on_cpu_fn, &five), 15);
	CHECK_EQ(work_on_cpu(0, on_cpu_fn, &five), 5);

	/* keventd is busy: nobody waits for it. */
	held_init(&h);
	hold(system_wq, 1, &h);
	CHECK_EQ(work_on_cpu(1, on_cpu_fn, &five), 15);
	complete(&h.go);
	flush_scheduled_work();

	counted_init(&a);
	a.runs = 5;
	INIT_WORK(&w, from_keventd_fn);
	schedule_work_on(1, &w);
	flush_work(&w);
	CHECK_EQ(a.runs, 15);

	counted_init(&a);
	schedule_work_on(1, &a.work);
	CHECK_EQ(work_on_cpu(0, flush_fn, NULL), 1);

	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK_EQ(work_on_cpu(1, on_cpu_fn, &five), -ENOMEM);
	mach_fault_set(MFAULT_KTHREAD, false);
	return 0;
}

WQTEST_MACHINES(legacy, api_work_on_cpu)
{
	RUN_OK(2, on_cpu);
}
