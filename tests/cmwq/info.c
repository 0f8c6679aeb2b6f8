// SPDX-License-Identifier: GPL-2.0-only
/* What a worker is at, what the small calls of 3.18 answer. */
#include <linux/hardirq.h>
#include <linux/printk.h>
#include <linux/workqueue_later.h>

#include "cmwq_test.h"

static struct item a, b;
static struct workqueue_struct *q;
static struct task_struct *worker_task;

static void described_fn(struct work_struct *work)
{
	worker_task = current;
	print_worker_info(KERN_INFO, current);
	set_worker_desc("disk %d of %s", 7, "a very long list of disks");
	print_worker_info(KERN_INFO, current);
	item_fn(work);
}

static int describe(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	set_worker_desc("nobody asked");		/* not a worker: nothing happens */
	print_worker_info(KERN_INFO, current);
	held_init(&a);
	INIT_WORK(W(&a), described_fn);
	queue_work(q, W(&a));
	wait_for_completion(&a.started);
	print_worker_info(KERN_WARNING, worker_task);	/* from outside */
	release(&a);
	flush_work(W(&a));
	print_worker_info(KERN_INFO, worker_task);	/* it idles: nothing to say */
	item_init(&a);
	INIT_WORK(W(&a), described_fn);
	queue_work(q, W(&a));			/* the same worker: what it said is forgotten */
	flush_work(W(&a));
	CHECK_EQ(a.pid, worker_task->pid);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, api_worker_desc)
{
	static const char said[] =
		"Workqueue: q described_fn\n"
		"Workqueue: q described_fn (disk 7 of a very long l)\n"
		"Workqueue: q described_fn (disk 7 of a very long l)\n"
		"Workqueue: q described_fn\n"
		"Workqueue: q described_fn (disk 7 of a very long l)\n";
	struct machine_result res;

	BOOT(1, describe, NULL, &res);
	CHECK_EQ(res.verdict, VERDICT_OK);
	CHECK_STR(res.log, said);
	machine_result_free(&res);
}

/* Each report tells it too, in a worker and nowhere else. */
static void warns_fn(struct work_struct *work)
{
	set_worker_desc("disk %d", 7);
	dump_stack();
}

static int warn(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	INIT_WORK(W(&a), warns_fn);
	queue_work_on(0, q, W(&a));
	flush_work(W(&a));
	dump_stack();
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, api_worker_info_in_reports)
{
	struct machine_result res;

	BOOT(1, warn, NULL, &res);
	CHECK_STR(res.log, "CPU: 0 PID: 2 Comm: kworker/0:0\n"
		  "Workqueue: q warns_fn (disk 7)\n"
		  "CPU: 0 PID: 1 Comm: init\n");
	machine_result_free(&res);
}

/* In the hands of the rescuer, and of a worker. */
static bool saw_rescuer;

static void who_fn(struct work_struct *work)
{
	saw_rescuer = current_is_workqueue_rescuer();
	item_fn(work);
}

static int rescuer(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	CHECK(!current_is_workqueue_rescuer());
	item_init(&a);
	INIT_WORK(W(&a), who_fn);
	queue_work_on(1, q, W(&a));
	flush_work(W(&a));
	CHECK(!saw_rescuer);
	held_init(&b);
	start_on(1, q, &b);
	pass_ms(1);
	mach_fault_set(MFAULT_KTHREAD, true);
	queue_work_on(1, q, W(&a));
	flush_work(W(&a));
	CHECK(saw_rescuer);
	mach_fault_set(MFAULT_KTHREAD, false);
	release(&b);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, api_current_is_workqueue_rescuer)
{
	RUN_OK(2, rescuer);
}

static int congested(void *arg)
{
	stay_on(0);
	q = alloc_workqueue("q", 0, 1);
	held_init(&a);
	item_init(&b);
	CHECK(!workqueue_congested(1, q));
	start_on(1, q, &a);
	CHECK(!workqueue_congested(1, q));
	queue_work_on(1, q, W(&b));
	CHECK(workqueue_congested(1, q));
	CHECK(!workqueue_congested(0, q));
	CHECK(!workqueue_congested(WORK_CPU_UNBOUND, q));
	stay_on(1);
	CHECK(workqueue_congested(WORK_CPU_UNBOUND, q));
	release(&a);
	flush_workqueue(q);
	CHECK(!workqueue_congested(1, q));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, api_workqueue_congested)
{
	RUN_OK(2, congested);
}

/* A timer of one's own that does what a delayed item's does. */
static int timer_fn(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	CHECK(queue_delayed_work(q, &a.dw, 1000));
	CHECK(del_timer(&a.dw.timer));
	CHECK(delayed_work_pending(&a.dw));
	setup_timer(&a.dw.timer, delayed_work_timer_fn, (unsigned long)&a.dw);
	mod_timer(&a.dw.timer, jiffies + 5);
	pass_ms(10);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.at, MS(5));
	destroy_workqueue(q);
	return 0;
}

/* The delay that was asked for is cut short behind the engine's back, which is F1. */
WQTEST(cmwq, api_delayed_work_timer_fn)
{
	RUN_OK(1, timer_fn, .invariants = "-F1");
}

/* Every spelling there is. */
static int spelled_runs;

static void spelled_fn(struct work_struct *work)
{
	spelled_runs++;
}

static DECLARE_WORK(declared, spelled_fn);
static DECLARE_DELAYED_WORK(declared_delayed, spelled_fn);
static DECLARE_DEFERRABLE_WORK(declared_deferrable, spelled_fn);

