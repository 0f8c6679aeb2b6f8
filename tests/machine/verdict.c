// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs that cannot go on, or must not: each ends with its verdict, at once, and
 * the report names who, where and why.
 */
#include <wqlab/timer.h>

#include "machine_test.h"

/* ---- deadlocks ---- */

static DEFINE_MUTEX(first_mutex);
static DEFINE_MUTEX(second_mutex);
static DEFINE_SPINLOCK(first_spin);
static DEFINE_SPINLOCK(second_spin);
static DECLARE_COMPLETION(never);
static DECLARE_WAIT_QUEUE_HEAD(quiet_queue);
static int flag;

static int takes_ab(void *arg)
{
	mutex_lock(&first_mutex);
	msleep(5);
	mutex_lock(&second_mutex);
	return 0;
}

static int takes_ba(void *arg)
{
	mutex_lock(&second_mutex);
	msleep(5);
	mutex_lock(&first_mutex);
	return 0;
}

static int mutex_abba(void *arg)
{
	start_on(0, takes_ab, NULL, "alpha");
	start_on(1, takes_ba, NULL, "beta");
	wait_for_completion(&never);
	return 0;
}

WQTEST(machine_verdict, mutex_abba)
{
	EXPECT(VERDICT_DEADLOCK, mutex_abba,
	       SAYS("deadlock: tasks wait", "all tasks:",
		    "in takes_ab, on mutex second_mutex, held by beta",
		    "in takes_ba, on mutex first_mutex, held by alpha",
		    "in mutex_abba, on completion never", "init"),
	       .cpus = 2);
}

static int mutex_self(void *arg)
{
	mutex_lock(&first_mutex);
	mutex_lock(&first_mutex);
	return 0;
}

WQTEST(machine_verdict, mutex_twice)
{
	EXPECT(VERDICT_DEADLOCK, mutex_self,
	       SAYS("in mutex_self, on mutex first_mutex, held by init"), .cpus = 1);
}

static int spins_ab(void *arg)
{
	spin_lock(&first_spin);
	udelay(100);
	spin_lock(&second_spin);
	return 0;
}

static int spins_ba(void *arg)
{
	spin_lock(&second_spin);
	udelay(100);
	spin_lock(&first_spin);
	return 0;
}

static int spin_abba(void *arg)
{
	stay_on(2);
	start_on(0, spins_ab, NULL, "alpha");
	start_on(1, spins_ba, NULL, "beta");
	wait_for_completion(&never);
	return 0;
}

WQTEST(machine_verdict, spinlock_abba)
{
	EXPECT(VERDICT_DEADLOCK, spin_abba,
	       SAYS("deadlock: tasks wait", "alpha", "holds first_spin", "beta",
		    "holds second_spin"),
	       .cpus = 3);
}

static int spin_self(void *arg)
{
	spin_lock(&first_spin);
	spin_lock(&first_spin);
	return 0;
}

static int spin_wrong_owner(void *arg)
{
	spin_unlock(&first_spin);
	return 0;
}

