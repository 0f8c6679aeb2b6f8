// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ground moves: CPUs go and come, everything freezes and thaws, unbound workqueues get
 * other attributes, and items are on their way meanwhile.  Both engines where both promise
 * the same.
 *
 * Facts: A-F18 and C-F37 to C-F40 (hotplug), A-F19 and C-F45 (freezer), C-F39, C-F41 and
 * C-F42 (attributes).
 */
#include <linux/cpu.h>
#include <linux/freezer.h>
#include <linux/topology.h>

#include "faults_test.h"

static struct workqueue_struct *q, *q2;
static struct counted item, second;
static struct delayed later;
static struct held h;

static int lets_go(void *arg)
{
	complete_all(&h.go);
	return part_done();
}

static int lets_go_late(void *arg)
{
	pass_ms(1);
	complete_all(&h.go);
	return part_done();
}

/* The CPU is back, and all who belong there have got to know it. */
static void bring_back(int cpu)
{
	CHECK_EQ(cpu_up(cpu), 0);
	pass_ms(1);
}

static void ends_on(struct counted *c, int cpu)
{
	int before = c->runs;

	CHECK(queue_work_on(cpu, q, &c->work));
	flush_work(&c->work);
	CHECK_EQ(c->runs, before + 1);
	CHECK_EQ(c->cpu, cpu);
}

/* ---- a CPU goes with items on its list ---- */

/* They are run, by those whom they were queued to. */
static int its_items_outlive_it(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	held_init(&h);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &item.work));
	start_on(0, arg ? lets_go_late : lets_go, NULL, "helper");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	bring_back(1);
	ends_on(&second, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, its_items_outlive_it, .any_order = true)
{
	RUN_ARG(2, its_items_outlive_it, NULL);
	RUN_ARG(2, its_items_outlive_it, &h);
}

/* ---- a CPU goes and comes while items are queued to it ---- */

static int queues_to_those_up(void *arg)
{
	struct counted *items[] = { &item, &second };

	for (int i = 0; i < 2; i++) {
		get_online_cpus();
		queue_work_on(cpu_online(1), q, &items[i]->work);
		put_online_cpus();
	}
	return part_done();
}

static int queued_while_it_goes(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	counted_init(&second);
	search_from_here();
	start_on(0, queues_to_those_up, NULL, "queuer");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpu_up(1), 0);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	pass_ms(1);
	ends_on(&item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_while_it_goes, .any_order = true)
{
	RUN(2, queued_while_it_goes);
}

/* ---- workqueues are made and destroyed while a CPU comes and goes ---- */

static int makes_one(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	return part_done();
}

