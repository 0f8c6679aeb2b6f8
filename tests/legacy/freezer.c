// SPDX-License-Identifier: GPL-2.0-only
/*
 * Freezing under the 2.6.32 engine: A-F19, J2.
 */
#include <linux/errno.h>
#include <linux/freezer.h>

#include "legacy_test.h"

static struct workqueue_struct *f, *q;
static struct held h;
static struct counted a, b, other;

/* A thread takes part from its first steps on, and not before. */
static void wait_takes_part(struct task_struct *t)
{
	while (__READ_ONCE(t->flags) & PF_NOFREEZE)
		pass_ms(1);
}

/* Threads of freezeable workqueues stand still, others do not; what comes meanwhile waits. */
static int stand_still(void *arg)
{
	f = create_freezeable_workqueue("f");
	q = create_workqueue("q");
	counted_init(&a);
	counted_init(&b);
	counted_init(&other);
	wait_takes_part(slot(f, 0)->thread);
	CHECK_EQ(freeze_processes(), 0);
	CHECK(frozen(slot(f, 0)->thread));
	CHECK(!frozen(slot(q, 0)->thread));

	CHECK(queue_work(f, &a.work));
	CHECK(queue_work(f, &b.work));
	CHECK(!queue_work(f, &a.work));
	queue_work_on(1, q, &other.work);
	flush_workqueue(q);
	pass_ms(20);
	CHECK_EQ(other.runs, 1);
	CHECK_EQ(a.runs, 0);
	CHECK(work_pending(&a.work) && work_pending(&b.work));

	/* It can be taken back while all is frozen. */
	CHECK(cancel_work_sync(&b.work));
	thaw_processes();
	flush_workqueue(f);
	CHECK_EQ(a.runs, 1);
	CHECK_EQ(b.runs, 0);
	CHECK(!frozen(slot(f, 0)->thread));
	destroy_workqueue(f);
	destroy_workqueue(q);
	return 0;
}

WQTEST_MACHINES(legacy, af19_items_wait_while_frozen)
{
	RUN_OK(2, stand_still);
}

/*
 * The thread stops between items: the one that runs holds up the freeze, the one behind it
 * still runs, since the list is emptied before the thread looks again.
 */
static int letter_fn(void *unused)
{
	pass_ms(10);
	complete(&h.go);
	return 0;
}

static int runner_holds_it_up(void *arg)
{
	f = create_freezeable_workqueue("f");
	held_init(&h);
	counted_init(&a);
	hold(f, 0, &h);
	queue_work(f, &a.work);
	kthread_run(letter_fn, NULL, "letter");
	CHECK_EQ(freeze_processes(), 0);
	CHECK_EQ(h.runs, 1);
	CHECK_EQ(a.runs, 1);
	CHECK(frozen(slot(f, 0)->thread));
	thaw_processes();
	destroy_workqueue(f);
	return 0;
}

WQTEST_MACHINES(legacy, af19_running_item_holds_up_the_freeze)
{
	RUN_OK(2, runner_holds_it_up);
}

/* An item that does not end in time: nothing is frozen, and the thread is named. */
static int too_slow(void *arg)
{
	f = create_freezeable_workqueue("slow");
	held_init(&h);
	hold(f, 0, &h);
	CHECK_EQ(freeze_processes(), -EBUSY);
	complete(&h.go);
	flush_workqueue(f);
	CHECK_EQ(h.runs, 1);
	CHECK(!freezing(slot(f, 0)->thread));
	destroy_workqueue(f);
	return 0;
}

WQTEST(legacy, af19_item_that_does_not_end_fails_the_freeze)
{
	RUN_VERDICT(1, too_slow, VERDICT_OK, " slow/3 does not stand still");
}

/* WQ_FREEZABLE, for which this release has a flag but no call: its threads freeze too. */
static int by_flag(void *arg)
{
	f = alloc_workqueue("f", WQ_FREEZABLE, 1);
	CHECK(!f->singlethread && f->freezeable);
	pass_ms(1);
	CHECK_EQ(freeze_processes(), 0);
	CHECK(frozen(slot(f, 0)->thread) && frozen(slot(f, 1)->thread));
	thaw_processes();
	destroy_workqueue(f);
	return 0;
}

WQTEST(legacy, af19_by_flag)
{
	RUN_OK(2, by_flag);
}

/*
 * No wake-up and no request is lost in the window between the thread's look at its list
 * and its sleep, whichever comes there: queueing, freezing, thawing.
 */
static struct work_struct ticks[6];
static atomic_t ran;

static void tick_fn(struct work_struct *work)
{
	CHECK(!frozen(current));
	atomic_inc(&ran);
}

static int queuer_fn(void *done)
{
	for (int i = 0; i < 6; i++) {
		CHECK(queue_work(f, &ticks[i]));
		if (i % 2)
			udelay(300);
	}
	complete(done);
	return 0;
}

static int window(void *arg)
{
	DECLARE_COMPLETION_ONSTACK(done);

	f = create_freezeable_workqueue("f");
	for (int i = 0; i < 6; i++)
		INIT_WORK(&ticks[i], tick_fn);
	kthread_run(queuer_fn, &done, "queuer");
	for (int i = 0; i < 3; i++) {
		int before;

		CHECK_EQ(freeze_processes(), 0);
		before = atomic_read(&ran);
		pass_ms(1);
		/* J2: nothing starts; unless the thread had not begun to take part. */
		CHECK(!frozen(slot(f, 0)->thread) || atomic_read(&ran) == before);
		thaw_processes();
	}
	wait_for_completion(&done);
	flush_workqueue(f);
	CHECK_EQ(atomic_read(&ran), 6);
	destroy_workqueue(f);
	return 0;
}

WQTEST_MACHINES(legacy, af19_no_wakeup_is_lost, .any_order = true)
{
	struct machine_config cfg = wqtest_config(2);

	cfg.engines = "legacy";
	run_seeds_cfg(&cfg, window, 1, 200);
}
