// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts A-F12 and A-F13: where barriers stand, and who must not wait.
 */
#include "legacy_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a, b;

/* A task that waits for something in our stead. */
struct waiter {
	enum { FLUSH_WQ, FLUSH_WORK, CANCEL } how;
	struct work_struct *work;
	bool done, ret;
	u64 at;
	struct task_struct *task;
};

static int waiter_fn(void *arg)
{
	struct waiter *w = arg;

	switch (w->how) {
	case FLUSH_WQ:
		flush_workqueue(q);
		break;
	case FLUSH_WORK:
		w->ret = flush_work(w->work);
		break;
	case CANCEL:
		w->ret = cancel_work_sync(w->work);
		break;
	}
	w->at = mach_now();
	w->done = true;
	return 0;
}

static void start_waiter(struct waiter *w, const char *name)
{
	w->task = start_joinable(waiter_fn, w, name);
	wait_until_asleep(w->task);
	CHECK(!w->done);
}

/* The worklist of CPU 0 as text: A, B, or | for a barrier. */
static const char *worklist(void)
{
	static char text[16];
	struct work_struct *w;
	int n = 0;

	list_for_each_entry(w, &slot(q, 0)->worklist, entry)
		text[n++] = w == &a.work ? 'A' : w == &b.work ? 'B' : '|';
	text[n] = '\0';
	return text;
}

static void start(void)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	queue_work_on(0, q, &b.work);
	CHECK_STR(worklist(), "AB");
}

static int barrier_positions(void *arg)
{
	static struct waiter all = { .how = FLUSH_WQ };
	static struct waiter second = { .how = FLUSH_WORK, .work = &a.work };
	static struct waiter runs = { .how = FLUSH_WORK, .work = &h.work };
	int before;

	start();
	before = events_of(TRACE_QUEUE_WORK, NULL);
	start_waiter(&all, "all");
	CHECK_STR(worklist(), "AB|");
	start_waiter(&second, "second");
	CHECK_STR(worklist(), "A|B|");
	start_waiter(&runs, "runs");
	CHECK_STR(worklist(), "|A|B|");

	complete(&h.go);
	join_task(all.task);
	join_task(second.task);
	join_task(runs.task);
	CHECK(second.ret && runs.ret);
	CHECK(!flush_work(&a.work));
	destroy_workqueue(q);		/* the thread wakes us before it is through */

	/* Barriers are inserted and executed like items, but nobody queued them. */
	CHECK_EQ(events_of(TRACE_QUEUE_WORK, NULL), before);
	CHECK_EQ(events_of(TRACE_EXECUTION, NULL), events_of(TRACE_INSERTION, NULL));
	CHECK_EQ(events_of(TRACE_EXECUTE_END, NULL), events_of(TRACE_INSERTION, NULL));
	if (!wqtest_native())		/* there destroy may meet the thread still at it */
		CHECK_EQ(events_of(TRACE_INSERTION, NULL), before + 3);
	return 0;
}

WQTEST_MACHINES(legacy, af12_barrier_positions)
{
	RUN_OK(2, barrier_positions);
}

static int cancel_barrier(void *arg)
{
	static struct waiter cancel = { .how = CANCEL, .work = &h.work };

	start();
	start_waiter(&cancel, "cancel");
	CHECK_STR(worklist(), "|AB");
	complete(&h.go);
	join_task(cancel.task);
	CHECK(!cancel.ret);
	CHECK_EQ(h.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af12_cancel_barrier_at_the_head)
{
	RUN_OK(2, cancel_barrier);
}

/* @a leaves for CPU 1's list while others wait to look at CPU 0's. */
static int requeued_elsewhere(void *arg)
{
	static struct waiter flush = { .how = FLUSH_WORK, .work = &a.work };
	static struct held h1;
	struct cpu_workqueue_struct *from, *to;
	struct task_struct *t;

	start();
	held_init(&h1);
	hold(q, 1, &h1);
	from = slot(q, 0);
	to = slot(q, 1);
	t = kthread_create(waiter_fn, &flush, "flush");
	kthread_bind(t, 2);

	spin_lock_irq(&from->lock);
	wake_up_process(t);
	mdelay(1);		/* it has read the old data and wants the lock */
	CHECK(!flush.done);
	spin_lock_nested(&to->lock, SINGLE_DEPTH_NESTING);
	list_del_init(&a.work.entry);
	atomic_long_set(&a.work.data, (long)to | 1);
	list_add_tail(&a.work.entry, &to->worklist);
	spin_unlock(&to->lock);
	spin_unlock_irq(&from->lock);

	pass_ms(1);
	CHECK(flush.done);
	CHECK(!flush.ret);
	complete(&h.go);
	complete(&h1.go);
	destroy_workqueue(q);
	CHECK_EQ(a.cpu, 1);
	return 0;
}

WQTEST(legacy, af12_flush_work_sees_requeueing)
{
	RUN_OK(3, requeued_elsewhere, .invariants = "-E1,-B1");
}

static int idle_needs_no_barrier(void *arg)
{
	q = create_workqueue("q");
	flush_workqueue(q);
	CHECK_EQ(events_of(TRACE_INSERTION, NULL), 0);

	/* Nothing is queued behind it, but it runs: one barrier. */
	held_init(&h);
	hold(q, 1, &h);
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(h.runs, 1);
	CHECK_EQ(events_of(TRACE_INSERTION, NULL), 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af13_idle_needs_no_barrier)
{
	RUN_OK(2, idle_needs_no_barrier);
}

/* Items that keep coming do not prolong a flush. */
static atomic_t rounds, enough;

static void again_fn(struct work_struct *work)
{
	pass_ms(1);
	atomic_inc(&rounds);
	if (!atomic_read(&enough))
		queue_work(q, work);
}

static int flush_is_not_starved(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&a.work, again_fn);
	queue_work(q, &a.work);
	wait_until(atomic_read(&rounds) >= 5);
	flush_workqueue(q);
	if (!wqtest_native())
		CHECK_EQ(atomic_read(&rounds), 6);
	atomic_set(&enough, 1);
	drain_workqueue(q);
	CHECK(!work_pending(&a.work));
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af13_flush_is_not_starved)
{
	RUN_OK(1, flush_is_not_starved);
}

static void flushes_itself(struct work_struct *work)
{
	flush_workqueue(q);
}

static int self_flush(void *arg)
{
	q = create_workqueue("q");
	INIT_WORK(&a.work, flushes_itself);
	queue_work(q, &a.work);
	flush_workqueue(q);
	return 0;
}

WQTEST(legacy, af13_self_flush_warns_and_deadlocks)
{
	RUN_VERDICT(1, self_flush, VERDICT_DEADLOCK,
		    "workqueue \"q\" is flushed by its own thread");
	RUN_VERDICT(1, self_flush, VERDICT_DEADLOCK, "itself): to run a flush barrier");
}
