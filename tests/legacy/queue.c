// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts A-F7, A-F8, A-F10, A-F11 and A-F20: queueing and running.
 */
#include <linux/slab.h>

#include "legacy_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a, b;

static int pending_wins_once(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	hold(q, 0, &h);

	CHECK(queue_work_on(0, q, &a.work));
	CHECK(!queue_work_on(0, q, &a.work));
	CHECK(!queue_work_on(1, q, &a.work));
	CHECK(queue_work_on(0, q, &b.work));
	CHECK(slot(q, 0)->worklist.next == &a.work.entry);
	CHECK(slot(q, 0)->worklist.prev == &b.work.entry);
	CHECK(list_empty(&slot(q, 1)->worklist));

	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 1);
	CHECK(!work_pending(&a.work));

	/* The same item again, elsewhere: a queueing of its own. */
	CHECK(queue_work_on(1, q, &a.work));
	flush_workqueue(q);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(a.cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af07_pending_wins_once)
{
	RUN_OK(2, pending_wins_once);
}

/* queue_work() goes to the CPU that calls. */
static int queue_from(void *arg)
{
	queue_work(q, &a.work);
	return 0;
}

static int local_cpu(void *arg)
{
	struct task_struct *t;

	q = create_workqueue("q");
	counted_init(&a);
	t = kthread_create(queue_from, NULL, "queuer");
	kthread_bind(t, 1);
	wake_up_process(t);
	pass_ms(1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 1);
	CHECK(queue_work_on(WORK_CPU_UNBOUND, q, &a.work));
	flush_workqueue(q);
	CHECK_EQ(a.cpu, 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af07_local_cpu)
{
	RUN_OK(2, local_cpu);
}

static int event_order(void *arg)
{
	static const enum trace_kind order[] = {
		TRACE_QUEUE_WORK, TRACE_ACTIVATE_WORK, TRACE_INSERTION,
		TRACE_EXECUTION, TRACE_EXECUTE_START, TRACE_EXECUTE_END,
	};
	int thread;
	size_t n = 0;

	q = create_workqueue("q");
	thread = slot(q, 0)->thread->pid;
	counted_init(&a);
	queue_work(q, &a.work);
	flush_workqueue(q);
	destroy_workqueue(q);

	for (size_t i = 0; i < trace_count(); i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->obj != &a.work)
			continue;
		CHECK(n < ARRAY_SIZE(order));
		CHECK_EQ(ev->kind, order[n]);
		CHECK_STR(trace_text(ev->name), "counted_fn");
		CHECK_STR(trace_text(ev->engine), "legacy");
		if (ev->kind == TRACE_INSERTION || ev->kind == TRACE_EXECUTION)
			CHECK_EQ(ev->a, thread);
		if (ev->kind == TRACE_QUEUE_WORK || ev->kind == TRACE_EXECUTE_START)
			CHECK_STR(trace_text(ev->name2), "q");
		n++;
	}
	CHECK_EQ(n, ARRAY_SIZE(order));
	/* events/0 and q/0 came, q/0 went */
	CHECK_EQ(events_of(TRACE_CREATION, NULL), 2);
	CHECK_EQ(events_of(TRACE_DESTRUCTION, NULL), 1);
	return 0;
}

WQTEST_MACHINES(legacy, af07_event_order)
{
	RUN_OK(1, event_order);
}

static int linked_but_not_pending(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	hold(q, 0, &h);
	queue_work(q, &a.work);
	clear_bit(WORK_STRUCT_PENDING, work_data_bits(&a.work));
	queue_work(q, &a.work);
	return 0;
}

WQTEST(legacy, af07_linked_but_not_pending_is_a_bug)
{
	RUN_VERDICT(1, linked_but_not_pending, VERDICT_BUG, "queue_work_on");
}

static struct delayed_work dw;
static int dw_runs, dw_cpu;
static u64 dw_at;

static void dw_fn(struct work_struct *work)
{
	dw_runs++;
	dw_cpu = smp_processor_id();
	dw_at = mach_now();
}

