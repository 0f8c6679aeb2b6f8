// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that come and go under the 2.6.32 engine: A-F5, A-F18, J1.
 */
#include <linux/cpu.h>
#include <linux/errno.h>

#include "legacy_test.h"

static struct workqueue_struct *q, *p;
static struct held h;
static struct counted a, b;

/* ---- what happens at which action ---- */

/* Where q's thread for CPU 1 stands, noted behind the engine's own notifier. */
static char story[200];

static int look_fn(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	static const char *const names[] = {
		[CPU_ONLINE] = "ONLINE", [CPU_UP_PREPARE] = "UP_PREPARE",
		[CPU_UP_CANCELED] = "UP_CANCELED", [CPU_DOWN_PREPARE] = "DOWN_PREPARE",
		[CPU_DYING] = "DYING", [CPU_DEAD] = "DEAD", [CPU_POST_DEAD] = "POST_DEAD",
		[CPU_STARTING] = "STARTING",
	};
	struct task_struct *t = slot(q, (unsigned long)hcpu)->thread;
	size_t len = strlen(story);
	const char *what = "none";

	if (t && __READ_ONCE(t->m.run) == MR_NEW)
		what = cpumask_weight(&t->cpus_allowed) == 1 ? "bound" : "made";
	else if (t)
		what = cpumask_weight(&t->cpus_allowed) == 1 ? "bound" : "free";
	snprintf(story + len, sizeof(story) - len, "%s %s, ", names[action], what);
	return NOTIFY_OK;
}

static struct notifier_block look_nb = { .notifier_call = look_fn, .priority = -1 };

static int actions(void *arg)
{
	q = create_workqueue("q");
	wait_until_parked(slot(q, 1)->thread);	/* it stays bound as long as it sleeps */
	register_cpu_notifier(&look_nb);
	CHECK_EQ(cpu_down(1), 0);
	CHECK_STR(story, "DOWN_PREPARE bound, DYING bound, DEAD bound, POST_DEAD none, ");
	story[0] = '\0';
	CHECK_EQ(cpu_up(1), 0);
	CHECK_STR(story, "UP_PREPARE made, STARTING made, ONLINE bound, ");
	unregister_cpu_notifier(&look_nb);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af18_thread_at_each_action)
{
	RUN_OK(2, actions);
}

/* ---- items ---- */

/*
 * What stands on the list of a CPU that goes is run by that CPU's thread, elsewhere, and
 * cpu_down() is over only then; items do not change lists.
 */
static int letter_fn(void *unused)
{
	wait_until(!cpu_online(1));
	complete(&h.go);
	return 0;
}

static int items_are_run(void *arg)
{
	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	counted_init(&b);
	hold(q, 1, &h);
	queue_work_on(1, q, &a.work);
	queue_work_on(1, q, &b.work);
	kthread_run(letter_fn, NULL, "letter");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(h.runs, 1);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 1);
	CHECK_EQ(h.cpu, 1);
	CHECK_EQ(a.cpu, 0);
	CHECK(data_cwq(&a.work) == slot(q, 1));
	CHECK(!slot(q, 1)->thread);

	/* Queued from here it goes to the CPU that is left; and back when the other is up. */
	queue_work(q, &a.work);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 2);
	CHECK_EQ(cpu_up(1), 0);
	queue_work_on(1, q, &a.work);
	flush_workqueue(q);
	CHECK_EQ(a.runs, 3);
	CHECK_EQ(a.cpu, 1);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af18_items_of_a_dead_cpu_are_run)
{
	RUN_OK(2, items_are_run);
}

/* An item with a delay goes to the CPU on which its timer fires: another, if that one is down. */
static struct delayed_work dw;
static int dw_cpu = -1;

static void dw_fn(struct work_struct *work)
{
	dw_cpu = smp_processor_id();
}

static int delayed(void *arg)
{
	unsigned long delay = 20;

	q = create_workqueue("q");
	INIT_DELAYED_WORK(&dw, dw_fn);
	/* If the CPU took longer to go than the timer to fire, it gets more time. */
	for (;; delay *= 2) {
		queue_delayed_work_on(1, q, &dw, delay);
		CHECK_EQ(cpu_down(1), 0);
		if (timer_pending(&dw.timer))
			break;
		CHECK(wqtest_native());
		CHECK_EQ(cpu_up(1), 0);
		flush_delayed_work(&dw);
	}
	wait_until(!delayed_work_pending(&dw));
	flush_workqueue(q);
	CHECK(data_cwq(&dw.work) == slot(q, 0));
	CHECK_EQ(dw_cpu, 0);
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af18_delayed_item_goes_elsewhere)
{
	RUN_OK(2, delayed);
}

/* POST_DEAD comes with the hotplug lock free, so an item may take it. */
static void locks_fn(struct work_struct *work)
{
	wait_for_completion(&h.go);
	get_online_cpus();
	a.runs++;
	put_online_cpus();
}

static int item_takes_the_lock(void *arg)
{
	struct work_struct w;

	q = create_workqueue("q");
	held_init(&h);
	counted_init(&a);
	INIT_WORK_ONSTACK(&w, locks_fn);
	queue_work_on(1, q, &w);
	kthread_run(letter_fn, NULL, "letter");
	CHECK_EQ(cpu_down(1), 0);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af18_item_may_hold_cpus_at_post_dead)
{
	RUN_OK(2, item_takes_the_lock);
}