WQTEST(machine_verdict, spinlock_misused)
{
	EXPECT(VERDICT_BUG, spin_self, SAYS("spinlock recursion", "first_spin", "in spin_self"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, spin_wrong_owner, SAYS("spinlock wrong owner", "first_spin"),
	       .cpus = 1);
}

static int waits_for_nothing(void *arg)
{
	wait_for_completion(&never);
	return 0;
}

static int waits_on_queue(void *arg)
{
	wait_event(quiet_queue, flag == 17);
	return 0;
}

static int just_schedules(void *arg)
{
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	return 0;
}

static int stops_for_ever(void *arg)
{
	struct task_struct *t = start_on(0, waits_for_nothing, NULL, "stubborn");

	msleep(1);			/* or it would not begin at all */
	kthread_stop(t);
	return 0;
}

WQTEST(machine_verdict, nobody_will_ever_wake_them)
{
	EXPECT(VERDICT_DEADLOCK, waits_for_nothing,
	       SAYS("in waits_for_nothing, on completion never"), .cpus = 1);
	EXPECT(VERDICT_DEADLOCK, waits_on_queue,
	       SAYS("in waits_on_queue, on wait queue quiet_queue"), .cpus = 1);
	EXPECT(VERDICT_DEADLOCK, just_schedules, SAYS("in just_schedules"), .cpus = 1);
	EXPECT(VERDICT_DEADLOCK, stops_for_ever,
	       SAYS("in kthread_stop", "waits for stubborn"), .cpus = 1);
}

/* Where it is: at the instant at which it became hopeless. */
static int hopeless_at_50ms(void *arg)
{
	msleep(49);
	wait_for_completion(&never);
	return 0;
}

WQTEST(machine_verdict, deadlock_is_seen_at_once)
{
	EXPECT(VERDICT_DEADLOCK, hopeless_at_50ms, SAYS("at 0.050000000 s of virtual time"),
	       .cpus = 2);
}

/* Housekeeping timers do not count as hope; others do. */
static struct timer_list t;
static int rings;

static void rings_again(unsigned long data)
{
	rings++;
	mod_timer(&t, jiffies + 100);
}

static int only_housekeeping(void *arg)
{
	setup_timer(&t, rings_again, 0);
	timer_set_housekeeping(&t);
	mod_timer(&t, jiffies + 100);
	msleep(1000);
	CHECK_EQ(rings, 10);		/* it fires as long as others live */
	wait_for_completion(&never);
	return 0;
}

static void rescues(unsigned long data)
{
	complete(&never);
}

static int real_timer(void *arg)
{
	setup_timer(&t, rescues, 0);
	mod_timer(&t, jiffies + 100);
	wait_for_completion(&never);
	CHECK(!timer_pending(&t));
	return 0;
}

/* A timer that was deleted is no hope any more. */
static int deleted_timer(void *arg)
{
	setup_timer(&t, rescues, 0);
	mod_timer(&t, jiffies + 100);
	CHECK_EQ(del_timer(&t), 1);
	wait_for_completion(&never);
	return 0;
}

WQTEST(machine_verdict, only_housekeeping_is_a_deadlock)
{
	EXPECT(VERDICT_DEADLOCK, only_housekeeping, SAYS("nothing but housekeeping"), .cpus = 1);
	EXPECT(VERDICT_DEADLOCK, deleted_timer, SAYS("at 0.000000000 s"), .cpus = 1);
	RUN(1, real_timer);
}

/* A self-flush, the classic: both engines end with a report */
static struct workqueue_struct *q;

static void flushes_itself(struct work_struct *work)
{
	flush_work(work);
}

static int self_flush(void *arg)
{
	struct work_struct w;

	q = create_singlethread_workqueue("selfish");
	INIT_WORK(&w, flushes_itself);
	queue_work(q, &w);
	flush_workqueue(q);
	return 0;
}

WQTEST_ENGINES(machine_verdict, self_flush_is_reported)
{
	EXPECT(VERDICT_DEADLOCK, self_flush, SAYS("deadlock", "init", "selfish", "itself"),
	       .cpus = 1, .engines = engine);
}

/* ---- hung, too long, too much ---- */

static int blocks(void *arg)
{
	wait_for_completion(&never);
	return 0;
}

static int ticks_on(void *arg)
{
	while (!flag)
		msleep(1000);
	return 0;
}

static int hung(void *arg)
{
	msleep(9);
	start_on(0, blocks, NULL, "stuck");
	return ticks_on(NULL);
}

static int sleeps_interruptibly(void *arg)
{
	wait_for_completion_interruptible(&never);
	return 0;
}

/* A sleep for a time is no hang, however long, nor is an interruptible one. */
static int not_hung(void *arg)
{
	start_on(0, sleeps_interruptibly, NULL, "idle");
	schedule_timeout_uninterruptible(1000 * HZ);
	CHECK_EQ(wait_for_completion_timeout(&never, 500 * HZ), 0);
	complete(&never);
	msleep(1);
	return 0;
}

static int progresses(void *arg)
{
	for (int i = 0; i < 10; i++) {
		msleep(110 * 1000);
		complete(&never);
	}
	return 0;
}

static int waits_often(void *arg)
{
	start_on(0, progresses, NULL, "slow");
	for (int i = 0; i < 10; i++)
		wait_for_completion(&never);
	msleep(1);
	return 0;
}

WQTEST(machine_verdict, hung_task)
{
	EXPECT(VERDICT_HUNG_TASK, hung,
	       SAYS("task stuck/", "blocked for more than 120 seconds", "at 120.010000000 s",
		    "in blocks, on completion never"),
	       .cpus = 1);
	EXPECT(VERDICT_HUNG_TASK, hung, SAYS("blocked for more than 10 seconds"),
	       .cpus = 1, .hung_task_ns = MS(10000));
	EXPECT(VERDICT_TIME_LIMIT, hung, SAYS("time limit"), .cpus = 1,
	       .hung_task_ns = UINT64_MAX, .time_limit_ns = MS(1000000));
	RUN(1, not_hung);
	RUN(1, waits_often);
}

static int just_long_enough(void *arg)
{
	mdelay((long)arg);
	return 0;
}

static int burns_too_long(void *arg)
{
	mdelay(1001);
	return 0;
}

WQTEST(machine_verdict, time_limit)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true, .time_limit_ns = MS(1000) };
	struct machine_result res;

	EXPECT(VERDICT_TIME_LIMIT, ticks_on, SAYS("time limit: ", "at 1.000000000 s", "ticks_on"),
	       .cpus = 1, .time_limit_ns = MS(1000));
	EXPECT(VERDICT_TIME_LIMIT, ticks_on, SAYS("at 86400.000000000 s"), .cpus = 1);
	EXPECT(VERDICT_TIME_LIMIT, burns_too_long, SAYS("time limit"), .cpus = 1,
	       .time_limit_ns = MS(1000));
	if (sim_run(&cfg, just_long_enough, (void *)900L, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);
	machine_result_free(&res);
}