static int made_while_it_comes(void *arg)
{
	counted_init(&item);
	CHECK_EQ(cpu_down(1), 0);
	search_from_here();
	start_on(0, makes_one, NULL, "maker");
	CHECK_EQ(cpu_up(1), 0);
	wait_for_parts(1);
	pass_ms(1);
	ends_on(&item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, made_while_it_comes, .any_order = true)
{
	RUN(2, made_while_it_comes);
}

static int destroys_it(void *arg)
{
	destroy_workqueue(q);
	return part_done();
}

static int destroyed_while_it_goes(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	search_from_here();
	CHECK(queue_work_on(1, q, &item.work));
	start_on(0, destroys_it, NULL, "destroyer");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	CHECK_EQ(cpu_up(1), 0);
	return 0;
}

WQTEST_ENGINES(faults, destroyed_while_it_goes, .any_order = true)
{
	RUN(2, destroyed_while_it_goes);
}

/* ---- somebody refuses ---- */

static unsigned long refused;

static int refuses(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	return action == refused ? NOTIFY_BAD : NOTIFY_OK;
}

/* Told last, so that all others have made ready by then. */
static struct notifier_block refuses_nb = { .notifier_call = refuses, .priority = -10 };

static int order;

static void gives_way(struct work_struct *work)
{
	int mine = ++order;

	schedule();		/* if there is anybody to run */
	CHECK_EQ(order, mine);
}

static int refused_both_ways(void *arg)
{
	static struct work_struct a, b;

	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	INIT_WORK(&a, gives_way);
	INIT_WORK(&b, gives_way);
	register_cpu_notifier(&refuses_nb);
	search_from_here();

	refused = CPU_DOWN_PREPARE;
	CHECK(cpu_down(1) < 0);
	pass_ms(1);
	ends_on(&item, 1);
	/* One after another, as if nothing had been. */
	CHECK(queue_work_on(1, q, &a));
	CHECK(queue_work_on(1, q, &b));
	flush_workqueue(q);
	CHECK_EQ(order, 2);

	refused = CPU_UP_PREPARE;
	CHECK_EQ(cpu_down(1), 0);
	CHECK(cpu_up(1) < 0);
	CHECK(!cpu_online(1));
	refused = 0;
	bring_back(1);
	ends_on(&item, 1);
	unregister_cpu_notifier(&refuses_nb);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, refused_both_ways, .any_order = true)
{
	RUN(2, refused_both_ways);
}

/* ---- a CPU that was not up at boot ---- */

static int up_for_the_first_time(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	search_from_here();
	bring_back(1);
	ends_on(&item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, up_for_the_first_time, .any_order = true)
{
	struct machine_config cfg = wqtest_config(2);

	cfg.online = 1;
	RUN_CFG(&cfg, up_for_the_first_time, NULL);
}

/* ---- a CPU goes under workers that run and sleep ---- */

static struct completion napped;

static void naps_before(struct work_struct *work)
{
	mdelay(2);
	wait_for_completion(&napped);
}

static void wakes_the_first(struct work_struct *work)
{
	complete(&napped);
}

/* C3: who runs when his CPU goes will wake nobody when he sleeps, so somebody else must. */
static int it_goes_under_a_runner(void *arg)
{
	static struct work_struct a, b;

	q = alloc_workqueue("q", 0, 0);
	init_completion(&napped);
	INIT_WORK(&a, naps_before);
	INIT_WORK(&b, wakes_the_first);
	counted_init(&item);
	ends_on(&item, 1);		/* those who were just made are asleep */
	pass_ms(1);
	search_from_here();
	CHECK(queue_work_on(1, q, &a));
	CHECK(queue_work_on(1, q, &b));
	CHECK_EQ(cpu_down(1), 0);
	flush_workqueue(q);
	bring_back(1);
	ends_on(&item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, it_goes_under_a_runner, .any_order = true)
{
	RUN(2, it_goes_under_a_runner);
}

/* ---- timers of a CPU that goes ---- */

static int takes_it_back(void *arg)
{
	bool was = cancel_delayed_work_sync(&later.dw);

	CHECK_EQ(later.runs, !was);
	return part_done();
}

static int does_nothing(void *arg)
{
	return part_done();
}

static int its_timers_outlive_it(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	delayed_init(&later);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, 3));
	start_on(0, arg ? takes_it_back : does_nothing, NULL, "helper");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	pass_ms(5);
	CHECK(!delayed_work_pending(&later.dw));
	flush_workqueue(q);
	CHECK(arg || later.runs == 1);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, its_timers_outlive_it, .any_order = true)
{
	RUN_ARG(2, its_timers_outlive_it, NULL);
	RUN_ARG(2, its_timers_outlive_it, &later);
}

/* ---- on every CPU, while one goes ---- */

static int calls_on[2];

static void on_each(struct work_struct *work)
{
	int *calls = &calls_on[smp_processor_id()];

	schedule();
	++*calls;
}

static int calls_each(void *arg)
{
	CHECK_EQ(schedule_on_each_cpu(on_each), 0);
	CHECK_EQ(calls_on[0], 1);
	return part_done();
}

static int on_each_while_one_goes(void *arg)
{
	search_from_here();
	start_on(0, calls_each, NULL, "caller");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	CHECK(calls_on[1] <= 1);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	return 0;
}

WQTEST_ENGINES(faults, on_each_while_one_goes, .any_order = true)
{
	RUN(2, on_each_while_one_goes);
}

/* ---- on one CPU ---- */

static long says_where(void *arg)
{
	schedule();
	return (long)arg + smp_processor_id();
}

static int asks_where(void *arg)
{
	CHECK_EQ(work_on_cpu(1, says_where, (void *)20L), 21);
	return part_done();
}

static int on_one_cpu(void *arg)
{
	search_from_here();
	start_on(0, asks_where, NULL, "asker");
	CHECK_EQ(work_on_cpu(1, says_where, (void *)10L), 11);
	CHECK_EQ(work_on_cpu(0, says_where, (void *)10L), 10);
	wait_for_parts(1);
	check_at_rest();
	return 0;
}

WQTEST_ENGINES(faults, on_one_cpu, .any_order = true)
{
	RUN(2, on_one_cpu);
}

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
	start_on(0, cuts_the_delay, NULL, "flusher");
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
	RUN(2, cut_and_held_back);
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
	ends_on(&item, 1);
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
	ends_on(&item, 1);		/* it has a pool of its own again */
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
	CHECK_EQ(apply(q, 0, "1"), 0);
	search_from_here();
	ends_on(&item, 1);
	CHECK_EQ(cpu_down(1), 0);
	CHECK(queue_work(q, &item.work));
	flush_work(&item.work);
	CHECK_EQ(item.runs, 2);
	CHECK_EQ(item.cpu, 0);		/* rather elsewhere than not at all */
	bring_back(1);
	ends_on(&item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, the_set_goes, .any_order = true)
{
	RUN(2, the_set_goes);
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

/* ---- the services alone: who holds the CPUs still, and who stands still ---- */

static int holds_them_still(void *arg)
{
	bool up;

	get_online_cpus();
	up = cpu_online(1);
	schedule();
	CHECK_EQ(cpu_online(1), up);
	put_online_cpus();
	return part_done();
}

static int cpus_are_held_still(void *arg)
{
	search_from_here();
	start_on(0, holds_them_still, NULL, "reader");
	start_on(0, holds_them_still, NULL, "reader");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpu_up(1), 0);
	wait_for_parts(2);
	return 0;
}

WQTEST(faults_services, cpus_are_held_still, .any_order = true)
{
	RUN(2, cpus_are_held_still);
}

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