/* ---- who takes part ---- */

static int single_does_not_care(void *arg)
{
	struct task_struct *t;

	q = create_workqueue("q");
	p = create_singlethread_workqueue("p");
	t = slot(p, 0)->thread;
	counted_init(&a);
	CHECK_EQ(cpu_down(0), 0);
	/* A-F4: its slot is that of CPU 0, up or down. */
	CHECK(slot(p, 0)->thread == t);
	CHECK(!slot(q, 0)->thread);
	queue_work(p, &a.work);
	flush_workqueue(p);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(a.cpu, 1);
	CHECK(data_cwq(&a.work) == slot(p, 0));
	CHECK_EQ(cpu_up(0), 0);
	destroy_workqueue(p);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af04_singlethread_ignores_hotplug)
{
	RUN_OK(2, single_does_not_care);
}

/* Made while a CPU is down, a workqueue has no thread there, and gets it at UP_PREPARE. */
static int made_meanwhile(void *arg)
{
	CHECK_EQ(num_online_cpus(), 2);
	q = create_workqueue("q");
	CHECK(slot(q, 0)->thread && slot(q, 1)->thread && !slot(q, 2)->thread);
	CHECK(!slot(system_wq, 2)->thread);
	CHECK_EQ(cpu_up(2), 0);
	CHECK(slot(q, 2)->thread && slot(system_wq, 2)->thread);
	counted_init(&a);
	queue_work_on(2, q, &a.work);
	flush_workqueue(q);
	CHECK_EQ(a.cpu, 2);
	/* Destroyed with a CPU down: no thread is left behind there. */
	CHECK_EQ(cpu_down(1), 0);
	destroy_workqueue(q);
	CHECK_EQ(schedule_work_on(2, &a.work), true);
	flush_scheduled_work();
	CHECK_EQ(a.runs, 2);
	return 0;
}

WQTEST_MACHINES(legacy, af05_threads_follow_the_cpus)
{
	RUN_OK(3, made_meanwhile, .online = 2);
}

/* ---- a thread that cannot be made ---- */

#define WQS	4

/* Of the workqueues and keventd, the k-th gets none: all others lose theirs again. */
static void fails_at(struct workqueue_struct **wqs, unsigned int k)
{
	size_t before = machine_threads(NULL, 0);

	mach_fault_after(MFAULT_KTHREAD, k);
	CHECK(cpu_up(1) < 0);
	mach_fault_set(MFAULT_KTHREAD, false);
	CHECK(!cpu_online(1));
	for (int i = 0; i < WQS; i++)
		CHECK(!slot(wqs[i], 1)->thread);
	CHECK(!slot(system_wq, 1)->thread);
	/* Also one that was on its way out before. */
	while (machine_threads(NULL, 0) > before)
		pass_ms(1);
	/* Not in the map any more: nobody waits there. */
	flush_workqueue(wqs[0]);
}

static int undone(void *arg)
{
	struct workqueue_struct *wqs[WQS];

	for (int i = 0; i < WQS; i++)
		wqs[i] = create_workqueue("q");
	CHECK_EQ(cpu_down(1), 0);
	for (unsigned int k = 0; k <= WQS; k++)
		fails_at(wqs, k);

	/* One more creation than there are workqueues: it works again. */
	mach_fault_after(MFAULT_KTHREAD, WQS + 1);
	CHECK_EQ(cpu_up(1), 0);
	mach_fault_set(MFAULT_KTHREAD, false);
	for (int i = 0; i < WQS; i++) {
		counted_init(&a);
		queue_work_on(1, wqs[i], &a.work);
		flush_workqueue(wqs[i]);
		CHECK_EQ(a.cpu, 1);
		destroy_workqueue(wqs[i]);
	}
	return 0;
}

WQTEST_MACHINES(legacy, af18_creation_that_fails_is_undone)
{
	RUN_OK(2, undone);
}

/* Somebody else refuses: those that were made are let go unbound and stopped. */
static int refuse_fn(struct notifier_block *nb, unsigned long action, void *hcpu)
{
	return action == CPU_UP_PREPARE ? NOTIFY_BAD : NOTIFY_OK;
}

static struct notifier_block refuse_nb = { .notifier_call = refuse_fn, .priority = -2 };

static int canceled(void *arg)
{
	q = create_workqueue("q");
	CHECK_EQ(cpu_down(1), 0);
	register_cpu_notifier(&look_nb);
	register_cpu_notifier(&refuse_nb);
	story[0] = '\0';
	CHECK_EQ(cpu_up(1), -EPERM);
	CHECK_STR(story, "UP_PREPARE made, UP_CANCELED none, ");
	unregister_cpu_notifier(&refuse_nb);
	unregister_cpu_notifier(&look_nb);
	CHECK_EQ(cpu_up(1), 0);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af18_up_canceled_takes_the_threads_back)
{
	RUN_OK(2, canceled);
}

/* ---- A-F20 ---- */

static int queue_there(void *arg)
{
	q = create_workqueue("q");
	counted_init(&a);
	CHECK_EQ(cpu_down(1), 0);
	queue_work_on(1, q, &a.work);
	return 0;
}

WQTEST(legacy, af20_queueing_on_a_dead_cpu_is_named)
{
	RUN_VERDICT(2, queue_there, VERDICT_BUG,
		    "workqueue \"q\": counted_fn inserted on CPU 1, where it has no thread");
}
