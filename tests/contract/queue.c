// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: queueing.  Who wins PENDING, how often an item runs, where and
 * in which order, and what an item may do to itself (A1 to A5, B1, B5, B6).
 */
#include "contract_test.h"

static struct workqueue_struct *q, *q2;
static struct held h;
static struct counted a, b;

/* A1: from the call that wins to the start of the run every other call loses. */
static int pending_wins_once(void *arg)
{
	q = create_workqueue("q");
	q2 = create_workqueue("q2");
	held_init(&h);
	counted_init(&a);
	hold(q, 0, &h);

	CHECK(!work_pending(&a.work));
	CHECK_EQ(queue_work_on(0, q, &a.work), true);
	CHECK(work_pending(&a.work));
	CHECK_EQ(queue_work_on(0, q, &a.work), false);
	CHECK_EQ(queue_work_on(1, q, &a.work), false);
	CHECK_EQ(queue_work(q2, &a.work), false);
	CHECK_EQ(schedule_work(&a.work), false);
	pass_ms(5);
	CHECK(work_pending(&a.work));
	CHECK_EQ(a.runs, 0);

	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK(!work_pending(&a.work));
	CHECK(!a.pending);
	/* Each winning call is a run of its own. */
	for (int i = 2; i < 12; i++) {
		CHECK_EQ(queue_work_on(i % 2, i % 3 ? q : q2, &a.work), true);
		flush_work(&a.work);
		CHECK_EQ(a.runs, i);
		CHECK_EQ(a.cpu, i % 2);
	}
	destroy_workqueue(q);
	destroy_workqueue(q2);
	return 0;
}

WQTEST_MATRIX(contract_queue, pending_wins_once, .any_order = true)
{
	RUN(2, pending_wins_once);
}

/* B6: the CPU asked for, or the caller's. */
static int queue_local(void *arg)
{
	CHECK(queue_work(q, &a.work));
	complete(arg);
	return 0;
}

