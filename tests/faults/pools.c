// SPDX-License-Identifier: GPL-2.0-only
/*
 * Worker pools: who is woken when a worker sleeps, who stands by, who is held back, and
 * who comes to the rescue.  3.18's engine alone.
 */
#include <linux/rcupdate.h>

#include "faults_test.h"

static struct workqueue_struct *q, *q2;
static struct counted item, second;
static struct held h, h2;

/* ---- items that sleep ---- */

struct sleeper {
	struct work_struct work;
	int naps;
};

static struct sleeper sleepers[4];

static void naps(struct work_struct *work)
{
	struct sleeper *s = container_of(work, struct sleeper, work);

	while (s->naps--)
		schedule_timeout_uninterruptible(1);
}

/* C1, C3, C4: while one sleeps the next one runs. */
static int items_sleep(void *arg)
{
	u64 begun;
	int i;

	q = alloc_workqueue("q", (long)arg, 0);
	search_from_here();
	begun = mach_now();
	for (i = 0; i < 3; i++) {
		sleepers[i].naps = 1 + i % 2;
		INIT_WORK(&sleepers[i].work, naps);
		CHECK(queue_work_on(1, q, &sleepers[i].work));
	}
	flush_workqueue(q);
	CHECK(mach_now() - begun <= MS(3));
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, items_sleep, .any_order = true)
{
	RUN_ARG(2, items_sleep, NULL);
	RUN_ARG(2, items_sleep, (void *)WQ_UNBOUND);
	RUN_ARG(2, items_sleep, (void *)WQ_CPU_INTENSIVE);
}

/* ---- one that sleeps, one that keeps the CPU, and one behind them ---- */

static void burns(struct work_struct *work)
{
	mdelay(3);
}

/* C6: the first one is awake again when the second one ends, so that one's worker stops. */
static int two_are_running(void *arg)
{
	static struct work_struct burner;

	q = alloc_workqueue("q", 0, 0);
	sleepers[0].naps = 1;
	INIT_WORK(&sleepers[0].work, naps);
	INIT_WORK(&burner, burns);
	counted_init(&item);
	search_from_here();
	CHECK(queue_work_on(1, q, &sleepers[0].work));
	CHECK(queue_work_on(1, q, &burner));
	CHECK(queue_work_on(1, q, &item.work));
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, two_are_running, .any_order = true)
{
	RUN(2, two_are_running);
}

/* ---- an item that sleeps twice, and whose wakers are not quick ---- */

static struct completion asleep, second_go;
static struct task_struct *sleeper;
static int first_go;

static void waits_twice(struct work_struct *work)
{
	sleeper = current;
	complete(&asleep);
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(first_go))
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	wait_for_completion(&second_go);
}

static int lets_go(void *arg)
{
	wait_for_completion(&asleep);
	WRITE_ONCE(first_go, 1);
	wake_up_process(sleeper);
	return part_done();
}

static void lets_go_again(struct work_struct *work)
{
	complete(&second_go);
}

/* C3: each time it sleeps, the pool's next item gets the CPU; here it waits for that one. */
static int wakers_are_late(void *arg)
{
	static struct work_struct waiter, helper;

	init_completion(&asleep);
	init_completion(&second_go);
	INIT_WORK(&waiter, waits_twice);
	INIT_WORK(&helper, lets_go_again);
	search_from_here();
	queue_work_on(1, system_wq, &waiter);
	start_on(0, lets_go, NULL, "waker");
	wait_for_parts(1);
	queue_work_on(1, system_wq, &helper);
	flush_work(&waiter);
	flush_work(&helper);
	check_at_rest();
	return 0;
}

WQTEST(faults_cmwq, wakers_are_late, .any_order = true)
{
	RUN(2, wakers_are_late);
}

/* ---- the workers of a pool are made while its items go ---- */

static int queues_some(void *arg)
{
	queue_work_on(1, q, &item.work);
	queue_work_on(1, q, &second.work);
	return part_done();
}

static int workers_are_made(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	start_on(0, queues_some, NULL, "queuer");
	cancel_work_sync(&item.work);
	wait_for_parts(1);
	flush_workqueue(q);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, workers_are_made, .any_order = true)
{
	RUN(2, workers_are_made);
}

/* ---- a CPU-intensive item, and an ordinary one on the same worker behind it ---- */

static int order;

static void heavy(struct work_struct *work)
{
	order++;
}