static int delayed(void *arg)
{
	u64 t0;

	q = create_workqueue("q");
	INIT_DELAYED_WORK(&dw, dw_fn);
	t0 = mach_now();

	CHECK(queue_delayed_work_on(1, q, &dw, 5));
	CHECK(!queue_delayed_work(q, &dw, 1));
	CHECK(!queue_work(q, &dw.work));
	CHECK(delayed_work_pending(&dw));
	CHECK(timer_pending(&dw.timer));
	CHECK(list_empty(&dw.work.entry));
	CHECK(data_cwq(&dw.work) == slot(q, 0));
	flush_workqueue(q);		/* does not see it */
	CHECK_EQ(dw_runs, 0);

	pass_ms(20);
	CHECK_EQ(dw_runs, 1);
	CHECK_EQ(dw_cpu, 1);
	CHECK_EQ(dw_at - t0, MS(5));
	CHECK(data_cwq(&dw.work) == slot(q, 1));

	/* No delay: no timer.  No delay but a CPU: a timer all the same. */
	CHECK(queue_delayed_work(q, &dw, 0));
	CHECK(!timer_pending(&dw.timer));
	flush_workqueue(q);
	CHECK_EQ(dw_runs, 2);
	CHECK_EQ(dw_cpu, 0);
	CHECK(queue_delayed_work_on(1, q, &dw, 0));
	CHECK(timer_pending(&dw.timer));
	pass_ms(5);
	CHECK_EQ(dw_runs, 3);
	CHECK_EQ(dw_cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(legacy, af08_delayed)
{
	RUN_OK(2, delayed);
}

static bool requeued;

static void requeue_fn(struct work_struct *work)
{
	CHECK(!work_pending(work));
	CHECK(list_empty(&work->entry));
	CHECK(slot(q, 0)->current_work == work);
	CHECK(!spin_is_locked(&slot(q, 0)->lock));
	if (++dw_runs == 1)
		requeued = queue_work(q, work);
}

static void free_fn(struct work_struct *work)
{
	dw_runs++;
	kfree(work);
}

static int requeue_and_free(void *arg)
{
	struct work_struct w, *heap = kmalloc(sizeof(*heap), GFP_KERNEL);

	q = create_workqueue("q");
	INIT_WORK_ONSTACK(&w, requeue_fn);
	queue_work(q, &w);
	destroy_workqueue(q);
	CHECK(requeued);
	CHECK_EQ(dw_runs, 2);

	q = create_workqueue("q");
	INIT_WORK(heap, free_fn);
	queue_work(q, heap);
	destroy_workqueue(q);
	CHECK_EQ(dw_runs, 3);
	return 0;
}

WQTEST_MACHINES(legacy, af10_item_may_requeue_and_free_itself)
{
	RUN_OK(1, requeue_and_free);
}

static int wrong_data(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	atomic_long_set(&a.work.data, (long)slot(q, 1) | 1);
	complete(&h.go);
	flush_workqueue(q);
	return 0;
}

WQTEST(legacy, af10_data_must_name_the_cwq)
{
	RUN_VERDICT(2, wrong_data, VERDICT_BUG, "run_workqueue", .invariants = "-A7");
}

static DEFINE_SPINLOCK(forgotten);

static void leaks_lock(struct work_struct *work)
{
	spin_lock(&forgotten);
}

static int leak(void *arg)
{
	struct work_struct w;

	q = create_workqueue("q");
	INIT_WORK_ONSTACK(&w, leaks_lock);
	queue_work(q, &w);
	flush_workqueue(q);
	return 0;
}

WQTEST(legacy, af10_leak_is_reported)
{
	RUN_VERDICT(1, leak, VERDICT_BUG, "BUG: workqueue leaked lock or atomic: q/0/0x00000001/",
		    .invariants = "-I1");
	RUN_VERDICT(1, leak, VERDICT_BUG, "last function: leaks_lock", .invariants = "-I1");
}

static int running, most;

static void overlap_fn(struct work_struct *work)
{
	running++;
	most = max(most, running);
	pass_ms(10);
	running--;
	dw_runs++;
}

static void run_twice(struct workqueue_struct *wq)
{
	struct work_struct w;

	most = 0;
	dw_runs = 0;
	INIT_WORK_ONSTACK(&w, overlap_fn);
	CHECK(queue_work_on(0, wq, &w));
	pass_ms(5);
	CHECK(queue_work_on(1, wq, &w));
	destroy_workqueue(wq);
	CHECK_EQ(dw_runs, 2);
}

static int reentrancy(void *arg)
{
	run_twice(create_workqueue("m"));
	CHECK_EQ(most, 2);
	run_twice(create_singlethread_workqueue("s"));
	CHECK_EQ(most, 1);
	return 0;
}

WQTEST(legacy, af11_reentrancy)
{
	RUN_OK(2, reentrancy);
}

static int no_thread(void *arg)
{
	q = create_workqueue("lonely");
	counted_init(&a);
	slot(q, 1)->thread = NULL;
	queue_work_on(1, q, &a.work);
	return 0;
}

static int no_cpu(void *arg)
{
	q = create_workqueue("lost");
	counted_init(&a);
	queue_work_on(2, q, &a.work);
	return 0;
}

static int no_cpu_for_timer(void *arg)
{
	q = create_singlethread_workqueue("lost");
	INIT_DELAYED_WORK(&dw, dw_fn);
	queue_delayed_work_on(2, q, &dw, 1);
	return 0;
}

WQTEST(legacy, af20_no_cpu_is_named)
{
	RUN_VERDICT(2, no_cpu, VERDICT_BUG, "BUG: workqueue \"lost\": there is no CPU 2");
	RUN_VERDICT(2, no_cpu_for_timer, VERDICT_BUG,
		    "BUG: workqueue \"lost\": there is no CPU 2");
}

WQTEST(legacy, af20_no_thread_is_named)
{
	RUN_VERDICT(2, no_thread, VERDICT_BUG,
		    "BUG: workqueue \"lonely\": counted_fn inserted on CPU 1");
}