static int spellings(void *arg)
{
	struct work_struct on_stack, plain;
	struct delayed_work delayed, deferrable, delayed_on_stack, deferrable_on_stack;
	struct delayed_work *all[] = {
		&declared_delayed, &declared_deferrable, &delayed, &deferrable,
		&delayed_on_stack, &deferrable_on_stack,
	};

	INIT_WORK(&plain, spelled_fn);
	INIT_WORK_ONSTACK(&on_stack, spelled_fn);
	INIT_DELAYED_WORK(&delayed, spelled_fn);
	INIT_DEFERRABLE_WORK(&deferrable, spelled_fn);
	INIT_DELAYED_WORK_ONSTACK(&delayed_on_stack, spelled_fn);
	INIT_DEFERRABLE_WORK_ONSTACK(&deferrable_on_stack, spelled_fn);
	CHECK(schedule_work(&declared) && schedule_work(&plain) && schedule_work_on(0, &on_stack));
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		CHECK(!delayed_work_pending(all[i]));
		CHECK(i % 2 ? schedule_delayed_work(all[i], i) : schedule_delayed_work_on(0, all[i], i));
		CHECK(work_pending(&all[i]->work));
		CHECK(to_delayed_work(&all[i]->work) == all[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		flush_delayed_work(all[i]);
	flush_scheduled_work();
	CHECK_EQ(spelled_runs, 9);
	CHECK_EQ(work_busy(&plain), 0);
	destroy_work_on_stack(&on_stack);
	destroy_delayed_work_on_stack(&delayed_on_stack);
	destroy_delayed_work_on_stack(&deferrable_on_stack);
	CHECK(keventd_up());
	return 0;
}

WQTEST(cmwq, api_every_spelling)
{
	RUN_OK(1, spellings);
}

/* On another CPU, by an item of system_wq; and at once, or by an item from an interrupt. */
static long where(void *arg)
{
	CHECK_EQ(current_work()->func != NULL, 1);
	return smp_processor_id() * 10 + *(long *)arg;
}

static work_func_t called;
static int called_runs;
static struct execute_work ew;

static void called_fn(struct work_struct *work)
{
	CHECK(!in_interrupt());
	called_runs++;
}

static void from_timer(unsigned long unused)
{
	CHECK_EQ(execute_in_process_context(called, &ew), 1);
}

static int elsewhere(void *arg)
{
	static struct lock_class_key key;
	struct timer_list timer;
	struct work_struct bare;
	long n = 7;

	stay_on(0);
	CHECK_EQ(work_on_cpu(2, where, &n), 27);
	CHECK_EQ(named_events(TRACE_QUEUE_WORK, NULL, "events"), 1);

	called = called_fn;
	CHECK_EQ(execute_in_process_context(called, &ew), 0);
	CHECK_EQ(called_runs, 1);
	setup_timer_on_stack(&timer, from_timer, 0);
	mod_timer(&timer, jiffies + 1);
	pass_ms(3);
	CHECK_EQ(called_runs, 2);
	destroy_timer_on_stack(&timer);

	__init_work(&bare, called, "bare", &key);
	CHECK(!work_pending(&bare) && bare.func == called_fn);
	return 0;
}

WQTEST(cmwq, api_elsewhere)
{
	RUN_OK(3, elsewhere);
}

/* A pointer to what was destroyed is named, whatever is asked of it. */
static void ask(int what, struct workqueue_struct *gone)
{
	static struct workqueue_attrs attrs;
	static struct rcu_work rw;
	u64 stats[PWQ_NR_STATS];

	switch (what) {
	case 0:
		workqueue_congested(0, gone);
		break;
	case 1:
		apply_workqueue_attrs(gone, &attrs);
		break;
	case 2:
		workqueue_sysfs_register(gone);
		break;
	case 3:
		workqueue_set_max_active(gone, 2);
		break;
	case 4:
		queue_rcu_work(gone, &rw);
		break;
	case 5:
		workqueue_stats(gone, stats);
		break;
	}
}

static int ask_the_gone(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	destroy_workqueue(q);
	ask((long)arg, q);
	return 0;
}

WQTEST(cmwq, api_gone_is_named)
{
	static const char *const calls[] = {
		"workqueue_congested", "apply_workqueue_attrs", "workqueue_sysfs_register",
		"workqueue_set_max_active", "queue_rcu_work", "workqueue_stats",
	};
	struct machine_result res;
	char text[80];

	if (wqtest_sanitized())		/* they see it first, and say so at length */
		return;
	for (long i = 0; i < (long)ARRAY_SIZE(calls); i++) {
		BOOT(1, ask_the_gone, (void *)i, &res);
		CHECK_EQ(res.verdict, VERDICT_BUG);
		snprintf(text, sizeof(text), "BUG: %s() on a workqueue that was destroyed", calls[i]);
		CHECK_MSG(strstr(res.log, text), "%s", res.log);
		machine_result_free(&res);
	}
}

/* What the older calls became (facts, 2.2). */
static int created(void *arg)
{
	struct workqueue_struct *c = create_workqueue("c"), *s = create_singlethread_workqueue("s"),
				*f = create_freezable_workqueue("f");

	CHECK_EQ(c->flags, WQ_MEM_RECLAIM);
	CHECK_EQ(s->flags, WQ_UNBOUND | __WQ_ORDERED | WQ_MEM_RECLAIM);
	CHECK_EQ(f->flags, WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM);
	CHECK(c->saved_max_active == 1 && s->saved_max_active == 1 && f->saved_max_active == 1);
	CHECK(c->rescuer && s->rescuer && f->rescuer);
	destroy_workqueue(c);
	destroy_workqueue(s);
	destroy_workqueue(f);
	return 0;
}

WQTEST(cmwq, api_older_calls)
{
	RUN_OK(1, created);
}
