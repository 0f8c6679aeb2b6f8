// SPDX-License-Identifier: GPL-2.0-only
/* Draining and destroying, and how long pwqs and pools live. */
#include <linux/idr.h>

#include "cmwq_test.h"

static struct item a, b, c;
static struct workqueue_struct *q;

static int drainer_fn(void *arg)
{
	drain_workqueue(q);
	*(u64 *)arg = mach_now();
	return 0;
}

/* The flag stands while anybody drains; an item of the workqueue may queue to it. */
static void chained_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	item_fn(work);
	if (it->runs < 4)
		CHECK(queue_work(q, work));
	else
		queue_work(q, W(&c));
}

static int flag(void *arg)
{
	static u64 done[2];

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	INIT_WORK(W(&a), chained_fn);
	a.sleep = 10;
	held_init(&b);
	item_init(&c);
	start_on(1, q, &b);
	queue_work_on(1, q, W(&a));
	kthread_run(drainer_fn, &done[0], "drainer/0");
	pass_ms(1);
	CHECK_EQ(q->nr_drainers, 1);
	CHECK(q->flags & 1 << 16);
	kthread_run(drainer_fn, &done[1], "drainer/1");
	pass_ms(20);
	CHECK_EQ(q->nr_drainers, 2);
	pass_ms(79);
	CHECK_EQ(a.runs, 4);			/* a queues itself, every 10 ms */
	CHECK_EQ(c.runs, 1);
	CHECK(!done[0] && !done[1]);
	release(&b);
	pass_ms(1);
	CHECK_EQ(done[0], MS(100));
	CHECK_EQ(done[1], MS(100));
	CHECK_EQ(q->nr_drainers, 0);
	CHECK(!(q->flags & 1 << 16));
	queue_work_on(1, q, W(&c));		/* open again */
	flush_work(W(&c));
	CHECK_EQ(c.runs, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf35_draining)
{
	RUN_OK(2, flag);
}

/* An outsider's item is lost: true is returned, PENDING stays; one warning for all. */
static int outsider(void *arg)
{
	struct workqueue_struct *other = alloc_workqueue("other", 0, 0);
	static u64 done;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	held_init(&a);
	item_init(&b);
	item_init(&c);
	start_on(1, q, &a);
	kthread_run(drainer_fn, &done, "drainer");
	pass_ms(1);
	CHECK(queue_work_on(1, q, W(&b)));
	CHECK(work_pending(W(&b)));
	CHECK(list_empty(&W(&b)->entry));
	CHECK_EQ(events_of(TRACE_QUEUE_WORK, W(&b)), 0);
	CHECK(!queue_work_on(1, q, W(&b)));
	CHECK(queue_work_on(1, q, W(&c)));
	release(&a);
	pass_ms(5);
	CHECK_EQ(done, MS(1));
	CHECK_EQ(b.runs, 0);
	CHECK(!queue_work_on(1, q, W(&b)));	/* lost for good */
	CHECK_EQ(c.runs, 0);
	destroy_workqueue(q);
	destroy_workqueue(other);
	return 0;
}

WQTEST(cmwq, cf35_an_outsiders_item_is_lost)
{
	RUN_WARN(2, outsider, 1);
}

/* An item of another workqueue is an outsider as well. */
static void to_q_fn(struct work_struct *work)
{
	queue_work(q, W(&b));
}

static int other_workqueue(void *arg)
{
	struct workqueue_struct *other = alloc_workqueue("other", 0, 0);
	static u64 done;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	held_init(&a);
	item_init(&b);
	item_init(&c);
	INIT_WORK(W(&c), to_q_fn);
	start_on(1, q, &a);
	kthread_run(drainer_fn, &done, "drainer");
	pass_ms(1);
	queue_work_on(1, other, W(&c));
	destroy_workqueue(other);
	release(&a);
	pass_ms(1);
	CHECK_EQ(b.runs, 0);
	CHECK(work_pending(W(&b)));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf35_so_is_another_workqueues)
{
	RUN_WARN(2, other_workqueue, 1);
}

/* A timer that fires while it drains: what counts is whom it interrupts. */
static int timer(void *arg)
{
	static u64 done;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	item_init(&b);
	a.burn = 10;
	queue_work_on(1, q, W(&a));
	queue_delayed_work_on(1, q, &b.dw, 5);	/* fires on CPU 1, where a burns */
	kthread_run(drainer_fn, &done, "drainer");
	pass_ms(20);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(done, MS(10));

	/* ... and on an idle CPU it is an outsider. */
	a.burn = 0;
	a.sleep = 10;
	queue_work_on(1, q, W(&a));
	queue_delayed_work_on(1, q, &b.dw, 5);
	kthread_run(drainer_fn, &done, "drainer");
	pass_ms(20);
	CHECK_EQ(b.runs, 1);
	CHECK(delayed_work_pending(&b.dw));
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf35_whom_a_timer_interrupts)
{
	RUN_WARN(2, timer, 1);
}

/* The tenth try and every hundredth up to the thousandth is told. */
static void again_fn(struct work_struct *work)
{
	struct item *it = container_of(work, struct item, dw.work);

	pass_ms(1);
	if (it->runs++ < 1250)
		queue_work(q, work);
}

static int tries(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	INIT_WORK(W(&a), again_fn);
	queue_work_on(1, q, W(&a));
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1251);
	return 0;
}

WQTEST(cmwq, cf35_says_so_when_it_takes_long)
{
	struct machine_result res;
	int lines = 0;

	BOOT(2, tries, NULL, &res);
	CHECK_EQ(res.verdict, VERDICT_OK);
	for (const char *p = res.log; (p = strstr(p, "drain_workqueue() isn't complete after")); p++)
		lines++;
	CHECK_EQ(lines, 11);
	CHECK(strstr(res.log, "workqueue q: drain_workqueue() isn't complete after 10 tries"));
	CHECK(strstr(res.log, "after 1000 tries"));
	machine_result_free(&res);
}