static void light(struct work_struct *work)
{
	int mine = ++order;

	schedule();		/* if there is anybody to run */
	CHECK_EQ(order, mine);
}

static void notes_order(struct work_struct *work)
{
	order++;
}

/* C8 and what follows: it counts again for the item after it. */
static int intensive_then_not(void *arg)
{
	static struct work_struct a, b, c;

	q = alloc_workqueue("q", WQ_CPU_INTENSIVE, 0);
	q2 = alloc_workqueue("q2", 0, 0);
	INIT_WORK(&a, heavy);
	INIT_WORK(&b, light);
	INIT_WORK(&c, notes_order);
	search_from_here();
	CHECK(queue_work_on(1, q, &a));
	flush_work(&a);
	/* On the worker that ran the heavy one, for it idled last. */
	CHECK(queue_work_on(1, q2, &b));
	CHECK(queue_work_on(1, q2, &c));
	flush_workqueue(q2);
	CHECK_EQ(order, 3);
	check_at_rest();
	destroy_workqueue(q);
	destroy_workqueue(q2);
	return 0;
}

WQTEST(faults_cmwq, intensive_then_not, .any_order = true)
{
	RUN(2, intensive_then_not);
}

/* ---- many work at once, and then nobody ---- */

static void all_nap(void)
{
	int i;

	for (i = 0; i < 4; i++) {
		sleepers[i].naps = 1;
		queue_work_on(0, q, &sleepers[i].work);
	}
	flush_workqueue(q);
}

/* C5, C7: two stay, the others go after 300 s; those since they were busy last. */
static int idlers_go(void *arg)
{
	struct machine_thread list[32];
	size_t then, now;
	int i;

	q = alloc_workqueue("q", 0, 0);
	for (i = 0; i < 4; i++)
		INIT_WORK(&sleepers[i].work, naps);
	search_from_here();
	all_nap();
	then = machine_threads(list, 32);
	pass_ms(200 * 1000);
	all_nap();
	pass_ms(200 * 1000);
	sleepers[0].naps = 1;		/* one of them again: it is the others' turn to go */
	queue_work_on(0, q, &sleepers[0].work);
	pass_ms(200 * 1000);
	flush_work(&sleepers[0].work);	/* somebody looks at the pool */
	pass_ms(200 * 1000);
	now = machine_threads(list, 32);
	CHECK_MSG(now < then, "%zu threads, and then %zu", then, now);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, idlers_go, .any_order = true)
{
	RUN(1, idlers_go);
}

/* ---- held back by max_active ---- */

static int held_back(void *arg)
{
	q = alloc_workqueue("q", 0, 1);
	counted_init(&item);
	counted_init(&second);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &item.work));
	CHECK(queue_work_on(1, q, &second.work));
	complete(&h.go);
	flush_work(&item.work);
	CHECK_EQ(item.runs, 1);
	flush_workqueue(q);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, held_back, .any_order = true)
{
	RUN(2, held_back);
}

static int waits_for_held_back(void *arg)
{
	flush_work(&item.work);
	return part_done();
}

static int waits_for_nothing(void *arg)
{
	return part_done();
}

/* It is cancelled where it is held back, and perhaps somebody waits for it there. */
static int held_back_and_cancelled(void *arg)
{
	q = alloc_workqueue("q", 0, 1);
	counted_init(&item);
	counted_init(&second);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &second.work));
	CHECK(queue_work_on(1, q, &item.work));
	start_on(0, arg ? waits_for_held_back : waits_for_nothing, NULL, "waiter");
	pass_ms(1);
	CHECK_EQ(cancel_work_sync(&item.work), true);
	pass_ms(1);
	CHECK_EQ(second.runs, 0);	/* it is still held back by the first */
	complete(&h.go);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, held_back_and_cancelled, .any_order = true)
{
	RUN_ARG(2, held_back_and_cancelled, NULL);
	RUN_ARG(2, held_back_and_cancelled, &item);
}

/* More are allowed while some are held back, and the one that is active sleeps. */
static int max_active_is_raised(void *arg)
{
	q2 = alloc_workqueue("q2", WQ_UNBOUND, 0);
	destroy_workqueue(q2);
	flush_scheduled_work();
	q = alloc_workqueue("q", 0, 1);
	counted_init(&item);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &item.work));
	pass_ms(1);
	workqueue_set_max_active(q, 2);
	wait_until(runs_yet(&item.runs));
	complete(&h.go);
	flush_workqueue(q);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, max_active_is_raised, .any_order = true)
{
	RUN(2, max_active_is_raised);
}

