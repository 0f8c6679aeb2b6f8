// SPDX-License-Identifier: GPL-2.0-only
/*
 * The freezer: who stands still, who is left alone, what happens if somebody does not.
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/freezer.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "wqtest.h"

static DECLARE_WAIT_QUEUE_HEAD(more);
static atomic_t want, done;		/* rounds asked for, rounds made */
static DECLARE_COMPLETION(serves);
static atomic_t round_ms;		/* how long one takes */

/* What a freezable thread of 2.6.32 looks like. */
static int server_fn(void *freezable)
{
	DEFINE_WAIT(wait);

	if (freezable)
		set_freezable();
	complete(&serves);
	for (;;) {
		prepare_to_wait(&more, &wait, TASK_INTERRUPTIBLE);
		if (!freezing(current) && !kthread_should_stop() &&
		    atomic_read(&done) >= atomic_read(&want))
			schedule();
		finish_wait(&more, &wait);
		try_to_freeze();
		if (kthread_should_stop())
			return 0;
		while (atomic_read(&done) < atomic_read(&want)) {
			CHECK(!frozen(current));
			if (atomic_read(&round_ms))
				mdelay(atomic_read(&round_ms));
			atomic_inc(&done);
		}
	}
}

/* Comes back when it serves: before it says so it takes no part. */
static struct task_struct *serve(bool freezable)
{
	struct task_struct *t = kthread_run(server_fn, freezable ? &more : NULL, "server");

	wait_for_completion(&serves);
	return t;
}

static void ask(int rounds)
{
	atomic_add(rounds, &want);
	wake_up(&more);
}

static void wait_done(void)
{
	while (atomic_read(&done) < atomic_read(&want))
		schedule_timeout_uninterruptible(1);
}

static int stand_still(void *arg)
{
	struct task_struct *t = serve(true);

	CHECK(!(t->flags & PF_NOFREEZE));
	ask(1);
	wait_done();
	CHECK_EQ(freeze_processes(), 0);
	CHECK(frozen(t) && !freezing(t));
	CHECK_EQ(freeze_processes(), -EBUSY);
	CHECK(frozen(t));

	/* What comes in meanwhile waits, also longer than a task may hang. */
	ask(2);
	schedule_timeout_uninterruptible(wqtest_native() ? 20 : 300 * HZ);
	CHECK_EQ(atomic_read(&done), 1);
	thaw_processes();
	wait_done();
	CHECK(!frozen(t) && !freezing(t));
	thaw_processes();
	kthread_stop(t);
	return 0;
}

WQTEST_MACHINES(freezer, threads_stand_still)
{
	RUN(2, stand_still);
}

static int left_alone(void *arg)
{
	struct task_struct *t = serve(false);

	CHECK_EQ(freeze_processes(), 0);
	CHECK(!frozen(t));
	ask(1);
	wait_done();
	thaw_processes();
	kthread_stop(t);
	return 0;
}

WQTEST_MACHINES(freezer, others_are_left_alone)
{
	RUN(2, left_alone);
}

/* A round that is going on is waited for, in pauses of 1, 2, 4, 8, 8, ... ms. */
static int slow_round(void *arg)
{
	struct task_struct *t = serve(true);
	unsigned long start;

	atomic_set(&round_ms, 20);
	ask(1);
	schedule_timeout_uninterruptible(1);
	start = jiffies;
	CHECK_EQ(freeze_processes(), 0);
	CHECK_EQ(atomic_read(&done), 1);
	CHECK_EQ(jiffies - start, 1 + 2 + 4 + 8 + 8);
	thaw_processes();
	kthread_stop(t);
	return 0;
}

WQTEST(freezer, slow_round_is_waited_for)
{
	RUN(2, slow_round);
}

/* Who does not stand still in time is named, and all go on; each has a CPU, to be able to. */
static int refuser(void *arg)
{
	struct task_struct *still = serve(true), *t;

	freeze_timeout_msecs = 50;
	atomic_set(&round_ms, 200);
	set_cpus_allowed_ptr(still, cpumask_of(0));
	t = kthread_create(server_fn, &more, "busybody");
	kthread_bind(t, 1);
	wake_up_process(t);
	schedule_timeout_uninterruptible(1);
	atomic_inc(&want);
	wake_up_process(t);
	schedule_timeout_uninterruptible(1);
	CHECK_EQ(freeze_processes(), -EBUSY);
	CHECK(!frozen(still) && !freezing(t));
	wait_done();
	CHECK_EQ(freeze_processes(), 0);
	CHECK(frozen(still) && frozen(t));
	thaw_processes();
	kthread_stop(t);
	kthread_stop(still);
	return 0;
}

