// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract: waiting.  flush_work(), flush_workqueue(), drain_workqueue(),
 * destroy_workqueue() (E1, E2, E6, H1, H3).
 */
#include <wqlab/arena.h>
#include <wqlab/kallsyms.h>

#include "contract_test.h"

static struct workqueue_struct *q;
static struct held h;
static struct counted a, b;
static bool released;

static struct helper let_go = { .done = &h.go, .ms = 10, .before = &released };

static void start(void)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	released = false;
}

/* E1: an item that runs is waited for, and only that. */
static int flush_running(void *arg)
{
	start();
	CHECK_EQ(flush_work(&a.work), false);
	hold(q, 0, &h);
	complete_later(&let_go);
	CHECK_EQ(flush_work(&h.work), true);
	CHECK(released);
	CHECK_EQ(h.ended, 1);
	CHECK_EQ(flush_work(&h.work), false);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, waits_for_a_running_item, .any_order = true)
{
	RUN(2, flush_running);
}

/* E2: the same for the workqueue, though its lists are empty. */
static int flush_wq_running(void *arg)
{
	start();
	hold(q, 1, &h);
	complete_later(&let_go);
	flush_workqueue(q);
	CHECK(released);
	CHECK_EQ(h.ended, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, flush_workqueue_waits_for_a_running_item, .any_order = true)
{
	RUN(2, flush_wq_running);
}

/* E1: a queued item is waited for, and nothing behind it. */
static int flush_queued(void *arg)
{
	struct held second;

	start();
	held_init(&second);
	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
	queue_work_on(1, q, &second.work);
	complete_later(&let_go);
	CHECK_EQ(flush_work(&a.work), true);
	CHECK(released);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(second.ended, 0);
	CHECK_EQ(flush_work(&a.work), false);
	complete(&second.go);
	destroy_workqueue(q);
	CHECK_EQ(second.ended, 1);
	return 0;
}

WQTEST_MATRIX(contract_flush, waits_for_a_queued_item_alone, .any_order = true)
{
	RUN(2, flush_queued);
}

/* E1: several wait for one item; each comes back, after it. */
static atomic_t back;

static int flusher(void *arg)
{
	CHECK_EQ(flush_work(&h.work), true);
	CHECK_EQ(h.ended, 1);
	atomic_inc(&back);
	return 0;
}

static int many_flushers(void *arg)
{
	struct task_struct *t[5];

	start();
	hold(q, 0, &h);
	queue_work_on(0, q, &a.work);
	for (int i = 0; i < 5; i++)
		t[i] = start_task(flusher, NULL, "flusher");
	for (int i = 0; i < 5; i++)
		wait_until_asleep(t[i]);
	CHECK_EQ(atomic_read(&back), 0);
	complete(&h.go);
	wait_for_all(&back, 5);
	flush_work(&a.work);
	CHECK_EQ(a.runs, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, many_wait_for_one)
{
	RUN(2, many_flushers);
}

/* E2: all that was queued before, on all CPUs, running or not. */
#define ROW	24

static struct counted row[ROW];

static void slow_fn(struct work_struct *work)
{
	msleep(3);
	counted_fn(work);
}

static int flush_all(void *arg)
{
	start();
	flush_workqueue(q);		/* nothing there: at once */
	CHECK_AT(mach_now(), 0);
	for (int round = 1; round <= 3; round++) {
		for (int i = 0; i < ROW; i++) {
			if (round == 1) {
				counted_init(&row[i]);
				row[i].work.func = i % 2 ? counted_fn : slow_fn;
			}
			CHECK(queue_work_on(i % 4, q, &row[i].work));
		}
		flush_workqueue(q);
		for (int i = 0; i < ROW; i++) {
			CHECK_EQ(row[i].runs, round);
			CHECK(!work_pending(&row[i].work));
		}
	}
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, flush_workqueue_waits_for_all)
{
	RUN(4, flush_all);
}

/* E2: what is queued after the call does not prolong it. */
static void endless_fn(struct work_struct *work)
{
	counted_fn(work);
	udelay(100);
	if (!READ_ONCE(released))
		queue_work(q, work);
}

static int no_livelock(void *arg)
{
	start();
	a.work.func = endless_fn;
	queue_work_on(1, q, &a.work);
	wait_until(runs_yet(&a.runs) > 1);
	flush_workqueue(q);
	if (!wqtest_native())
		CHECK(mach_now() < MS(100));
	WRITE_ONCE(released, true);
	while (flush_work(&a.work))
		;
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, flush_workqueue_ends_though_others_queue, .any_order = true)
{
	RUN(2, no_livelock);
}

/* E2: a delayed item whose timer still runs is not waited for. */
static struct delayed d;

static int not_for_timers(void *arg)
{
	start();
	delayed_init(&d);
	queue_delayed_work(q, &d.dw, LONG_DELAY);
	flush_workqueue(q);
	CHECK_EQ(d.runs, 0);
	if (!wqtest_native())
		CHECK(mach_now() < MS(1000));
	CHECK_EQ(cancel_delayed_work_sync(&d.dw), true);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, flush_workqueue_ignores_timers, .any_order = true)
{
	RUN(2, not_for_timers);
}

/* E2: several flush at once, while several queue: each returns after its own. */
#define QUEUERS	4

static int queuer(void *arg)
{
	struct counted mine;

	counted_init(&mine);
	mine.work.func = slow_fn;
	for (int i = 1; i <= 5; i++) {
		CHECK(queue_work_on(i % 2, q, &mine.work));
		flush_workqueue(q);
		CHECK_EQ(mine.runs, i);
		CHECK(!work_pending(&mine.work));
	}
	atomic_inc(&back);
	return 0;
}

static int flushers_at_once(void *arg)
{
	start();
	for (int i = 0; i < QUEUERS; i++)
		start_task(queuer, NULL, "queuer");
	wait_for_all(&back, QUEUERS);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, several_flush_at_once, .any_order = true)
{
	RUN(2, flushers_at_once);
}

/* E6: chains are followed to their end. */
static void chain_fn(struct work_struct *work)
{
	counted_fn(work);
	if (a.runs < 5)
		queue_work(q, work);
}

static int drain(void *arg)
{
	start();
	drain_workqueue(q);
	a.work.func = chain_fn;
	queue_work_on(nr_cpu_ids - 1, q, &a.work);
	queue_work_on(0, q, &b.work);
	drain_workqueue(q);
	CHECK_EQ(a.runs, 5);
	CHECK_EQ(b.runs, 1);
	CHECK(queue_work(q, &b.work));		/* open again */
	flush_workqueue(q);
	CHECK_EQ(b.runs, 2);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MATRIX(contract_flush, drain_follows_chains, .any_order = true)
{
	RUN(2, drain);
}

/* ... also by one who ranks above the workers, on their only CPU. */
static int drain_from_above(void *arg)
{
	struct sched_param fifo = { .sched_priority = 1 };

	sched_setscheduler(current, SCHED_FIFO, &fifo);
	return drain(arg);
}

WQTEST_ENGINES(contract_flush, drain_from_above, .any_order = true)
{
	RUN(1, drain_from_above);
}

/* H1: destroy waits for all. */
static int destroy_waits(void *arg)
{
	start();
	for (int i = 0; i < ROW; i++) {
		counted_init(&row[i]);
		row[i].work.func = slow_fn;
		queue_work_on(i % 4, q, &row[i].work);
	}
	hold(q, 2, &h);
	complete_later(&let_go);
	destroy_workqueue(q);
	CHECK(released);
	CHECK_EQ(h.ended, 1);
	for (int i = 0; i < ROW; i++)
		CHECK_EQ(row[i].runs, 1);
	return 0;
}

WQTEST_MATRIX(contract_flush, destroy_waits_for_all)
{
	RUN(4, destroy_waits);
}

/*
 * H3: no thread and no object is left of a workqueue that came and went.  The
 * record of a per-CPU area that was given back is the allocator's, not counted.
 */
static void count_object(const void *p, size_t size, uintptr_t tag, void *arg)
{
	const char *maker = kallsyms_lookup((const void *)tag, NULL);

	if (tag && maker && strcmp(maker, "__alloc_percpu"))
		++*(int *)arg;
}

static int count_objects(void)
{
	int n = 0;

	arena_for_each(NULL, count_object, &n);
	return n;
}

static int gone(void *arg)
{
	size_t threads = 0;
	int objects = 0;

	/* The first ones make what stays: pools, timer wheels, spare workers. */
	for (int i = 0; i < 12; i++) {
		if (i == 2) {
			threads = machine_threads(NULL, 0);
			objects = count_objects();
		}
		start();
		queue_work_on(0, q, &a.work);
		queue_work_on(1, q, &b.work);
		destroy_workqueue(q);
		CHECK_EQ(a.runs + b.runs, 2);
		q = create_singlethread_workqueue("single");
		queue_work(q, &a.work);
		destroy_workqueue(q);
		CHECK_EQ(a.runs, 2);
		pass_ms(10);
	}
	CHECK(objects > 0);
	CHECK_EQ(machine_threads(NULL, 0), threads);
	CHECK_EQ(count_objects(), objects);
	return 0;
}

WQTEST_ENGINES(contract_flush, destroy_leaves_nothing)
{
	RUN(2, gone);
}

/* H3: none of its threads, by their names. */
static bool any_thread(const char *begin)
{
	struct machine_thread t[64];
	size_t n = machine_threads(t, ARRAY_SIZE(t));

	for (size_t i = 0; i < n && i < ARRAY_SIZE(t); i++)
		if (!strncmp(t[i].comm, begin, strlen(begin)))
			return true;
	return false;
}

static int no_thread(void *arg)
{
	for (int i = 0; i < ROUNDS(8); i++) {
		q = create_workqueue("mine");
		counted_init(&a);
		counted_init(&b);
		queue_work_on(0, q, &a.work);
		queue_work_on(1, q, &b.work);
		CHECK(any_thread("mine"));
		destroy_workqueue(q);
		CHECK_EQ(a.runs + b.runs, 2);
		wait_until(!any_thread("mine"));
	}
	return 0;
}

WQTEST_MATRIX(contract_flush, destroy_leaves_no_thread, .any_order = true)
{
	RUN(2, no_thread);
}