/* ---- queued again while it executes ---- */

static int queues_it_again(void *arg)
{
	queue_work_on((long)arg, q, &h.work);
	return part_done();
}

/* B3, B4: on the same worker next, wherever it was queued to. */
static int collides(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	start_on(0, queues_it_again, arg, "queuer");
	wait_for_parts(1);
	pass_ms(1);
	CHECK_EQ(h.begun, 1);
	complete_all(&h.go);
	flush_work(&h.work);
	CHECK_EQ(h.begun, 2);
	CHECK_EQ(h.ended, 2);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, collides, .any_order = true)
{
	RUN_ARG(2, collides, (void *)1L);
	RUN_ARG(2, collides, (void *)0L);
}

/* An item that becomes another one while it runs is that other one (C-F21). */
static struct work_struct twice_used;
static int other_ran;

static void other_use(struct work_struct *work)
{
	other_ran++;
}

static void first_use(struct work_struct *work)
{
	INIT_WORK(work, other_use);
	queue_work_on(1, q, work);
	flush_work(work);
	CHECK_EQ(other_ran, 1);
}

static int used_again(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	INIT_WORK(&twice_used, first_use);
	search_from_here();
	queue_work_on(1, q, &twice_used);
	flush_workqueue(q);
	CHECK_EQ(other_ran, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, used_again, .any_order = true)
{
	RUN(2, used_again);
}

/* ---- waiting for one item ---- */

static int waits_for_it(void *arg)
{
	flush_work(arg);
	return part_done();
}

/* Two wait for an item while it is queued, and one more once it runs. */
static int several_wait_for_one(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	held_init(&h);
	held_init(&h2);
	counted_init(&item);
	search_from_here();
	hold(q, 1, &h);
	/* Two busy ones, so that nobody takes what comes behind them. */
	mach_fault_set(MFAULT_KTHREAD, arg != NULL);
	CHECK(queue_work_on(1, q, &h2.work));
	CHECK(queue_work_on(1, q, &item.work));
	start_on(0, waits_for_it, &h2.work, "waiter");
	start_on(0, waits_for_it, &h2.work, "waiter");
	start_on(0, waits_for_it, &item.work, "waiter");
	pass_ms(1);
	complete(&h.go);
	complete(&h2.go);
	wait_for_parts(3);
	CHECK_EQ(h2.ended, 1);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, several_wait_for_one, .any_order = true)
{
	RUN_ARG(2, several_wait_for_one, NULL);
}

/* ---- waiting for a workqueue ---- */

static int flushes(void *arg)
{
	flush_workqueue(q);
	return part_done();
}

/* Two flushers, of whom each has an item of its own before it, on two CPUs. */
static int two_flush(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(0, q, &item.work));
	start_on(0, flushes, NULL, "flusher");
	start_on(1, flushes, NULL, "flusher");
	pass_ms(1);
	CHECK(queue_work_on(0, q, &item.work));
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 2);
	CHECK_EQ(h.ended, 1);
	wait_for_parts(2);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, two_flush, .any_order = true)
{
	RUN(2, two_flush);
}

/* E7: more flushers than there are colours. */
static int colours_run_out(void *arg)
{
	int i;

	q = alloc_workqueue("q", 0, 0);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	for (i = 0; i < 16; i++)
		start_on(0, flushes, NULL, "flusher");
	pass_ms(1);
	complete(&h.go);
	wait_for_parts(16);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, colours_run_out, .any_order = true)
{
	RUN(2, colours_run_out);
}

/* ---- no worker can be made ---- */