/* A per-CPU pwq has a reference that is never dropped, and one for each item. */
static int bound(void *arg)
{
	struct pool_workqueue *pwq;

	stay_on(0);
	q = alloc_workqueue("q", 0, 1);
	pwq = pwq_on(q, 1);
	CHECK_EQ(pwq->refcnt, 1);
	held_init(&a);
	item_init(&b);
	start_on(1, q, &a);
	queue_work_on(1, q, W(&b));
	CHECK_EQ(pwq->refcnt, 3);
	release(&a);
	flush_workqueue(q);
	pass_ms(1);
	CHECK_EQ(pwq->refcnt, 1);
	destroy_workqueue(q);
	CHECK_EQ(named_events(TRACE_EXECUTE_START, "pwq_unbound_release_workfn", NULL), 0);
	return 0;
}

WQTEST(cmwq, cf36_per_cpu_pwqs_stay)
{
	RUN_OK(2, bound);
}

/* Somebody does not let go of two pwqs: that is waited for once, then the workqueue is left alive. */
static void refer(struct pool_workqueue *pwq, int more)
{
	spin_lock_irq(&pwq->pool->lock);
	pwq->refcnt += more;
	spin_unlock_irq(&pwq->pool->lock);
}

static int two_linger(void *arg)
{
	u64 t0;

	q = alloc_workqueue("q", 0, 0);
	refer(pwq_on(q, 0), 1);
	refer(pwq_on(q, 1), 1);
	t0 = mach_now();
	destroy_workqueue(q);
	CHECK_EQ(mach_now() - t0, 100 * NSEC_PER_MSEC);
	refer(pwq_on(q, 0), -1);
	refer(pwq_on(q, 1), -1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf36_stragglers_are_not_waited_for_for_ever)
{
	RUN_WARN(2, two_linger, 1);
}

/*
 * Unbound: pools are shared by attributes.  The pwq goes when its last reference
 * does, by an item of system_wq; the pool with its last pwq, and its workers.
 */
static int unbound(void *arg)
{
	struct workqueue_struct *u1, *u2, *h;
	struct worker_pool *pool;

	stay_on(0);
	u1 = alloc_workqueue("u1", WQ_UNBOUND, 0);
	u2 = alloc_workqueue("u2", WQ_UNBOUND, 0);
	h = alloc_workqueue("h", WQ_UNBOUND | WQ_HIGHPRI, 0);
	pool = h->dfl_pwq->pool;
	CHECK(u1->dfl_pwq->pool == u2->dfl_pwq->pool);
	CHECK(u1->dfl_pwq->pool == system_unbound_wq->dfl_pwq->pool);
	CHECK_EQ(u1->dfl_pwq->pool->refcnt, 3);
	CHECK_EQ(u1->dfl_pwq->pool->id, 4);	/* behind two for each of two CPUs */
	CHECK_EQ(pool->id, 5);
	CHECK_EQ(pool->refcnt, 1);
	CHECK_EQ(pool->flags, 4);		/* DISASSOCIATED */
	pass_ms(1);
	CHECK_EQ(named_events(TRACE_WORKER_CREATE, "kworker/u5:0", NULL), 1);

	held_init(&a);
	queue_work(h, W(&a));
	wait_for_completion(&a.started);
	CHECK_EQ(h->dfl_pwq->refcnt, 3);	/* as the default, for the one node, for the item */
	release(&a);
	destroy_workqueue(h);
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(named_events(TRACE_EXECUTE_START, "pwq_unbound_release_workfn", "events"), 1);
	CHECK_EQ(events_of(TRACE_WORKER_DIE, NULL), 2);
	CHECK_EQ(named_events(TRACE_TASK_EXIT, "kworker/dying", NULL), 2);

	destroy_workqueue(u1);
	pass_ms(1);
	CHECK_EQ(named_events(TRACE_EXECUTE_START, "pwq_unbound_release_workfn", "events"), 2);
	CHECK_EQ(u2->dfl_pwq->pool->refcnt, 2);
	CHECK_EQ(events_of(TRACE_WORKER_DIE, NULL), 2);
	/* Its id is free again. */
	h = alloc_workqueue("h", WQ_UNBOUND | WQ_HIGHPRI, 0);
	CHECK_EQ(h->dfl_pwq->pool->id, 5);
	destroy_workqueue(h);
	destroy_workqueue(u2);
	return 0;
}

WQTEST(cmwq, cf36_unbound_pwqs_go_by_system_wq)
{
	RUN_OK(2, unbound);
}

/* Made, used and destroyed under many schedules: nothing is left, nothing is used too late. */
static int in_any_order(void *arg)
{
	unsigned int rnd = (unsigned long)arg;

	for (int i = 0; i < 3; i++) {
		unsigned int flags = rnd >> i & 1 ? WQ_UNBOUND : 0;

		flags |= next_random(&rnd) % 2 ? WQ_HIGHPRI : 0;
		flags |= next_random(&rnd) % 2 ? WQ_MEM_RECLAIM : 0;
		q = alloc_workqueue("q", flags, next_random(&rnd) % 2);
		item_init(&a);
		INIT_WORK(W(&a), chained_fn);
		item_init(&c);
		a.sleep = next_random(&rnd) % 2;
		queue_work_on(1, q, W(&a));
		destroy_workqueue(q);
		CHECK_EQ(a.runs, 4);
		CHECK_EQ(c.runs, 1);
	}
	return 0;
}

WQTEST(cmwq, cf36_destroyed_in_any_order)
{
	run_seeds(2, in_any_order, 1, 200);
}