WQTEST(freezer, refuser_is_named)
{
	struct machine_config cfg = wqtest_config(2);
	struct machine_result res;

	if (sim_run(&cfg, refuser, NULL, &res))
		return;
	CHECK_MSG(res.verdict == VERDICT_OK && !res.ret, "%s\n%s", res.report, res.log);
	CHECK_MSG(strstr(res.log, "Freezing of tasks failed after 0.050 seconds (1 tasks refusing to freeze, wq_busy=0):"),
		  "%s", res.log);
	CHECK_MSG(strstr(res.log, " busybody/"), "%s", res.log);
	machine_result_free(&res);
}

/* Clients: begun once, asked until they are no longer busy, thawed. */
static int begun, busy_for, thawed;

static void client_begin(void)
{
	begun++;
}

static bool client_busy(void)
{
	CHECK(begun > thawed);
	return busy_for-- > 0;
}

static void client_thaw(void)
{
	thawed++;
}

static struct freezer_client client = {
	.begin = client_begin, .busy = client_busy, .thaw = client_thaw,
};

static int with_client(void *arg)
{
	unsigned long start = jiffies;

	freezer_join(&client);
	thaw_processes();
	CHECK_EQ(thawed, 0);
	busy_for = 3;
	CHECK_EQ(freeze_processes(), 0);
	CHECK_EQ(jiffies - start, 1 + 2 + 4);
	CHECK(begun == 1 && thawed == 0);
	thaw_processes();
	CHECK(begun == 1 && thawed == 1);

	freeze_timeout_msecs = 10;
	busy_for = 1000;
	CHECK_EQ(freeze_processes(), -EBUSY);
	CHECK(begun == 2 && thawed == 2);
	freezer_leave(&client);
	CHECK_EQ(freeze_processes(), 0);
	CHECK_EQ(begun, 2);
	thaw_processes();
	return 0;
}

WQTEST(freezer, clients_take_part)
{
	RUN(1, with_client);
}

static int waiter_fn(void *arg)
{
	set_freezable();
	complete(&serves);
	wait_event_freezable(more, atomic_read(&want) || kthread_should_stop());
	atomic_inc(&done);
	return 0;
}

/* A wait that stands still in the middle, and is not over because of that. */
static int freezable_wait(void *arg)
{
	struct task_struct *t = kthread_run(waiter_fn, NULL, "waiter");

	get_task_struct(t);
	wait_for_completion(&serves);
	CHECK_EQ(freeze_processes(), 0);
	CHECK(frozen(t));
	ask(1);
	schedule_timeout_uninterruptible(5);
	CHECK_EQ(atomic_read(&done), 0);
	thaw_processes();
	wait_done();
	put_task_struct(t);
	return 0;
}

WQTEST_MACHINES(freezer, wait_event_freezable)
{
	RUN(2, freezable_wait);
}

/* Rounds asked for while all is being frozen and thawed: none is lost, none is made frozen. */
static int asker_fn(void *arg)
{
	for (int i = 0; i < 6; i++) {
		ask(1);
		udelay(200);
	}
	complete(arg);
	return 0;
}

static int race(void *arg)
{
	DECLARE_COMPLETION_ONSTACK(asked);
	struct task_struct *t = kthread_run(server_fn, &more, "server");

	kthread_run(asker_fn, &asked, "asker");
	for (int i = 0; i < 3; i++) {
		int before;

		if (freeze_processes())
			continue;
		before = atomic_read(&done);
		schedule_timeout_uninterruptible(1);
		/* Unless it has not begun to take part yet. */
		CHECK(!frozen(t) || before == atomic_read(&done));
		thaw_processes();
		udelay(100);
	}
	wait_for_completion(&asked);
	wait_done();
	kthread_stop(t);
	return 0;
}

WQTEST_MACHINES(freezer, nothing_is_lost, .any_order = true)
{
	run_seeds(2, race, 1, 200);
}