/* G2: the rescuer executes what the pool's only worker, who has to make another, cannot. */
static int rescued(void *arg)
{
	u64 begun;

	q = alloc_workqueue("q", WQ_MEM_RECLAIM | (long)arg, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	mach_fault_set(MFAULT_KTHREAD, true);
	begun = mach_now();
	CHECK(queue_work_on(1, q, &item.work));
	flush_work(&item.work);
	CHECK(queue_work_on(1, q, &second.work));
	flush_work(&second.work);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	CHECK(mach_now() - begun < MS(1000));
	mach_fault_set(MFAULT_KTHREAD, false);
	flush_workqueue(q);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, rescued, .any_order = true)
{
	RUN_ARG(2, rescued, NULL);
	RUN_ARG(2, rescued, (void *)WQ_UNBOUND);
}

/*
 * G2: the first call for help finds nobody who has a rescuer, for only another workqueue's
 * item waits; the one that comes then is rescued at the second call.
 */
static int rescued_at_the_second_call(void *arg)
{
	u64 begun;

	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	q2 = alloc_workqueue("q2", 0, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	mach_fault_set(MFAULT_KTHREAD, true);
	begun = mach_now();
	CHECK(queue_work_on(1, q2, &item.work));
	pass_ms(20);
	CHECK(queue_work_on(1, q, &second.work));
	flush_work(&second.work);
	CHECK(mach_now() - begun < MS(1000));
	CHECK_EQ(second.runs, 1);
	mach_fault_set(MFAULT_KTHREAD, false);
	flush_workqueue(q2);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	destroy_workqueue(q2);
	return 0;
}

WQTEST(faults_cmwq, rescued_at_the_second_call, .any_order = true)
{
	RUN(2, rescued_at_the_second_call);
}

/* Two pools call for the same rescuer at the same instant. */
static int two_pools_are_rescued(void *arg)
{
	u64 begun;

	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	mach_fault_set(MFAULT_KTHREAD, true);
	begun = mach_now();
	CHECK(queue_work_on(0, q, &item.work));
	CHECK(queue_work_on(1, q, &second.work));
	flush_workqueue(q);
	CHECK(mach_now() - begun < MS(1000));
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	mach_fault_set(MFAULT_KTHREAD, false);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, two_pools_are_rescued, .any_order = true)
{
	RUN(2, two_pools_are_rescued);
}

static int waits_for_the_first(void *arg)
{
	wait_for_completion(&h.started);
	flush_work(&h.work);
	return part_done();
}

/* E8: a rescuer takes several items at once, and somebody waits for the one it executes. */
static int a_rescuer_takes_two(void *arg)
{
	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	held_init(&h);
	counted_init(&second);
	search_from_here();
	start_on(0, waits_for_the_first, NULL, "waiter");
	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK(queue_work_on(1, q, &h.work));
	CHECK(queue_work_on(1, q, &second.work));
	pass_ms(20);
	mach_fault_set(MFAULT_KTHREAD, false);
	complete(&h.go);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, a_rescuer_takes_two, .any_order = true)
{
	RUN(2, a_rescuer_takes_two);
}

/* ---- an unbound workqueue goes, and its pool with it ---- */

static int looks_for_it(void *arg)
{
	flush_work(&item.work);
	work_busy(&item.work);
	cancel_work_sync(&item.work);
	return part_done();
}

static int the_pool_goes(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND | WQ_HIGHPRI, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	CHECK(queue_work(q, &item.work));
	CHECK(queue_work(q, &second.work));
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	start_on(1, looks_for_it, NULL, "looker");
	destroy_workqueue(q);
	wait_for_parts(1);
	flush_scheduled_work();
	rcu_barrier_sched();
	CHECK_EQ(flush_work(&second.work), false);
	check_at_rest();
	return 0;
}

WQTEST(faults_cmwq, the_pool_goes, .any_order = true)
{
	RUN(3, the_pool_goes);
}

/* ---- an item that runs for one workqueue on a CPU, and is queued to another on another ---- */

static int lets_all_go(void *arg)
{
	pass_ms(1);
	complete_all(&h.go);
	return part_done();
}

/* E2: it belongs to the second one's flush, wherever it runs. */
static int two_workqueues_two_cpus(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	q2 = alloc_workqueue("q2", 0, 0);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(0, q2, &h.work));
	start_on(0, lets_all_go, NULL, "helper");
	flush_workqueue(q2);
	CHECK_EQ(h.begun, 2);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 2);
	wait_for_parts(1);
	check_at_rest();
	destroy_workqueue(q2);
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, two_workqueues_two_cpus, .any_order = true)
{
	RUN(2, two_workqueues_two_cpus);
}

/* ---- items that end while a flush of all CPUs is being prepared ---- */

static int flush_of_two_cpus(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	CHECK(queue_work_on(0, q, &item.work));
	CHECK(queue_work_on(1, q, &second.work));
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, flush_of_two_cpus, .any_order = true)
{
	RUN(2, flush_of_two_cpus);
}
