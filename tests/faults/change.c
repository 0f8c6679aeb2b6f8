// SPDX-License-Identifier: GPL-2.0-only
/*
 * What else changes under items on their way: a delay is cut short, all freezes and thaws,
 * unbound workqueues get other attributes, share pools, lose all CPUs they may use.  Both
 * engines where both promise the same: A-F19, C-F45 (freezer); C-F39, C-F41, C-F42.
 */
#include <linux/freezer.h>

#include "faults_test.h"

static struct workqueue_struct *q, *q2;
static struct counted item, second;
static struct delayed later;
static struct held h;

/* ---- the delay is cut short ---- */

/* Perhaps in the moment in which the timer fires. */
static int the_delay_is_cut(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, (long)arg));
	pass_ms(1);
	flush_delayed_work(&later.dw);
	CHECK_EQ(later.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, the_delay_is_cut, .any_order = true)
{
	RUN_ARG(2, the_delay_is_cut, (void *)1L);
	RUN_ARG(2, the_delay_is_cut, (void *)(long)LONG_DELAY);
}

static int cuts_the_delay(void *arg)
{
	CHECK_EQ(flush_delayed_work(&later.dw), true);
	CHECK_EQ(later.runs, 1);
	return part_done();
}

/* It goes where its timer would have brought it: behind another, whose turn it is. */
static int cut_and_held_back(void *arg)
{
	q = alloc_workqueue("q", 0, 1);
	delayed_init(&later);
	held_init(&h);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_delayed_work_on(1, q, &later.dw, LONG_DELAY));
	start_on(2, cuts_the_delay, NULL, "flusher");
	pass_ms(1);
	CHECK_EQ(later.runs, 0);
	complete(&h.go);
	wait_for_parts(1);
	CHECK_EQ(later.cpu, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, cut_and_held_back, .any_order = true)
{
	RUN(3, cut_and_held_back);
}

/* ---- all freezes, and thaws ---- */

static bool all_quiet;

/* J2: neither starts nor goes on while all is frozen. */
static void not_while_frozen(struct work_struct *work)
{
	CHECK(!all_quiet);
	schedule_timeout_uninterruptible(1);
	CHECK(!all_quiet);
	counted_fn(work);
}

static void init_freezables(void)
{
	counted_init(&item);
	counted_init(&second);
	item.work.func = second.work.func = not_while_frozen;
}

static int queues_two(void *arg)
{
	queue_work_on(1, q, &item.work);
	queue_work_on(0, q, &second.work);
	return part_done();
}

static void freeze_and_thaw(void)
{
	CHECK_EQ(freeze_processes(), 0);
	all_quiet = true;
	pass_ms(2);
	all_quiet = false;
	thaw_processes();
}

static int queued_while_it_freezes(void *arg)
{
	q = alloc_workqueue("q", WQ_FREEZABLE | (long)arg, 1);
	init_freezables();
	pass_ms(1);			/* 2.6.32: its threads have begun to take part */
	search_from_here();
	start_on(1, queues_two, NULL, "queuer");
	freeze_and_thaw();
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_while_it_freezes, .any_order = true)
{
	RUN_ARG(2, queued_while_it_freezes, NULL);
	RUN_ARG(2, queued_while_it_freezes, (void *)WQ_UNBOUND);
}

static int makes_a_freezable_one(void *arg)
{
	q = alloc_workqueue("q", WQ_FREEZABLE | (long)arg, 1);
	return queues_two(NULL);
}

/* Whatever it is made in the middle of: frozen while all is, thawed with all. */
static int made_while_it_freezes(void *arg)
{
	init_freezables();
	search_from_here();
	start_on(1, makes_a_freezable_one, arg, "maker");
	freeze_and_thaw();
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, made_while_it_freezes, .any_order = true)
{
	RUN_ARG(2, made_while_it_freezes, NULL);
	RUN_ARG(2, made_while_it_freezes, (void *)WQ_UNBOUND);
}

/* ---- other attributes while items are on their way ---- */

static int apply(struct workqueue_struct *wq, int nice, const char *cpus)
{
	struct workqueue_attrs *attrs = alloc_workqueue_attrs(GFP_KERNEL);
	int err;

	attrs->nice = nice;
	CHECK_EQ(cpulist_parse(cpus, attrs->cpumask), 0);
	err = apply_workqueue_attrs(wq, attrs);
	free_workqueue_attrs(attrs);
	return err;
}

static void on_two_nodes(unsigned int cpus, int (*fn)(void *), void *arg)
{
	struct machine_config cfg = wqtest_config(cpus);

	cfg.nodes = 2;
	RUN_CFG(&cfg, fn, arg);
}

