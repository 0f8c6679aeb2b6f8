// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts A-F14 to A-F16: cancelling.
 */
#include "legacy_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a;

struct canceller {
	struct work_struct *work;
	bool done, ret;
	struct task_struct *task;
};

static int cancel_fn(void *arg)
{
	struct canceller *c = arg;

	c->ret = cancel_work_sync(c->work);
	c->done = true;
	return 0;
}

static void start_canceller(struct canceller *c, const char *name)
{
	c->task = start_joinable(cancel_fn, c, name);
	pass_ms(1);
	CHECK(!c->done);
}

static bool requeued;

static void stubborn_fn(struct work_struct *work)
{
	held_fn(work);
	requeued = queue_work(q, work);
}

static int pending_during_wait(void *arg)
{
	static struct canceller c = { .work = &h.work };

	q = create_workqueue("q");
	held_init(&h);
	INIT_WORK(&h.work, stubborn_fn);
	hold(q, 0, &h);
	CHECK(!work_pending(&h.work));
	start_canceller(&c, "canceller");
	CHECK(work_pending(&h.work));
	CHECK(!queue_work(q, &h.work));

	requeued = true;
	complete(&h.go);
	pass_ms(1);
	CHECK(c.done);
	CHECK(!c.ret);
	CHECK(!requeued);
	CHECK(!work_pending(&h.work));
	CHECK_EQ(h.runs, 1);
	join_task(c.task);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af14_pending_during_wait)
{
	RUN_OK(2, pending_during_wait);
}

static int two_cancellers(void *arg)
{
	static struct canceller c[2] = { { .work = &h.work }, { .work = &h.work } };

	q = create_workqueue("q");
	held_init(&h);
	hold(q, 0, &h);
	start_canceller(&c[0], "first");
	start_canceller(&c[1], "second");
	complete(&h.go);
	pass_ms(1);
	CHECK(c[0].done && c[1].done);
	CHECK(!c[0].ret && !c[1].ret);
	CHECK(!work_pending(&h.work));
	CHECK(queue_work(q, &h.work));
	complete(&h.go);
	join_task(c[0].task);
	join_task(c[1].task);
	destroy_workqueue(q);
	CHECK_EQ(h.runs, 2);
	return 0;
}

WQTEST(legacy, af14_two_cancellers)
{
	RUN_OK(3, two_cancellers);
}

static struct delayed_work dw;
static int dw_runs;

static void dw_fn(struct work_struct *work)
{
	dw_runs++;
}

/* Without its timer at hand the canceller is busy until that has fired. */
static int cancel_without_timer(void *arg)
{
	u64 t0;
	bool was_pending;

	q = create_workqueue("q");
	INIT_DELAYED_WORK(&dw, dw_fn);
	t0 = mach_now();
	queue_delayed_work(q, &dw, 10);
	was_pending = cancel_work_sync(&dw.work);
	CHECK_EQ(mach_now() - t0, MS(10));
	CHECK(!delayed_work_pending(&dw));
	CHECK_EQ(dw_runs + was_pending, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af14_cancel_without_timer_spins)
{
	RUN_OK(2, cancel_without_timer);
}

/* The item moves to CPU 1's list while a canceller waits to search CPU 0's. */
static int grab_sees_requeueing(void *arg)
{
	static struct canceller c = { .work = &a.work };
	static struct held h1;
	struct cpu_workqueue_struct *from, *to;
	struct task_struct *t;

	q = create_workqueue("q");
	held_init(&h);
	held_init(&h1);
	counted_init(&a);
	hold(q, 0, &h);
	hold(q, 1, &h1);
	from = slot(q, 0);
	to = slot(q, 1);
	queue_work_on(0, q, &a.work);
	t = kthread_create(cancel_fn, &c, "canceller");
	kthread_bind(t, 2);

	spin_lock_irq(&from->lock);
	wake_up_process(t);
	mdelay(1);
	spin_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);
	list_del_init(&a.work.entry);
	atomic_long_set(&a.work.data, (long)to | 1);
	list_add_tail(&a.work.entry, &to->worklist);
	spin_unlock(&from->lock);

	/* It must come to the other lock, not take the item off without it. */
	mdelay(1);
	CHECK(!c.done);
	CHECK(!list_empty(&a.work.entry));
	spin_unlock_irq(&to->lock);

	pass_ms(2);
	CHECK(c.done);
	CHECK(c.ret);
	complete(&h.go);
	complete(&h1.go);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 0);
	return 0;
}

WQTEST(legacy, af14_grab_sees_requeueing)
{
	RUN_OK(3, grab_sees_requeueing);
}

static int cancel_returns(void *arg)
{
	static struct canceller c = { .work = &h.work };

	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	INIT_DELAYED_WORK(&dw, dw_fn);

	/* on a list */
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	CHECK(cancel_work_sync(&a.work));
	CHECK(!cancel_work_sync(&a.work));
	CHECK(list_empty(&slot(q, 0)->worklist));

	/* on its timer, which is not waited for; cancel_delayed_work() stops it and no more */
	queue_delayed_work(q, &dw, 10);
	CHECK(cancel_delayed_work_sync(&dw));
	CHECK_EQ(mach_now(), 0);
	CHECK(!cancel_delayed_work_sync(&dw));
	queue_delayed_work(q, &dw, 10);
	CHECK(cancel_delayed_work(&dw));
	CHECK(!delayed_work_pending(&dw));
	queue_delayed_work(q, &dw, 0);
	CHECK(!cancel_delayed_work(&dw));
	CHECK(delayed_work_pending(&dw));
	CHECK(cancel_delayed_work_sync(&dw));

	/* only running */
	start_canceller(&c, "canceller");
	complete(&h.go);
	pass_ms(1);
	CHECK(c.done && !c.ret);

	join_task(c.task);
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 0);
	CHECK_EQ(dw_runs, 0);
	return 0;
}

WQTEST(legacy, af15_cancel_returns)
{
	RUN_OK(2, cancel_returns);
}

/* It runs on two CPUs, and both are waited for, also after the later one is done. */
static struct completion go_on[2];

static void twofold_fn(struct work_struct *work)
{
	complete(&h.started);
	wait_for_completion(&go_on[smp_processor_id()]);
	h.runs++;
}

static int cancel_waits_everywhere(void *arg)
{
	static struct canceller c = { .work = &h.work };

	q = create_workqueue("q");
	held_init(&h);
	INIT_WORK(&h.work, twofold_fn);
	for (int cpu = 0; cpu < 2; cpu++) {
		init_completion(&go_on[cpu]);
		hold(q, cpu, &h);
	}
	CHECK(data_cwq(&h.work) == slot(q, 1));
	start_canceller(&c, "canceller");
	complete(&go_on[1]);
	pass_ms(1);
	CHECK_EQ(h.runs, 1);
	CHECK(!c.done);
	complete(&go_on[0]);
	pass_ms(1);
	CHECK_EQ(h.runs, 2);
	CHECK(c.done);
	join_task(c.task);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af14_cancel_waits_on_every_cpu)
{
	RUN_OK(2, cancel_waits_everywhere);
}

/* wait_on_work() finds its way by the data word alone. */
static int no_data_no_wait(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	hold(q, 0, &h);
	atomic_long_set(&h.work.data, 0);
	CHECK(!cancel_work_sync(&h.work));
	CHECK_EQ(h.runs, 0);
	complete(&h.go);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af16_no_data_no_wait)
{
	RUN_OK(1, no_data_no_wait, .invariants = "-E3");
}
