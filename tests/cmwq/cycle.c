// SPDX-License-Identifier: GPL-2.0-only
/* A worker's cycle, chains of workers that do not count, and the two pools of a CPU. */
#include <wqlab/mach.h>

#include "cmwq_test.h"

static struct item a, b, c, d;
static struct workqueue_struct *q;

/* idle and PREP - counted while it works - idle and PREP, on top of the idle list. */
static int cycle(void *arg)
{
	struct worker_pool *pool;
	struct worker *worker;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	pass_ms(1);
	worker = first_idle(pool);
	CHECK_EQ(worker->flags, 0x0c);			/* IDLE and PREP */
	CHECK_STR(worker->task->comm, "kworker/1:0");
	held_init(&a);
	start_on(1, q, &a);
	CHECK(runner(pool, W(&a)) == worker);
	CHECK_EQ(worker->flags, 0);
	CHECK(worker->current_pwq == pwq_on(q, 1));
	CHECK(worker->current_func == item_fn);
	pass_ms(4);
	release(&a);
	pass_ms(1);
	CHECK(!worker->current_work && !worker->current_func && !worker->current_pwq);
	CHECK_EQ(worker->flags, 0x0c);
	CHECK_EQ(worker->last_active, jiffies - 1);
	CHECK(first_idle(pool) == worker);
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf12_workers_cycle)
{
	RUN_OK(2, cycle);
}

/*
 * The lock was free while it managed, so it looks again: what it was woken for is
 * gone, and it goes to sleep without having counted.
 */
static int looks_again(void *arg)
{
	struct worker_pool *pool;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	pool = pool_on(q, 1);
	item_init(&a);
	mach_fault_set(MFAULT_KTHREAD, true);
	queue_work_on(1, q, W(&a));
	pass_ms(5);
	CHECK(mutex_is_locked(&pool->manager_arb));
	CHECK(cancel_work_sync(W(&a)));
	pass_ms(2000);
	CHECK(!mutex_is_locked(&pool->manager_arb));
	CHECK_EQ(pool->nr_workers, 1);
	CHECK_EQ(pool->nr_idle, 1);
	CHECK_EQ(pool->nr_running, 0);
	CHECK_EQ(a.runs, 0);
	mach_fault_set(MFAULT_KTHREAD, false);
	queue_work_on(1, q, W(&a));
	destroy_workqueue(q);
	CHECK_EQ(a.runs, 1);
	return 0;
}

WQTEST(cmwq, cf12_looks_again_after_managing)
{
	RUN_OK(2, looks_again);
}

/* When a worker becomes runnable: its last wake-up before the item's start. */
static u64 woken_for(struct item *it)
{
	const struct trace_event *start = nth_event(TRACE_EXECUTE_START, W(it), 0);
	u64 woken = ~0ull;

	for (size_t i = 0; i < start->seq; i++) {
		const struct trace_event *ev = trace_get(i);

		if (ev->kind == TRACE_SCHED_WAKEUP && ev->a == start->pid)
			woken = ev->ts;
	}
	return woken;
}

/* Who does not count wakes another before it starts: all get on at once. */
static int chain(void *arg)
{
	struct workqueue_struct *intensive = alloc_workqueue("ci", WQ_CPU_INTENSIVE, 0);
	struct workqueue_struct *unbound = alloc_workqueue("u", WQ_UNBOUND, 0);
	struct item *its[] = { &a, &b, &c };
	int i;

	stay_on(0);
	stand_by(intensive, 1, 3);
	stand_by(unbound, 1, 3);
	pass_ms(1);
	for (i = 0; i < 3; i++) {
		item_init(its[i]);
		its[i]->burn = 10;
		queue_work_on(1, intensive, W(its[i]));
	}
	flush_workqueue(intensive);
	for (i = 0; i < 3; i++) {
		CHECK(its[i]->at < MS(5));		/* a time slice or two later */
		CHECK(its[i]->end > MS(20));		/* and they share the CPU */
	}

	for (i = 0; i < 3; i++) {
		item_init(its[i]);
		its[i]->hold = true;
		queue_work(unbound, W(its[i]));
	}
	pass_ms(1);
	for (i = 0; i < 3; i++)
		CHECK_EQ(its[i]->inside, 1);
	for (i = 0; i < 3; i++)
		release(its[i]);
	destroy_workqueue(intensive);
	destroy_workqueue(unbound);
	return 0;
}

