// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ground moves: CPUs go and come with items on their lists, in their workers' hands
 * and on their timers, and somebody wants to be called on each.  Both engines where both
 * promise the same: A-F5, A-F18; C-F37, C-F38, C-F40.
 */
#include "faults_test.h"

static struct workqueue_struct *q;
static struct counted item, second;
static struct delayed later, later_too;
static struct held h;

/* Helpers are where neither init is nor what goes, so that nobody waits for a CPU. */
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
	start_on(2, arg ? lets_go_late : lets_go, NULL, "helper");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	bring_back(1);
	ends_on(q, &second, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, its_items_outlive_it, .any_order = true)
{
	RUN_ARG(3, its_items_outlive_it, NULL);
	RUN_ARG(3, its_items_outlive_it, &h);
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
	start_on(2, queues_to_those_up, NULL, "queuer");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpu_up(1), 0);
	wait_for_parts(1);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(second.runs, 1);
	pass_ms(1);
	ends_on(q, &item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, queued_while_it_goes, .any_order = true)
{
	RUN(3, queued_while_it_goes);
}

static int flushes_it(void *arg)
{
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	CHECK_EQ(item.runs, 1);
	return part_done();
}

/* E2: whether the CPU is up, going or gone. */
static int flushed_while_it_goes(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	held_init(&h);
	counted_init(&item);
	search_from_here();
	hold(q, 1, &h);
	CHECK(queue_work_on(1, q, &item.work));
	start_on(2, flushes_it, NULL, "flusher");
	start_on(0, lets_go_late, NULL, "helper");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(2);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, flushed_while_it_goes, .any_order = true)
{
	RUN(3, flushed_while_it_goes);
}

/* An item may hold the CPUs still, on the one that goes too: it is waited for when that is over. */
static void holds_the_cpus(struct work_struct *work)
{
	get_online_cpus();
	counted_fn(work);
	put_online_cpus();
}

static int an_item_wants_the_cpus(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	counted_init(&item);
	item.work.func = holds_the_cpus;
	search_from_here();
	CHECK(queue_work_on(1, q, &item.work));
	CHECK_EQ(cpu_down(1), 0);
	flush_workqueue(q);
	CHECK_EQ(item.runs, 1);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, an_item_wants_the_cpus, .any_order = true)
{
	RUN(2, an_item_wants_the_cpus);
}

/* ---- workqueues are made and destroyed while a CPU comes and goes ---- */

static int makes_one(void *arg)
{
	q = alloc_workqueue("q", 0, 0);
	return part_done();
}

/* There is a third CPU, which a thread that may run anywhere would take first. */
static int made_while_it_comes(void *arg)
{
	counted_init(&item);
	CHECK_EQ(cpu_down(2), 0);
	search_from_here();
	start_on(1, makes_one, NULL, "maker");
	CHECK_EQ(cpu_up(2), 0);
	wait_for_parts(1);
	pass_ms(1);
	ends_on(q, &item, 2);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, made_while_it_comes, .any_order = true)
{
	RUN(3, made_while_it_comes);
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
	start_on(2, destroys_it, NULL, "destroyer");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	CHECK_EQ(item.runs, 1);
	check_at_rest();
	CHECK_EQ(cpu_up(1), 0);
	return 0;
}

WQTEST_ENGINES(faults, destroyed_while_it_goes, .any_order = true)
{
	RUN(3, destroyed_while_it_goes);
}

/* ---- somebody refuses ---- */

static unsigned long refused;

static int refuses(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	/* Who refused has nothing to undo. */
	CHECK(action != CPU_UP_CANCELED && action != CPU_DOWN_FAILED);
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
	ends_on(q, &item, 1);
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
	ends_on(q, &item, 1);
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
	ends_on(q, &item, 1);
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
	ends_on(q, &item, 1);		/* those who were just made are asleep */
	pass_ms(1);
	search_from_here();
	CHECK(queue_work_on(1, q, &a));
	CHECK(queue_work_on(1, q, &b));
	CHECK_EQ(cpu_down(1), 0);
	flush_workqueue(q);
	bring_back(1);
	ends_on(q, &item, 1);
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
	delayed_init(&later_too);
	search_from_here();
	CHECK(queue_delayed_work_on(1, q, &later.dw, 3));
	CHECK(queue_delayed_work_on(1, q, &later_too.dw, 3));
	start_on(2, arg ? takes_it_back : does_nothing, NULL, "helper");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	pass_ms(5);
	CHECK(!delayed_work_pending(&later.dw));
	CHECK(!delayed_work_pending(&later_too.dw));
	flush_workqueue(q);
	CHECK(arg || later.runs == 1);
	CHECK_EQ(later_too.runs, 1);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST_ENGINES(faults, its_timers_outlive_it, .any_order = true)
{
	RUN_ARG(3, its_timers_outlive_it, NULL);
	RUN_ARG(3, its_timers_outlive_it, &later);
}

/* ---- on every CPU, while one goes ---- */

static int calls_on[3];

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
	CHECK_EQ(calls_on[2], 1);
	return part_done();
}

static int on_each_while_one_goes(void *arg)
{
	search_from_here();
	start_on(2, calls_each, NULL, "caller");
	CHECK_EQ(cpu_down(1), 0);
	wait_for_parts(1);
	CHECK(calls_on[1] <= 1);
	CHECK_EQ(cpu_up(1), 0);
	check_at_rest();
	return 0;
}

WQTEST_ENGINES(faults, on_each_while_one_goes, .any_order = true)
{
	RUN(3, on_each_while_one_goes);
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
	start_on(2, asks_where, NULL, "asker");
	CHECK_EQ(work_on_cpu(1, says_where, (void *)10L), 11);
	CHECK_EQ(work_on_cpu(0, says_where, (void *)10L), 10);
	wait_for_parts(1);
	check_at_rest();
	return 0;
}

WQTEST_ENGINES(faults, on_one_cpu, .any_order = true)
{
	RUN(3, on_one_cpu);
}

/* ---- a rescuer ---- */

/* It joins a pool that may be losing its CPU, and is still there when the CPU is back. */
static int rescued_while_it_goes(void *arg)
{
	q = alloc_workqueue("q", WQ_MEM_RECLAIM, 0);
	counted_init(&item);
	held_init(&h);
	/* The pool that unbinds has a second worker, and needs to make none. */
	CHECK(queue_work_on(1, system_highpri_wq, &item.work));
	flush_work(&item.work);
	search_from_here();
	mach_fault_set(MFAULT_KTHREAD, true);
	CHECK(queue_work_on(1, q, &h.work));
	pass_ms(10);			/* now it is called */
	CHECK_EQ(cpu_down(1), 0);
	wait_for_completion(&h.started);
	CHECK_EQ(cpu_up(1), 0);
	mach_fault_set(MFAULT_KTHREAD, false);
	complete(&h.go);
	flush_workqueue(q);
	CHECK_EQ(h.ended, 1);
	pass_ms(1);
	ends_on(q, &item, 1);
	check_at_rest();
	destroy_workqueue(q);
	return 0;
}

WQTEST(faults_cmwq, rescued_while_it_goes, .any_order = true)
{
	RUN(3, rescued_while_it_goes);
}

/* ---- the services alone: who holds the CPUs still ---- */

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
	start_on(2, holds_them_still, NULL, "reader");
	start_on(2, holds_them_still, NULL, "reader");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(cpu_up(1), 0);
	wait_for_parts(2);
	return 0;
}

WQTEST(faults_services, cpus_are_held_still, .any_order = true)
{
	RUN(3, cpus_are_held_still);
}