static int place(void *arg)
{
	struct completion queued;

	init_completion(&queued);
	q = create_workqueue("q");
	counted_init(&a);
	for (int i = 0; i < 8; i++) {
		CHECK(queue_work_on(i % 4, q, &a.work));
		flush_workqueue(q);
		CHECK_EQ(a.cpu, i % 4);
	}
	for (int i = 0; i < 4; i++) {
		struct task_struct *t = kthread_create(queue_local, &queued, "queuer");

		kthread_bind(t, i);
		wake_up_process(t);
		wait_for_completion(&queued);
		flush_workqueue(q);
		CHECK_EQ(a.runs, 9 + i);
		CHECK_EQ(a.cpu, i);
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_queue, runs_on_the_cpu_asked_for, .any_order = true)
{
	RUN(4, place);
}

/* B1, B5: one at a time, in the order of queueing, from whichever CPU. */
#define ROW	24

static struct counted row[ROW];
static int inside;

static void alone_fn(struct work_struct *work)
{
	CHECK_EQ(++inside, 1);
	msleep(2);
	inside--;
	counted_fn(work);
}

static int in_order(struct workqueue_struct *wq, bool one_cpu)
{
	unsigned int rnd = 7;

	CHECK(wq != NULL);
	for (int i = 0; i < ROW; i++) {
		counted_init(&row[i]);
		row[i].work.func = alone_fn;
		CHECK(queue_work_on(one_cpu ? 1 : next_random(&rnd) % 4, wq, &row[i].work));
		if (i % 5 == 0)
			pass_ms(3);
	}
	flush_workqueue(wq);
	for (int i = 0; i < ROW; i++)
		CHECK_EQ(row[i].place, i + 1);
	destroy_workqueue(wq);
	return 0;
}

static int single(void *arg)
{
	return in_order(create_singlethread_workqueue("single"), false);
}

static int ordered(void *arg)
{
	return in_order(alloc_ordered_workqueue("ordered-%d", WQ_MEM_RECLAIM, 5), false);
}

static int one_cpu(void *arg)
{
	return in_order(create_workqueue("multi"), true);
}

WQTEST_MATRIX(contract_queue, singlethread_runs_in_order, .any_order = true)
{
	RUN(4, single);
}

WQTEST_MATRIX(contract_queue, ordered_runs_in_order, .any_order = true)
{
	RUN(4, ordered);
}

WQTEST_MATRIX(contract_queue, a_cpu_of_a_workqueue_runs_in_order, .any_order = true)
{
	RUN(4, one_cpu);
}

/* Two CPUs of one workqueue, and two workqueues on one CPU, do not wait for each other. */
static int side_by_side(void *arg)
{
	struct held second, third;

	q = create_workqueue("q");
	q2 = create_workqueue("q2");
	held_init(&h);
	held_init(&second);
	held_init(&third);
	hold(q, 0, &h);
	hold(q, 1, &second);
	hold(q2, 0, &third);
	CHECK_EQ(h.ended + second.ended + third.ended, 0);
	complete(&h.go);
	complete(&second.go);
	complete(&third.go);
	destroy_workqueue(q);
	destroy_workqueue(q2);
	CHECK_EQ(h.ended + second.ended + third.ended, 3);
	return 0;
}

WQTEST_MATRIX(contract_queue, cpus_and_workqueues_are_independent, .any_order = true)
{
	RUN(2, side_by_side);
}

/* A5: PENDING is clear when the function runs, so it may queue itself. */
static void again_fn(struct work_struct *work)
{
	counted_fn(work);
	CHECK(!work_pending(work));
	CHECK(list_empty(&work->entry));
	if (a.runs < 10) {
		CHECK(queue_work(q, work));
		CHECK(!queue_work(q, work));
	}
}

static int requeues_itself(void *arg)
{
	q = create_workqueue("q");
	counted_init(&a);
	a.work.func = again_fn;
	queue_work_on(1, q, &a.work);
	while (flush_work(&a.work))
		;
	CHECK_EQ(a.runs, 10);
	CHECK_EQ(a.cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_queue, requeues_itself, .any_order = true)
{
	RUN(2, requeues_itself);
}

/* A5: nobody looks at an item after its function was called. */
static atomic_t freed;

static void free_fn(struct work_struct *work)
{
	struct counted *c = container_of(work, struct counted, work);

	kfree(c);		/* and poisoned: whoever looked would fall over it */
	atomic_inc(&freed);
	msleep(1);
}

static int frees_itself(void *arg)
{
	q = create_workqueue("q");
	q2 = create_singlethread_workqueue("q2");
	for (int i = 0; i < 20; i++) {
		struct counted *c = kmalloc(sizeof(*c), GFP_KERNEL);

		counted_init(c);
		c->work.func = free_fn;
		CHECK(queue_work_on(i % 2, i % 3 ? q : q2, &c->work));
	}
	flush_workqueue(q);
	flush_workqueue(q2);
	CHECK_EQ(atomic_read(&freed), 20);
	destroy_workqueue(q);
	destroy_workqueue(q2);
	return 0;
}

WQTEST_MATRIX(contract_queue, frees_itself, .any_order = true)
{
	RUN(2, frees_itself);
}

/* Items hand each other on: from one to the next, across workqueues and CPUs. */
static void relay_fn(struct work_struct *work)
{
	int i = container_of(work, struct counted, work) - row;

	counted_fn(work);
	if (i + 1 < ROW)
		CHECK(queue_work_on(i % 4, i % 2 ? q : q2, &row[i + 1].work));
}

static int relay(void *arg)
{
	q = create_workqueue("q");
	q2 = create_singlethread_workqueue("q2");
	for (int i = 0; i < ROW; i++) {
		counted_init(&row[i]);
		row[i].work.func = relay_fn;
	}
	queue_work(q, &row[0].work);
	wait_until(runs_yet(&row[ROW - 1].runs));
	for (int i = 0; i < ROW; i++) {
		CHECK_EQ(row[i].runs, 1);
		CHECK_EQ(row[i].place, i + 1);
	}
	destroy_workqueue(q);
	destroy_workqueue(q2);
	return 0;
}

WQTEST_MATRIX(contract_queue, items_queue_items, .any_order = true)
{
	RUN(4, relay);
}

/* A4: who loses PENDING may rely on a run that sees what it wrote before. */
static int written, seen;

static void see_fn(struct work_struct *work)
{
	seen = written;
}

static int sees_what_was_written(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	INIT_WORK(&a.work, see_fn);
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	written = 5;
	CHECK(!queue_work_on(0, q, &a.work));
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(seen, 5);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_queue, loser_is_served_by_the_run_to_come, .any_order = true)
{
	RUN(1, sees_what_was_written);
}

/* Queueing allocates nothing and works where nobody may sleep. */
static DEFINE_SPINLOCK(lock);

static int atomic_context(void *arg)
{
	unsigned long flags;

	q = create_workqueue("q");
	counted_init(&a);
	counted_init(&b);
	spin_lock_irqsave(&lock, flags);
	CHECK(queue_work(q, &a.work));
	CHECK(queue_work_on(1, q, &b.work));
	CHECK(irqs_disabled());
	if (!wqtest_native())
		CHECK_EQ(a.runs, 0);	/* nobody comes on this CPU */
	spin_unlock_irqrestore(&lock, flags);
	CHECK(!irqs_disabled());
	CHECK(!in_atomic());
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_queue, queues_under_a_spinlock, .any_order = true)
{
	RUN(2, atomic_context);
}