WQTEST(cmwq, cf13_chain_execution)
{
	RUN_OK(2, chain, .slice_ns = MS(1));
}

/* Who counts wakes nobody before it starts. */
static int no_chain(void *arg)
{
	const char *other;
	int wakeups;

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	stand_by(q, 1, 1);
	pass_ms(1);
	item_init(&a);
	item_init(&b);
	a.burn = b.burn = 10;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, q, W(&b));
	pass_ms(1);
	other = first_idle(pool_on(q, 1))->task->comm;
	wakeups = named_events(TRACE_SCHED_WAKEUP, other, NULL);
	flush_workqueue(q);
	CHECK_EQ(b.at, MS(11));
	CHECK_EQ(b.pid, a.pid);
	CHECK_EQ(named_events(TRACE_SCHED_WAKEUP, other, NULL), wakeups);
	CHECK_EQ(wakeups, 1);			/* when it was made */
	destroy_workqueue(q);
	return 0;
}

WQTEST(cmwq, cf13_no_chain_of_those_who_count)
{
	RUN_OK(2, no_chain);
}

/*
 * With time slices every runnable worker gets on.  The CPU-intensive b waits for a
 * like any other; c, which counts, need not wait for b.
 */
static int intensive(void *arg)
{
	struct workqueue_struct *ci = alloc_workqueue("ci", WQ_CPU_INTENSIVE, 0);

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	item_init(&a);
	item_init(&b);
	item_init(&c);
	a.burn = b.burn = c.burn = 10;
	queue_work_on(1, q, W(&a));
	queue_work_on(1, ci, W(&b));
	queue_work_on(1, q, W(&c));
	flush_workqueue(ci);
	flush_workqueue(q);
	CHECK_EQ(a.end, MS(10));
	CHECK_EQ(b.at, MS(10));
	CHECK_EQ(woken_for(&c), MS(10));
	CHECK(c.at < b.end && b.end <= MS(30) && c.end <= MS(30));
	CHECK_EQ(max(b.end, c.end), MS(30));
	check_pool(pool_on(q, 1));
	destroy_workqueue(q);
	destroy_workqueue(ci);
	return 0;
}

WQTEST(cmwq, cf14_cpu_intensive_waits_to_start_only)
{
	RUN_OK(2, intensive, .slice_ns = MS(1));
}

/* Two pools: ids, niceness, names, workers, counts are their own. */
static int highpri(void *arg)
{
	struct workqueue_struct *h = alloc_workqueue("h", WQ_HIGHPRI, 0);
	struct worker_pool *normal, *high = pool_on(h, 1);
	char comm[TASK_COMM_LEN];

	stay_on(0);
	q = alloc_workqueue("q", 0, 0);
	normal = pool_on(q, 1);
	CHECK(normal != high);
	CHECK_EQ(normal->id, 2);
	CHECK_EQ(high->id, 3);
	CHECK_EQ(pool_on(system_highpri_wq, 1)->id, 3);
	CHECK_EQ(pool_on(system_wq, 1)->id, 2);
	item_init(&a);
	held_init(&b);
	held_init(&c);
	item_init(&d);
	a.burn = 10;
	queue_work_on(1, q, W(&a));
	pass_ms(4);
	queue_work_on(1, h, W(&b));
	queue_work_on(1, h, W(&c));
	queue_work_on(1, q, W(&d));
	pass_ms(1);
	CHECK_EQ(b.at, MS(4));			/* at once, before who burns */
	CHECK_EQ(c.at, MS(4));
	CHECK_EQ(normal->nr_running, 1);
	CHECK_EQ(high->nr_running, 0);
	CHECK_EQ(normal->nr_workers, 2);
	CHECK_EQ(high->nr_workers, 3);
	CHECK_EQ(runner(high, W(&b))->task->static_nice, -20);
	CHECK_EQ(runner(normal, W(&a))->task->static_nice, 0);
	strlcpy(comm, runner(high, W(&c))->task->comm, sizeof(comm));
	CHECK_STR(comm, "kworker/1:1H");
	release(&b);
	release(&c);
	destroy_workqueue(q);
	destroy_workqueue(h);
	CHECK_EQ(d.at, MS(10));			/* though highpri ones slept meanwhile */
	return 0;
}

WQTEST(cmwq, cf15_highpri_is_a_pool_of_its_own)
{
	RUN_OK(2, highpri);
}