static int runs_on_and_on(void *arg)
{
	while (!flag) {
		spin_lock(&first_spin);
		spin_unlock(&first_spin);
	}
	return 0;
}

static int many_but_not_at_once(void *arg)
{
	for (int i = 0; i < 50; i++) {
		for (int k = 0; k < 200; k++) {
			spin_lock(&first_spin);
			spin_unlock(&first_spin);
		}
		udelay(1);
	}
	return 0;
}

WQTEST(machine_verdict, step_limit)
{
	EXPECT(VERDICT_STEP_LIMIT, runs_on_and_on,
	       SAYS("step limit: init/1 runs on and on: 1000 choice points at one instant"),
	       .cpus = 1, .step_limit = 1000);
	EXPECT(VERDICT_OK, many_but_not_at_once, SAYS(""), .cpus = 1, .step_limit = 1000);
	EXPECT(VERDICT_STEP_LIMIT, runs_on_and_on, SAYS("20000000 choice points"), .cpus = 1);
}

/* ---- said by the code itself ---- */

static int bugs(void *arg)
{
	BUG_ON(flag == 0);
	return 0;
}

static int panics(void *arg)
{
	panic("no %s left\n", "coffee");
	return 0;
}

static int warns(void *arg)
{
	WARN_ON(1);
	WARN(flag == 0, "flag is %d\n", flag);
	return 0;
}

static int stops(void *arg)
{
	machine_stop(VERDICT_FAILED, "that is enough");
	return 0;
}

WQTEST(machine_verdict, said_by_the_code)
{
	const struct machine_config cfg = { .cpus = 1, .quiet = true };
	struct machine_result res;

	EXPECT(VERDICT_BUG, bugs, SAYS("kernel BUG at tests/machine/verdict.c", "in bugs()"),
	       .cpus = 1);
	EXPECT(VERDICT_BUG, panics, SAYS("Kernel panic - not syncing: no coffee left"), .cpus = 1);
	EXPECT(VERDICT_FAILED, stops, SAYS("failed: that is enough"), .cpus = 1);
	if (sim_run(&cfg, warns, NULL, &res))
		return;
	CHECK_EQ(res.verdict, VERDICT_OK);	/* a warning goes on */
	CHECK_EQ(res.warnings, 2);
	CHECK(strstr(res.log, "flag is 0"));
	machine_result_free(&res);
}

/* ---- what is left behind ---- */

static int leaves_sleeper(void *arg)
{
	start_on(1, sleeps_interruptibly, NULL, "forgotten");
	msleep(1);
	return 0;
}

static int leaves_unstarted(void *arg)
{
	kthread_create(blocks, NULL, "unborn");
	return 0;
}

WQTEST(machine_verdict, tasks_left_behind)
{
	EXPECT(VERDICT_LEAK, leaves_sleeper,
	       SAYS("tasks are left behind", "forgotten", "in sleeps_interruptibly"), .cpus = 2);
	EXPECT(VERDICT_LEAK, leaves_unstarted, SAYS("unborn", "not started"), .cpus = 2);
}

/* ---- faults ---- */

static int no_thread(void *arg)
{
	struct task_struct *k;

	mach_fault_set(MFAULT_KTHREAD, true);
	k = kthread_create(blocks, NULL, "none");
	CHECK(IS_ERR(k));
	CHECK_EQ(PTR_ERR(k), -ENOMEM);
	k = kthread_run(blocks, NULL, "none");
	CHECK(IS_ERR(k));
	mach_fault_set(MFAULT_KTHREAD, false);
	complete(&never);
	k = kthread_run(blocks, NULL, "some");
	CHECK(!IS_ERR(k));
	msleep(1);
	return 0;
}

WQTEST(machine_verdict, faults_strike_when_switched_on)
{
	RUN(1, no_thread);
	RUN(1, no_thread);
}