/* It took the place of that other, which goes with its last item. */
static int exchanged_while_queued(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	start_on(1, queues_two, NULL, "queuer");
	CHECK_EQ(apply(q, 1, "0-1"), 0);
	CHECK_EQ(apply(q, 2, "1"), 0);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	ends_on(q, &item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, exchanged_while_queued, .any_order = true)
{
	RUN(2, exchanged_while_queued);
	on_two_nodes(2, exchanged_while_queued, NULL);
}

static int flushes(void *arg)
{
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	return part_done();
}

/* E2, E7: a flush covers the old one, and does not wait for the new one's items. */
static int exchanged_while_flushed(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	held_init(&h);
	counted_init(&item);
	search_from_here();
	hold(q, 1, &h);
	start_on(1, flushes, NULL, "flusher");
	if (arg)
		pass_ms(1);
	CHECK_EQ(apply(q, 1, "0-1"), 0);
	CHECK(queue_work_on(0, q, &item.work));
	flush_work(&item.work);
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	wait_for_parts(1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, exchanged_while_flushed, .any_order = true)
{
	RUN_ARG(2, exchanged_while_flushed, NULL);
	RUN_ARG(2, exchanged_while_flushed, &h);
	on_two_nodes(2, exchanged_while_flushed, NULL);
}

/* ---- workqueues with equal attributes ---- */

static size_t threads_there(void)
{
	struct machine_thread list[64];

	return machine_threads(list, 64);
}

/* C-F41: they share a pool, which goes with the last of them. */
static int two_share_a_pool(void *arg)
{
	size_t alone;

	q = alloc_workqueue("q", WQ_UNBOUND | WQ_HIGHPRI, 0);
	counted_init(&item);
	held_init(&h);
	alone = threads_there();
	q2 = alloc_workqueue("q2", WQ_UNBOUND | WQ_HIGHPRI, 0);
	CHECK_EQ(threads_there(), alone);
	search_from_here();
	hold(q2, 0, &h);
	CHECK(queue_work(q, &item.work));
	destroy_workqueue(q);
	CHECK_EQ(item.runs, 1);
	pass_ms(1);
	complete(&h.go);
	flush_workqueue(q2);
	destroy_workqueue(q2);
	check_at_rest();
	return 0;
}

WQTEST(faults_cmwq, two_share_a_pool, .any_order = true)
{
	RUN(2, two_share_a_pool);
}

/* ---- the only CPU of a node goes, or of a set ---- */

static int the_node_goes(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	held_init(&h);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	hold(q, 1, &h);
	start_on(0, queues_two, NULL, "queuer");
	CHECK_EQ(cpu_down(1), 0);
	complete(&h.go);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	bring_back(1);
	ends_on(q, &item, 1);		/* it has a pool of its own again */
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, the_node_goes, .any_order = true)
{
	on_two_nodes(2, the_node_goes, NULL);
}

static int the_set_goes(void *arg)
{
	q = alloc_workqueue("q", WQ_UNBOUND, 0);
	counted_init(&item);
	CHECK_EQ(apply(q, 0, "2"), 0);
	search_from_here();
	ends_on(q, &item, 2);
	CHECK_EQ(cpu_down(2), 0);
	CHECK(queue_work(q, &item.work));
	flush_work(&item.work);
	CHECK_EQ(item.runs, 2);
	CHECK(item.cpu < 2);		/* rather elsewhere than not at all */
	bring_back(2);
	ends_on(q, &item, 2);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, the_set_goes, .any_order = true)
{
	RUN(3, the_set_goes);
}

/* ---- rescuers ---- */

/* The rescuer is with a pool that goes, and stands by for others. */
static int rescued_then_destroyed(void *arg)
{
	q = alloc_workqueue("q", WQ_MEM_RECLAIM | (long)arg, 0);
	q2 = alloc_workqueue("q2", (long)arg, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK(queue_work_on(1, q, &item.work));
	CHECK(queue_work_on(1, q2, &second.work));
	flush_work(&item.work);
	mach_fault_set(MFAULT_KTHREAD, false);
	destroy_workqueue(q);
	CHECK_EQ(item.runs, 1);
	destroy_workqueue(q2);
	CHECK_EQ(second.runs, 1);
	check_at_rest();
	return 0;
}

WQTEST(faults_cmwq, rescued_then_destroyed, .any_order = true)
{
	RUN_ARG(2, rescued_then_destroyed, NULL);
	RUN_ARG(2, rescued_then_destroyed, (void *)(WQ_UNBOUND | WQ_HIGHPRI));
}

/* ---- the services alone: who stands still ---- */

static bool rounds_over;

static int goes_round(void *arg)
{
	set_freezable();
	while (!READ_ONCE(rounds_over)) {
		schedule_timeout_interruptible(1);
		try_to_freeze();
	}
	return part_done();
}

/* Asked to stand still, and perhaps let go again before it does. */
static int asked_and_let_go(void *arg)
{
	struct task_struct *p;

	search_from_here();
	p = start_on(1, goes_round, NULL, "server");
	for (int i = 0; i < 2; i++) {
		freeze_task(p);
		schedule();
		thaw_process(p);
	}
	pass_ms(2);
	CHECK(!frozen(p));
	WRITE_ONCE(rounds_over, true);
	wait_for_parts(1);
	return 0;
}

WQTEST(faults_services, asked_and_let_go, .any_order = true)
{
	RUN(2, asked_and_let_go);
}
